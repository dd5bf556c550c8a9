/** Every payment as the ledger and the provider have it (I3). They are held against the orders later. */
import type { PaymentBooks } from "../../workers/payments/contract.ts";
import { checkBalances } from "./check-money.ts";
import type { RunStore } from "./run-store.ts";
import type { Phase } from "./step.ts";

/** The provider lists a hundred at once. */
const PAYMENTS_PER_PAGE = 500;

interface PaymentsCursor {
  readonly afterPaymentId: string;
  readonly read: number;
}

export const readPayments: Phase<PaymentsCursor> = {
  name: "payments",
  looksUp: false,
  async step({ store, owners, asker, context }, cursor) {
    const { afterPaymentId, read: before } = cursor ?? { afterPaymentId: "", read: 0 };
    const page = await asker.ask("payments", () => owners.PAYMENTS.listBooks(afterPaymentId, PAYMENTS_PER_PAGE, context));
    const last = page.at(-1);
    const isLast = last === undefined || page.length < PAYMENTS_PER_PAGE;
    const balances = isLast ? await asker.ask("payments", () => owners.PAYMENTS.ledgerBalances()) : [];
    const read = before + page.length;
    return {
      next: isLast ? null : { afterPaymentId: last.paymentId, read },
      done: read,
      of: isLast ? read : null,
      write() {
        storePayments(store, page);
        store.checked("I3", page.length + balances.length);
        store.report(checkBalances(balances));
      },
    };
  },
};

export function storePayments(store: RunStore, page: readonly PaymentBooks[]): void {
  store.writeRows(
    `INSERT OR REPLACE INTO payments (order_id, payment_id, books)
     SELECT value ->> 'orderId', value ->> 'paymentId', value FROM json_each(?)`,
    page,
  );
}

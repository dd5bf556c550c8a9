/** Orders against the ledger and the provider (I3, I4). Pure. */
import type { LedgerBalance, PaymentBooks } from "../../workers/payments/contract.ts";
import type { Finding } from "./finding.ts";
import type { OrderFacts } from "./order-facts.ts";

/** @param order one whose saga has ended */
export function checkPayment(books: PaymentBooks, order: OrderFacts): readonly Finding[] {
  const provider = books.provider ?? { capturedMinor: 0, refundedMinor: 0, status: "cancelled" as const };
  const findings: Finding[] = [];
  const compare = (who: string, capturedMinor: number, refundedMinor: number) => {
    // An order that never came about may have been captured and refunded at once: then only what was kept counts.
    const equal = order.placed
      ? capturedMinor === order.capturedMinor && refundedMinor === order.refundedMinor
      : capturedMinor - refundedMinor === order.capturedMinor - order.refundedMinor;
    if (equal) return;
    const detail =
      `${who}: captured ${capturedMinor}, refunded ${refundedMinor}; ` +
      `the order: captured ${order.capturedMinor}, refunded ${order.refundedMinor}`;
    findings.push({ invariant: "I3", subject: order.orderId, detail });
  };
  compare("the ledger", books.ledger.capturedMinor, books.ledger.refundedMinor);
  compare("the provider", provider.capturedMinor, provider.refundedMinor);
  if (!order.placed && provider.status === "authorized") {
    findings.push({ invariant: "I4", subject: order.orderId, detail: "is not placed, but its payment is still reserved" });
  }
  return findings;
}

export function checkBalances(balances: readonly LedgerBalance[]): readonly Finding[] {
  return balances
    .filter((balance) => balance.debitsMinor !== balance.creditsMinor)
    .map((balance) => ({
      invariant: "I3",
      subject: `ledger in ${balance.currency}`,
      detail: `debits ${balance.debitsMinor}, credits ${balance.creditsMinor}`,
    }));
}

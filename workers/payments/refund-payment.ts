/** Pays back captured money, once per refund id, however long ago the first try was. */
import type Stripe from "stripe";
import { err, ok, type Result } from "../shared/result.ts";
import type { NotRefundable, Payment, PaymentUnknown, ProviderUnavailable, RefundCommand } from "./contract.ts";
import { type PaymentDesk, readPayment, rememberLater, silence } from "./payment-desk.ts";
import { ORDER_ID_KEY, REFUND_ID_KEY } from "./payment-of-intent.ts";
import { askProvider } from "./provider.ts";

type RefundError = NotRefundable | PaymentUnknown | ProviderUnavailable;

const PAGE_SIZE = 100;
/** One order has at most 500 refunds. */
const REFUNDS_READ_MAX = 1_000;

export async function refundPayment(desk: PaymentDesk, command: RefundCommand): Promise<Result<Payment, RefundError>> {
  const before = await readPayment(desk, command.paymentId);
  if (!before.ok) return before;
  if (before.value.payment.orderId !== command.orderId) return err({ code: "payment_unknown" });
  const known = await findRefund(desk, command);
  if (!known.ok) return known;
  if (known.value === null) {
    const refused = await createRefund(desk, command);
    if (refused !== null) return err(refused);
  } else if (known.value.amount !== command.amountMinor) {
    return err({ code: "not_refundable", message: `${command.refundId} was already made with another amount.` });
  }
  const after = await readPayment(desk, command.paymentId);
  if (!after.ok) return after;
  rememberLater(desk, after.value);
  return ok(after.value.payment);
}

/** Looked for first, because the key of an old try is forgotten by the provider. */
async function findRefund(desk: PaymentDesk, command: RefundCommand): Promise<Result<Stripe.Refund | null, ProviderUnavailable>> {
  const refunds = await askProvider(() =>
    desk.stripe.refunds
      .list({ payment_intent: command.paymentId, limit: PAGE_SIZE })
      .autoPagingToArray({ limit: REFUNDS_READ_MAX }),
  );
  if (!refunds.ok) return err(silence(refunds.error));
  const isMade = (refund: Stripe.Refund) => refund.status !== "failed" && refund.status !== "canceled";
  return ok(refunds.value.find((one) => isMade(one) && one.metadata?.[REFUND_ID_KEY] === command.refundId) ?? null);
}

/** @returns why not; null when it was made. */
async function createRefund(desk: PaymentDesk, command: RefundCommand): Promise<NotRefundable | ProviderUnavailable | null> {
  const answer = await askProvider(() =>
    desk.stripe.refunds.create(
      {
        payment_intent: command.paymentId,
        amount: command.amountMinor,
        metadata: { [REFUND_ID_KEY]: command.refundId, [ORDER_ID_KEY]: command.orderId },
      },
      { idempotencyKey: `refund:${command.refundId}` },
    ),
  );
  if (answer.ok) return null;
  if (answer.error.code === "provider_unavailable") return answer.error;
  return { code: "not_refundable", message: answer.error.message };
}

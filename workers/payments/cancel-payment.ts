/** Frees the reserved money, once. What was captured is not cancelled but refunded, so that is told apart. */
import { err, ok, type Result } from "../shared/result.ts";
import type { NotCapturable, Payment, PaymentUnknown, ProviderUnavailable } from "./contract.ts";
import { type KnownPayment, knownPayment, type PaymentDesk, readPayment, rememberLater, silence } from "./payment-desk.ts";
import { askProvider, isMissing } from "./provider.ts";

type CancelError = NotCapturable | PaymentUnknown | ProviderUnavailable;

export async function cancelPayment(desk: PaymentDesk, paymentId: string): Promise<Result<Payment, CancelError>> {
  const answer = await askProvider(() =>
    desk.stripe.paymentIntents.cancel(paymentId, {}, { idempotencyKey: `cancel:${paymentId}` }),
  );
  if (answer.ok) return done(desk, knownPayment(answer.value));
  if (answer.error.code === "provider_unavailable") return err(answer.error);
  if (isMissing(answer.error)) return err({ code: "payment_unknown" });
  const present = await readPayment(desk, paymentId);
  if (!present.ok) return present;
  const { status } = present.value.payment;
  if (status === "cancelled") return done(desk, present.value);
  // Only what is captured cannot be cancelled; any other refusal says nothing for good.
  return status === "captured" ? err({ code: "not_capturable", status }) : err(silence(answer.error));
}

function done(desk: PaymentDesk, known: KnownPayment): Result<Payment, never> {
  rememberLater(desk, known);
  return ok(known.payment);
}

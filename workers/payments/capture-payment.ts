/**
 * Takes the reserved money, once: what is already captured is success, whoever did it. Writes nothing: the saga that hears
 * of it places the order, and the ledger's follower writes the payment's row from that; if the saga dies before, it asks again.
 */
import { err, ok, type Result } from "../shared/result.ts";
import type { NotCapturable, Payment, PaymentUnknown, ProviderUnavailable } from "./contract.ts";
import { type KnownPayment, knownPayment, noteKnown, type PaymentDesk, readPayment, silence } from "./payment-desk.ts";
import { askProvider, isMissing, type ProviderRefusal } from "./provider.ts";

type CaptureError = NotCapturable | PaymentUnknown | ProviderUnavailable;

export async function capturePayment(
  desk: PaymentDesk,
  paymentId: string,
  amountMinor: number,
): Promise<Result<Payment, CaptureError>> {
  const first = await capture(desk, paymentId, amountMinor, `capture:${paymentId}:${amountMinor}`);
  if (first.ok) return done(first.value);
  if (first.error.code === "provider_unavailable") return err(first.error);
  if (isMissing(first.error)) return err({ code: "payment_unknown" });
  const present = await readPayment(desk, paymentId);
  if (!present.ok) return present;
  if (present.value.payment.status === "captured") return done(present.value);
  if (present.value.payment.status === "authorized" && first.error.replayed) {
    // The key repeats a refusal from before the shopper had approved. A payment is captured at most once, so a new key is safe.
    const second = await capture(desk, paymentId, amountMinor, undefined);
    if (second.ok) return done(second.value);
    return err(silence(second.error));
  }
  return err({ code: "not_capturable", status: present.value.payment.status });
}

async function capture(
  desk: PaymentDesk,
  paymentId: string,
  amountMinor: number,
  idempotencyKey: string | undefined,
): Promise<Result<KnownPayment, ProviderRefusal | ProviderUnavailable>> {
  const options = idempotencyKey === undefined ? {} : { idempotencyKey };
  const answer = await askProvider(() =>
    desk.stripe.paymentIntents.capture(paymentId, { amount_to_capture: amountMinor }, options),
  );
  return answer.ok ? ok(knownPayment(answer.value)) : answer;
}

function done(known: KnownPayment): Result<Payment, never> {
  noteKnown(known);
  return ok(known.payment);
}

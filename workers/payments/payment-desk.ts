/** What every use case of payments works with. */
import type Stripe from "stripe";
import type { EpochMs } from "../shared/clock.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { Logger } from "../shared/telemetry.ts";
import { inSpan } from "../shared/trace.ts";
import type { Payment, PaymentUnknown, ProviderUnavailable } from "./contract.ts";
import { note } from "./known-payments.ts";
import { paymentOfIntent } from "./payment-of-intent.ts";
import { newsOf, rememberPayment } from "./payment-rows.ts";
import { askProvider, isMissing } from "./provider.ts";

export interface PaymentDesk {
  readonly stripe: Stripe;
  readonly database: D1Database;
  readonly log: Logger;
  now(): EpochMs;
  /** Lets the answer go out first; what is lost here is found again by webhooks and reconciling. */
  background(work: Promise<unknown>): void;
}

/** A payment and when it was made, as the provider has them now. */
export interface KnownPayment {
  readonly payment: Payment;
  readonly createdAtMs: EpochMs;
}

export function knownPayment(intent: Stripe.PaymentIntent): KnownPayment {
  return { payment: paymentOfIntent(intent), createdAtMs: intent.created * 1000 };
}

export async function readPayment(
  desk: PaymentDesk,
  paymentId: string,
): Promise<Result<KnownPayment, PaymentUnknown | ProviderUnavailable>> {
  const answer = await askProvider(() => desk.stripe.paymentIntents.retrieve(paymentId, { expand: ["latest_charge"] }));
  if (answer.ok) return ok(knownPayment(answer.value));
  if (isMissing(answer.error)) return err({ code: "payment_unknown" });
  return err(silence(answer.error));
}

/** For refusals that no rule of ours expects: nothing is known about the payment, so ask again later. */
export function silence(error: { readonly message: string }): ProviderUnavailable {
  return { code: "provider_unavailable", message: error.message };
}

export async function remember(desk: PaymentDesk, known: KnownPayment): Promise<void> {
  const news = newsOf(known.payment, known.createdAtMs);
  await inSpan("database", "payment row", () => rememberPayment(desk.database, news, desk.now()).run());
  note(news);
}

/** Of a payment whose saga is about to make it known to everyone: its webhooks say nothing new. */
export function noteKnown(known: KnownPayment): void {
  note(newsOf(known.payment, known.createdAtMs));
}

export function rememberLater(desk: PaymentDesk, known: KnownPayment): void {
  const { paymentId: payment_id } = known.payment;
  desk.background(remember(desk, known).catch((error: unknown) => desk.log.error("row_not_written", error, { payment_id })));
}

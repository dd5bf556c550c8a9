/**
 * Reserves an order's money with one call. The key is the order's, so that a repeated call finds the first one's payment;
 * past the provider's key window the payment is looked up instead of charged again.
 */
import type Stripe from "stripe";
import { createdAtMsOf } from "../shared/identifiers.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { AuthorizeCommand, Payment, PaymentDeclined, PaymentRejected, ProviderUnavailable } from "./contract.ts";
import { type KnownPayment, knownPayment, type PaymentDesk, readPayment, remember, silence } from "./payment-desk.ts";
import { ORDER_ID_KEY } from "./payment-of-intent.ts";
import { askProvider, isReplay, type ProviderRefusal } from "./provider.ts";

/** Keys live for 24 hours; an hour is left for clocks that differ. */
const KEY_WINDOW_MS = 23 * 60 * 60 * 1000;

type AuthorizeError = PaymentDeclined | PaymentRejected | ProviderUnavailable;

export async function authorizePayment(desk: PaymentDesk, command: AuthorizeCommand): Promise<Result<Payment, AuthorizeError>> {
  const madeAtMs = createdAtMsOf(command.orderId);
  if (madeAtMs === undefined || desk.now() - madeAtMs > KEY_WINDOW_MS) {
    const found = await findPayment(desk, command.orderId);
    if (!found.ok) return found;
    if (found.value !== null) return await settle(desk, command, found.value);
  }
  const created = await askProvider(() =>
    desk.stripe.paymentIntents.create(parametersOf(command), { idempotencyKey: `authorize:${command.orderId}` }),
  );
  if (!created.ok) {
    return created.error.code === "provider_refused" ? await afterRefusal(desk, command, created.error) : err(created.error);
  }
  if (!isReplay(created.value.lastResponse.headers)) return await settle(desk, command, knownPayment(created.value));
  const present = await readPayment(desk, created.value.id);
  if (present.ok) return await settle(desk, command, present.value);
  return err(silence({ message: `${created.value.id} was made but cannot be read: ${present.error.code}` }));
}

function parametersOf(command: AuthorizeCommand): Stripe.PaymentIntentCreateParams {
  return {
    amount: command.amountMinor,
    currency: command.currency.toLowerCase(),
    capture_method: "manual",
    confirm: true,
    payment_method: command.paymentMethod,
    return_url: command.returnUrl,
    metadata: { [ORDER_ID_KEY]: command.orderId },
  };
}

async function afterRefusal(
  desk: PaymentDesk,
  command: AuthorizeCommand,
  refusal: ProviderRefusal,
): Promise<Result<Payment, AuthorizeError>> {
  switch (refusal.kind) {
    case "card":
      return await afterDecline(desk, command, refusal);
    case "request":
      return err({ code: "payment_rejected", message: refusal.message });
    case "idempotency": {
      // The key was used with other parameters: the payment that it made is the order's payment.
      const found = await findPayment(desk, command.orderId);
      if (!found.ok) return found;
      if (found.value !== null) return await settle(desk, command, found.value);
      return err({ code: "payment_rejected", message: refusal.message });
    }
  }
}

async function afterDecline(
  desk: PaymentDesk,
  command: AuthorizeCommand,
  refusal: ProviderRefusal,
): Promise<Result<Payment, AuthorizeError>> {
  const declineCode = refusal.declineCode ?? refusal.errorCode ?? "declined";
  if (refusal.intent !== null) {
    const { payment, createdAtMs } = knownPayment(refusal.intent);
    await remember(desk, { payment: { ...payment, orderId: command.orderId, declineCode }, createdAtMs });
  }
  return err({ code: "payment_declined", declineCode, message: refusal.message });
}

/**
 * A payment that waits for its shopper is written before the caller knows of it. One that is authorized is not: the saga
 * captures or voids it at once and the row follows from that; if it dies before, its next try or the webhook writes it.
 */
async function settle(
  desk: PaymentDesk,
  command: AuthorizeCommand,
  known: KnownPayment,
): Promise<Result<Payment, AuthorizeError>> {
  const { payment } = known;
  if (
    payment.orderId !== command.orderId ||
    payment.amountMinor !== command.amountMinor ||
    payment.currency !== command.currency
  ) {
    desk.log.warn("payment_is_of_another_order", { order_id: command.orderId, payment_id: payment.paymentId });
    return err({ code: "payment_rejected", message: "The order's payment was made with another amount or currency." });
  }
  if (payment.status === "authorized") return ok(payment);
  await remember(desk, known);
  if (payment.status !== "declined") return ok(payment);
  return err({ code: "payment_declined", declineCode: payment.declineCode ?? "declined", message: "The card was declined." });
}

/** The order's payment by our row, else by the provider's metadata; null when there is none. */
async function findPayment(desk: PaymentDesk, orderId: string): Promise<Result<KnownPayment | null, ProviderUnavailable>> {
  const row = await desk.database
    .prepare("SELECT payment_id AS paymentId FROM payments WHERE order_id = ? ORDER BY rowid LIMIT 1")
    .bind(orderId)
    .first<{ paymentId: string }>();
  const paymentId = row?.paymentId ?? (await searchPayment(desk, orderId));
  if (typeof paymentId !== "string") return paymentId;
  const present = await readPayment(desk, paymentId);
  return present.ok ? present : err(silence({ message: `${paymentId} cannot be read: ${present.error.code}` }));
}

async function searchPayment(desk: PaymentDesk, orderId: string): Promise<string | Result<null, ProviderUnavailable>> {
  const query = `metadata['${ORDER_ID_KEY}']:'${orderId.replace(/['"\\]/g, "")}'`;
  const found = await askProvider(() => desk.stripe.paymentIntents.search({ query, limit: 1 }));
  if (!found.ok) return err(silence(found.error));
  return found.value.data[0]?.id ?? ok(null);
}

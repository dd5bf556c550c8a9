/** What each command does to a payment: the provider's state machine as decisions about one record. Pure. */
import { err, ok, type Result } from "../../workers/shared/result.ts";
import { type ApiError, cardError, invalidRequest, noSuch, unexpectedState } from "./api-error.ts";
import type { CardFailure, ChargeRecord, EventType, IntentRecord } from "./records.ts";
import { chargeIdOf } from "./sandbox-ids.ts";
import { AUTHENTICATION_FAILED, type TestCard, testCard } from "./test-cards.ts";

/** The payment afterwards and what happened. A declined card is an `error` beside a changed record. */
export interface IntentChange {
  readonly record: IntentRecord;
  readonly events: readonly EventType[];
  readonly error: ApiError | null;
}

export interface ConfirmWith {
  readonly paymentMethod: string | null;
  readonly returnUrl: string | null;
}

function changed(record: IntentRecord, ...events: EventType[]): IntentChange {
  return { record, events, error: null };
}

export function confirmIntent(intent: IntentRecord, confirmWith: ConfirmWith, nowMs: number): Result<IntentChange, ApiError> {
  if (!["requires_payment_method", "requires_confirmation"].includes(intent.status)) {
    return err(unexpectedState(`This payment cannot be confirmed: its status is ${intent.status}.`));
  }
  const paymentMethod = confirmWith.paymentMethod ?? intent.paymentMethod;
  if (paymentMethod === null) {
    return err(unexpectedState("This payment cannot be confirmed without a payment method; give payment_method."));
  }
  const card = testCard(paymentMethod);
  if (card === undefined) return err(noSuch("PaymentMethod", paymentMethod, "payment_method"));
  const record: IntentRecord = { ...intent, paymentMethod, returnUrl: confirmWith.returnUrl ?? intent.returnUrl };
  if (card.authentication) {
    return ok(changed({ ...record, status: "requires_action", failure: null }, "payment_intent.requires_action"));
  }
  return ok(charge(record, paymentMethod, card, false, nowMs));
}

/** The shopper answered the challenge. */
export function authenticateIntent(intent: IntentRecord, approved: boolean, nowMs: number): IntentChange {
  const card = intent.paymentMethod === null ? undefined : testCard(intent.paymentMethod);
  if (!approved || card === undefined || intent.paymentMethod === null) return failed(intent, AUTHENTICATION_FAILED, null);
  return charge(intent, intent.paymentMethod, card, true, nowMs);
}

function charge(
  intent: IntentRecord,
  paymentMethod: string,
  card: TestCard,
  authenticated: boolean,
  nowMs: number,
): IntentChange {
  const made: ChargeRecord = {
    id: chargeIdOf(intent.id, intent.charges.length),
    createdMs: nowMs,
    paymentMethod,
    authenticated,
    failure: card.failure,
  };
  const record: IntentRecord = { ...intent, charges: [...intent.charges, made], failure: null };
  if (card.failure !== null) return failed(record, card.failure, made.id);
  if (intent.captureMethod === "manual") {
    return changed({ ...record, status: "requires_capture" }, "payment_intent.amount_capturable_updated");
  }
  return changed({ ...record, status: "succeeded", amountCaptured: intent.amount }, "payment_intent.succeeded");
}

function failed(intent: IntentRecord, failure: CardFailure, chargeId: string | null): IntentChange {
  const record: IntentRecord = { ...intent, status: "requires_payment_method", paymentMethod: null, failure };
  return { record, events: ["payment_intent.payment_failed"], error: cardError(failure, chargeId) };
}

/** Takes all or a part; what is not taken is released. */
export function captureIntent(intent: IntentRecord, amountToCapture: number | null): Result<IntentChange, ApiError> {
  if (intent.status !== "requires_capture") {
    return err(unexpectedState(`This payment cannot be captured: its status is ${intent.status}, not requires_capture.`));
  }
  const amount = amountToCapture ?? intent.amount;
  if (amount > intent.amount) {
    return err(
      invalidRequest(
        400,
        "amount_too_large",
        `${amount} cannot be captured: ${intent.amount} is authorized.`,
        "amount_to_capture",
      ),
    );
  }
  return ok(changed({ ...intent, status: "succeeded", amountCaptured: amount }, "payment_intent.succeeded"));
}

export function cancelIntent(intent: IntentRecord, reason: string | null, nowMs: number): Result<IntentChange, ApiError> {
  if (intent.status === "succeeded" || intent.status === "canceled") {
    return err(unexpectedState(`This payment cannot be canceled: its status is ${intent.status}.`));
  }
  const record: IntentRecord = { ...intent, status: "canceled", canceledMs: nowMs, cancellationReason: reason };
  return ok(changed(record, "payment_intent.canceled"));
}

export type IntentPatch = Partial<
  Pick<
    IntentRecord,
    | "amount"
    | "currency"
    | "customer"
    | "description"
    | "metadata"
    | "paymentMethod"
    | "receiptEmail"
    | "setupFutureUsage"
    | "shipping"
    | "statementDescriptor"
    | "statementDescriptorSuffix"
    | "transferGroup"
  >
>;

const OPEN_STATUSES: readonly string[] = ["requires_payment_method", "requires_confirmation"];

/** Words about the payment may always change; its amount and card only before it is confirmed. */
export function updateIntent(intent: IntentRecord, patch: IntentPatch): Result<IntentChange, ApiError> {
  const changesPayment = "amount" in patch || "currency" in patch || "paymentMethod" in patch;
  if (changesPayment && !OPEN_STATUSES.includes(intent.status)) {
    return err(unexpectedState(`The amount, currency and payment method of a payment that is ${intent.status} cannot change.`));
  }
  if (patch.paymentMethod != null && testCard(patch.paymentMethod) === undefined) {
    return err(noSuch("PaymentMethod", patch.paymentMethod, "payment_method"));
  }
  const record: IntentRecord = { ...intent, ...patch };
  const ready = OPEN_STATUSES.includes(record.status) && record.paymentMethod !== null;
  return ok(changed(ready ? { ...record, status: "requires_confirmation" } : record));
}

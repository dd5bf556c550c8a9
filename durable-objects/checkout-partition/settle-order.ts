/** What a saga's step means for the order that is written with it: status, number, events, the cart, the key's answer. Pure. */
import type { Cart, CheckoutAnswer, CheckoutError } from "./contract.ts";
import { awaitingPaymentEvent, cancelledEvent, type EventDraft, failedEvent, onTimeline, placedEvent } from "./order-facts.ts";
import { type OrderRecord, viewOrder } from "./order-record.ts";
import type { Failure, Saga } from "./saga-state.ts";

export interface Settlement {
  readonly record: OrderRecord;
  readonly events: readonly EventDraft[];
  /** State of the cart that the order came from; null: unchanged. */
  readonly cartState: Cart["state"] | null;
}

/** Nothing needs these once the saga has ended; the return address holds the order's token. */
const SPENT = { paymentMethod: "", returnUrl: "" } as const;

/** True when the order gets its number with this step. */
export function needsNumber(record: OrderRecord, saga: Saga): boolean {
  return record.number === null && (saga.step === "awaiting_payment" || (saga.step === "ended" && saga.failure === null));
}

/** @param number the next of the day; taken only where `needsNumber` says so. */
export function settleOrder(before: OrderRecord, saga: Saga, number: string, nowMs: number): Settlement {
  const numbered = needsNumber(before, saga) ? number : before.number;
  const record: OrderRecord = {
    ...before,
    saga,
    number: numbered,
    cancelRequested: stillToCancel(before, saga),
    updatedAtMs: nowMs,
  };
  if (saga.step === "awaiting_payment") return awaitPayment(record, nowMs);
  if (saga.step !== "ended")
    return { record: { ...record, paymentStatus: paymentStatusOf(record) }, events: [], cartState: null };
  return saga.failure === null ? place(record, nowMs) : giveUp(record, saga.failure, nowMs);
}

/** A cancellation that met money already captured is carried out on the placed order. */
function stillToCancel(before: OrderRecord, saga: Saga): string | null {
  const { failure } = before.saga;
  return failure?.code === "cancelled" && saga.failure === null ? failure.reason : before.cancelRequested;
}

function awaitPayment(record: OrderRecord, nowMs: number): Settlement {
  if (record.status === "awaiting_payment") return { record, events: [], cartState: null };
  const waiting: OrderRecord = { ...record, status: "awaiting_payment", paymentStatus: "requires_action" };
  const events = [awaitingPaymentEvent(waiting)];
  return { record: onTimeline(waiting, events, nowMs), events, cartState: "ordered" };
}

function place(record: OrderRecord, nowMs: number): Settlement {
  const free = record.totals.totalMinor === 0;
  const placed: OrderRecord = {
    ...record,
    status: "placed",
    paymentStatus: free ? "none" : "captured",
    capturedMinor: record.totals.totalMinor,
    ...SPENT,
  };
  const events = [placedEvent(placed)];
  return { record: onTimeline(placed, events, nowMs), events, cartState: "ordered" };
}

function giveUp(record: OrderRecord, failure: Failure, nowMs: number): Settlement {
  const cancelled = failure.code === "cancelled";
  const failureReason = failure.code === "cancelled" ? failure.reason : failure.code;
  const failed: OrderRecord = {
    ...record,
    status: cancelled ? "cancelled" : "failed",
    paymentStatus: failure.code === "payment_declined" ? "declined" : record.saga.payment === null ? "none" : "voided",
    cancelRequested: null,
    failureReason,
    ...SPENT,
  };
  const events = [cancelled ? cancelledEvent(failed, failureReason) : failedEvent(failed, failureReason)];
  return { record: onTimeline(failed, events, nowMs), events, cartState: "open" };
}

function paymentStatusOf(record: OrderRecord): OrderRecord["paymentStatus"] {
  const { step, failure } = record.saga;
  return failure === null && (step === "committing" || step === "capturing") && record.saga.payment !== null
    ? "authorized"
    : record.paymentStatus;
}

/** What the shopper is told; undefined while the saga has not come to a rest. */
export function answerOf(record: OrderRecord): CheckoutAnswer | undefined {
  const { step, failure, payment } = record.saga;
  const resting = step === "ended" || record.status === "awaiting_payment";
  if (!resting) return undefined;
  if (step === "ended" && failure !== null) return { ok: false, error: checkoutError(record, failure) };
  const redirectUrl = record.status === "awaiting_payment" ? (payment?.redirectUrl ?? null) : null;
  return { ok: true, value: { order: viewOrder(record), replayed: false, redirectUrl } };
}

function checkoutError(record: OrderRecord, failure: Failure): CheckoutError {
  switch (failure.code) {
    case "out_of_stock":
    case "sku_unavailable":
    case "payment_rejected":
      return failure;
    case "payment_declined":
      return { ...failure, orderId: record.id };
    case "payment_expired":
      return {
        code: "payment_declined",
        declineCode: "payment_expired",
        message: "The payment was not finished in time.",
        orderId: record.id,
      };
    case "cancelled":
      return { code: "payment_rejected", message: "The order was cancelled before it was paid." };
    case "timed_out":
      return { code: "unavailable", service: "inventory", reason: "timeout", message: "The stock could not be held in time." };
  }
}

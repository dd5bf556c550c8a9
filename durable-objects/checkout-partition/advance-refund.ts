/** A refund's way: money first, then stock, then, for a cancellation, the order's end. Pure. */
import { cancelledEvent, type EventDraft, onTimeline, refundedEvent } from "./order-facts.ts";
import type { OrderRecord, RefundRecord } from "./order-record.ts";
import { retryDelayMs } from "./saga.ts";
import type { OrderChange } from "./ship-order.ts";

export function addRefund(record: OrderRecord, refund: RefundRecord): OrderRecord {
  return { ...record, refunds: [...record.refunds, refund], updatedAtMs: refund.atMs };
}

/** The provider has paid back, or there was nothing to pay. */
export function refundPaid(before: OrderRecord, refund: RefundRecord, nowMs: number): OrderChange {
  const step = refund.restock.length > 0 ? "restocking" : "done";
  const record = replaceRefund(before, { ...refund, step, tries: 0, waitUntilMs: null, atMs: nowMs });
  const events = refund.amountMinor > 0 ? [refundedEvent(record, refund)] : [];
  return step === "done" ? finish(record, refund, events, nowMs) : { record: onTimeline(record, events, nowMs), events };
}

export function refundRestocked(before: OrderRecord, refund: RefundRecord, nowMs: number): OrderChange {
  return finish(replaceRefund(before, { ...refund, step: "done", waitUntilMs: null }), refund, [], nowMs);
}

/** Its amount is free again. */
export function refundRefused(before: OrderRecord, refund: RefundRecord, message: string): OrderChange {
  return { record: replaceRefund(before, { ...refund, step: "refused", refusal: message, waitUntilMs: null }), events: [] };
}

export function refundWaits(before: OrderRecord, refund: RefundRecord, nowMs: number): OrderChange {
  const waiting = { ...refund, tries: refund.tries + 1, waitUntilMs: nowMs + retryDelayMs(refund.tries) };
  return { record: replaceRefund(before, waiting), events: [] };
}

function finish(record: OrderRecord, refund: RefundRecord, paid: readonly EventDraft[], nowMs: number): OrderChange {
  if (refund.cancelReason === null) return { record: onTimeline(record, paid, nowMs), events: paid };
  const cancelled: OrderRecord = { ...record, status: "cancelled", failureReason: refund.cancelReason, updatedAtMs: nowMs };
  const events = [...paid, cancelledEvent(cancelled, refund.cancelReason)];
  return { record: onTimeline(cancelled, events, nowMs), events };
}

function replaceRefund(record: OrderRecord, refund: RefundRecord): OrderRecord {
  return { ...record, refunds: record.refunds.map((other) => (other.id === refund.id ? refund : other)) };
}

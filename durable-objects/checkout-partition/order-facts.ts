/** The events that an order's changes write, and the timeline that its owner reads. No event carries a name or address. Pure. */
import { type OrderEvent, type OrderSnapshot, orderEventSource } from "../../queues/contracts/order-events.ts";
import type { OrderLine } from "../../workers/orders/contract.ts";
import { isoTime } from "../../workers/shared/clock.ts";
import type { OrderRecord, RefundRecord, ShipmentRecord } from "./order-record.ts";

/** An event before it has its place in the log. */
export type EventDraft = OrderEvent extends infer E ? (E extends OrderEvent ? Pick<E, "type" | "data"> : never) : never;

export interface LogPlace {
  readonly partition: string;
  readonly sequence: number;
  readonly nowMs: number;
  readonly traceparent: string;
}

export function sealEvent(draft: EventDraft, place: LogPlace): OrderEvent {
  const source = orderEventSource(place.partition);
  return {
    specversion: "1.0",
    id: `${source}#${place.sequence}`,
    source,
    version: 1,
    time: isoTime(place.nowMs),
    subject: draft.data.orderId,
    sequence: place.sequence,
    traceparent: place.traceparent,
    datacontenttype: "application/json",
    ...draft,
  };
}

/** The record with the drafts on its timeline. */
export function onTimeline(record: OrderRecord, drafts: readonly EventDraft[], nowMs: number): OrderRecord {
  return { ...record, timeline: [...record.timeline, ...drafts.map((draft) => ({ type: draft.type, atMs: nowMs }))] };
}

function refOf(record: OrderRecord) {
  return { orderId: record.id, number: record.number, currency: record.currency };
}

function snapshotOf(record: OrderRecord): OrderSnapshot {
  return {
    ...refOf(record),
    customerId: record.customerId,
    country: record.shippingAddress.country,
    lines: record.lines.map((line: OrderLine) => ({ ...line })),
    totals: { ...record.totals },
  };
}

export function submittedEvent(record: OrderRecord): EventDraft {
  return { type: "order.submitted", data: snapshotOf(record) };
}

export function awaitingPaymentEvent(record: OrderRecord): EventDraft {
  return { type: "order.awaiting_payment", data: { ...refOf(record), expiresAtMs: record.saga.holdExpiresAtMs } };
}

export function placedEvent(record: OrderRecord): EventDraft {
  const paymentId = record.saga.payment?.id ?? null;
  return { type: "order.placed", data: { ...snapshotOf(record), paymentId, capturedMinor: record.capturedMinor } };
}

export function failedEvent(record: OrderRecord, reason: string): EventDraft {
  return { type: "order.failed", data: { ...refOf(record), reason } };
}

export function cancelledEvent(record: OrderRecord, reason: string): EventDraft {
  return { type: "order.cancelled", data: { ...refOf(record), reason } };
}

export function refundedEvent(record: OrderRecord, refund: RefundRecord): EventDraft {
  return {
    type: "order.refunded",
    data: {
      ...refOf(record),
      refundId: refund.id,
      amountMinor: refund.amountMinor,
      lines: refund.lines.map((line) => ({ ...line })),
      restocked: refund.restock.length > 0,
      ...(refund.cancelReason === null ? {} : { forCancellation: true }),
    },
  };
}

export function shippedEvent(record: OrderRecord, shipment: ShipmentRecord, complete: boolean): EventDraft {
  return {
    type: "order.shipped",
    data: {
      ...refOf(record),
      shipmentId: shipment.id,
      carrier: shipment.carrier,
      trackingNumber: shipment.trackingNumber,
      lines: shipment.lines.map((line) => ({ ...line })),
      complete,
    },
  };
}

export function completedEvent(record: OrderRecord): EventDraft {
  return { type: "order.completed", data: refOf(record) };
}

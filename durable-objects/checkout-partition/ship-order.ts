/** What may be shipped, in one or many parcels, and when an order is complete. Pure. */
import { err, ok, type Result } from "../../workers/shared/result.ts";
import type { ShipError, ShipOrder } from "./contract.ts";
import { completedEvent, type EventDraft, onTimeline, shippedEvent } from "./order-facts.ts";
import type { OrderRecord, ShipmentRecord, Units } from "./order-record.ts";
import { sumUnits, unitsToShip } from "./refund-order.ts";

/** An order's row holds its shipments. */
const SHIPMENTS_MAX = 500;

export interface OrderChange {
  readonly record: OrderRecord;
  readonly events: readonly EventDraft[];
}

/** No events: this key shipped before. */
export function shipOrder(
  before: OrderRecord,
  command: ShipOrder,
  shipmentId: string,
  nowMs: number,
): Result<OrderChange, ShipError> {
  if (before.shipments.some((shipment) => shipment.key === command.idempotencyKey)) return ok({ record: before, events: [] });
  const cancelling = before.refunds.some((refund) => refund.cancelReason !== null && refund.step !== "refused");
  if (before.status !== "placed" || cancelling || before.shipments.length >= SHIPMENTS_MAX) {
    return err({
      code: "not_shippable",
      message: `An order that is ${cancelling ? "being cancelled" : before.status} cannot be shipped.`,
    });
  }
  const lines = linesToShip(before, command.lines);
  if (!lines.ok) return lines;
  const shipment: ShipmentRecord = {
    id: shipmentId,
    key: command.idempotencyKey,
    carrier: command.carrier,
    trackingNumber: command.trackingNumber,
    lines: lines.value,
    atMs: nowMs,
  };
  const shipped: OrderRecord = { ...before, shipments: [...before.shipments, shipment], updatedAtMs: nowMs };
  const complete = unitsToShip(shipped).length === 0;
  const record: OrderRecord = { ...shipped, status: complete ? "fulfilled" : "placed" };
  const events = [shippedEvent(record, shipment, complete)];
  return ok({ record: onTimeline(record, events, nowMs), events });
}

export function completeOrder(
  before: OrderRecord,
  nowMs: number,
): Result<OrderChange, { readonly code: "not_completable"; readonly status: string }> {
  if (before.status === "completed") return ok({ record: before, events: [] });
  const nothingToShip = before.status === "placed" && unitsToShip(before).length === 0;
  if (before.status !== "fulfilled" && !nothingToShip) return err({ code: "not_completable", status: before.status });
  const record: OrderRecord = { ...before, status: "completed", updatedAtMs: nowMs };
  const events = [completedEvent(record)];
  return ok({ record: onTimeline(record, events, nowMs), events });
}

function linesToShip(record: OrderRecord, asked: readonly Units[]): Result<Units[], ShipError> {
  const left = unitsToShip(record);
  if (left.length === 0) return err({ code: "not_shippable", message: "Nothing is left to ship." });
  if (asked.length === 0) return ok(left);
  const lines = sumUnits(asked);
  for (const { sku, quantity } of lines) {
    const available = left.find((line) => line.sku === sku)?.quantity ?? 0;
    if (!Number.isSafeInteger(quantity) || quantity <= 0 || quantity > available) {
      return err({ code: "not_shippable", message: `${sku}: ${available} can be shipped.` });
    }
  }
  return ok(lines);
}

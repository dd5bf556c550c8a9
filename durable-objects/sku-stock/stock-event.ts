/** A journal row as the event that followers get. Pure. */
import { type StockEvent, stockEventSource } from "../../queues/contracts/stock-events.ts";
import { isoTime } from "../../workers/shared/clock.ts";
import type { Movement } from "./contract.ts";

export function stockEventOf(sku: string, movement: Movement): StockEvent {
  const source = stockEventSource(sku);
  return {
    specversion: "1.0",
    id: `${source}#${movement.sequence}`,
    source,
    type: "stock.moved",
    version: 1,
    time: isoTime(movement.atMs),
    subject: sku,
    sequence: movement.sequence,
    traceparent: movement.traceparent,
    datacontenttype: "application/json",
    data: {
      sku,
      location: movement.location,
      kind: movement.kind,
      quantity: movement.quantity,
      reference: movement.reference,
      onHandAfter: movement.onHandAfter,
      heldAfter: movement.heldAfter,
      backorderedAfter: movement.backorderedAfter,
      availableAfter: movement.availableAfter,
    },
  };
}

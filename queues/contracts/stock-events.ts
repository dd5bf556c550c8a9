/** What happened to the stock of one SKU. Source: `/inventory/skus/<encoded sku>`; sequence = the journal's. */
import * as z from "zod";
import { eventSchema, wakeUpSchema } from "./envelope.ts";

export const MovementKind = z.enum(["opened", "received", "adjusted", "held", "committed", "released", "expired", "restocked"]);
export type MovementKind = z.infer<typeof MovementKind>;

export const StockEvent = eventSchema(
  "stock.moved",
  1,
  z.strictObject({
    sku: z.string(),
    location: z.string(),
    kind: MovementKind,
    /** Units moved; negative only for adjustments downwards. */
    quantity: z.int(),
    /** Hold id, receipt key, refund id …: why it moved. */
    reference: z.string(),
    onHandAfter: z.int().min(0),
    heldAfter: z.int().min(0),
    /** Units promised beyond what is on hand, over all locations. */
    backorderedAfter: z.int().min(0),
    /** Over all locations, after the movement. */
    availableAfter: z.int().min(0),
  }),
);
export type StockEvent = z.infer<typeof StockEvent>;

export const StockWakeUp = wakeUpSchema(StockEvent);

export function stockEventSource(sku: string): string {
  return `/inventory/skus/${encodeURIComponent(sku)}`;
}

/** @throws when the source is not a SKU's. */
export function skuOfSource(source: string): string {
  const encoded = /^\/inventory\/skus\/([^/]+)$/.exec(source)?.[1];
  if (encoded === undefined) throw new Error(`not a stock event source: ${source}`);
  return decodeURIComponent(encoded);
}

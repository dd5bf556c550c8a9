/** The HTTP shapes of stock, snake_case, and how internal values become them. Pure. */
import { z } from "@hono/zod-openapi";
import type { Movement, StockReport } from "../../durable-objects/sku-stock/contract.ts";
import { MovementKind } from "../../queues/contracts/stock-events.ts";
import { isoTime } from "../shared/clock.ts";
import { type Availability, LocationName, QUANTITY_MAX, Quantity } from "./contract.ts";

export const AvailabilityJson = z.strictObject({ sku: z.string(), available: z.int().min(0), backorderable: z.boolean() });

export const MovementJson = z.strictObject({
  sequence: z.int().min(1),
  at: z.iso.datetime(),
  kind: MovementKind,
  location: z.string(),
  quantity: z.int(),
  reference: z.string(),
  on_hand_after: z.int().min(0),
  held_after: z.int().min(0),
  available_after: z.int().min(0),
  backordered_after: z.int().min(0),
});

export const StockJson = z
  .strictObject({
    sku: z.string(),
    on_hand: z.int().min(0),
    held: z.int().min(0),
    available: z.int().min(0),
    backordered: z.int().min(0),
    backorderable: z.boolean(),
    locations: z.array(
      z.strictObject({
        location: z.string(),
        on_hand: z.int().min(0),
        held: z.int().min(0),
        available: z.int().min(0),
      }),
    ),
    movements: z.array(MovementJson),
  })
  .openapi("Stock");

/** What an operator writes beside a movement: an order number, a delivery note, a reason. */
const Note = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]*$/u, "must not contain control characters");

export const ReceiptBody = z.strictObject({ quantity: Quantity, location: LocationName.optional(), reference: Note.optional() });
export type ReceiptBody = z.infer<typeof ReceiptBody>;

export const AdjustmentBody = z.strictObject({
  quantity: z
    .int()
    .min(-QUANTITY_MAX)
    .max(QUANTITY_MAX)
    .refine((quantity) => quantity !== 0, "must not be 0"),
  location: LocationName.optional(),
  reason: Note,
});
export type AdjustmentBody = z.infer<typeof AdjustmentBody>;

export const PolicyBody = z.strictObject({ backorderable: z.boolean() });

export function availabilityJson({ sku, available, backorderable }: Availability): z.infer<typeof AvailabilityJson> {
  return { sku, available, backorderable };
}

export function movementJson(movement: Movement): z.infer<typeof MovementJson> {
  return {
    sequence: movement.sequence,
    at: isoTime(movement.atMs),
    kind: movement.kind,
    location: movement.location,
    quantity: movement.quantity,
    reference: movement.reference,
    on_hand_after: movement.onHandAfter,
    held_after: movement.heldAfter,
    available_after: movement.availableAfter,
    backordered_after: movement.backorderedAfter,
  };
}

export function stockJson(sku: string, report: StockReport): z.infer<typeof StockJson> {
  return {
    sku,
    on_hand: report.onHand,
    held: report.held,
    available: report.available,
    backordered: report.backordered,
    backorderable: report.backorderable,
    locations: report.locations.map(({ location, onHand, held }) => ({
      location,
      on_hand: onHand,
      held,
      available: onHand - held,
    })),
    movements: report.movements.map(movementJson),
  };
}

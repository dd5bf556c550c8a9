/**
 * What happened to orders. Source: `/orders/partitions/<name>`; one gapless sequence per partition. Events carry no name,
 * e-mail or street: followers that need them ask orders. Two members are operators' own words, which may be about a person:
 * where a parcel is, and why an order was cancelled. Erasing blanks those and nothing else (docs/decisions/018-erasure.md).
 */
import * as z from "zod";
import { eventSchema, wakeUpSchema } from "./envelope.ts";

export const OrderEventLine = z.strictObject({
  sku: z.string(),
  productId: z.string(),
  title: z.string(),
  quantity: z.int().min(1),
  unitPriceMinor: z.int().min(0),
  totalMinor: z.int().min(0),
});

export const OrderTotals = z.strictObject({
  subtotalMinor: z.int(),
  discountMinor: z.int(),
  shippingMinor: z.int(),
  taxMinor: z.int(),
  totalMinor: z.int(),
});
export type OrderTotals = z.infer<typeof OrderTotals>;

/** The order as it was frozen at submission. */
export const OrderSnapshot = z.strictObject({
  orderId: z.string(),
  number: z.string().nullable(),
  customerId: z.string().nullable(),
  currency: z.string(),
  country: z.string(),
  lines: z.array(OrderEventLine),
  totals: OrderTotals,
});
export type OrderSnapshot = z.infer<typeof OrderSnapshot>;

const orderRef = { orderId: z.string(), number: z.string().nullable(), currency: z.string() };

export const OrderEvent = z.discriminatedUnion("type", [
  eventSchema("order.submitted", 1, OrderSnapshot),
  eventSchema("order.awaiting_payment", 1, z.strictObject({ ...orderRef, expiresAtMs: z.int() })),
  /** Stock is committed and the money is captured. `paymentId` is null for a free order. */
  eventSchema(
    "order.placed",
    1,
    z.strictObject({ ...OrderSnapshot.shape, paymentId: z.string().nullable(), capturedMinor: z.int().min(0) }),
  ),
  /** Nothing held, nothing charged. */
  eventSchema("order.failed", 1, z.strictObject({ ...orderRef, reason: z.string() })),
  /** `refundedMinor` went back to the shopper (0 when nothing had been captured). */
  eventSchema("order.cancelled", 1, z.strictObject({ ...orderRef, reason: z.string() })),
  eventSchema(
    "order.refunded",
    1,
    z.strictObject({
      ...orderRef,
      refundId: z.string(),
      amountMinor: z.int().min(1),
      lines: z.array(z.strictObject({ sku: z.string(), quantity: z.int().min(1), amountMinor: z.int().min(0) })),
      restocked: z.boolean(),
      /** Absent in older events. True: `order.cancelled` follows, and tells the shopper of this money too. */
      forCancellation: z.boolean().optional(),
    }),
  ),
  eventSchema(
    "order.shipped",
    1,
    z.strictObject({
      ...orderRef,
      shipmentId: z.string(),
      carrier: z.string().nullable(),
      trackingNumber: z.string().nullable(),
      lines: z.array(z.strictObject({ sku: z.string(), quantity: z.int().min(1) })),
      /** True when nothing of the order is left to ship. */
      complete: z.boolean(),
    }),
  ),
  eventSchema("order.completed", 1, z.strictObject(orderRef)),
]);
export type OrderEvent = z.infer<typeof OrderEvent>;

export const OrderWakeUp = wakeUpSchema(OrderEvent);

/** What the name of every partition's log begins with. */
export const ORDER_SOURCE_PREFIX = "/orders/partitions/";

export function orderEventSource(partitionName: string): string {
  return `${ORDER_SOURCE_PREFIX}${partitionName}`;
}

/** The partition's name, `3-7`. @throws when the source is not a partition's. */
export function partitionOfSource(source: string): string {
  const name = /^\/orders\/partitions\/(\d+-\d+)$/.exec(source)?.[1];
  if (name === undefined) throw new Error(`not an order event source: ${source}`);
  return name;
}

/** Orders as their owner sees them, by the public contract of `/v1/orders`. */
import * as z from "zod";
import type { PageContext } from "../page-context.ts";
import { type Answer, ask } from "./ask.ts";

export const MoneyView = z.object({ amount_minor: z.int(), currency: z.string() });
export type MoneyView = z.infer<typeof MoneyView>;

export const TotalsView = z.object({
  subtotal: MoneyView,
  discount: MoneyView,
  shipping: MoneyView,
  tax: MoneyView,
  total: MoneyView,
});
export type TotalsView = z.infer<typeof TotalsView>;

export const AddressView = z.object({
  name: z.string(),
  line1: z.string(),
  line2: z.string().optional(),
  city: z.string(),
  region: z.string().optional(),
  postal_code: z.string(),
  country: z.string(),
  phone: z.string().optional(),
});
export type AddressView = z.infer<typeof AddressView>;

const SkuQuantity = z.object({ sku: z.string(), quantity: z.int() });

export const OrderView = z.object({
  id: z.string(),
  /** Null until the order is placed or waits for its payment. */
  number: z.string().nullable(),
  status: z.enum(["submitted", "awaiting_payment", "placed", "fulfilled", "completed", "failed", "cancelled"]),
  email: z.string(),
  currency: z.string(),
  lines: z.array(SkuQuantity.extend({ title: z.string(), unit_price: MoneyView, total: MoneyView })),
  totals: TotalsView,
  tax_included: z.boolean(),
  tax_rate_basis_points: z.int(),
  shipping_address: AddressView,
  shipping_option: z.object({ id: z.string(), name: z.string() }),
  payment: z.object({ status: z.string(), amount: MoneyView, refunded: MoneyView }),
  refunds: z.array(z.object({ id: z.string(), amount: MoneyView, at: z.string() })),
  shipments: z.array(
    z.object({
      id: z.string(),
      carrier: z.string().nullable(),
      tracking_number: z.string().nullable(),
      lines: z.array(SkuQuantity),
      at: z.string(),
    }),
  ),
  timeline: z.array(z.object({ type: z.string(), at: z.string() })),
  cart_id: z.string(),
  /** A code, for `failed` orders. */
  failure_reason: z.string().nullable(),
  /** While payment is awaited: until when the stock is kept. */
  hold_expires_at: z.string().nullable(),
  /** While payment is awaited: the bank's page. */
  next_action: z.object({ type: z.literal("redirect"), url: z.url({ protocol: /^https?$/ }) }).nullable(),
  created_at: z.string(),
});
export type OrderView = z.infer<typeof OrderView>;

type Asking = Pick<PageContext, "env" | "principal" | "call" | "cf">;

export async function readOrder(page: Asking, orderId: string): Answer<OrderView> {
  return await ask(page, "ORDERS", { path: `/v1/orders/${orderId}` }, OrderView);
}

/** Gives an awaited payment up; the cart is open again, unless the order was paid a moment ago. */
export async function abandonPayment(page: Asking, orderId: string): Answer<OrderView> {
  return await ask(page, "ORDERS", { method: "POST", path: `/v1/orders/${orderId}/payment-abandonment` }, OrderView);
}

/** The shopper's cart and its checkout, by the public contract of `/v1/carts`. */
import * as z from "zod";
import type { PageContext } from "../page-context.ts";
import { type Answer, ask } from "./ask.ts";
import { AddressView, MoneyView, OrderView, TotalsView } from "./orders.ts";

const CartLineView = z.object({
  sku: z.string(),
  handle: z.string(),
  title: z.string(),
  image: z.string().nullable(),
  quantity: z.int(),
  unit_price: MoneyView,
  total: MoneyView,
});
export type CartLineView = z.infer<typeof CartLineView>;

export const CartView = z.object({
  id: z.string(),
  /** `ordered` once an order of it is placed or waits for payment. */
  state: z.enum(["open", "frozen", "ordered"]),
  currency: z.string(),
  email: z.string().nullable(),
  lines: z.array(CartLineView),
  shipping_address: AddressView.nullable(),
  shipping_option_id: z.string().nullable(),
  totals: TotalsView,
  order_id: z.string().nullable(),
  /** Opens that order. Only where a cart is read. */
  order_token: z.string().nullable().optional(),
  expires_at: z.string(),
});
export type CartView = z.infer<typeof CartView>;

const NewCartView = CartView.extend({ token: z.string() });
export type NewCartView = z.infer<typeof NewCartView>;

const ShippingOptionView = z.object({ id: z.string(), name: z.string(), price: MoneyView, estimated_days: z.int() });
export type ShippingOptionView = z.infer<typeof ShippingOptionView>;

const CheckoutView = z.object({
  order: OrderView,
  token: z.string(),
  /** Null or absent: nothing is left to do for the shopper. */
  next_action: z.object({ type: z.literal("redirect"), url: z.url({ protocol: /^https?$/ }) }).nullish(),
});
export type CheckoutView = z.infer<typeof CheckoutView>;

/** What a checkout answers besides success. */
export const ShortagesView = z.object({
  shortages: z.array(z.object({ sku: z.string(), requested: z.int(), available: z.int() })),
});

export interface WantedLine {
  readonly sku: string;
  readonly quantity: number;
}

export interface CartChange {
  readonly email?: string;
  readonly shipping_address?: AddressView;
  readonly shipping_option_id?: string;
}

type Asking = Pick<PageContext, "env" | "principal" | "call" | "cf">;

/** The same page, now also allowed to act on the cart or order. Only for ids that a peer has just given or opened. */
export function holding<P extends Asking>(page: P, id: string): P {
  const capabilities = [...new Set([...page.principal.capabilities, id])];
  return { ...page, principal: { ...page.principal, capabilities } };
}

export async function createCart(page: Asking, currency: string): Answer<NewCartView> {
  return await ask(page, "ORDERS", { method: "POST", path: "/v1/carts", body: { currency } }, NewCartView);
}

export async function readCart(page: Asking, cartId: string): Answer<CartView> {
  return await ask(page, "ORDERS", { path: `/v1/carts/${cartId}` }, CartView);
}

/** @param quantity 0 removes the line. */
export async function putLine(page: Asking, cartId: string, { sku, quantity }: WantedLine): Answer<CartView> {
  const path = `/v1/carts/${cartId}/lines/${encodeURIComponent(sku)}`;
  return await ask(page, "ORDERS", { method: "PUT", path, body: { quantity } }, CartView);
}

export async function replaceLines(page: Asking, cartId: string, lines: readonly WantedLine[]): Answer<CartView> {
  return await ask(page, "ORDERS", { method: "PUT", path: `/v1/carts/${cartId}/lines`, body: { lines } }, CartView);
}

export async function changeCart(page: Asking, cartId: string, change: CartChange): Answer<CartView> {
  return await ask(page, "ORDERS", { method: "PATCH", path: `/v1/carts/${cartId}`, body: change }, CartView);
}

export async function shippingOptions(page: Asking, cartId: string, country: string): Answer<ShippingOptionView[]> {
  const path = `/v1/carts/${cartId}/shipping-options?country=${encodeURIComponent(country)}`;
  const options = z.object({ items: z.array(ShippingOptionView) }).transform(({ items }) => items);
  return await ask(page, "ORDERS", { path }, options);
}

export interface CheckoutRequest {
  readonly idempotencyKey: string;
  readonly paymentMethod: string;
  /** Where the shopper comes back to after 3-D Secure. */
  readonly returnUrl: string;
}

export async function checkoutCart(page: Asking, cartId: string, request: CheckoutRequest): Answer<CheckoutView> {
  return await ask(
    page,
    "ORDERS",
    {
      method: "POST",
      path: `/v1/carts/${cartId}/checkout`,
      headers: { "idempotency-key": request.idempotencyKey },
      body: { payment_method: request.paymentMethod, return_url: request.returnUrl },
    },
    CheckoutView,
  );
}

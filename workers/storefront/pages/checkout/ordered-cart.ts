/** A cart that is being ordered, or was: which order it led to, and where the shopper goes from here. */
import type { Context } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { type CartView, holding } from "../../peers/carts.ts";
import { type OrderView, readOrder } from "../../peers/orders.ts";
import { forgetCart, keepOrder } from "./open-cart.ts";
import { orderPath } from "./order-link.ts";

export function isSettled(status: OrderView["status"]): boolean {
  return status !== "submitted" && status !== "awaiting_payment";
}

/**
 * While the order still waits, its page is where to be: undefined once it is placed, and the cart is forgotten then. The
 * cart's token has opened the cart, so its holder is who ordered.
 */
export async function leaveOrderedCart(
  c: Context<StorefrontHono>,
  cart: CartView,
  orderId: string,
): Promise<Response | undefined> {
  const order = await readOrder(holding(c.var.page, orderId), orderId);
  if (order.ok && isSettled(order.value.status)) {
    rememberOrder(c, cart);
    forgetCart(c);
    return undefined;
  }
  return toOrder(c, cart, orderId);
}

/** To the order's page, which this browser opens from now on. */
export function toOrder(c: Context<StorefrontHono>, cart: CartView, orderId: string): Response {
  rememberOrder(c, cart);
  return c.redirect(orderPath(c.var.page, orderId), 303);
}

function rememberOrder(c: Context<StorefrontHono>, cart: CartView): void {
  if (cart.order_token != null) keepOrder(c, cart.order_token);
}

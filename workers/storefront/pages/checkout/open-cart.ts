/** From the shopper's cookie to the cart: what may be wrong with it, and what the shopper is told. */
import type { Context } from "hono";
import { systemClock } from "../../../shared/clock.ts";
import { err, ok } from "../../../shared/result.ts";
import { CART_COOKIE, clearCookie, ORDER_COOKIE, readCookie, setCookie } from "../../cookies.ts";
import type { StorefrontHono } from "../../env.ts";
import type { PageContext } from "../../page-context.ts";
import type { Answer, PeerProblem } from "../../peers/ask.ts";
import { type CartView, createCart, holding, type NewCartView, readCart } from "../../peers/carts.ts";

const DAY_SECONDS = 86_400;
/** An order can be followed from the same browser for as long as browsers keep a cookie. */
const ORDER_AGE_SECONDS = 400 * DAY_SECONDS;
/** Of orders' own ids, so that nothing else becomes a path or a cookie. */
const TOKEN = /^ord_[0-9a-z]{26}\.[A-Za-z0-9_-]{43}$/;

export type OpenedCart =
  | { readonly kind: "none" }
  /** The cookie opens nothing: forged, from another shop, or older than the secret. It is cleared. */
  | { readonly kind: "forged" }
  | { readonly kind: "expired" }
  | { readonly kind: "open"; readonly cart: CartView }
  /** A checkout of it runs, or it has become an order. */
  | { readonly kind: "ordered"; readonly cart: CartView; readonly orderId: string }
  | { readonly kind: "unavailable"; readonly problem: PeerProblem };

/** @returns the cart behind the cookie; a cookie that is of no use is cleared with this answer. */
export async function openCart(c: Context<StorefrontHono>): Promise<OpenedCart> {
  const { page } = c.var;
  const cartId = cartIdOf(page);
  if (cartId === null) {
    if (readCookie(c, CART_COOKIE) === undefined) return { kind: "none" };
    clearCookie(c, CART_COOKIE);
    return { kind: "forged" };
  }
  const read = await readCart(page, cartId);
  if (read.ok) return opened(read.value);
  if (read.error.status !== 404 && read.error.code !== "cart_expired") return { kind: "unavailable", problem: read.error };
  clearCookie(c, CART_COOKIE);
  return { kind: read.error.code === "cart_expired" ? "expired" : "forged" };
}

export function opened(cart: CartView): OpenedCart {
  return cart.state === "open" || cart.order_id === null
    ? { kind: "open", cart }
    : { kind: "ordered", cart, orderId: cart.order_id };
}

export function cartIdOf(page: PageContext): string | null {
  return page.personal === "deferred" ? null : page.personal.cartId;
}

/** A new cart and its cookie; the page that may act on it. */
export async function startCart(
  c: Context<StorefrontHono>,
  currency: string,
): Answer<{ readonly cart: NewCartView; readonly page: PageContext }> {
  const created = await createCart(c.var.page, currency);
  if (!created.ok) return err(created.error);
  keepCart(c, created.value);
  return ok({ cart: created.value, page: holding(c.var.page, created.value.id) });
}

export function keepCart(c: Context<StorefrontHono>, cart: NewCartView): void {
  const seconds = Math.floor((Date.parse(cart.expires_at) - systemClock.now()) / 1000);
  // The cart lives on with each change; its cookie must not end before it.
  setCookie(c, CART_COOKIE, cart.token, Math.max(DAY_SECONDS, seconds * 3));
}

/** From now on this browser opens the order's page. */
export function keepOrder(c: Context<StorefrontHono>, token: string): void {
  if (TOKEN.test(token)) setCookie(c, ORDER_COOKIE, token, ORDER_AGE_SECONDS);
}

/** The cart has become an order for good. */
export function forgetCart(c: Context<StorefrontHono>): void {
  clearCookie(c, CART_COOKIE);
}

/** `GET /checkout`: the form, filled with what the cart and the account know. */
import type { Context } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { unavailablePage } from "../../error-pages.tsx";
import { link } from "../../page-context.ts";
import { renderCheckout } from "./checkout-page.tsx";
import { valuesOfCart } from "./checkout-values.ts";
import { readKnownShopper } from "./known-shopper.ts";
import { loadCheckout } from "./load-checkout.ts";
import { openCart } from "./open-cart.ts";
import { leaveOrderedCart } from "./ordered-cart.ts";

export async function showCheckout(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const found = await openCart(c);
  if (found.kind === "unavailable") return await unavailablePage(c, found.problem);
  if (found.kind === "ordered") {
    return (await leaveOrderedCart(c, found.cart, found.orderId)) ?? c.redirect(link(page, "/cart"), 303);
  }
  // The cart's page says what is wrong with it.
  if (found.kind !== "open" || found.cart.lines.length === 0) return c.redirect(link(page, "/cart"), 303);
  const { cart } = found;
  const loaded = await loadCheckout(page, cart, valuesOfCart(page, cart, await readKnownShopper(page, cart)));
  if (!loaded.ok) return await unavailablePage(c, loaded.error);
  return await renderCheckout(c, { loaded: loaded.value, attempt: crypto.randomUUID() });
}

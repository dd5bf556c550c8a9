/** From the answer of a checkout to the one page that it ends on. */
import type { Context } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { setFlash } from "../../flash.tsx";
import { link, type PageContext } from "../../page-context.ts";
import type { PeerProblem } from "../../peers/ask.ts";
import { type CartView, type CheckoutView, checkoutCart, readCart, ShortagesView } from "../../peers/carts.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { type Attempt, again } from "./checkout-attempt.ts";
import type { ShortLine } from "./checkout-notices.tsx";
import { forgetCart, keepOrder } from "./open-cart.ts";
import { orderPath } from "./order-link.ts";
import { toOrder } from "./ordered-cart.ts";
import type { FormerPrices } from "./review.tsx";

/** How long a second click waits for the first one's answer; after that the order's page goes on waiting. */
const WAITS_MAX = 12;
const WAIT_MS = 400;

export async function settleCheckout(attempt: Attempt, idempotencyKey: string): Promise<Response> {
  const { c, cart, values } = attempt;
  const { page } = c.var;
  const returnUrl = `${page.origin}${link(page, "/checkout/return")}?token={order_token}`;
  const request = { idempotencyKey, paymentMethod: values.payment_method, returnUrl };
  let answer = await checkoutCart(page, cart.id, request);
  for (let waits = 0; !answer.ok && answer.error.code === "idempotency_key_in_flight" && waits < WAITS_MAX; waits++) {
    await pause();
    answer = await checkoutCart(page, cart.id, request);
  }
  return answer.ok ? afterSuccess(c, answer.value) : await afterRefusal(attempt, answer.error);
}

function afterSuccess(c: Context<StorefrontHono>, { order, token, next_action }: CheckoutView): Response {
  keepOrder(c, token);
  if (next_action != null) return c.redirect(orderPath(c.var.page, order.id, "/payment"), 303);
  // Until it is placed the cart may open again: the order's page forgets it then.
  if (order.status === "placed") forgetCart(c);
  return c.redirect(orderPath(c.var.page, order.id), 303);
}

async function afterRefusal(attempt: Attempt, problem: PeerProblem): Promise<Response> {
  const { c, cart } = attempt;
  switch (problem.code) {
    case "out_of_stock":
    case "sku_unavailable":
      return await again(attempt, { refusal: { kind: "out_of_stock", lines: shortOf(cart, problem) }, status: 409 });
    case "price_changed":
      return await afterPriceChange(attempt);
    case "payment_declined":
      return await again(attempt, {
        refusal: { kind: "declined", declineCode: String(problem.problem["decline_code"]) },
        status: 402,
      });
    case "payment_rejected":
      return await again(attempt, { refusal: { kind: "rejected" }, status: 422 });
    case "cart_incomplete":
    case "shipping_option_unavailable":
      return await again(attempt, { refusal: { kind: "content_changed" }, status: 409 });
    case "cart_already_ordered":
    case "checkout_in_progress":
    case "idempotency_key_in_flight":
      return await afterCheckoutBegan(c, cart);
    case "cart_empty":
    case "cart_expired":
    case "not_found":
      setFlash(c, "warning", checkoutTexts(c.var.page.locale).flash.gone);
      return c.redirect(link(c.var.page, "/cart"), 303);
    default:
      return await afterSilence(attempt);
  }
}

/** Another request orders this cart, or has: its order's page says how it ends. */
export async function afterCheckoutBegan(c: Context<StorefrontHono>, cart: CartView): Promise<Response> {
  const now = await settledCart(c.var.page, cart);
  if (now.order_id !== null) return toOrder(c, now, now.order_id);
  // The other try has failed meanwhile: the form is open again.
  return c.redirect(link(c.var.page, "/checkout"), 303);
}

/** Waits a little while the cart is frozen: most checkouts end at once. */
async function settledCart(page: PageContext, before: CartView): Promise<CartView> {
  let cart = before;
  for (let waits = 0; waits < WAITS_MAX; waits++) {
    const read = await readCart(page, before.id);
    if (read.ok) cart = read.value;
    if (read.ok && cart.state !== "frozen") return cart;
    await pause();
  }
  return cart;
}

/** It may have worked: the cart knows. Sent again, the form means the same order. */
async function afterSilence(attempt: Attempt): Promise<Response> {
  const { c, cart } = attempt;
  const read = await readCart(c.var.page, cart.id);
  if (read.ok && read.value.order_id !== null) return toOrder(c, read.value, read.value.order_id);
  return await again(attempt, { refusal: { kind: "unknown" }, status: 503 }, true);
}

/** The cart has the new prices now; the old ones stand beside them. */
async function afterPriceChange(attempt: Attempt): Promise<Response> {
  const { c, cart } = attempt;
  const read = await readCart(c.var.page, cart.id);
  if (!read.ok) return await afterSilence(attempt);
  return await again(
    { ...attempt, cart: read.value },
    { refusal: { kind: "price_changed" }, former: formerPrices(cart, read.value), status: 409 },
  );
}

function formerPrices(before: CartView, now: CartView): FormerPrices {
  const prices = new Map(now.lines.map((line) => [line.sku, line.unit_price.amount_minor]));
  const changed = before.lines.filter((line) => prices.get(line.sku) !== line.unit_price.amount_minor);
  return new Map(changed.map((line) => [line.sku, line.unit_price]));
}

function shortOf(cart: CartView, { problem }: PeerProblem): ShortLine[] {
  const shortages = ShortagesView.safeParse(problem);
  const left = new Map(shortages.success ? shortages.data.shortages.map(({ sku, available }) => [sku, available]) : []);
  const gone = new Set(Array.isArray(problem["skus"]) ? problem["skus"] : []);
  return cart.lines.flatMap((line): ShortLine[] => {
    if (gone.has(line.sku)) return [{ line, left: 0, gone: true }];
    const available = left.get(line.sku);
    return available === undefined ? [] : [{ line, left: available }];
  });
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
}

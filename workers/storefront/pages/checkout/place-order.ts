/**
 * `POST /checkout`: checks the form, brings the cart up to date, and orders only what the shopper was shown. Whatever the
 * outcome, it ends in one state: an order's page, or this form with everything that was typed.
 */
import type { Context } from "hono";
import { sha256Hex } from "../../../shared/idempotency.ts";
import type { StorefrontHono } from "../../env.ts";
import { unavailablePage } from "../../error-pages.tsx";
import { setFlash } from "../../flash.tsx";
import { link } from "../../page-context.ts";
import type { PeerProblem } from "../../peers/ask.ts";
import { type CartChange, type CartView, changeCart } from "../../peers/carts.ts";
import type { AddressView } from "../../peers/orders.ts";
import { readOrder } from "../../peers/orders.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { formValues } from "./cart-forms.ts";
import { checkAddress, emailIn } from "./check-address.ts";
import { type Attempt, again } from "./checkout-attempt.ts";
import type { Refusal } from "./checkout-notices.tsx";
import { seenDifference, seenMark, seenTotal } from "./checkout-totals.ts";
import { type CheckoutValues, marksOfForm, valuesOfCart, valuesOfForm } from "./checkout-values.ts";
import { type CheckoutFaults, type FieldErrors, fieldErrors } from "./field-errors.ts";
import { loadCheckout } from "./load-checkout.ts";
import { openCart } from "./open-cart.ts";
import { orderPath } from "./order-link.ts";
import { isPaymentMethod } from "./payment-methods.ts";
import { afterCheckoutBegan, settleCheckout } from "./settle-checkout.ts";

const NOBODY = { email: null, name: null, address: null };

export async function placeOrder(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const form = await formValues(c);
  const marks = marksOfForm(form);
  const found = await openCart(c);
  if (found.kind === "unavailable") return await unavailablePage(c, found.problem);
  if (found.kind === "ordered") return await afterCheckoutBegan(c, found.cart);
  if (found.kind !== "open" || found.cart.lines.length === 0) return await withoutCart(c, marks.cartId);
  const { cart } = found;
  const values = valuesOfForm(form, valuesOfCart(page, cart, NOBODY));
  const attempt: Attempt = { c, cart, values, marks };
  return marks.updates ? await again(attempt, {}) : await tryOrder(attempt);
}

/** The cart went into an order in another tab, or a form from long ago was sent. */
async function withoutCart(c: Context<StorefrontHono>, cartId: string): Promise<Response> {
  const { page } = c.var;
  for (const id of page.principal.capabilities.filter((capability) => capability.startsWith("ord_"))) {
    const order = await readOrder(page, id);
    if (order.ok && order.value.cart_id === cartId) return c.redirect(orderPath(page, id), 303);
  }
  setFlash(c, "warning", checkoutTexts(page.locale).flash.gone);
  return c.redirect(link(page, "/cart"), 303);
}

async function tryOrder(attempt: Attempt): Promise<Response> {
  const { c, cart, values, marks } = attempt;
  const { page } = c.var;
  const loaded = await loadCheckout(page, cart, values);
  if (!loaded.ok) return await unavailablePage(c, loaded.error);
  const email = emailIn(values.email);
  const { faults, address } = checkAddress(values, page.locale);
  const found = allFaults(values, faults, email, loaded.value.options.length);
  if (email === undefined || address === null || Object.keys(found).length > 0) {
    return await again(attempt, { errors: fieldErrors(page, found, values.country), status: 422 });
  }
  const saved = await saveCart(attempt, email, address, loaded.value.option?.id);
  if (!saved.ok) return saved.response;
  const now: Attempt = {
    ...attempt,
    cart: saved.cart,
    values: { ...values, shipping_option_id: saved.cart.shipping_option_id ?? "" },
  };
  const seen = await seenMark(saved.cart, saved.cart.totals.total);
  const change = marks.cartId === saved.cart.id ? seenDifference(marks.seen, seen) : "content";
  if (change !== undefined) return await again(now, { refusal: changedRefusal(change, marks.seen, saved.cart), status: 409 });
  return await settleCheckout(now, await keyOf(now, seen));
}

/** In the order of the page. */
function allFaults(
  values: CheckoutValues,
  address: CheckoutFaults,
  email: string | undefined,
  optionCount: number,
): CheckoutFaults {
  return {
    ...(email === undefined ? { email: values.email.trim() === "" ? "required" : "invalid" } : {}),
    ...address,
    ...(optionCount === 0 && address.country === undefined ? { country: "invalid" } : {}),
    ...(isPaymentMethod(values.payment_method) ? {} : { payment_method: "required" }),
  };
}

function changedRefusal(change: "total" | "content", seen: string, cart: CartView): Refusal {
  const before = seenTotal(seen, cart.currency);
  if (change === "content" || before === undefined) return { kind: "content_changed" };
  return { kind: "total_changed", before, now: cart.totals.total };
}

type Saved = { readonly ok: true; readonly cart: CartView } | { readonly ok: false; readonly response: Response };

async function saveCart(attempt: Attempt, email: string, address: AddressView, optionId: string | undefined): Promise<Saved> {
  const { c, cart } = attempt;
  const change = changeOf(cart, email, address, optionId);
  if (Object.keys(change).length === 0) return { ok: true, cart };
  const changed = await changeCart(c.var.page, cart.id, change);
  return changed.ok
    ? { ok: true, cart: changed.value }
    : { ok: false, response: await afterRefusedChange(attempt, changed.error) };
}

/** Nothing is sent that the cart knows already: while it is being ordered it takes no change. */
function changeOf(cart: CartView, email: string, address: AddressView, optionId: string | undefined): CartChange {
  const same = cart.shipping_address !== null && fingerprint(cart.shipping_address) === fingerprint(address);
  return {
    ...(cart.email === email ? {} : { email }),
    ...(same ? {} : { shipping_address: address }),
    ...(optionId === undefined || cart.shipping_option_id === optionId ? {} : { shipping_option_id: optionId }),
  };
}

function fingerprint(address: AddressView): string {
  const { name, line1, line2 = "", city, region = "", postal_code, country, phone = "" } = address;
  return JSON.stringify([name, line1, line2, city, region, postal_code, country, phone]);
}

async function afterRefusedChange(attempt: Attempt, problem: PeerProblem): Promise<Response> {
  const { c, cart } = attempt;
  switch (problem.code) {
    case "checkout_in_progress":
    case "cart_already_ordered":
      return await afterCheckoutBegan(c, cart);
    case "invalid_body":
      return await again(attempt, { errors: apiErrors(attempt, problem), status: 422 });
    case "shipping_option_unavailable":
      return await again(attempt, { status: 409 });
    default:
      return problem.status >= 500
        ? await again(attempt, { refusal: { kind: "unknown" }, status: 503 }, true)
        : await withoutCart(c, cart.id);
  }
}

/** Ours are stricter, so this is a slip between the two; the field is named all the same. */
function apiErrors({ c, values }: Attempt, { problem }: PeerProblem): FieldErrors {
  const errors = Array.isArray(problem["errors"]) ? (problem["errors"] as readonly { readonly path?: unknown }[]) : [];
  const faults = errors.map(({ path }) => [String(path).replace("shipping_address.", ""), "invalid"] as const);
  return fieldErrors(c.var.page, Object.fromEntries(faults), values.country);
}

/** The same form for the same cart is the same order, however often it is sent; anything else is another try. */
async function keyOf({ c, cart, values, marks }: Attempt, seen: string): Promise<string> {
  const { email, shipping_address, shipping_option_id } = cart;
  const parts = [marks.attempt, values.payment_method, c.var.page.locale, seen, email, shipping_address, shipping_option_id];
  return `shop-${await sha256Hex(JSON.stringify(parts))}`;
}

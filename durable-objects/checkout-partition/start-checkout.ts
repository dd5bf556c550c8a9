/** Whether a checkout may start: the key, the cart, what is missing, prices; and the order that it freezes. Pure. */
import type { OrderLine } from "../../workers/orders/contract.ts";
import { decideIdempotency, type IdempotencyRecord } from "../../workers/shared/idempotency.ts";
import { err, type Result } from "../../workers/shared/result.ts";
import { changeableCart, priceableOf, reprice } from "./change-cart.ts";
import type { Cart, CheckoutCommand, CheckoutError, PriceChanged } from "./contract.ts";
import type { OrderRecord } from "./order-record.ts";
import { needsShipping, type PricedCart, priceCart } from "./price-cart.ts";
import { startSaga } from "./saga-state.ts";

/** A key as the partition keeps it. `orderId` is null when the checkout was answered without an order. */
export interface CheckoutKey extends IdempotencyRecord {
  readonly orderId: string | null;
}

export type KeyDecision =
  | { readonly kind: "start" }
  | { readonly kind: "replay"; readonly body: string; readonly orderId: string | null }
  /** The key's order is under way, or its run was interrupted: attach to it. */
  | { readonly kind: "attach"; readonly orderId: string }
  | { readonly kind: "refuse"; readonly error: Extract<CheckoutError, { readonly code: "idempotency" }> };

/** Without an answer a key always has an order (both are written together): it is attached to, never run again. */
export function decideKey(key: CheckoutKey | undefined, bodySha256: string, nowMs: number, running: boolean): KeyDecision {
  if (key !== undefined && key.answer === null && key.orderId !== null && key.bodySha256 === bodySha256) {
    if (!running) return { kind: "attach", orderId: key.orderId };
    return { kind: "refuse", error: { code: "idempotency", decision: { kind: "in_flight", retryAfterSeconds: 1 } } };
  }
  const decision = decideIdempotency(key, bodySha256, nowMs);
  switch (decision.kind) {
    case "run":
      return { kind: "start" };
    case "replay":
      return { kind: "replay", body: decision.answer.body, orderId: key?.orderId ?? null };
    case "in_flight":
    case "other_body":
      return { kind: "refuse", error: { code: "idempotency", decision } };
  }
}

export type StartDecision =
  | { readonly kind: "refuse"; readonly error: CheckoutError }
  /** The cart now has the new prices; the answer is kept under the key. */
  | { readonly kind: "price_changed"; readonly cart: Cart; readonly error: PriceChanged }
  | { readonly kind: "start"; readonly cart: Cart; readonly order: OrderRecord };

export interface NewOrder {
  readonly orderId: string;
  readonly returnUrl: string;
  readonly holdMs: number;
}

export function startCheckout(found: Cart, command: CheckoutCommand, fresh: NewOrder, nowMs: number): StartDecision {
  const open = changeableCart(found, nowMs);
  if (!open.ok) return { kind: "refuse", error: open.error };
  const cart = open.value;
  const requoted = requote(cart, command);
  if (!requoted.ok) return { kind: "refuse", error: requoted.error };
  const priced = priceCart(priceableOf(cart), command.policy);
  const incomplete = missingParts(cart, priced);
  if (incomplete !== undefined) return { kind: "refuse", error: incomplete };
  if (differs(cart, requoted.value)) {
    const { totals, currency } = requoted.value;
    return { kind: "price_changed", cart: requoted.value, error: { code: "price_changed", totals, currency } };
  }
  const order = freezeOrder(requoted.value, command, fresh, nowMs);
  if (order === undefined) throw new Error("a complete cart lacks its e-mail or address");
  return { kind: "start", cart: { ...requoted.value, state: "frozen", orderId: order.id }, order };
}

/** The cart at today's prices and rates. */
function requote(cart: Cart, command: CheckoutCommand): Result<Cart, CheckoutError> {
  if (cart.lines.length === 0) return err({ code: "cart_empty" });
  const quotes = new Map(command.quotes.map((quote) => [quote.sku, quote]));
  const skus = cart.lines.flatMap(({ quote }) => (quotes.get(quote.sku)?.currency === cart.currency ? [] : [quote.sku]));
  if (skus.length > 0) return err({ code: "sku_unavailable", skus });
  const lines = cart.lines.map((line) => ({ ...line, quote: quotes.get(line.quote.sku) ?? line.quote }));
  return reprice({ ...cart, lines }, command.policy);
}

function missingParts(cart: Cart, priced: PricedCart): CheckoutError | undefined {
  const missing: ("email" | "shipping_address" | "shipping_option_id")[] = [];
  if (cart.email === null) missing.push("email");
  if (cart.shippingAddress === null) missing.push("shipping_address");
  if (cart.shippingOptionId === null && needsShipping(cart.lines)) missing.push("shipping_option_id");
  if (missing.length > 0) return { code: "cart_incomplete", missing };
  const optionId = cart.shippingOptionId;
  if (optionId !== null && priced.shippingOption === null) return { code: "shipping_option_unavailable", optionId };
  return undefined;
}

/** Any difference to what the shopper saw, up or down, is shown before it is charged. */
function differs(seen: Cart, now: Cart): boolean {
  const quoted = new Map(now.lines.map((line) => [line.quote.sku, line.quote.unitPriceMinor]));
  return (
    seen.lines.some((line) => quoted.get(line.quote.sku) !== line.quote.unitPriceMinor) ||
    seen.totals.totalMinor !== now.totals.totalMinor ||
    seen.totals.taxMinor !== now.totals.taxMinor
  );
}

function freezeOrder(cart: Cart, command: CheckoutCommand, fresh: NewOrder, nowMs: number): OrderRecord | undefined {
  const { email, shippingAddress } = cart;
  if (email === null || shippingAddress === null) return undefined;
  const { totals, taxIncluded, taxRateBasisPoints, shippingOption } = priceCart(priceableOf(cart), command.policy);
  return {
    version: 1,
    id: fresh.orderId,
    number: null,
    status: "submitted",
    cartId: cart.id,
    idempotencyKey: command.idempotencyKey,
    customerId: cart.customerId,
    email,
    currency: cart.currency,
    lines: cart.lines.map(freezeLine),
    shippingAddress,
    shippingOption:
      shippingOption === null ? { id: "none", name: "Nothing to ship" } : { id: shippingOption.id, name: shippingOption.name },
    totals,
    taxIncluded,
    taxRateBasisPoints,
    paymentMethod: command.paymentMethod,
    returnUrl: fresh.returnUrl,
    holdMs: fresh.holdMs,
    paymentStatus: totals.totalMinor === 0 ? "none" : "pending",
    capturedMinor: 0,
    saga: startSaga(nowMs, fresh.holdMs),
    cancelRequested: null,
    refunds: [],
    shipments: [],
    timeline: [],
    failureReason: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

function freezeLine({ quote, quantity }: Cart["lines"][number]): OrderLine {
  return {
    sku: quote.sku,
    productId: quote.productId,
    title: quote.title,
    quantity,
    unitPriceMinor: quote.unitPriceMinor,
    totalMinor: quote.unitPriceMinor * quantity,
  };
}

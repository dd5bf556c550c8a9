/** What may happen to a cart while it is being filled: create, set lines, address, option; expiry and freezing. Pure. */
import { LINES_MAX, QUANTITY_MAX } from "../../workers/inventory/contract.ts";
import { createdAtMsOf } from "../../workers/shared/identifiers.ts";
import { AMOUNT_MAX_MINOR } from "../../workers/shared/money.ts";
import { err, ok, type Result } from "../../workers/shared/result.ts";
import type {
  CannotShip,
  Cart,
  CartError,
  CartExpired,
  CartLine,
  CartTooLarge,
  CreateCart,
  PutLines,
  ShopPolicy,
  TooManyLines,
  UpdateCart,
} from "./contract.ts";
import { offeredOptions, type Priceable, priceCart } from "./price-cart.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** An untouched cart lives for thirty days and the rest of that day: within a day its expiry does not move. */
export const CART_LIFETIME_MS = 30 * DAY_MS;
/** A row holds 2 MB (Durable Objects limit); a cart leaves room for what an order adds. */
export const CART_BYTES_MAX = 1_500_000;

export function cartExpiresAtMs(nowMs: number): number {
  return Math.ceil((nowMs + CART_LIFETIME_MS) / DAY_MS) * DAY_MS;
}

/**
 * A cart that nothing was put into. A guest's in the shop's currency is kept nowhere until then: its id says where and when
 * it was made, its token that we made it.
 * @throws when the id is none.
 */
export function emptyCart(cartId: string, currency: string): Cart {
  const createdAtMs = createdAtMsOf(cartId);
  if (createdAtMs === undefined) throw new Error(`not an id: ${cartId}`);
  return {
    id: cartId,
    state: "open",
    currency,
    email: null,
    customerId: null,
    lines: [],
    shippingAddress: null,
    shippingOptionId: null,
    totals: { subtotalMinor: 0, discountMinor: 0, shippingMinor: 0, taxMinor: 0, totalMinor: 0 },
    expiresAtMs: cartExpiresAtMs(createdAtMs),
    orderId: null,
  };
}

export function createCart({ cartId, currency, email, customerId }: CreateCart): Cart {
  return { ...emptyCart(cartId, currency), email, customerId };
}

/** Expiry is decided on reading; the alarm only tidies. A cart whose checkout began does not expire. */
export function visibleCart(cart: Cart, nowMs: number): Result<Cart, CartExpired> {
  if (cart.state === "open" && nowMs >= cart.expiresAtMs) return err({ code: "cart_expired" });
  return ok(cart);
}

export function changeableCart(cart: Cart, nowMs: number): Result<Cart, CartError> {
  const visible = visibleCart(cart, nowMs);
  if (!visible.ok || visible.value.state === "open") return visible;
  if (visible.value.state === "frozen") return err({ code: "checkout_in_progress" });
  return err({ code: "cart_already_ordered", orderId: visible.value.orderId ?? "" });
}

export function putLines(cart: Cart, command: PutLines, nowMs: number): Result<Cart, CartError | TooManyLines | CartTooLarge> {
  const open = changeableCart(cart, nowMs);
  if (!open.ok) return open;
  const lines = mergeLines(command.replace ? [] : open.value.lines, command);
  if (lines.length > LINES_MAX) return err({ code: "too_many_lines", max: LINES_MAX });
  return reprice({ ...open.value, lines, expiresAtMs: cartExpiresAtMs(nowMs) }, command.policy);
}

export function updateCart(cart: Cart, command: UpdateCart, nowMs: number): Result<Cart, CartError | CannotShip | CartTooLarge> {
  const open = changeableCart(cart, nowMs);
  if (!open.ok) return open;
  const changed: Cart = {
    ...open.value,
    email: command.email ?? open.value.email,
    customerId: command.customerId ?? open.value.customerId,
    shippingAddress: command.shippingAddress ?? open.value.shippingAddress,
    shippingOptionId: command.shippingOptionId ?? open.value.shippingOptionId,
    expiresAtMs: cartExpiresAtMs(nowMs),
  };
  const optionId = command.shippingOptionId;
  if (optionId !== undefined && !isOffered(changed, optionId, command.policy)) {
    return err({ code: "shipping_option_unavailable", optionId });
  }
  return reprice(changed, command.policy);
}

/** Totals anew; an option that no longer goes to the address is cleared. */
export function reprice(cart: Cart, policy: ShopPolicy): Result<Cart, CartTooLarge> {
  const chosen = cart.shippingOptionId;
  const shippingOptionId = chosen !== null && isOffered(cart, chosen, policy) ? chosen : null;
  const priced = { ...cart, shippingOptionId };
  const repriced = { ...priced, totals: priceCart(priceableOf(priced), policy).totals };
  return measure(repriced);
}

export function priceableOf(cart: Cart): Priceable {
  return {
    lines: cart.lines,
    currency: cart.currency,
    country: cart.shippingAddress?.country ?? null,
    shippingOptionId: cart.shippingOptionId,
  };
}

function isOffered(cart: Cart, optionId: string, policy: ShopPolicy): boolean {
  return offeredOptions(priceableOf(cart), policy).some((option) => option.id === optionId);
}

/** Places are kept: a changed line stays where it was, new ones follow. The same SKU twice in one command is summed. */
function mergeLines(present: readonly CartLine[], command: PutLines): CartLine[] {
  const bySku = new Map(present.map((line) => [line.quote.sku, line]));
  for (const sku of command.removeSkus) bySku.delete(sku);
  const wanted = new Map<string, CartLine>();
  for (const line of command.lines) {
    const before = wanted.get(line.quote.sku)?.quantity ?? 0;
    wanted.set(line.quote.sku, { quote: line.quote, quantity: before + line.quantity });
  }
  for (const [sku, line] of wanted) {
    if (line.quantity === 0) bySku.delete(sku);
    else bySku.set(sku, line);
  }
  return [...bySku.values()];
}

function measure(cart: Cart): Result<Cart, CartTooLarge> {
  if (cart.lines.some((line) => line.quantity > QUANTITY_MAX)) {
    return err({ code: "cart_too_large", what: "quantity", max: QUANTITY_MAX });
  }
  const { subtotalMinor, totalMinor } = cart.totals;
  if (subtotalMinor > AMOUNT_MAX_MINOR || totalMinor > AMOUNT_MAX_MINOR) {
    return err({ code: "cart_too_large", what: "total", max: AMOUNT_MAX_MINOR });
  }
  if (new TextEncoder().encode(JSON.stringify(cart)).byteLength > CART_BYTES_MAX) {
    return err({ code: "cart_too_large", what: "size", max: CART_BYTES_MAX });
  }
  return ok(cart);
}

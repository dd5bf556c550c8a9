/**
 * What the shopper is shown to pay. The cart's own totals once it knows the country and the delivery; before that their
 * sum, which becomes the cart's when the form is sent: should the two differ, the shopper is asked again. Pure.
 */
import { sha256Hex } from "../../../shared/idempotency.ts";
import type { CartView, ShippingOptionView } from "../../peers/carts.ts";
import type { MoneyView } from "../../peers/orders.ts";

export interface ShownTotals {
  readonly subtotal: MoneyView;
  readonly discount: MoneyView;
  /** Null while no delivery can be chosen. */
  readonly shipping: MoneyView | null;
  /** Null while the cart does not know the country. */
  readonly tax: MoneyView | null;
  /** Contained in the prices, or on top of them. */
  readonly taxIncluded: boolean;
  readonly total: MoneyView;
}

/** Cheapest first; nothing that is both slower and dearer than another. */
export function sensibleOptions(options: readonly ShippingOptionView[]): ShippingOptionView[] {
  const beats = (one: ShippingOptionView, other: ShippingOptionView) =>
    one.price.amount_minor <= other.price.amount_minor &&
    one.estimated_days <= other.estimated_days &&
    (one.price.amount_minor < other.price.amount_minor || one.estimated_days < other.estimated_days);
  return options.filter((option) => !options.some((other) => beats(other, option)));
}

/** The wanted option if it is offered, else the first. */
export function chosenOption(options: readonly ShippingOptionView[], wanted: string): ShippingOptionView | undefined {
  return options.find((option) => option.id === wanted) ?? options[0];
}

export function shownTotals(cart: CartView, country: string, option: ShippingOptionView | undefined): ShownTotals {
  const { subtotal, discount, shipping, tax, total } = cart.totals;
  const known = cart.shipping_address?.country === country && cart.shipping_option_id === (option?.id ?? null);
  if (known)
    return { subtotal, discount, shipping: option === undefined ? null : shipping, tax, taxIncluded: isIncluded(cart), total };
  const sum = subtotal.amount_minor - discount.amount_minor + (option?.price.amount_minor ?? 0);
  return {
    subtotal,
    discount,
    shipping: option?.price ?? null,
    tax: null,
    taxIncluded: true,
    total: { amount_minor: sum, currency: cart.currency },
  };
}

function isIncluded({ totals }: CartView): boolean {
  const { subtotal, discount, shipping, total } = totals;
  return total.amount_minor === subtotal.amount_minor - discount.amount_minor + shipping.amount_minor;
}

/** Says which lines at which prices, and which total, a shopper agrees to: `4398.1f0a…`. */
export async function seenMark(cart: CartView, total: MoneyView): Promise<string> {
  return `${total.amount_minor}.${await contentHash(cart)}`;
}

async function contentHash(cart: CartView): Promise<string> {
  const lines = cart.lines.map(({ sku, quantity, unit_price }) => [sku, quantity, unit_price.amount_minor]);
  return (await sha256Hex(JSON.stringify([cart.currency, lines]))).slice(0, 20);
}

/** What differs between two marks; undefined: nothing. A mark that is none counts as another content. */
export function seenDifference(before: string, now: string): "total" | "content" | undefined {
  if (before === now) return undefined;
  return before.split(".")[1] === now.split(".")[1] ? "total" : "content";
}

/** The total that a mark was made for; undefined when it is none. */
export function seenTotal(mark: string, currency: string): MoneyView | undefined {
  const amount = /^\d{1,15}(?=\.)/.exec(mark)?.[0];
  return amount === undefined ? undefined : { amount_minor: Number(amount), currency };
}

/**
 * What this isolate saw last of the carts it serves: enough to know which prices a checkout needs without asking the cart's
 * partition first. A hint: the partition alone decides, and names the lines for which no price came.
 */
import type { Cart } from "../../durable-objects/checkout-partition/contract.ts";
import { BoundedStore } from "../shared/bounded-store.ts";

export interface SeenCart {
  readonly currency: string;
  /** To be priced: none once it is ordered, unless the order fails and opens it again. */
  readonly skus: readonly string[];
}

const CARTS = { entriesMax: 10_000, bytesMax: 4 * 1_048_576, entryBytesMax: 16_384 };
const seen = new BoundedStore<SeenCart>(CARTS, ({ skus }) => skus.reduce((bytes, sku) => bytes + 2 * sku.length, 64));

export function noteCart(cart: Cart): void {
  seen.set(cart.id, viewCart(cart));
}

export function seenCart(cartId: string): SeenCart | undefined {
  return seen.get(cartId);
}

/** A checkout changes the cart in ways that only its partition knows. */
export function forgetCart(cartId: string): void {
  seen.delete(cartId);
}

export function viewCart({ currency, lines, state }: Cart): SeenCart {
  return { currency, skus: state === "ordered" ? [] : lines.map(({ quote }) => quote.sku) };
}

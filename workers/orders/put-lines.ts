/** Sets lines of a cart at today's prices: sums repeated SKUs, asks catalog, refuses what is not sold, stores. */
import type {
  Cart,
  CartError,
  CartLine,
  CartTooLarge,
  PutLines,
  TooManyLines,
} from "../../durable-objects/checkout-partition/contract.ts";
import type { Unavailable } from "../shared/call-peer.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { CallContext } from "../shared/telemetry.ts";
import { readCart } from "./access.ts";
import { callPartition, partitionOfId } from "./call-partition.ts";
import type { Env } from "./env.ts";
import type { LineRefusal } from "./problems.ts";
import { type QuotedSkus, quoteRecently } from "./quote-lines.ts";
import { noteCart, seenCart } from "./seen-carts.ts";
import { readPolicy } from "./shop-policy.ts";

export interface WantedLine {
  readonly sku: string;
  /** 0 removes. */
  readonly quantity: number;
}

/** One entry per SKU, in order of first appearance. Pure. */
export function sumBySku(lines: readonly WantedLine[]): readonly WantedLine[] {
  const quantities = new Map<string, number>();
  for (const line of lines) quantities.set(line.sku, (quantities.get(line.sku) ?? 0) + line.quantity);
  return Array.from(quantities, ([sku, quantity]) => ({ sku, quantity }));
}

/** Lines at their quotes, or why not all of them can be sold. Pure. */
export function priceLines(wanted: readonly WantedLine[], quoted: QuotedSkus): Result<readonly CartLine[], LineRefusal> {
  for (const reason of ["unknown_sku", "not_for_sale", "no_price_in_currency"] as const) {
    const skus = quoted.missing.filter((missing) => missing.reason === reason).map((missing) => missing.sku);
    if (skus.length > 0) return err({ code: reason, skus });
  }
  const quotes = new Map(quoted.quotes.map((quote) => [quote.sku, quote]));
  const lines: CartLine[] = [];
  for (const { sku, quantity } of wanted) {
    const quote = quotes.get(sku);
    if (quote === undefined) return err({ code: "unknown_sku", skus: [sku] });
    lines.push({ quote, quantity });
  }
  return ok(lines);
}

export async function putLines(
  env: Env,
  cartId: string,
  wanted: readonly WantedLine[],
  replace: boolean,
  context: CallContext,
  nowMs: number,
): Promise<Result<Cart, CartError | TooManyLines | CartTooLarge | LineRefusal | Unavailable>> {
  const kept = wanted.filter((line) => line.quantity > 0);
  const removeSkus = wanted.filter((line) => line.quantity === 0).map((line) => line.sku);
  const priced = await priceForCart(env, cartId, kept, context, nowMs);
  if (!priced.ok) return priced;
  const command: PutLines = { cartId, lines: priced.value, removeSkus, replace, policy: await readPolicy(env.DATABASE, nowMs) };
  const cart = await callPartition(env, partitionOfId(cartId), "command", (stub) => stub.putLines(command, context));
  if (cart.ok) noteCart(cart.value);
  return cart;
}

async function priceForCart(
  env: Env,
  cartId: string,
  wanted: readonly WantedLine[],
  context: CallContext,
  nowMs: number,
): Promise<Result<readonly CartLine[], CartError | LineRefusal | Unavailable>> {
  if (wanted.length === 0) return ok([]);
  const currency = await currencyOf(env, cartId);
  if (!currency.ok) return currency;
  const skus = wanted.map((line) => line.sku);
  const quoted = await quoteRecently(env, skus, currency.value, context, nowMs);
  return quoted.ok ? priceLines(wanted, quoted.value) : quoted;
}

/** It never changes. */
async function currencyOf(env: Env, cartId: string): Promise<Result<string, CartError | Unavailable>> {
  const seen = seenCart(cartId);
  if (seen !== undefined) return ok(seen.currency);
  const cart = await readCart(env, cartId);
  return cart.ok ? ok(cart.value.currency) : cart;
}

/**
 * Prices from catalog for cart lines. Line edits may use a quote that this isolate got a few seconds ago; a checkout
 * always asks again.
 */
import type { Quote, QuoteSheet } from "../catalog/contract.ts";
import { callPeer, type PeerPolicy, type Unavailable } from "../shared/call-peer.ts";
import { ok, type Result } from "../shared/result.ts";
import type { CallContext } from "../shared/telemetry.ts";
import type { Env } from "./env.ts";

/** Short enough that an operator sees a new price in the cart at once; long enough for a burst on one product. */
const QUOTE_TTL_MS = 3_000;
const QUOTES_MAX = 5_000;
/** How an unanswered question for prices names itself. */
export const QUOTES_SERVICE = "catalog";
const POLICY: PeerPolicy = { service: QUOTES_SERVICE, deadlineMs: 5_000, retries: 2 };

export interface QuotedSkus {
  readonly quotes: readonly Quote[];
  readonly missing: QuoteSheet["missing"];
}

const cache = new Map<string, { readonly quote: Quote; readonly expiresAtMs: number }>();

/** Fresh quotes, for checkout. */
export async function quoteNow(
  env: Pick<Env, "CATALOG">,
  skus: readonly string[],
  currency: string,
  context: CallContext,
): Promise<Result<QuotedSkus, Unavailable>> {
  if (skus.length === 0) return ok({ quotes: [], missing: [] });
  return await callPeer(POLICY, () => env.CATALOG.quote(skus, currency, context));
}

/** Quotes at most `QUOTE_TTL_MS` old, for line edits. */
export async function quoteRecently(
  env: Pick<Env, "CATALOG">,
  skus: readonly string[],
  currency: string,
  context: CallContext,
  nowMs: number,
): Promise<Result<QuotedSkus, Unavailable>> {
  const recent = skus.flatMap((sku) => recentQuote(keyOf(currency, sku), nowMs));
  const found = new Set(recent.map((quote) => quote.sku));
  const asked = await quoteNow(
    env,
    skus.filter((sku) => !found.has(sku)),
    currency,
    context,
  );
  if (!asked.ok) return asked;
  for (const quote of asked.value.quotes) remember(quote, nowMs);
  return ok({ quotes: [...recent, ...asked.value.quotes], missing: asked.value.missing });
}

function keyOf(currency: string, sku: string): string {
  return `${currency} ${sku}`;
}

function recentQuote(key: string, nowMs: number): readonly Quote[] {
  const entry = cache.get(key);
  if (entry === undefined || entry.expiresAtMs <= nowMs || entry.expiresAtMs > nowMs + QUOTE_TTL_MS) return [];
  return [entry.quote];
}

/** A Map keeps insertion order: the first key is the oldest. */
function remember(quote: Quote, nowMs: number): void {
  const key = keyOf(quote.currency, quote.sku);
  cache.delete(key);
  cache.set(key, { quote, expiresAtMs: nowMs + QUOTE_TTL_MS });
  const oldest = cache.size > QUOTES_MAX ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
}

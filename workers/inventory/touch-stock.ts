/**
 * Commands to SKU objects, opening those that nobody used before. An isolate remembers which SKUs it saw opened, so that a
 * hot SKU costs its object one call and D1 none.
 */
import type { Opening, SkuStockApi, Unopened } from "../../durable-objects/sku-stock/contract.ts";
import { systemClock } from "../shared/clock.ts";
import { err, type Result } from "../shared/result.ts";
import { callStock } from "./call-stock.ts";
import type { Env } from "./env.ts";
import { freezeBalances } from "./opening-balances.ts";

/** The SKU was never given a balance. */
export type UnknownSku = { readonly code: "unknown_sku" };

/** What cold SKUs of one command open with. */
export type Openings = ReadonlyMap<string, Opening>;

/** Calls of one cart in flight: enough to keep the objects busy, far below the platform's limit on open calls. */
export const STOCK_CONCURRENCY = 32;

/** About 5 MB of SKUs; the oldest are forgotten first and cost one read of D1 when they come back. */
const OPENED_SKUS_MAX = 50_000;
const openedSkus = new Set<string>();

export function isKnownOpened(sku: string): boolean {
  return openedSkus.has(sku);
}

export function rememberOpened(sku: string): void {
  if (openedSkus.has(sku)) return;
  const oldest = openedSkus.values().next();
  if (openedSkus.size >= OPENED_SKUS_MAX && oldest.done === false) openedSkus.delete(oldest.value);
  openedSkus.add(sku);
}

/** Freezes and reads the balances of SKUs this isolate has not seen opened. No D1 when it has seen them all. */
export async function readOpenings(
  env: Env,
  skus: readonly string[],
): Promise<{ readonly openings: Openings; readonly unknown: readonly string[] }> {
  const cold = skus.filter((sku) => !openedSkus.has(sku));
  if (cold.length === 0) return { openings: new Map(), unknown: [] };
  const openings = await freezeBalances(env.DATABASE, cold, systemClock.now());
  return { openings, unknown: cold.filter((sku) => !openings.has(sku)) };
}

/**
 * Runs one command on one SKU's object. When the object was never opened (its opener died, or this isolate remembers
 * wrongly) the command is repeated with the frozen balance.
 */
export async function touchStock<T, E extends { readonly code: string }>(
  env: Env,
  sku: string,
  openings: Openings,
  command: (stock: SkuStockApi, opening: Opening | null) => Promise<Result<T, E | Unopened>>,
): Promise<Result<T, Exclude<E, Unopened> | UnknownSku>> {
  const answer = await callStock(env.SKU_STOCK, sku, (stock) => command(stock, openings.get(sku) ?? null));
  if (wasOpened<T, E>(answer)) return remembered(sku, answer);
  const opening = (await freezeBalances(env.DATABASE, [sku], systemClock.now())).get(sku);
  if (opening === undefined) return err({ code: "unknown_sku" });
  const second = await callStock(env.SKU_STOCK, sku, (stock) => command(stock, opening));
  if (wasOpened<T, E>(second)) return remembered(sku, second);
  throw new Error("a stock object stayed unopened although it was given its balance");
}

function wasOpened<T, E extends { readonly code: string }>(
  answer: Result<T, E | Unopened>,
): answer is Result<T, Exclude<E, Unopened>> {
  return answer.ok || answer.error.code !== "unopened";
}

function remembered<A>(sku: string, answer: A): A {
  rememberOpened(sku);
  return answer;
}

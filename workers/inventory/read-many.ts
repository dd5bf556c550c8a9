/**
 * Batched reads for followers and auditors: many objects behind one RPC. An answer ends early when it has grown large, so
 * that it stays far below the platform's 32 MiB and the isolate's memory.
 */
import { mapBounded } from "../shared/map-bounded.ts";
import { callStock } from "./call-stock.ts";
import type { EventCursor, SkuEvents, StockAccount } from "./contract.ts";
import type { Env } from "./env.ts";
import { readStockAccount } from "./read-stock.ts";
import { STOCK_CONCURRENCY } from "./touch-stock.ts";

/** Holds of one answer: about 150 bytes each. */
const ACCOUNT_HOLDS_MAX = 40_000;
/** Events of one answer: about 700 bytes each. */
const EVENTS_MAX = 10_000;

export async function readAccounts(env: Env, skus: readonly string[]): Promise<readonly StockAccount[]> {
  return await readWhileSmall(
    skus,
    ACCOUNT_HOLDS_MAX,
    (sku) => readStockAccount(env, sku),
    (account) => account.holds.length,
  );
}

export async function readEventsOf(env: Env, cursors: readonly EventCursor[], limit: number): Promise<readonly SkuEvents[]> {
  return await readWhileSmall(
    cursors,
    EVENTS_MAX,
    async ({ sku, afterSequence }) => ({
      sku,
      events: await callStock(env.SKU_STOCK, sku, (stock) => stock.readEvents(afterSequence, limit)),
    }),
    ({ events }) => events.length,
  );
}

/** The longest beginning of the list whose answers weigh at most `weightMax` together; at least one of them. */
async function readWhileSmall<T, R>(
  items: readonly T[],
  weightMax: number,
  read: (item: T) => Promise<R>,
  weigh: (answer: R) => number,
): Promise<R[]> {
  const answers: R[] = [];
  let weight = 0;
  for (let start = 0; start < items.length; start += STOCK_CONCURRENCY) {
    for (const answer of await mapBounded(items.slice(start, start + STOCK_CONCURRENCY), STOCK_CONCURRENCY, read)) {
      weight += weigh(answer);
      if (weight > weightMax && answers.length > 0) return answers;
      answers.push(answer);
    }
  }
  return answers;
}

/** The isolate's own copy of hot product data: one gate, caches of answers, of quotes and of the categories. */
import { systemClock } from "../shared/clock.ts";
import { inSpan } from "../shared/trace.ts";
import type { CategoryTree } from "./category-tree.ts";
import { LruCache, VersionGate } from "./hot-cache.ts";
import type { QuoteEntry } from "./quote-skus.ts";

/** Of the 128 MB that an isolate has. */
const ANSWERS_CHARACTERS_MAX = 12_000_000;
const ANSWERS_MAX = 10_000;
const QUOTES_MAX = 20_000;
const CATEGORIES_MAX = 20_000;
const COUNTED_CURRENCIES_MAX = 50;

/** JSON answers by route and parameters. */
export const answers = new LruCache<string>(ANSWERS_MAX, ANSWERS_CHARACTERS_MAX);
/** By currency and SKU. */
export const quotes = new LruCache<QuoteEntry>(QUOTES_MAX, QUOTES_MAX);

export const categoryTrees = new LruCache<CategoryTree>(1, CATEGORIES_MAX);
/** By currency: products by category id. */
export const categoryCounts = new LruCache<ReadonlyMap<string, number>>(COUNTED_CURRENCIES_MAX, CATEGORIES_MAX);

const gate = new VersionGate([answers, quotes, categoryTrees, categoryCounts]);

export function catalogVersion(database: D1Database): Promise<number> {
  return gate.version(systemClock.now(), () => inSpan("database", "catalog version", () => readVersion(database)));
}

export function isCurrentVersion(version: number): boolean {
  return gate.isCurrent(version);
}

export function forgetHotCatalog(): void {
  gate.reset();
}

async function readVersion(database: D1Database): Promise<number> {
  const row = await database.prepare("SELECT version FROM catalog_state WHERE id = 1").first<{ version: number }>();
  if (row === null) throw new Error("catalog_state has no row: run the migrations");
  return row.version;
}

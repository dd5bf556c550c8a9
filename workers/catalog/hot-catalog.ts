/** The isolate's own copy of hot product data: one gate, one cache of answers, one of quotes. */
import { systemClock } from "../shared/clock.ts";
import { LruCache, VersionGate } from "./hot-cache.ts";
import type { QuoteEntry } from "./quote-skus.ts";

/** Of the 128 MB that an isolate has. */
const ANSWERS_CHARACTERS_MAX = 12_000_000;
const ANSWERS_MAX = 10_000;
const QUOTES_MAX = 20_000;

/** JSON answers by route and parameters. */
export const answers = new LruCache<string>(ANSWERS_MAX, ANSWERS_CHARACTERS_MAX);
/** By currency and SKU. */
export const quotes = new LruCache<QuoteEntry>(QUOTES_MAX, QUOTES_MAX);

const gate = new VersionGate([answers, quotes]);

export function catalogVersion(database: D1Database): Promise<number> {
  return gate.version(systemClock.now(), () => readVersion(database));
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

/** What a query may mean, likeliest first: all of its words, all of them corrected, any of them. */
import { correctTerms } from "./correct-query.ts";
import { fromListings, type Matching, Parameters } from "./listing-conditions.ts";
import { searchTerms } from "./search-terms.ts";

async function* readings(database: D1Database, query: string): AsyncGenerator<Matching, undefined> {
  const terms = searchTerms(query);
  if (terms.length === 0) return undefined;
  yield { terms, mode: "all", corrected: null };
  const corrected = await correctTerms(database, terms);
  if (corrected !== null) yield { terms: corrected, mode: "all", corrected: corrected.join(" ") };
  const used = corrected ?? terms;
  if (used.length > 1) yield { terms: used, mode: "any", corrected: corrected?.join(" ") ?? null };
  return undefined;
}

/**
 * Reads the first reading that any product of the shop fits. Filters do not count: a word that exists stays that word where
 * a price or category leaves nothing of it.
 * @param read reads the list under one understanding of the query
 * @returns null when no product fits any
 */
export async function readFirstFitting<T extends { readonly isEmpty: boolean }>(
  database: D1Database,
  question: { readonly query: string; readonly currency: string },
  read: (matching: Matching) => Promise<T>,
): Promise<T | null> {
  for await (const matching of readings(database, question.query)) {
    const page = await read(matching);
    if (!page.isEmpty || (await fitsAnything(database, question.currency, matching))) return page;
  }
  return null;
}

async function fitsAnything(database: D1Database, currency: string, matching: Matching): Promise<boolean> {
  const parameters = new Parameters();
  const filters = { category: null, tag: null, currency, minPriceMinor: null, maxPriceMinor: null, inStock: false };
  const from = fromListings(parameters, { filters, matching });
  const found = await database
    .prepare(`SELECT 1 ${from} LIMIT 1`)
    .bind(...parameters.values)
    .first();
  return found !== null;
}

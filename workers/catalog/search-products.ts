/**
 * Search by relevance in stable pages. The first page ranks once and its cursor carries the best matches that follow, so
 * that later pages neither repeat nor miss a product while the catalogue, and with it every rank, changes. Beyond the
 * ranked head the rest follows newest first.
 */
import * as z from "zod";
import { PRODUCT_COLUMNS, productRecord } from "../../durable-objects/import-run/product-record.ts";
import { encodeCursor } from "../shared/cursor.ts";
import { readFirstFitting } from "./interpret-query.ts";
import { decodeListCursor, MatchingCursor, matchingCursor, matchingOf, RowId } from "./list-cursor.ts";
import type { ListedProduct, ProductPage } from "./list-products.ts";
import { fingerprintOf, type ListQuestion } from "./list-question.ts";
import { fromListings, type Matching, Parameters } from "./listing-conditions.ts";
import { totalStatements, totalsOf } from "./read-totals.ts";

/** Matches ranked by relevance; a cursor of this many row ids stays below 2.5 kB. */
const RANKED_MAX = 200;

interface SearchQuestion extends ListQuestion {
  readonly query: string;
}

const SearchCursor = z.strictObject({
  f: z.string(),
  s: MatchingCursor,
  /** Every ranked match, and how many of them are shown. */
  h: z.array(RowId).max(RANKED_MAX),
  i: z.int().min(0).max(RANKED_MAX),
  /** The rest continues below this row id. */
  b: RowId,
});
type SearchCursor = z.infer<typeof SearchCursor>;

/** Null when no product of the shop fits any reading of the query. */
export async function searchByRelevance(database: D1Database, question: SearchQuestion): Promise<ProductPage | null> {
  if (question.cursor === null) {
    return await readFirstFitting(database, question, (matching) => readFirst(database, question, matching));
  }
  const state = decodeListCursor(SearchCursor, question.cursor, fingerprintOf(question));
  const matching = matchingOf(state.s);
  const counting = { filters: question, matching };
  const counted = await database.batch(totalStatements(database, counting));
  const totals = await totalsOf(
    database,
    counting,
    counted.map((answer) => answer.results),
  );
  return { ...(await show(database, question, state)), ...totals };
}

async function readFirst(
  database: D1Database,
  question: SearchQuestion,
  matching: Matching,
): Promise<ProductPage & { readonly isEmpty: boolean }> {
  const counting = { filters: question, matching };
  const [newest, ranked, ...counted] = await database.batch<Record<string, unknown>>([
    database.prepare("SELECT coalesce(max(row_id), 0) AS rowId FROM products"),
    rankedStatement(database, question, matching),
    ...totalStatements(database, counting),
  ]);
  const [newestRowId = 0] = rowIdsOf(newest);
  const state = { f: fingerprintOf(question), s: matchingCursor(matching), h: rowIdsOf(ranked), i: 0, b: newestRowId + 1 };
  const totals = await totalsOf(
    database,
    counting,
    counted.map((answer) => answer.results),
  );
  return { ...(await show(database, question, state)), ...totals, isEmpty: state.h.length === 0 };
}

async function show(
  database: D1Database,
  question: SearchQuestion,
  state: SearchCursor,
): Promise<Pick<ProductPage, "products" | "nextCursor" | "correctedQuery">> {
  const head = state.h.slice(state.i, state.i + question.limit);
  const wanted = question.limit - head.length;
  const more = state.h.length === RANKED_MAX;
  const rest = more && wanted > 0 ? await readRest(database, question, state, wanted) : [];
  const shown = Math.min(state.h.length, state.i + head.length);
  const next: SearchCursor = { ...state, i: shown, b: rest.at(-1) ?? state.b };
  const ended = more ? wanted > 0 && rest.length < wanted : shown === state.h.length;
  return {
    products: await readListed(database, question.currency, [...head, ...rest]),
    nextCursor: ended ? null : encodeCursor(next),
    correctedQuery: state.s.c,
  };
}

function rankedStatement(database: D1Database, filters: SearchQuestion, matching: Matching): D1PreparedStatement {
  const parameters = new Parameters();
  const from = fromListings(parameters, { filters, matching });
  return database
    .prepare(`SELECT l.row_id AS rowId ${from} ORDER BY products_fts.rank LIMIT ${RANKED_MAX}`)
    .bind(...parameters.values);
}

async function readRest(database: D1Database, filters: SearchQuestion, state: SearchCursor, limit: number): Promise<number[]> {
  const parameters = new Parameters();
  const from = fromListings(parameters, { filters, matching: matchingOf(state.s) });
  const below = parameters.add(state.b);
  const ranked = parameters.add(JSON.stringify(state.h));
  const statement = `SELECT l.row_id AS rowId ${from} AND products_fts.rowid < ${below}
    AND l.row_id NOT IN (SELECT value FROM json_each(${ranked})) ORDER BY products_fts.rowid DESC LIMIT ${parameters.add(limit)}`;
  return rowIdsOf(
    await database
      .prepare(statement)
      .bind(...parameters.values)
      .all<Record<string, unknown>>(),
  );
}

const RowIds = z.array(z.object({ rowId: z.int() }));

function rowIdsOf(answer: D1Result<Record<string, unknown>> | undefined): number[] {
  return RowIds.parse(answer?.results ?? []).map((row) => row.rowId);
}

/** In the order of the ids; what is no longer listed is left out. */
async function readListed(database: D1Database, currency: string, rowIds: readonly number[]): Promise<ListedProduct[]> {
  if (rowIds.length === 0) return [];
  const { results } = await database
    .prepare(
      `SELECT ${PRODUCT_COLUMNS}, l.sold_out AS soldOut
       FROM json_each(?1) d CROSS JOIN listings l ON l.currency = ?2 AND l.row_id = d.value
         CROSS JOIN products p ON p.row_id = l.row_id LEFT JOIN categories c ON c.id = p.category_id
       ORDER BY d.key`,
    )
    .bind(JSON.stringify(rowIds), currency)
    .all<Record<string, unknown>>();
  return results.map((row) => ({ product: productRecord(row), soldOut: row["soldOut"] === 1 }));
}

/**
 * Full-text search in stable pages. The first page ranks once and its cursor carries the best matches that follow, so that
 * later pages neither repeat nor miss a product while the catalogue, and with it every rank, changes. Beyond the ranked
 * head the rest follows newest first.
 */
import * as z from "zod";
import { decodeCursor, encodeCursor } from "../shared/cursor.ts";
import { ProblemError } from "../shared/problem.ts";
import { correctTerms } from "./correct-query.ts";
import { IN_CATEGORY, PRICED } from "./list-filters.ts";
import { type MatchMode, matchExpression, searchTerms } from "./search-terms.ts";

/** Matches ranked by relevance; a cursor of this many row ids stays below 2.5 kB. */
const RANKED_MAX = 200;

export interface SearchQuestion {
  readonly query: string;
  /** Category handle; null for all. */
  readonly category: string | null;
  readonly currency: string;
  readonly limit: number;
  readonly cursor: string | null;
}

export interface SearchPage {
  readonly rowIds: readonly number[];
  readonly nextCursor: string | null;
  /** What was searched instead, when nothing has a word of the query. */
  readonly correctedQuery: string | null;
}

const RowId = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Short keys: the cursor travels in URLs. */
const SearchCursor = z.strictObject({
  /** Query it belongs to. */
  q: z.string(),
  /** Terms searched. */
  t: z
    .array(z.string().regex(/^[\p{L}\p{N}]{1,4000}$/u))
    .min(1)
    .max(12),
  m: z.enum(["all", "any"]),
  c: z.string().nullable(),
  /** Every ranked match, and how many of them are shown. */
  h: z.array(RowId).max(RANKED_MAX),
  i: z.int().min(0).max(RANKED_MAX),
  /** The rest continues below this row id. */
  b: RowId,
});
type SearchCursor = z.infer<typeof SearchCursor>;

export async function searchProducts(database: D1Database, question: SearchQuestion): Promise<SearchPage> {
  const state = question.cursor === null ? await rank(database, question) : resume(question, question.cursor);
  if (state === null) return { rowIds: [], nextCursor: null, correctedQuery: null };
  const head = state.h.slice(state.i, state.i + question.limit);
  const wanted = question.limit - head.length;
  const more = state.h.length === RANKED_MAX;
  const rest = more && wanted > 0 ? await readRest(database, question, state, wanted) : [];
  const shown = Math.min(state.h.length, state.i + head.length);
  const next: SearchCursor = { ...state, i: shown, b: rest.at(-1) ?? state.b };
  const ended = more ? wanted > 0 && rest.length < wanted : shown === state.h.length;
  return { rowIds: [...head, ...rest], nextCursor: ended ? null : encodeCursor(next), correctedQuery: state.c };
}

function resume(question: SearchQuestion, cursor: string): SearchCursor {
  const state = decodeCursor(SearchCursor, cursor);
  if (state.q === question.query) return state;
  throw new ProblemError({ status: 400, code: "invalid_cursor", detail: "The cursor belongs to another query." });
}

/** All words, then all words after correction, then any of them. */
async function rank(database: D1Database, question: SearchQuestion): Promise<SearchCursor | null> {
  const terms = searchTerms(question.query);
  if (terms.length === 0) return null;
  const bound = await newestRowId(database);
  const made = (used: readonly string[], m: MatchMode, c: string | null, h: number[]): SearchCursor => ({
    q: question.query,
    t: [...used],
    m,
    c,
    h,
    i: 0,
    b: bound + 1,
  });
  const exact = await readRanked(database, question, terms, "all");
  if (exact.length > 0) return made(terms, "all", null, exact);
  const corrected = await correctTerms(database, terms);
  const text = corrected?.join(" ") ?? null;
  if (corrected !== null) {
    const found = await readRanked(database, question, corrected, "all");
    if (found.length > 0) return made(corrected, "all", text, found);
  }
  const used = corrected ?? terms;
  return made(used, "any", text, used.length === 1 ? [] : await readRanked(database, question, used, "any"));
}

async function newestRowId(database: D1Database): Promise<number> {
  const row = await database.prepare("SELECT coalesce(max(row_id), 0) AS newest FROM products").first<{ newest: number }>();
  return row?.newest ?? 0;
}

/** The index gives its matches in rank order, so that the filters look at no more of them than are wanted. */
async function readRanked(
  database: D1Database,
  question: SearchQuestion,
  terms: readonly string[],
  mode: MatchMode,
): Promise<number[]> {
  const { results } = await database
    .prepare(
      `SELECT p.row_id AS rowId FROM products_fts CROSS JOIN products p ON p.row_id = products_fts.rowid
       WHERE products_fts MATCH ?1 AND p.status = 'active' AND ${PRICED("?2")} AND ${IN_CATEGORY("?3")}
       ORDER BY products_fts.rank LIMIT ${RANKED_MAX}`,
    )
    .bind(matchExpression(terms, mode), question.currency, question.category)
    .all<{ rowId: number }>();
  return results.map((row) => row.rowId);
}

async function readRest(database: D1Database, question: SearchQuestion, state: SearchCursor, limit: number): Promise<number[]> {
  const { results } = await database
    .prepare(
      `SELECT p.row_id AS rowId FROM products_fts JOIN products p ON p.row_id = products_fts.rowid
       WHERE products_fts MATCH ?1 AND products_fts.rowid < ?4 AND p.status = 'active' AND ${PRICED("?2")} AND ${IN_CATEGORY("?3")}
         AND p.row_id NOT IN (SELECT value FROM json_each(?5))
       ORDER BY products_fts.rowid DESC LIMIT ?6`,
    )
    .bind(matchExpression(state.t, state.m), question.currency, question.category, state.b, JSON.stringify(state.h), limit)
    .all<{ rowId: number }>();
  return results.map((row) => row.rowId);
}

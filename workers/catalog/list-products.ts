/** The shop's lists: filtered, sorted or by relevance to a query, in pages. Only active products that have a price. */
import * as z from "zod";
import {
  PRODUCT_COLUMNS,
  type ProductRecord,
  productRecord,
  SELECT_PRODUCTS,
} from "../../durable-objects/import-run/product-record.ts";
import { encodeCursor } from "../shared/cursor.ts";
import { readFirstFitting } from "./interpret-query.ts";
import { decodeListCursor, MatchingCursor, matchingCursor, matchingOf, RowId } from "./list-cursor.ts";
import { fingerprintOf, type ListQuestion } from "./list-question.ts";
import { fromListings, type Matching, Parameters } from "./listing-conditions.ts";
import { NO_FACETS, type Totals, totalStatements, totalsOf } from "./read-totals.ts";
import { searchByRelevance } from "./search-products.ts";
import { type ColumnSort, isAfter, orderBy, pageOrder, type SortPosition, sortKey } from "./sort-orders.ts";

export interface ListedProduct {
  readonly product: ProductRecord;
  /** Seconds old. */
  readonly soldOut: boolean;
}

export interface ProductPage extends Totals {
  readonly products: readonly ListedProduct[];
  readonly nextCursor: string | null;
  /** What was searched instead of the query. */
  readonly correctedQuery: string | null;
}

type Listed = ProductPage & { readonly isEmpty: boolean };

const ColumnCursor = z.strictObject({
  f: z.string(),
  /** Value of the sorted column and row id of the last product shown. */
  k: z.string().max(1_000).or(z.number()).nullable(),
  r: RowId,
  /** How the query was understood. */
  s: MatchingCursor.nullable(),
});

export async function listProducts(database: D1Database, question: ListQuestion): Promise<ProductPage> {
  const { query, sort } = question;
  if (sort === "relevance") {
    if (query === null) throw new Error("relevance needs a query");
    return (await searchByRelevance(database, { ...question, query })) ?? nothing(question);
  }
  if (question.cursor !== null) {
    const { k, r, s } = decodeListCursor(ColumnCursor, question.cursor, fingerprintOf(question));
    return await readPage(database, question, sort, s === null ? null : matchingOf(s), { key: k, rowId: r });
  }
  if (query === null) return await readPage(database, question, sort, null, null);
  const read = (matching: Matching) => readPage(database, question, sort, matching, null);
  return (await readFirstFitting(database, { ...question, query }, read)) ?? nothing(question);
}

function nothing({ withFacets }: ListQuestion): ProductPage {
  const facets = withFacets ? NO_FACETS : null;
  return { products: [], nextCursor: null, correctedQuery: null, total: 0, totalCapped: false, facets };
}

const PageRow = z.object({ soldOut: z.int(), sortKey: z.string().or(z.number()).nullable() });

async function readPage(
  database: D1Database,
  question: ListQuestion,
  sort: ColumnSort,
  matching: Matching | null,
  after: SortPosition | null,
): Promise<Listed> {
  const counting = { filters: question, matching };
  const [page, ...counted] = await database.batch<Record<string, unknown>>([
    pageStatement(database, question, sort, matching, after),
    ...totalStatements(database, counting),
  ]);
  const rows = page?.results ?? [];
  const shown = rows.slice(0, question.limit);
  const products = shown.map((row) => ({ product: productRecord(row), soldOut: PageRow.parse(row).soldOut === 1 }));
  const last = products.at(-1);
  const position = {
    f: fingerprintOf(question),
    k: shown.length === 0 ? null : PageRow.parse(shown.at(-1)).sortKey,
    r: last?.product.rowId,
    s: matching === null ? null : matchingCursor(matching),
  };
  return {
    products,
    nextCursor: rows.length > question.limit ? encodeCursor(position) : null,
    correctedQuery: matching?.corrected ?? null,
    ...(await totalsOf(
      database,
      counting,
      counted.map((answer) => answer.results),
    )),
    isEmpty: rows.length === 0,
  };
}

/** The page is chosen from narrow rows first; only its products are read whole. */
function pageStatement(
  database: D1Database,
  question: ListQuestion,
  sort: ColumnSort,
  matching: Matching | null,
  after: SortPosition | null,
): D1PreparedStatement {
  const parameters = new Parameters();
  const from = fromListings(parameters, { filters: question, matching });
  const rest = after === null ? "" : `AND ${isAfter(sort, after, parameters)}`;
  const limit = parameters.add(question.limit + 1);
  return database
    .prepare(
      `WITH page AS MATERIALIZED (
         SELECT l.row_id, l.sold_out, ${sortKey(sort)} AS sort_key ${from} ${rest} ORDER BY ${orderBy(sort)} LIMIT ${limit}
       ) SELECT ${PRODUCT_COLUMNS}, page.sold_out AS soldOut, page.sort_key AS sortKey
       FROM page CROSS JOIN products p ON p.row_id = page.row_id LEFT JOIN categories c ON c.id = p.category_id
       ORDER BY ${pageOrder(sort)}`,
    )
    .bind(...parameters.values);
}

export async function readActiveProduct(database: D1Database, handle: string): Promise<ProductRecord | null> {
  const row = await database.prepare(`${SELECT_PRODUCTS} WHERE p.handle = ?1 AND p.status = 'active'`).bind(handle).first();
  return row === null ? null : productRecord(row);
}

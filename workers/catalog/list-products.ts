/** The shop's lists: newest first by category, or by relevance to a query. Only active products that have a price. */
import * as z from "zod";
import { type ProductRecord, productRecord, SELECT_PRODUCTS } from "../../durable-objects/import-run/product-record.ts";
import { decodeCursor, encodeCursor } from "../shared/cursor.ts";
import { IN_CATEGORY, PRICED } from "./list-filters.ts";
import { searchProducts } from "./search-products.ts";

export interface ListQuestion {
  /** Null without a search. */
  readonly query: string | null;
  readonly category: string | null;
  readonly currency: string;
  readonly limit: number;
  readonly cursor: string | null;
}

export interface ProductPage {
  readonly products: readonly ProductRecord[];
  readonly nextCursor: string | null;
  readonly correctedQuery: string | null;
}

/** The row id of the last product shown. */
const ListCursor = z.strictObject({ r: z.int().min(1).max(Number.MAX_SAFE_INTEGER) });

export async function listProducts(database: D1Database, question: ListQuestion): Promise<ProductPage> {
  const { query } = question;
  if (query === null) return await listNewest(database, question);
  const page = await searchProducts(database, { ...question, query });
  const products = await readByRowIds(database, page.rowIds);
  return { products, nextCursor: page.nextCursor, correctedQuery: page.correctedQuery };
}

async function listNewest(database: D1Database, question: ListQuestion): Promise<ProductPage> {
  const below = question.cursor === null ? Number.MAX_SAFE_INTEGER : decodeCursor(ListCursor, question.cursor).r;
  const { results } = await database
    .prepare(
      `${SELECT_PRODUCTS} WHERE p.status = 'active' AND p.row_id < ?1 AND ${PRICED("?2")} AND ${IN_CATEGORY("?3")}
       ORDER BY p.row_id DESC LIMIT ?4`,
    )
    .bind(below, question.currency, question.category, question.limit + 1)
    .all();
  const products = results.slice(0, question.limit).map(productRecord);
  const last = products.at(-1);
  const more = results.length > question.limit && last !== undefined;
  return { products, nextCursor: more ? encodeCursor({ r: last.rowId }) : null, correctedQuery: null };
}

/** In the order of the ids; what was archived meanwhile is left out. */
async function readByRowIds(database: D1Database, rowIds: readonly number[]): Promise<ProductRecord[]> {
  if (rowIds.length === 0) return [];
  const { results } = await database
    .prepare(`${SELECT_PRODUCTS} WHERE p.row_id IN (SELECT value FROM json_each(?1)) AND p.status = 'active'`)
    .bind(JSON.stringify(rowIds))
    .all();
  const byRowId = new Map(results.map(productRecord).map((product) => [product.rowId, product]));
  return rowIds.flatMap((rowId) => byRowId.get(rowId) ?? []);
}

export async function readActiveProduct(database: D1Database, handle: string): Promise<ProductRecord | null> {
  const row = await database.prepare(`${SELECT_PRODUCTS} WHERE p.handle = ?1 AND p.status = 'active'`).bind(handle).first();
  return row === null ? null : productRecord(row);
}

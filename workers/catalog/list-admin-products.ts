/** Every product for operators, newest first; `q` finds a part of the title, the handle or a SKU. */
import * as z from "zod";
import { type ProductRecord, productRecord, SELECT_PRODUCTS } from "../../durable-objects/import-run/product-record.ts";
import { decodeCursor, encodeCursor } from "../shared/cursor.ts";
import type { ProductStatus } from "./contract.ts";

export interface AdminListQuestion {
  readonly status?: ProductStatus | undefined;
  readonly q?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const Cursor = z.strictObject({ r: z.int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** `instr` takes the text as it is: LIKE would read wildcards in it. */
const FILTER = `
p.row_id < ?1 AND (?2 IS NULL OR p.status = ?2) AND (?3 = '' OR instr(lower(p.title), ?3) > 0 OR instr(lower(p.handle), ?3) > 0
  OR EXISTS (SELECT 1 FROM variants v WHERE v.product_id = p.id AND instr(lower(v.sku), ?3) > 0))`;

export async function listAdminProducts(
  database: D1Database,
  question: AdminListQuestion,
): Promise<{ readonly products: readonly ProductRecord[]; readonly nextCursor: string | null }> {
  const below = question.cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(Cursor, question.cursor).r;
  const { results } = await database
    .prepare(`${SELECT_PRODUCTS} WHERE ${FILTER} ORDER BY p.row_id DESC LIMIT ?4`)
    .bind(below, question.status ?? null, (question.q ?? "").trim().toLowerCase(), question.limit + 1)
    .all();
  const products = results.slice(0, question.limit).map(productRecord);
  const last = products.at(-1);
  const more = results.length > question.limit && last !== undefined;
  return { products, nextCursor: more ? encodeCursor({ r: last.rowId }) : null };
}

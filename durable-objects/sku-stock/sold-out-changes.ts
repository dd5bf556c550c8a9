/**
 * The D1 table of SKUs that sold out or came back: a compacted log with one row a SKU and a rising revision, for readers
 * that mirror it. The service writes what is decided before a SKU's object exists, the object everything after.
 */
import type { SoldOutChange } from "../../workers/inventory/contract.ts";

const NEXT_REVISION = "coalesce((SELECT max(revision) FROM sold_out), 0)";
const REPLACE = "ON CONFLICT (sku) DO UPDATE SET sold_out = excluded.sold_out, revision = excluded.revision";

const RECORD_ONE = `
  INSERT INTO sold_out (sku, sold_out, revision)
  SELECT ?1, ?2, ${NEXT_REVISION} + 1 WHERE ?2 <> coalesce((SELECT sold_out FROM sold_out WHERE sku = ?1), 0)
  ${REPLACE}`;

/** What a shop has in stock from the beginning gets no row. */
const RECORD_UNOPENED = `
  WITH unopened AS (
    SELECT skus.sku, backorderable = 0
      AND NOT EXISTS (SELECT 1 FROM opening_balances b WHERE b.sku = skus.sku AND b.quantity > 0) AS sold_out
    FROM skus WHERE opened_at_ms IS NULL AND skus.sku IN (SELECT value ->> 'sku' FROM json_each(?1))
  )
  INSERT INTO sold_out (sku, sold_out, revision)
  SELECT unopened.sku, unopened.sold_out, ${NEXT_REVISION} + row_number() OVER (ORDER BY unopened.sku)
  FROM unopened LEFT JOIN sold_out known ON known.sku = unopened.sku
  WHERE unopened.sold_out <> coalesce(known.sold_out, 0)
  ${REPLACE}`;

/** Writes nothing when it is known. */
export async function recordSoldOut(database: D1Database, sku: string, soldOut: boolean): Promise<void> {
  await database
    .prepare(RECORD_ONE)
    .bind(sku, soldOut ? 1 : 0)
    .run();
}

/** For the batch that stored the balances. @param balances JSON list of objects with a `sku` */
export function recordUnopened(database: D1Database, balances: string): D1PreparedStatement {
  return database.prepare(RECORD_UNOPENED).bind(balances);
}

/** Oldest first, after `afterRevision`. */
export async function readSoldOutChanges(database: D1Database, afterRevision: number, limit: number): Promise<SoldOutChange[]> {
  const { results } = await database
    .prepare("SELECT sku, sold_out AS soldOut, revision FROM sold_out WHERE revision > ?1 ORDER BY revision LIMIT ?2")
    .bind(afterRevision, limit)
    .all<{ sku: string; soldOut: number; revision: number }>();
  return results.map((row) => ({ ...row, soldOut: row.soldOut === 1 }));
}

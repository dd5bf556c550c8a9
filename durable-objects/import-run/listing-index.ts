/**
 * The statements that keep the rows that lists read (listings, tags, typed titles) equal to the products. Run them in the
 * batch that changes the product, after the change.
 */

/** A product with this tag, in any case, comes first where nothing else is asked for. */
const FEATURED_TAG = "featured";

/** One look-up a currency instead of a scan: the table begins with it. */
export const CURRENCIES = `
WITH RECURSIVE known (currency) AS (
  SELECT min(currency) FROM listings
  UNION ALL SELECT (SELECT min(l.currency) FROM listings l WHERE l.currency > known.currency) FROM known
  WHERE known.currency IS NOT NULL
) SELECT currency FROM known WHERE currency IS NOT NULL`;

/** `CROSS JOIN` keeps the order: for each id its product, never a scan of all products. */
const PRODUCTS = "FROM json_each(?1) d CROSS JOIN products p ON p.id = d.value";

export const IS_SOLD_OUT = "EXISTS (SELECT 1 FROM sold_out_skus s WHERE s.sku = v.sku)";

/** @param ids JSON list of product ids. */
export function relistStatements(database: D1Database, ids: string): D1PreparedStatement[] {
  const rowIds = "SELECT row_id FROM products WHERE id IN (SELECT value FROM json_each(?1))";
  const statements = [
    `DELETE FROM listings WHERE currency IN (${CURRENCIES}) AND row_id IN (${rowIds})`,
    `DELETE FROM product_tags WHERE row_id IN (${rowIds})`,
    `DELETE FROM titles_fts WHERE rowid IN (${rowIds})`,
    `INSERT INTO listings (currency, row_id, category_id, featured, title_key, amount_minor, sold_out)
     SELECT r.currency, p.row_id, p.category_id,
       EXISTS (SELECT 1 FROM json_each(p.tags) t WHERE lower(t.value) = '${FEATURED_TAG}'),
       p.title_key, min(r.amount_minor), min(${IS_SOLD_OUT})
     ${PRODUCTS} CROSS JOIN variants v ON v.product_id = p.id CROSS JOIN prices r ON r.variant_id = v.id
     WHERE p.status = 'active' GROUP BY p.row_id, r.currency`,
    `INSERT OR IGNORE INTO product_tags (row_id, tag)
     SELECT p.row_id, t.value ${PRODUCTS} CROSS JOIN json_each(p.tags) t WHERE p.status = 'active'`,
    `INSERT INTO titles_fts (rowid, title) SELECT p.row_id, p.title ${PRODUCTS} WHERE p.status = 'active'`,
  ];
  return statements.map((statement) => database.prepare(statement).bind(ids));
}

/**
 * The statements that keep the search index, and the rows that lists read, equal to the products. The indexes are
 * contentless: a product's document is deleted and, while it is active, written again. Run them in the batch that changes
 * the product, after the change.
 */
import { relistStatements } from "./listing-index.ts";
import { descriptionText } from "./sanitize-description.ts";

export interface IndexedProduct {
  readonly id: string;
  /** Sanitised HTML. */
  readonly description: string;
}

/** `CROSS JOIN` keeps the order: for each document its product by id, never a scan of all products for each. */
const DOCUMENTS = `
FROM json_each(?1) d CROSS JOIN products p ON p.id = d.value ->> 'id' LEFT JOIN categories c ON c.id = p.category_id
WHERE p.status = 'active'`;

const VARIANT_WORDS = `coalesce((SELECT group_concat(v.sku || ' ' || (SELECT coalesce(group_concat(o.value, ' '), '')
  FROM json_each(v.option_values) o), ' ') FROM variants v WHERE v.product_id = p.id), '')`;
const TAG_WORDS = `(SELECT coalesce(group_concat(t.value, ' '), '') FROM json_each(p.tags) t)
  || ' ' || p.type || ' ' || coalesce(c.title, '')`;

/** @returns ten statements for any number of products; their texts together stay below D1's 2 MB a parameter. */
export function reindexStatements(database: D1Database, products: readonly IndexedProduct[]): D1PreparedStatement[] {
  const ids = JSON.stringify(products.map((product) => product.id));
  const documents = JSON.stringify(
    products.map((product) => ({ id: product.id, description: descriptionText(product.description) })),
  );
  const rowIds = "SELECT row_id FROM products WHERE id IN (SELECT value FROM json_each(?1))";
  return [
    database.prepare(`DELETE FROM products_fts WHERE rowid IN (${rowIds})`).bind(ids),
    database.prepare(`DELETE FROM products_words WHERE rowid IN (${rowIds})`).bind(ids),
    database
      .prepare(
        `INSERT INTO products_fts (rowid, title, tags, vendor, variants, description)
         SELECT p.row_id, p.title, ${TAG_WORDS}, p.vendor, ${VARIANT_WORDS}, d.value ->> 'description' ${DOCUMENTS}`,
      )
      .bind(documents),
    database
      .prepare(
        `INSERT INTO products_words (rowid, words)
         SELECT p.row_id, p.title || ' ' || ${TAG_WORDS} || ' ' || p.vendor || ' ' || ${VARIANT_WORDS} || ' ' ||
           (d.value ->> 'description') ${DOCUMENTS}`,
      )
      .bind(documents),
    ...relistStatements(database, ids),
  ];
}

export function raiseVersion(database: D1Database): D1PreparedStatement {
  return database.prepare("UPDATE catalog_state SET version = version + 1 WHERE id = 1");
}

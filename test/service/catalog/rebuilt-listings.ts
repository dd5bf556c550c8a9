/** The rows that lists read, as they are and as they would be if they were made anew from the products. */
import { bindings } from "./client.ts";

const REBUILT = `
SELECT r.currency, p.row_id, p.category_id, max(EXISTS (SELECT 1 FROM json_each(p.tags) t WHERE lower(t.value) = 'featured')) AS featured,
  p.title_key, min(r.amount_minor) AS amount_minor, min(v.sku IN (SELECT sku FROM sold_out_skus)) AS sold_out
FROM products p JOIN variants v ON v.product_id = p.id JOIN prices r ON r.variant_id = v.id
WHERE p.status = 'active' GROUP BY p.row_id, r.currency`;

const TAGS = `
SELECT DISTINCT p.row_id, lower(t.value) AS tag FROM products p, json_each(p.tags) t WHERE p.status = 'active'`;

/** Rows that are in one and not in the other; empty when all is well. */
export async function listingDifferences(): Promise<unknown[]> {
  const listings = "SELECT currency, row_id, category_id, featured, title_key, amount_minor, sold_out FROM listings";
  const tags = "SELECT row_id, lower(tag) FROM product_tags";
  const statements = [
    [listings, REBUILT],
    [REBUILT, listings],
    [tags, TAGS],
    [TAGS, tags],
  ].map(([left, right]) => bindings.DATABASE.prepare(`SELECT * FROM (${left}) EXCEPT SELECT * FROM (${right})`));
  const answers = await bindings.DATABASE.batch(statements);
  return answers.flatMap((answer) => answer.results);
}

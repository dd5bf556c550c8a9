/** The tree of categories and their counts, kept in the isolate until the catalogue's version rises. */
import { type CategoryNode, type CategoryTree, categoryTree } from "./category-tree.ts";
import { catalogVersion, categoryCounts, categoryTrees, isCurrentVersion } from "./hot-catalog.ts";

const SELECT_CATEGORIES = `
SELECT c.id, c.handle, c.title, c.description, c.parent_id AS parentId, c.position, c.image,
  (SELECT m.url FROM products p JOIN media m ON m.product_id = p.id AND m.position = 1
   WHERE p.category_id = c.id AND p.status = 'active' ORDER BY p.row_id DESC LIMIT 1) AS productImage
FROM categories c`;

const TREE_KEY = "tree";

export async function readCategoryTree(database: D1Database): Promise<CategoryTree> {
  const version = await catalogVersion(database);
  const kept = categoryTrees.get(TREE_KEY);
  if (kept !== undefined) return kept;
  const { results } = await database.prepare(SELECT_CATEGORIES).all<CategoryNode & Record<string, unknown>>();
  const tree = categoryTree(results);
  if (isCurrentVersion(version)) categoryTrees.set(TREE_KEY, tree, tree.ordered.length);
  return tree;
}

/** Products by category id, without those below it, that have a price in the currency. */
export async function readCategoryCounts(database: D1Database, currency: string): Promise<ReadonlyMap<string, number>> {
  const version = await catalogVersion(database);
  const kept = categoryCounts.get(currency);
  if (kept !== undefined) return kept;
  const { results } = await database
    .prepare(
      "SELECT category_id AS id, count(*) AS count FROM listings WHERE currency = ?1 AND category_id IS NOT NULL GROUP BY category_id",
    )
    .bind(currency)
    .all<{ id: string; count: number }>();
  const counts = new Map(results.map(({ id, count }) => [id, count]));
  if (isCurrentVersion(version)) categoryCounts.set(currency, counts, counts.size);
  return counts;
}

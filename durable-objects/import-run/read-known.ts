/** What the catalogue already holds of the products and SKUs in a step: the ground of the plan. Reads D1 only. */
import type { ProductGroup } from "./group-rows.ts";
import type { KnownCatalog } from "./plan-import.ts";
import { type ProductRecord, productRecord, SELECT_PRODUCTS } from "./product-record.ts";

export async function readKnownProducts(
  database: D1Database,
  groups: readonly ProductGroup[],
): Promise<Pick<KnownCatalog, "products" | "skuOwners">> {
  const handles = groups.map((group) => group.handle);
  const [products, owners] = await database.batch<Record<string, unknown>>([
    database.prepare(`${SELECT_PRODUCTS} WHERE p.handle IN (SELECT value FROM json_each(?1))`).bind(JSON.stringify(handles)),
    database
      .prepare(
        `SELECT v.sku, p.handle FROM variants v JOIN products p ON p.id = v.product_id
         WHERE v.sku IN (SELECT value FROM json_each(?1))`,
      )
      .bind(JSON.stringify(skusOf(groups))),
  ]);
  const records = (products?.results ?? []).map(productRecord);
  return {
    products: new Map(records.map((record): [string, ProductRecord] => [record.handle, record])),
    skuOwners: new Map((owners?.results ?? []).map((row) => [String(row["sku"]), String(row["handle"])])),
  };
}

export function skusOf(groups: readonly ProductGroup[]): string[] {
  return groups.flatMap((group) => group.rows.flatMap((row) => (row.variant === null ? [] : [row.variant.sku])));
}

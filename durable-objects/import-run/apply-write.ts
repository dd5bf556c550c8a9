/**
 * The D1 statements of a change to the catalogue, for one batch. Rows travel as JSON arrays, so that a statement writes thousands of them with
 * one parameter. New rows are plain inserts: when another writer took the SKU or handle meanwhile the batch fails whole, and
 * the step is planned again on the new truth.
 */
import type { CatalogWrite, ProductWrite } from "./catalog-write.ts";
import { type IndexedProduct, raiseVersion, reindexStatements } from "./search-index.ts";
import { titleKey } from "./title-key.ts";

/** D1 takes 2 MB a parameter; a character is at most four bytes, and most are one. */
const PARAMETER_LENGTH_MAX = 450_000;

const INSERT_PRODUCTS = `
INSERT INTO products (id, handle, title, title_key, description, vendor, type, tags, status, options, category_id,
  created_at_ms, updated_at_ms)
SELECT d.value ->> 'id', d.value ->> 'handle', d.value ->> 'title', d.value ->> 'titleKey', d.value ->> 'description',
  d.value ->> 'vendor', d.value ->> 'type', d.value -> 'tags', d.value ->> 'status', d.value -> 'options',
  (SELECT c.id FROM categories c WHERE c.handle = d.value ->> 'category'), ?2, ?2
FROM json_each(?1) d`;

const UPDATE_PRODUCTS = `
UPDATE products SET handle = d.value ->> 'handle', title = d.value ->> 'title', title_key = d.value ->> 'titleKey',
  description = d.value ->> 'description', vendor = d.value ->> 'vendor',
  type = d.value ->> 'type', tags = d.value -> 'tags', status = d.value ->> 'status', options = d.value -> 'options',
  category_id = (SELECT c.id FROM categories c WHERE c.handle = d.value ->> 'category'), updated_at_ms = ?2
FROM json_each(?1) d WHERE products.id = d.value ->> 'id'`;

const INSERT_VARIANTS = `
INSERT INTO variants (id, product_id, sku, option_values, weight_grams, requires_shipping, taxable, image, position)
SELECT d.value ->> 'id', d.value ->> 'productId', d.value ->> 'sku', d.value -> 'optionValues', d.value ->> 'weightGrams',
  d.value ->> 'requiresShipping', d.value ->> 'taxable', d.value ->> 'image', d.value ->> 'position'
FROM json_each(?1) d`;

const UPDATE_VARIANTS = `
UPDATE variants SET option_values = d.value -> 'optionValues', weight_grams = d.value ->> 'weightGrams',
  requires_shipping = d.value ->> 'requiresShipping', taxable = d.value ->> 'taxable', image = d.value ->> 'image',
  position = d.value ->> 'position'
FROM json_each(?1) d WHERE variants.id = d.value ->> 'id'`;

const UPSERT_PRICES = `
INSERT INTO prices (variant_id, currency, amount_minor, compare_at_minor)
SELECT d.value ->> 'variantId', d.value ->> 'currency', d.value ->> 'amountMinor', d.value ->> 'compareAtMinor'
FROM json_each(?1) d WHERE true
ON CONFLICT (variant_id, currency) DO UPDATE SET amount_minor = excluded.amount_minor, compare_at_minor = excluded.compare_at_minor`;

const INSERT_CATEGORIES = `
INSERT INTO categories (id, handle, title, parent_id, created_at_ms, updated_at_ms)
SELECT d.value ->> 'id', d.value ->> 'handle', d.value ->> 'title', NULL, ?2, ?2 FROM json_each(?1) d WHERE true
ON CONFLICT (handle) DO NOTHING`;

const DELETE_MEDIA = "DELETE FROM media WHERE product_id IN (SELECT value FROM json_each(?1))";
const INSERT_MEDIA = `
INSERT INTO media (product_id, position, url, alt)
SELECT d.value ->> 'productId', i.key + 1, i.value ->> 'url', i.value ->> 'alt'
FROM json_each(?1) d, json_each(d.value, '$.items') i`;

/** Empty when nothing changes. */
export function writeStatements(
  database: D1Database,
  write: CatalogWrite,
  nowMs: number,
  makeCategoryId: () => string,
): D1PreparedStatement[] {
  if (write.touched.size === 0) return [];
  const categories = Array.from(write.categories, ([handle, title]) => ({ id: makeCategoryId(), handle, title }));
  const each = (sql: string, items: readonly unknown[]) => slices(items).map((slice) => database.prepare(sql).bind(slice));
  const timed = (sql: string, items: readonly unknown[]) =>
    slices(items).map((slice) => database.prepare(sql).bind(slice, nowMs));
  const indexed = Array.from(write.touched, ([id, description]) => ({ id, description }));
  return [
    ...timed(INSERT_CATEGORIES, categories),
    ...timed(INSERT_PRODUCTS, write.newProducts.map(withTitleKey)),
    ...timed(UPDATE_PRODUCTS, write.changedProducts.map(withTitleKey)),
    ...each(INSERT_VARIANTS, write.newVariants),
    ...each(UPDATE_VARIANTS, write.changedVariants),
    ...each(UPSERT_PRICES, write.prices),
    ...each(
      DELETE_MEDIA,
      write.media.map((item) => item.productId),
    ),
    ...each(INSERT_MEDIA, write.media),
    ...reindexSlices(database, indexed),
    raiseVersion(database),
  ];
}

function withTitleKey(product: ProductWrite): ProductWrite & { readonly titleKey: string } {
  return { ...product, titleKey: titleKey(product.title) };
}

/** Statements that write the search documents of any number of products again. */
export function reindexSlices(database: D1Database, products: readonly IndexedProduct[]): D1PreparedStatement[] {
  return partition(products).flatMap((part) => reindexStatements(database, part));
}

/** JSON arrays of the items, each short enough for one parameter. */
function slices(items: readonly unknown[]): string[] {
  return partition(items).map((part) => JSON.stringify(part));
}

function partition<T>(items: readonly T[]): T[][] {
  const parts: T[][] = [];
  let length = PARAMETER_LENGTH_MAX;
  for (const item of items) {
    const size = JSON.stringify(item).length + 1;
    if (length + size > PARAMETER_LENGTH_MAX) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(item);
    length += size;
  }
  return parts;
}

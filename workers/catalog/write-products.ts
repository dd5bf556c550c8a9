/** Operators' changes to products and variants: each decides its rows on what is there, then writes them in one batch. */
import { writeStatements } from "../../durable-objects/import-run/apply-write.ts";
import {
  type CatalogWrite,
  emptyWrite,
  type ProductWrite,
  productWriteOf,
  type VariantWrite,
  variantWriteOf,
} from "../../durable-objects/import-run/catalog-write.ts";
import { type ProductRecord, productRecord, SELECT_PRODUCTS } from "../../durable-objects/import-run/product-record.ts";
import { sanitizeDescription } from "../../durable-objects/import-run/sanitize-description.ts";
import { slugOf } from "../../durable-objects/import-run/slug.ts";
import type { InventoryApi } from "../inventory/contract.ts";
import { systemClock } from "../shared/clock.ts";
import { newId } from "../shared/identifiers.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { CallContext } from "../shared/telemetry.ts";
import { type CatalogError, isUniqueViolation } from "./catalog-error.ts";
import { VARIANTS_PER_PRODUCT_MAX } from "./contract.ts";
import { defined } from "./defined.ts";
import { forgetHotCatalog } from "./hot-catalog.ts";
import { openStock } from "./open-stock.ts";
import type { ProductInput, ProductPatch, VariantInput, VariantPatch } from "./product-input.ts";

export interface Writing {
  readonly database: D1Database;
  readonly inventory: InventoryApi;
  readonly context: CallContext;
}

export type ProductResult = Promise<Result<ProductRecord, CatalogError>>;

export async function readProduct(database: D1Database, id: string): ProductResult {
  const row = await database.prepare(`${SELECT_PRODUCTS} WHERE p.id = ?1`).bind(id).first();
  return row === null ? err({ code: "product_unknown" }) : ok(productRecord(row));
}

export async function createProduct(writing: Writing, input: ProductInput): ProductResult {
  const contradictions = variantContradictions(input.variants, input.options.length, "variants.");
  if (contradictions !== null) return contradictions;
  const handle = input.handle ?? slugOf(input.title);
  if (handle === "") return invalid("handle", "is needed, because the title has no letter or digit");
  const free = await refuseTaken(writing.database, { handle, category: input.category, skus: skusOf(input.variants) });
  if (free !== null) return free;
  const opened = await openStock(writing.inventory, input.variants, writing.context);
  if (!opened.ok) return opened;
  const id = newId("prod", systemClock.now());
  const { title, vendor, type, tags, status, options, category, media } = input;
  const description = sanitizeDescription(input.description);
  const write = emptyWrite();
  write.newProducts.push({ id, handle, title, description, vendor, type, tags, status, options, category });
  write.touched.set(id, description);
  if (media.length > 0) write.media.push({ productId: id, items: media });
  addVariants(write, id, input.variants, 0);
  return await commit(writing.database, write, id);
}

export async function changeProduct(writing: Writing, id: string, patch: ProductPatch): ProductResult {
  const found = await readProduct(writing.database, id);
  if (!found.ok) return found;
  const product = found.value;
  if (patch.options !== undefined && patch.options.length !== product.options.length) {
    return invalid("options", `must rename the ${product.options.length} options that the variants have values for`);
  }
  const handle = patch.handle === product.handle ? undefined : patch.handle;
  const free = await refuseTaken(writing.database, { handle, category: patch.category, skus: [] });
  if (free !== null) return free;
  const { media, description, ...fields } = patch;
  const changed: ProductWrite = {
    ...productWriteOf(product),
    ...defined(fields),
    ...(description === undefined ? {} : { description: sanitizeDescription(description) }),
  };
  const write = emptyWrite();
  write.changedProducts.push(changed);
  write.touched.set(id, changed.description);
  if (media !== undefined) write.media.push({ productId: id, items: media });
  return await commit(writing.database, write, id);
}

export async function archiveProduct(writing: Writing, id: string): ProductResult {
  return await changeProduct(writing, id, { status: "archived" });
}

export async function addVariant(writing: Writing, productId: string, input: VariantInput): ProductResult {
  const found = await readProduct(writing.database, productId);
  if (!found.ok) return found;
  const product = found.value;
  if (product.variants.length >= VARIANTS_PER_PRODUCT_MAX) return err({ code: "too_many_variants" });
  const contradictions = variantContradictions([input], product.options.length, "");
  if (contradictions !== null) return contradictions;
  const free = await refuseTaken(writing.database, { skus: [input.sku] });
  if (free !== null) return free;
  const opened = await openStock(writing.inventory, [input], writing.context);
  if (!opened.ok) return opened;
  const write = touching(product);
  addVariants(write, productId, [input], lastPosition(product));
  return await commit(writing.database, write, productId);
}

export async function changeVariant(writing: Writing, productId: string, variantId: string, patch: VariantPatch): ProductResult {
  const found = await readProduct(writing.database, productId);
  if (!found.ok) return found;
  const variant = found.value.variants.find((known) => known.id === variantId);
  if (variant === undefined) return err({ code: "variant_unknown" });
  if (patch.option_values !== undefined && patch.option_values.length !== found.value.options.length) {
    return invalid("option_values", `must hold ${found.value.options.length} values, one for each option`);
  }
  const changes = {
    optionValues: patch.option_values,
    weightGrams: patch.weight_grams,
    requiresShipping: patch.requires_shipping,
    taxable: patch.taxable,
    image: patch.image,
    position: patch.position,
  };
  const changed: VariantWrite = { ...variantWriteOf(variant, productId), ...defined(changes) };
  const write = touching(found.value);
  write.changedVariants.push(changed);
  if (patch.prices === undefined) return await commit(writing.database, write, productId);
  write.prices.push(...patch.prices.map((price) => priceWrite(variantId, price)));
  const removePrices = writing.database.prepare("DELETE FROM prices WHERE variant_id = ?1").bind(variantId);
  return await commit(writing.database, write, productId, [removePrices]);
}

/** The SKU's stock and its history stay with inventory. */
export async function removeVariant(writing: Writing, productId: string, variantId: string): ProductResult {
  const found = await readProduct(writing.database, productId);
  if (!found.ok) return found;
  if (!found.value.variants.some((variant) => variant.id === variantId)) return err({ code: "variant_unknown" });
  if (found.value.variants.length === 1) return err({ code: "last_variant" });
  const remove = writing.database.prepare("DELETE FROM variants WHERE id = ?1").bind(variantId);
  return await commit(writing.database, touching(found.value), productId, [remove]);
}

/** A write that only renews the search document, until more is added. */
function touching(product: ProductRecord): CatalogWrite {
  const write = emptyWrite();
  write.touched.set(product.id, product.description);
  return write;
}

function addVariants(write: CatalogWrite, productId: string, inputs: readonly VariantInput[], after: number): void {
  inputs.forEach((input, index) => {
    const id = newId("var", systemClock.now());
    write.newVariants.push({
      id,
      productId,
      sku: input.sku,
      optionValues: input.option_values,
      weightGrams: input.weight_grams,
      requiresShipping: input.requires_shipping,
      taxable: input.taxable,
      image: input.image,
      position: after + index + 1,
    });
    write.prices.push(...input.prices.map((price) => priceWrite(id, price)));
  });
}

function priceWrite(variantId: string, price: VariantInput["prices"][number]): CatalogWrite["prices"][number] {
  return {
    variantId,
    currency: price.currency,
    amountMinor: price.amount_minor,
    compareAtMinor: price.compare_at_minor,
  };
}

async function commit(
  database: D1Database,
  write: CatalogWrite,
  productId: string,
  before: readonly D1PreparedStatement[] = [],
): ProductResult {
  const nowMs = systemClock.now();
  const touch = database.prepare("UPDATE products SET updated_at_ms = ?2 WHERE id = ?1").bind(productId, nowMs);
  try {
    await database.batch([...before, touch, ...writeStatements(database, write, nowMs, () => newId("cat", nowMs))]);
  } catch (error) {
    if (isUniqueViolation(error)) return err({ code: "changed_meanwhile" });
    throw error;
  } finally {
    forgetHotCatalog();
  }
  return await readProduct(database, productId);
}

interface Claims {
  readonly handle?: string | undefined;
  readonly category?: string | null | undefined;
  readonly skus?: readonly string[];
}

/** Null when everything claimed is free and everything named exists. */
async function refuseTaken(
  database: D1Database,
  { handle, category, skus = [] }: Claims,
): Promise<Result<never, CatalogError> | null> {
  const [handles, categories, taken] = await database.batch<{ sku: string }>([
    database.prepare("SELECT 1 FROM products WHERE handle = ?1").bind(handle ?? ""),
    database.prepare("SELECT 1 FROM categories WHERE handle = ?1").bind(category ?? ""),
    database.prepare("SELECT sku FROM variants WHERE sku IN (SELECT value FROM json_each(?1))").bind(JSON.stringify(skus)),
  ]);
  if (handle !== undefined && handles?.results.length !== 0) return err({ code: "handle_taken", handle });
  if (typeof category === "string" && categories?.results.length === 0) {
    return err({ code: "category_unknown", handle: category });
  }
  const takenSkus = taken?.results.map((row) => row.sku) ?? [];
  return takenSkus.length > 0 ? err({ code: "sku_taken", skus: takenSkus }) : null;
}

function variantContradictions(
  variants: readonly VariantInput[],
  optionCount: number,
  prefix: string,
): Result<never, CatalogError> | null {
  const seen = new Set<string>();
  for (const [index, variant] of variants.entries()) {
    const path = prefix === "" ? "" : `${prefix}${index}.`;
    if (seen.has(variant.sku)) return invalid(`${path}sku`, "is there twice");
    seen.add(variant.sku);
    if (variant.option_values.length !== optionCount) {
      return invalid(`${path}option_values`, `must hold ${optionCount} values, one for each option`);
    }
  }
  return null;
}

function invalid(path: string, message: string): Result<never, CatalogError> {
  return err({ code: "invalid_body", errors: [{ path, message }] });
}

function skusOf(variants: readonly VariantInput[]): string[] {
  return variants.map((variant) => variant.sku);
}

function lastPosition(product: ProductRecord): number {
  return Math.max(0, ...product.variants.map((variant) => variant.position));
}

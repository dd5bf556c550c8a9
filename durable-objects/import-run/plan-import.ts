/**
 * Decides what a step of an import writes: groups of rows against what the catalogue holds. Only differences are written,
 * so that repeating a step, or importing an export, changes nothing. Pure but for the id source it is given.
 */

import { MEDIA_PER_PRODUCT_MAX, VARIANTS_PER_PRODUCT_MAX } from "../../workers/catalog/contract.ts";
import { DEFAULT_LOCATION, type OpeningBalance } from "../../workers/inventory/contract.ts";
import {
  type CatalogWrite,
  emptyWrite,
  type ProductWrite,
  productWriteOf,
  type VariantWrite,
  variantWriteOf,
} from "./catalog-write.ts";
import { type ProductGroup, tooMany } from "./group-rows.ts";
import type { MediaRecord, PriceRecord, ProductRecord, VariantRecord } from "./product-record.ts";
import type { ProductCells, RowReading } from "./read-row.ts";
import type { VariantCells } from "./read-variant.ts";
import type { Refusal } from "./row-cells.ts";

export interface KnownCatalog {
  readonly products: ReadonlyMap<string, ProductRecord>;
  /** Handle of the product that has the SKU. */
  readonly skuOwners: ReadonlyMap<string, string>;
  /** SKUs of earlier rows of this file, with their row. */
  readonly seenSkus: ReadonlyMap<string, number>;
  readonly seenHandles: ReadonlySet<string>;
}

export interface ImportPlan extends CatalogWrite {
  readonly refusals: Refusal[];
  accepted: number;
  products: number;
  readonly openings: OpeningBalance[];
  readonly skus: Map<string, number>;
  readonly handles: string[];
}

export type MakeId = (prefix: "prod" | "var") => string;

export function planImport(groups: readonly ProductGroup[], known: KnownCatalog, makeId: MakeId): ImportPlan {
  const plan: ImportPlan = {
    ...emptyWrite(),
    refusals: [],
    accepted: 0,
    products: 0,
    openings: [],
    skus: new Map(),
    handles: [],
  };
  for (const group of groups) planGroup(plan, group, known, makeId);
  return plan;
}

interface AcceptedVariant {
  readonly cells: VariantCells;
  readonly existing: VariantRecord | undefined;
  readonly optionValues: readonly string[];
}

function planGroup(plan: ImportPlan, group: ProductGroup, known: KnownCatalog, makeId: MakeId): void {
  const existing = known.products.get(group.handle);
  const cells = group.rows.find((row) => row.product !== null)?.product ?? null;
  const blocked = refusalOfProduct(group, existing, cells);
  if (blocked !== null) {
    refuseAll(plan, group, blocked);
    return;
  }
  const product = productWrite(group.handle, existing, cells, makeId);
  const { variants, bare } = acceptRows(plan, group, product, existing, known);
  if (existing === undefined && variants.length === 0) {
    for (const row of bare) plan.refusals.push(productRefused(row, "none of its variants can be created"));
    return;
  }
  plan.accepted += variants.length + bare.length;
  if (!known.seenHandles.has(group.handle)) plan.products++;
  plan.handles.push(group.handle);
  writeProduct(plan, product, existing, cells);
  writeVariants(plan, product, existing, variants, makeId);
  writeMedia(plan, group, product, existing, known.seenHandles.has(group.handle));
}

/** The row that makes the whole product impossible. */
function refusalOfProduct(
  group: ProductGroup,
  existing: ProductRecord | undefined,
  cells: ProductCells | null,
): { readonly row: number; readonly code: Refusal["code"]; readonly message: string } | null {
  const refused = group.rows.find((row) => row.refusesProduct)?.refusal;
  if (refused !== undefined && refused !== null) return refused;
  const first = group.rows[0];
  if (cells !== null || existing !== undefined || first === undefined) return null;
  return { row: first.row, code: "missing_title", message: "The first row of a new product needs a Title." };
}

function refuseAll(plan: ImportPlan, group: ProductGroup, cause: Refusal): void {
  for (const row of group.rows) {
    if (row.row === cause.row) plan.refusals.push(cause);
    else plan.refusals.push(row.refusal ?? productRefused(row, `row ${cause.row} of it was refused (${cause.code})`));
  }
}

function productRefused(row: RowReading, reason: string): Refusal {
  return { row: row.row, code: "product_refused", message: `The product was not taken: ${reason}.` };
}

function productWrite(
  handle: string,
  existing: ProductRecord | undefined,
  cells: ProductCells | null,
  makeId: MakeId,
): ProductWrite {
  const category = cells?.category === undefined ? existing?.category : cells.category;
  return {
    id: existing?.id ?? makeId("prod"),
    handle,
    title: cells?.title ?? existing?.title ?? handle,
    description: cells?.description ?? existing?.description ?? "",
    vendor: cells?.vendor ?? existing?.vendor ?? "",
    type: cells?.type ?? existing?.type ?? "",
    tags: cells?.tags ?? existing?.tags ?? [],
    status: cells?.status ?? existing?.status ?? "active",
    options: cells?.options ?? existing?.options ?? [],
    category: category?.handle ?? null,
  };
}

/** Sorts the rows into variants, rows without one (`bare`), and refusals. */
function acceptRows(
  plan: ImportPlan,
  group: ProductGroup,
  product: ProductWrite,
  existing: ProductRecord | undefined,
  known: KnownCatalog,
): { variants: AcceptedVariant[]; bare: RowReading[] } {
  const variants: AcceptedVariant[] = [];
  const bare: RowReading[] = [];
  const existingBySku = new Map(existing?.variants.map((variant) => [variant.sku, variant]));
  let room = VARIANTS_PER_PRODUCT_MAX - existingBySku.size;
  for (const row of group.rows) {
    if (row.refusal !== null) plan.refusals.push(row.refusal);
    else if (row.variant === null) bare.push(row);
    else {
      const current = existingBySku.get(row.variant.sku);
      const optionValues = row.variant.optionValues ?? current?.optionValues ?? [];
      const refusal = refuseVariant(plan, row.row, row.variant.sku, optionValues, product, known);
      if (refusal !== null) plan.refusals.push(refusal);
      else if (current === undefined && room <= 0) plan.refusals.push(tooMany(row.row));
      else {
        if (current === undefined) room--;
        plan.skus.set(row.variant.sku, row.row);
        variants.push({ cells: row.variant, existing: current, optionValues });
      }
    }
  }
  return { variants, bare };
}

function refuseVariant(
  plan: ImportPlan,
  row: number,
  sku: string,
  optionValues: readonly string[],
  product: ProductWrite,
  known: KnownCatalog,
): Refusal | null {
  const earlier = plan.skus.get(sku) ?? known.seenSkus.get(sku);
  if (earlier !== undefined) return { row, code: "duplicate_sku", message: `${sku} is already in row ${earlier}.` };
  const owner = known.skuOwners.get(sku);
  if (owner !== undefined && owner !== product.handle) {
    return { row, code: "duplicate_sku", message: `${sku} belongs to the product ${owner}.` };
  }
  if (optionValues.length === product.options.length) return null;
  const message = `The product has ${product.options.length} options, the row ${optionValues.length} option values.`;
  return { row, code: "invalid_options", message };
}

function writeProduct(
  plan: ImportPlan,
  product: ProductWrite,
  existing: ProductRecord | undefined,
  cells: ProductCells | null,
): void {
  const category = cells?.category ?? null;
  if (existing === undefined) plan.newProducts.push(product);
  else if (isSame(product, productWriteOf(existing))) return;
  else plan.changedProducts.push(product);
  if (category !== null) plan.categories.set(category.handle, category.title);
  plan.touched.set(product.id, product.description);
}

/** Both sides are made with their keys in the same order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function writeVariants(
  plan: ImportPlan,
  product: ProductWrite,
  existing: ProductRecord | undefined,
  variants: readonly AcceptedVariant[],
  makeId: MakeId,
): void {
  let position = Math.max(0, ...(existing?.variants.map((variant) => variant.position) ?? []));
  for (const { cells, existing: current, optionValues } of variants) {
    const write: VariantWrite = {
      id: current?.id ?? makeId("var"),
      sku: cells.sku,
      optionValues,
      weightGrams: cells.weightGrams ?? current?.weightGrams ?? 0,
      requiresShipping: cells.requiresShipping ?? current?.requiresShipping ?? true,
      taxable: cells.taxable ?? current?.taxable ?? true,
      image: cells.image === undefined ? (current?.image ?? null) : cells.image,
      position: current?.position ?? ++position,
      productId: product.id,
    };
    if (current === undefined) plan.newVariants.push(write);
    else if (!isSame(write, variantWriteOf(current, product.id))) plan.changedVariants.push(write);
    const prices = cells.prices.filter((price) => !current?.prices.some((known) => isSame(priceOf(known), priceOf(price))));
    plan.prices.push(...prices.map((price) => ({ ...price, variantId: write.id })));
    const changed = current === undefined || plan.changedVariants.at(-1) === write || prices.length > 0;
    if (changed) plan.touched.set(product.id, product.description);
    if (current !== undefined && cells.quantity === null) continue;
    const { sku, quantity, backorderable } = cells;
    plan.openings.push({ sku, location: DEFAULT_LOCATION, quantity: quantity ?? 0, backorderable });
  }
}

function priceOf({ currency, amountMinor, compareAtMinor }: PriceRecord): PriceRecord {
  return { currency, amountMinor, compareAtMinor };
}

/** The file's images replace the product's, but for a handle that came before in this file: there they are added. */
function writeMedia(
  plan: ImportPlan,
  group: ProductGroup,
  product: ProductWrite,
  existing: ProductRecord | undefined,
  seenBefore: boolean,
): void {
  const images = group.rows.flatMap((row, index) => (row.image === null ? [] : [{ ...row.image, index }]));
  if (images.length === 0) return;
  images.sort((a, b) => (a.position ?? a.index + 1) - (b.position ?? b.index + 1));
  const byUrl = new Map<string, MediaRecord>(seenBefore ? existing?.media.map((item) => [item.url, item]) : []);
  for (const { url, alt } of images) if (!byUrl.has(url)) byUrl.set(url, { url, alt });
  const items = [...byUrl.values()].slice(0, MEDIA_PER_PRODUCT_MAX);
  if (isSame(items, existing?.media.map(({ url, alt }) => ({ url, alt })) ?? [])) return;
  plan.media.push({ productId: product.id, items });
  plan.touched.set(product.id, product.description);
}

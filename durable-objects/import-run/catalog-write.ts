/** Rows to write, as both the import and the operators' requests decide them. */
import type { ProductStatus } from "../../workers/catalog/contract.ts";
import type { MediaRecord, PriceRecord, ProductRecord, VariantRecord } from "./product-record.ts";

export interface ProductWrite {
  readonly id: string;
  readonly handle: string;
  readonly title: string;
  readonly description: string;
  readonly vendor: string;
  readonly type: string;
  readonly tags: readonly string[];
  readonly status: ProductStatus;
  readonly options: readonly string[];
  /** Handle of the category. */
  readonly category: string | null;
}

export interface VariantWrite extends Omit<VariantRecord, "prices"> {
  readonly productId: string;
}

export interface PriceWrite extends PriceRecord {
  readonly variantId: string;
}

export interface MediaWrite {
  readonly productId: string;
  readonly items: readonly MediaRecord[];
}

export interface CatalogWrite {
  /** Title by handle; made when absent. */
  readonly categories: Map<string, string>;
  readonly newProducts: ProductWrite[];
  readonly changedProducts: ProductWrite[];
  readonly newVariants: VariantWrite[];
  readonly changedVariants: VariantWrite[];
  readonly prices: PriceWrite[];
  readonly media: MediaWrite[];
  /** Description by id of every product above: its search document is written again. */
  readonly touched: Map<string, string>;
}

export function emptyWrite(): CatalogWrite {
  return {
    categories: new Map(),
    newProducts: [],
    changedProducts: [],
    newVariants: [],
    changedVariants: [],
    prices: [],
    media: [],
    touched: new Map(),
  };
}

export function productWriteOf(existing: ProductRecord): ProductWrite {
  const { id, handle, title, description, vendor, type, tags, status, options, category } = existing;
  return { id, handle, title, description, vendor, type, tags, status, options, category: category?.handle ?? null };
}

export function variantWriteOf(variant: VariantRecord, productId: string): VariantWrite {
  const { id, sku, optionValues, weightGrams, requiresShipping, taxable, image, position } = variant;
  return { id, sku, optionValues, weightGrams, requiresShipping, taxable, image, position, productId };
}

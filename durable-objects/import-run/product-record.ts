/** A product with everything that belongs to it, read from D1 in one statement. Times are epoch milliseconds. */
import * as z from "zod";
import { PRODUCT_STATUSES, type ProductStatus } from "../../workers/catalog/contract.ts";

export interface PriceRecord {
  readonly currency: string;
  readonly amountMinor: number;
  readonly compareAtMinor: number | null;
}

export interface VariantRecord {
  readonly id: string;
  readonly sku: string;
  readonly optionValues: readonly string[];
  readonly weightGrams: number;
  readonly requiresShipping: boolean;
  readonly taxable: boolean;
  readonly image: string | null;
  readonly position: number;
  readonly prices: readonly PriceRecord[];
}

export interface MediaRecord {
  readonly url: string;
  readonly alt: string;
}

export interface ProductRecord {
  readonly rowId: number;
  readonly id: string;
  readonly handle: string;
  readonly title: string;
  readonly description: string;
  readonly vendor: string;
  readonly type: string;
  readonly tags: readonly string[];
  readonly status: ProductStatus;
  readonly options: readonly string[];
  readonly category: { readonly handle: string; readonly title: string } | null;
  readonly variants: readonly VariantRecord[];
  readonly media: readonly MediaRecord[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

const flag = z.int().transform((value) => value === 1);

const Prices = z.array(z.strictObject({ currency: z.string(), amountMinor: z.int(), compareAtMinor: z.int().nullable() }));
const Variants = z.array(
  z.strictObject({
    id: z.string(),
    sku: z.string(),
    optionValues: z.array(z.string()),
    weightGrams: z.int(),
    requiresShipping: flag,
    taxable: flag,
    image: z.string().nullable(),
    position: z.int(),
    prices: Prices,
  }),
);
const Row = z.object({
  rowId: z.int(),
  id: z.string(),
  handle: z.string(),
  title: z.string(),
  description: z.string(),
  vendor: z.string(),
  type: z.string(),
  tags: z.string(),
  status: z.enum(PRODUCT_STATUSES),
  options: z.string(),
  categoryHandle: z.string().nullable(),
  categoryTitle: z.string().nullable(),
  variants: z.string(),
  media: z.string(),
  createdAtMs: z.int(),
  updatedAtMs: z.int(),
});
const Texts = z.array(z.string());
const Media = z.array(z.strictObject({ url: z.string(), alt: z.string() }));

/** What `productRecord` reads, of `p` (products) and `c` (its category). */
export const PRODUCT_COLUMNS = `
p.row_id AS rowId, p.id, p.handle, p.title, p.description, p.vendor, p.type, p.tags, p.status, p.options,
  c.handle AS categoryHandle, c.title AS categoryTitle, p.created_at_ms AS createdAtMs, p.updated_at_ms AS updatedAtMs,
  (SELECT json_group_array(json_object(
      'id', v.id, 'sku', v.sku, 'optionValues', json(v.option_values), 'weightGrams', v.weight_grams,
      'requiresShipping', v.requires_shipping, 'taxable', v.taxable, 'image', v.image, 'position', v.position,
      'prices', (SELECT json_group_array(json_object(
          'currency', r.currency, 'amountMinor', r.amount_minor, 'compareAtMinor', r.compare_at_minor) ORDER BY r.currency)
        FROM prices r WHERE r.variant_id = v.id)
    ) ORDER BY v.position, v.id) FROM variants v WHERE v.product_id = p.id) AS variants,
  (SELECT json_group_array(json_object('url', m.url, 'alt', m.alt) ORDER BY m.position)
    FROM media m WHERE m.product_id = p.id) AS media`;

/** Append a `WHERE` on `p` (products). */
export const SELECT_PRODUCTS = `SELECT ${PRODUCT_COLUMNS} FROM products p LEFT JOIN categories c ON c.id = p.category_id`;

/** Our own rows: a shape that does not fit is a bug, so it throws. */
export function productRecord(raw: unknown): ProductRecord {
  const row = Row.parse(raw);
  return {
    rowId: row.rowId,
    id: row.id,
    handle: row.handle,
    title: row.title,
    description: row.description,
    vendor: row.vendor,
    type: row.type,
    tags: Texts.parse(JSON.parse(row.tags)),
    status: row.status,
    options: Texts.parse(JSON.parse(row.options)),
    category:
      row.categoryHandle === null || row.categoryTitle === null ? null : { handle: row.categoryHandle, title: row.categoryTitle },
    variants: Variants.parse(JSON.parse(row.variants)),
    media: Media.parse(JSON.parse(row.media)),
    createdAtMs: row.createdAtMs,
    updatedAtMs: row.updatedAtMs,
  };
}

/** `Red / L`; null for a product without options. */
export function variantTitle(optionValues: readonly string[]): string | null {
  return optionValues.length === 0 ? null : optionValues.join(" / ");
}

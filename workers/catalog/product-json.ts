/** Products on the wire, for shoppers (one currency, what can be bought) and for operators (everything). Pure. */
import { z } from "@hono/zod-openapi";
import {
  type MediaRecord,
  type PriceRecord,
  type ProductRecord,
  type VariantRecord,
  variantTitle,
} from "../../durable-objects/import-run/product-record.ts";
import { isoTime } from "../shared/clock.ts";
import { MoneyJson, moneyJson } from "../shared/money.ts";
import { PRODUCT_STATUSES } from "./contract.ts";

const Media = z.object({ url: z.string(), alt: z.string(), position: z.int() });
const CategoryLink = z.object({ handle: z.string(), title: z.string() }).nullable();

const ShopVariant = z.object({
  sku: z.string(),
  title: z.string(),
  price: MoneyJson,
  compare_at_price: MoneyJson.nullable(),
});

const CompareAtFrom = MoneyJson.nullable().openapi({
  description: "What the cheapest variant cost before, when that is more than it costs now.",
});

export const ShopListItem = z
  .object({
    id: z.string(),
    handle: z.string(),
    title: z.string(),
    image: z.string().nullable(),
    media: z.array(Media).openapi({ description: "The first two." }),
    category: CategoryLink,
    tags: z.array(z.string()),
    price_from: MoneyJson,
    compare_at_from: CompareAtFrom,
    price_varies: z.boolean(),
    sold_out: z.boolean().openapi({
      description: "Every variant was sold out seconds ago. Never a promise: `/v1/availability` says what is so now.",
    }),
    variants: z.array(ShopVariant),
  })
  .openapi("ProductListItem");

export const ShopProduct = z
  .object({
    id: z.string(),
    handle: z.string(),
    title: z.string(),
    description: z.string().openapi({ description: "Safe HTML: a fixed set of tags without attributes." }),
    vendor: z.string(),
    type: z.string(),
    tags: z.array(z.string()),
    image: z.string().nullable(),
    price_from: MoneyJson.nullable(),
    compare_at_from: CompareAtFrom,
    options: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
    variants: z.array(
      ShopVariant.extend({
        id: z.string(),
        option_values: z.array(z.string()),
        image: z.string().nullable(),
        weight_grams: z.int(),
        requires_shipping: z.boolean(),
        taxable: z.boolean(),
      }),
    ),
    media: z.array(Media),
    category: CategoryLink,
  })
  .openapi("Product");

export const AdminVariant = z
  .object({
    id: z.string(),
    sku: z.string(),
    title: z.string(),
    option_values: z.array(z.string()),
    prices: z.array(MoneyJson.extend({ compare_at_minor: z.int().nullable() })),
    weight_grams: z.int(),
    requires_shipping: z.boolean(),
    taxable: z.boolean(),
    image: z.string().nullable(),
    position: z.int(),
  })
  .openapi("AdminVariant");

export const AdminProduct = z
  .object({
    id: z.string(),
    handle: z.string(),
    title: z.string(),
    description: z.string(),
    vendor: z.string(),
    type: z.string(),
    tags: z.array(z.string()),
    status: z.enum(PRODUCT_STATUSES),
    category: CategoryLink,
    options: z.array(z.string()),
    variants: z.array(AdminVariant),
    media: z.array(Media),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi("AdminProduct");

/** What was searched instead of what was typed. */
export const Correction = z
  .object({ query: z.string(), applied: z.literal(true) })
  .nullable()
  .openapi({ description: "What was searched instead of `q`, when nothing fits it as typed." });

export function correctionJson(query: string | null): z.infer<typeof Correction> {
  return query === null ? null : { query, applied: true };
}

/** A card shows one picture, and another while the pointer is on it. */
const LIST_MEDIA_MAX = 2;

/** What a product without options calls its only variant. */
const ONLY_VARIANT_TITLE = "Default";

interface Priced {
  readonly variant: VariantRecord;
  readonly price: PriceRecord;
}

/** The variants that have a price in the currency, in order. */
function pricedVariants(product: ProductRecord, currency: string): Priced[] {
  return product.variants.flatMap((variant) => {
    const price = variant.prices.find((known) => known.currency === currency);
    return price === undefined ? [] : [{ variant, price }];
  });
}

/** The cheapest variant's price; undefined when none has one. */
function cheapest(priced: readonly Priced[]): PriceRecord | undefined {
  const [first, ...rest] = priced.map(({ price }) => price);
  return rest.reduce((least, price) => (least !== undefined && price.amountMinor >= least.amountMinor ? least : price), first);
}

function priceFromJson(priced: readonly Priced[]): Pick<z.infer<typeof ShopProduct>, "price_from" | "compare_at_from"> {
  const price = cheapest(priced);
  if (price === undefined) return { price_from: null, compare_at_from: null };
  const { amountMinor, compareAtMinor, currency } = price;
  const isReduced = compareAtMinor !== null && compareAtMinor > amountMinor;
  return {
    price_from: moneyJson(amountMinor, currency),
    compare_at_from: isReduced ? moneyJson(compareAtMinor, currency) : null,
  };
}

function shopVariantJson({ variant, price }: Priced): z.infer<typeof ShopVariant> {
  const { compareAtMinor, currency } = price;
  return {
    sku: variant.sku,
    title: variantTitle(variant.optionValues) ?? ONLY_VARIANT_TITLE,
    price: moneyJson(price.amountMinor, currency),
    compare_at_price: compareAtMinor === null ? null : moneyJson(compareAtMinor, currency),
  };
}

function imageOf(product: ProductRecord): string | null {
  return product.media[0]?.url ?? product.variants.find((variant) => variant.image !== null)?.image ?? null;
}

/** @param product with at least one price in the currency. */
export function shopListItem(product: ProductRecord, currency: string, soldOut: boolean): z.infer<typeof ShopListItem> {
  const priced = pricedVariants(product, currency);
  const { price_from, compare_at_from } = priceFromJson(priced);
  if (price_from === null) throw new Error(`product ${product.id} is listed without a price in ${currency}`);
  return {
    id: product.id,
    handle: product.handle,
    title: product.title,
    image: imageOf(product),
    media: mediaJson(product.media.slice(0, LIST_MEDIA_MAX)),
    category: product.category,
    tags: [...product.tags],
    price_from,
    compare_at_from,
    price_varies: priced.some(({ price }) => price.amountMinor !== price_from.amount_minor),
    sold_out: soldOut,
    variants: priced.map(shopVariantJson),
  };
}

export function shopProductJson(product: ProductRecord, currency: string): z.infer<typeof ShopProduct> {
  const priced = pricedVariants(product, currency);
  return {
    id: product.id,
    handle: product.handle,
    title: product.title,
    description: product.description,
    vendor: product.vendor,
    type: product.type,
    tags: [...product.tags],
    image: imageOf(product),
    ...priceFromJson(priced),
    options: product.options.map((name, index) => ({ name, values: optionValues(product, index) })),
    variants: priced.map((entry) => ({
      ...shopVariantJson(entry),
      id: entry.variant.id,
      option_values: [...entry.variant.optionValues],
      image: entry.variant.image,
      weight_grams: entry.variant.weightGrams,
      requires_shipping: entry.variant.requiresShipping,
      taxable: entry.variant.taxable,
    })),
    media: mediaJson(product.media),
    category: product.category,
  };
}

function optionValues(product: ProductRecord, index: number): string[] {
  return [...new Set(product.variants.flatMap((variant) => variant.optionValues[index] ?? []))];
}

function mediaJson(media: readonly MediaRecord[]): z.infer<typeof Media>[] {
  return media.map((item, index) => ({ url: item.url, alt: item.alt, position: index + 1 }));
}

export function adminProductJson(product: ProductRecord): z.infer<typeof AdminProduct> {
  return {
    id: product.id,
    handle: product.handle,
    title: product.title,
    description: product.description,
    vendor: product.vendor,
    type: product.type,
    tags: [...product.tags],
    status: product.status,
    category: product.category,
    options: [...product.options],
    variants: product.variants.map(adminVariantJson),
    media: mediaJson(product.media),
    created_at: isoTime(product.createdAtMs),
    updated_at: isoTime(product.updatedAtMs),
  };
}

function adminVariantJson(variant: VariantRecord): z.infer<typeof AdminVariant> {
  return {
    id: variant.id,
    sku: variant.sku,
    title: variantTitle(variant.optionValues) ?? ONLY_VARIANT_TITLE,
    option_values: [...variant.optionValues],
    prices: variant.prices.map((price) => ({
      ...moneyJson(price.amountMinor, price.currency),
      compare_at_minor: price.compareAtMinor,
    })),
    weight_grams: variant.weightGrams,
    requires_shipping: variant.requiresShipping,
    taxable: variant.taxable,
    image: variant.image,
    position: variant.position,
  };
}

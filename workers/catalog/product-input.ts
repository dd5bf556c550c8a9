/** What operators send about products and variants; strict, and trimmed where people type. */
import { z } from "@hono/zod-openapi";
import { QUANTITY_MAX, Sku } from "../inventory/contract.ts";
import { AmountMinor, CurrencyCode } from "../shared/money.ts";
import {
  CATEGORY_DESCRIPTION_LENGTH_MAX,
  CATEGORY_POSITION_MAX,
  DESCRIPTION_LENGTH_MAX,
  Handle,
  MEDIA_PER_PRODUCT_MAX,
  MediaUrl,
  OPTIONS_MAX,
  PRODUCT_STATUSES,
  TAGS_MAX,
  TITLE_LENGTH_MAX,
  VARIANTS_PER_PRODUCT_MAX,
  WEIGHT_GRAMS_MAX,
} from "./contract.ts";

const PRICES_MAX = 200;

/** One line without control characters. */
const Line = z
  .string()
  .trim()
  .max(TITLE_LENGTH_MAX)
  .regex(/^[^\p{Cc}]*$/u, "must not hold control characters");
export const TitleInput = Line.min(1);
const Tag = Line.min(1).refine((tag) => !tag.includes(","), "must not hold a comma");
const unique = (items: readonly string[]) => new Set(items).size === items.length;

const PriceInput = z.strictObject({
  amount_minor: AmountMinor,
  currency: CurrencyCode,
  compare_at_minor: AmountMinor.nullable().default(null),
});
const PricesInput = z
  .array(PriceInput)
  .min(1)
  .max(PRICES_MAX)
  .refine((prices) => unique(prices.map((price) => price.currency)), "must name each currency once");

const Tags = z.array(Tag).max(TAGS_MAX).refine(unique, "must name each tag once");
const Options = z.array(Line.min(1)).max(OPTIONS_MAX).refine(unique, "must name each option once");
const Media = z
  .array(z.strictObject({ url: MediaUrl, alt: z.string().trim().max(512).default("") }))
  .max(MEDIA_PER_PRODUCT_MAX)
  .refine((media) => unique(media.map((item) => item.url)), "must name each URL once");

export const VariantInput = z
  .strictObject({
    sku: Sku,
    option_values: z.array(Line.min(1)).max(OPTIONS_MAX).default([]),
    prices: PricesInput,
    weight_grams: z.int().min(0).max(WEIGHT_GRAMS_MAX).default(0),
    requires_shipping: z.boolean().default(true),
    taxable: z.boolean().default(true),
    image: MediaUrl.nullable().default(null),
    inventory_quantity: z.int().min(0).max(QUANTITY_MAX).default(0),
    backorderable: z.boolean().default(false),
  })
  .openapi("VariantInput");
export type VariantInput = z.infer<typeof VariantInput>;

export const VariantPatch = z
  .strictObject({
    option_values: z.array(Line.min(1)).max(OPTIONS_MAX),
    prices: PricesInput,
    weight_grams: z.int().min(0).max(WEIGHT_GRAMS_MAX),
    requires_shipping: z.boolean(),
    taxable: z.boolean(),
    image: MediaUrl.nullable(),
    position: z.int().min(1).max(VARIANTS_PER_PRODUCT_MAX),
  })
  .partial()
  .openapi("VariantPatch");
export type VariantPatch = z.infer<typeof VariantPatch>;

export const ProductInput = z
  .strictObject({
    title: TitleInput,
    handle: Handle.optional(),
    description: z.string().max(DESCRIPTION_LENGTH_MAX).default(""),
    vendor: Line.default(""),
    type: Line.default(""),
    tags: Tags.default([]),
    status: z.enum(PRODUCT_STATUSES).default("active"),
    category: Handle.nullable().default(null),
    options: Options.default([]),
    variants: z.array(VariantInput).min(1).max(VARIANTS_PER_PRODUCT_MAX),
    media: Media.default([]),
  })
  .openapi("ProductInput");
export type ProductInput = z.infer<typeof ProductInput>;

export const ProductPatch = z
  .strictObject({
    title: TitleInput,
    handle: Handle,
    description: z.string().max(DESCRIPTION_LENGTH_MAX),
    vendor: Line,
    type: Line,
    tags: Tags,
    status: z.enum(PRODUCT_STATUSES),
    category: Handle.nullable(),
    options: Options,
    media: Media,
  })
  .partial()
  .openapi("ProductPatch");
export type ProductPatch = z.infer<typeof ProductPatch>;

const CategoryPosition = z.int().min(0).max(CATEGORY_POSITION_MAX);
const CategoryDescription = z.string().trim().max(CATEGORY_DESCRIPTION_LENGTH_MAX);

export const CategoryInput = z
  .strictObject({
    title: TitleInput,
    handle: Handle.optional(),
    parent: Handle.nullable().default(null),
    position: CategoryPosition.default(0),
    image: MediaUrl.nullable().default(null),
    description: CategoryDescription.default(""),
  })
  .openapi("CategoryInput");
export type CategoryInput = z.infer<typeof CategoryInput>;

export const CategoryPatch = z
  .strictObject({
    title: TitleInput,
    handle: Handle,
    parent: Handle.nullable(),
    position: CategoryPosition,
    image: MediaUrl.nullable(),
    description: CategoryDescription,
  })
  .partial()
  .openapi("CategoryPatch");
export type CategoryPatch = z.infer<typeof CategoryPatch>;

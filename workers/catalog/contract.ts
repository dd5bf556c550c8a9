/** What peers may ask of the catalogue: a price quote for SKUs, the version that invalidates caches, handles for sitemaps. */
import * as z from "zod";
import { CurrencyCode } from "../shared/money.ts";
import type { Result } from "../shared/result.ts";
import type { CallContext } from "../shared/telemetry.ts";

export const TITLE_LENGTH_MAX = 255;
export const DESCRIPTION_LENGTH_MAX = 65_536;
export const TAGS_MAX = 250;
export const OPTIONS_MAX = 3;
export const VARIANTS_PER_PRODUCT_MAX = 1_000;
export const MEDIA_PER_PRODUCT_MAX = 250;
export const URL_LENGTH_MAX = 2_048;
export const WEIGHT_GRAMS_MAX = 100_000_000;
export const CATEGORY_DESCRIPTION_LENGTH_MAX = 2_000;
export const CATEGORY_POSITION_MAX = 10_000;

export const PRODUCT_STATUSES = ["active", "draft", "archived"] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

/** The name of a product or category in a URL: letters, digits, `-`, `_` and `.`. */
export const Handle = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]*$/u, "must be made of letters, digits, '-', '_' and '.'");

/** An image is only named, never fetched: an https URL, or a path on the shop's own host. */
export const MediaUrl = z
  .string()
  .min(1)
  .max(URL_LENGTH_MAX)
  .refine(isMediaUrl, "must be an https URL or a path that starts with one '/'");

function isMediaUrl(text: string): boolean {
  if (/[\s\p{C}"'<>\\]/u.test(text)) return false;
  if (/^\/(?!\/)/.test(text)) return true;
  return /^https:\/\//.test(text) && URL.canParse(text);
}

/** SKUs quoted in one call. */
export const QUOTE_SKUS_MAX = 1_000;

export const QuoteQuestion = z.strictObject({
  skus: z.array(z.string().min(1).max(64)).max(QUOTE_SKUS_MAX),
  currency: CurrencyCode,
});

/** One purchasable variant at its current price. */
export interface Quote {
  readonly sku: string;
  readonly productId: string;
  readonly handle: string;
  /** Product and variant title in one, as a cart line shows it. */
  readonly title: string;
  readonly unitPriceMinor: number;
  readonly currency: string;
  readonly weightGrams: number;
  readonly requiresShipping: boolean;
  readonly taxable: boolean;
  readonly image: string | null;
}

export interface QuoteSheet {
  readonly version: number;
  readonly quotes: readonly Quote[];
  /** SKUs that do not exist, are not active, or have no price in this currency. */
  readonly missing: readonly { readonly sku: string; readonly reason: "unknown_sku" | "not_for_sale" | "no_price_in_currency" }[];
}

export const LIST_HANDLES_MAX = 5_000;

export interface ListedHandle {
  readonly handle: string;
  readonly updatedAtMs: number;
}

export interface CatalogApi {
  quote(skus: readonly string[], currency: string, context: CallContext): Promise<Result<QuoteSheet, never>>;
  /** Rises with every change that a shopper could see; where stock made it, at most once in some seconds. */
  version(): Promise<number>;
  /** Active products by handle, after `afterHandle` (`""` to begin), at most `LIST_HANDLES_MAX`. */
  listHandles(afterHandle: string, limit: number): Promise<readonly ListedHandle[]>;
}

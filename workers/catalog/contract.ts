/** What peers may ask of the catalogue: a price quote for SKUs, and the version that invalidates caches. */
import type { Result } from "../shared/result.ts";
import type { CallContext } from "../shared/telemetry.ts";

/** SKUs quoted in one call. */
export const QUOTE_SKUS_MAX = 1_000;

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

export interface CatalogApi {
  quote(skus: readonly string[], currency: string, context: CallContext): Promise<Result<QuoteSheet, never>>;
  /** Rises with every change that a shopper could see. */
  version(): Promise<number>;
}

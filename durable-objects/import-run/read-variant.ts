/** What a row says about its variant and its image. Pure. */
import { MediaUrl, OPTIONS_MAX, WEIGHT_GRAMS_MAX } from "../../workers/catalog/contract.ts";
import { QUANTITY_MAX, Sku } from "../../workers/inventory/contract.ts";
import { parseDecimalAmount } from "../../workers/shared/money.ts";
import { COLUMN_TITLES } from "./csv-columns.ts";
import type { MediaRecord, PriceRecord } from "./product-record.ts";
import { type Cells, RowRefused } from "./row-cells.ts";

export interface VariantCells {
  readonly sku: string;
  /** One for each option column that holds a value. */
  readonly optionValues: readonly string[] | undefined;
  readonly prices: readonly PriceRecord[];
  readonly weightGrams: number | undefined;
  readonly requiresShipping: boolean | undefined;
  readonly taxable: boolean | undefined;
  readonly image: string | null | undefined;
  /** Null when the file does not say. */
  readonly quantity: number | null;
  readonly backorderable: boolean;
}

export interface ImageCells extends MediaRecord {
  readonly position: number | null;
}

const OPTION_VALUES = ["option1Value", "option2Value", "option3Value"] as const;
/** What Shopify writes for a product without options. */
export const NO_OPTION_NAME = "Title";
export const NO_OPTION_VALUE = "Default Title";

export function readImage(cells: Cells): ImageCells | null {
  const url = cells.text("imageSource");
  if (url === "") return null;
  if (!MediaUrl.safeParse(url).success) {
    throw new RowRefused("invalid_image", "Image Src must be an https URL, or a path that starts with one '/'.");
  }
  return { url, alt: cells.limited("imageAlt", 512), position: cells.wholeNumber("imagePosition", 10_000, "invalid_image") };
}

/** Null for rows that only add an image. */
export function readVariant(cells: Cells, shopCurrency: string, image: ImageCells | null): VariantCells | null {
  const sku = readSku(cells);
  const optionValues = readOptionValues(cells);
  if (sku === "") {
    const onlyImage = image !== null && cells.text("price") === "" && optionValues.length === 0 && cells.text("title") === "";
    if (onlyImage) return null;
    throw new RowRefused("missing_sku", "Variant SKU is empty.");
  }
  if (!Sku.safeParse(sku).success) throw new RowRefused("invalid_sku", "Variant SKU must be at most 64 printable characters.");
  return {
    sku,
    optionValues: cells.has("option1Value") ? optionValues : undefined,
    prices: readPrices(cells, shopCurrency),
    weightGrams: cells.has("grams") ? (cells.wholeNumber("grams", WEIGHT_GRAMS_MAX, "invalid_weight") ?? 0) : undefined,
    requiresShipping: cells.flag("requiresShipping"),
    taxable: cells.flag("taxable"),
    image: cells.has("variantImage") ? readVariantImage(cells) : undefined,
    quantity: cells.wholeNumber("quantity", QUANTITY_MAX, "invalid_quantity"),
    backorderable: readPolicy(cells),
  };
}

/** A SKU is printed, scanned and exported everywhere: here even a harmless leading sign is refused. */
function readSku(cells: Cells): string {
  const sku = cells.name("sku");
  if (/^[+-]/.test(cells.raw(cells.columns.index.get("sku"), COLUMN_TITLES.sku))) {
    throw new RowRefused("formula_cell", "Variant SKU begins like a spreadsheet formula.");
  }
  return sku;
}

function readOptionValues(cells: Cells): string[] {
  const values = OPTION_VALUES.map((key) => cells.limited(key));
  const used = values.slice(0, OPTIONS_MAX).filter((value) => value !== "");
  return used.length === 1 && used[0] === NO_OPTION_VALUE ? [] : used;
}

function readVariantImage(cells: Cells): string | null {
  const url = cells.text("variantImage");
  if (url === "" || MediaUrl.safeParse(url).success) return url === "" ? null : url;
  throw new RowRefused("invalid_image", "Variant Image must be an https URL, or a path that starts with one '/'.");
}

function readPolicy(cells: Cells): boolean {
  const policy = cells.text("policy").toLowerCase();
  if (policy === "" || policy === "deny") return false;
  if (policy === "continue") return true;
  throw new RowRefused("invalid_policy", "Variant Inventory Policy must be deny or continue.");
}

function readPrices(cells: Cells, shopCurrency: string): PriceRecord[] {
  const amountMinor = readPrice(cells.text("price"), shopCurrency, "Variant Price");
  if (amountMinor === null) throw new RowRefused("missing_price", "Variant Price is empty.");
  const compareAtMinor = readPrice(cells.text("compareAtPrice"), shopCurrency, "Variant Compare At Price");
  const prices: PriceRecord[] = [{ currency: shopCurrency, amountMinor, compareAtMinor }];
  for (const column of cells.columns.currencies) {
    if (column.currency === shopCurrency) continue;
    const title = `Price / ${column.currency}`;
    const amount = readPrice(cells.raw(column.price, title).trim(), column.currency, title);
    if (amount === null) continue;
    const compareAt = readPrice(cells.raw(column.compareAt ?? undefined, title).trim(), column.currency, `Compare At ${title}`);
    prices.push({ currency: column.currency, amountMinor: amount, compareAtMinor: compareAt });
  }
  return prices;
}

function readPrice(text: string, currency: string, title: string): number | null {
  if (text === "") return null;
  if (/^-\s*\.?\d/.test(text)) throw new RowRefused("negative_price", `${title} is negative.`);
  const amountMinor = parseDecimalAmount(text, currency);
  if (amountMinor !== undefined) return amountMinor;
  throw new RowRefused("invalid_price", `${title} must be a plain decimal number such as 19.99.`);
}

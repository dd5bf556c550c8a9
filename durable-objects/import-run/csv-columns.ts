/** Which column of the file means what: Shopify's product columns, plus `Category` and `Price / EUR` of our own. Pure. */
import { CurrencyCode } from "../../workers/shared/money.ts";
import type { FieldError } from "../../workers/shared/problem.ts";
import { err, ok, type Result } from "../../workers/shared/result.ts";

const TITLES = {
  handle: "Handle",
  title: "Title",
  body: "Body (HTML)",
  vendor: "Vendor",
  type: "Type",
  category: "Category",
  tags: "Tags",
  published: "Published",
  option1Name: "Option1 Name",
  option1Value: "Option1 Value",
  option2Name: "Option2 Name",
  option2Value: "Option2 Value",
  option3Name: "Option3 Name",
  option3Value: "Option3 Value",
  sku: "Variant SKU",
  grams: "Variant Grams",
  quantity: "Variant Inventory Qty",
  policy: "Variant Inventory Policy",
  price: "Variant Price",
  compareAtPrice: "Variant Compare At Price",
  requiresShipping: "Variant Requires Shipping",
  taxable: "Variant Taxable",
  imageSource: "Image Src",
  imagePosition: "Image Position",
  imageAlt: "Image Alt Text",
  variantImage: "Variant Image",
  status: "Status",
} as const;
export type ColumnKey = keyof typeof TITLES;

export const COLUMN_TITLES: Readonly<Record<ColumnKey, string>> = TITLES;
const REQUIRED: readonly ColumnKey[] = ["handle", "title", "sku", "price"];

const KEY_BY_TITLE = new Map(Object.entries(TITLES).map(([key, title]) => [title.toLowerCase(), key as ColumnKey]));

export interface PriceColumns {
  readonly currency: string;
  readonly price: number;
  readonly compareAt: number | null;
}

export interface CsvColumns {
  readonly count: number;
  readonly index: ReadonlyMap<ColumnKey, number>;
  /** Further currencies: `Price / EUR`, `Compare At Price / EUR`. */
  readonly currencies: readonly PriceColumns[];
}

export interface HeaderRefused {
  readonly code: "header_refused";
  readonly errors: readonly FieldError[];
}

/** Reads the header line. Unknown columns are ignored; missing or repeated known ones refuse the file. */
export function readColumns(header: readonly string[]): Result<CsvColumns, HeaderRefused> {
  const index = new Map<ColumnKey, number>();
  const prices = new Map<string, number>();
  const compareAts = new Map<string, number>();
  const errors: FieldError[] = [];
  header.forEach((cell, column) => {
    const title = cell.trim().replace(/\s+/g, " ");
    const key = KEY_BY_TITLE.get(title.toLowerCase());
    const currency = /^(compare at )?price \/ ([a-z]{3})$/i.exec(title);
    if (key !== undefined && index.has(key)) errors.push({ path: title, message: "is there twice" });
    if (key !== undefined) index.set(key, column);
    const code = currency?.[2]?.toUpperCase();
    if (code === undefined || !CurrencyCode.safeParse(code).success) return;
    (currency?.[1] === undefined ? prices : compareAts).set(code, column);
  });
  for (const key of REQUIRED) if (!index.has(key)) errors.push({ path: TITLES[key], message: "is a required column" });
  if (errors.length > 0) return err({ code: "header_refused", errors });
  const currencies = Array.from(prices, ([currency, price]) => ({
    currency,
    price,
    compareAt: compareAts.get(currency) ?? null,
  }));
  return ok({ count: header.length, index, currencies });
}

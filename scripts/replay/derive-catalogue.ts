/**
 * The catalogue behind a file of invoices. The same article was sold at several prices over time, and a shop sells at the
 * listed one: each price of an article becomes a variant (`85123A-255`), so that every invoice line has exactly its price.
 * Pure.
 */
import type { Invoice, SaleLine } from "./read-invoices.ts";

export interface DerivedVariant {
  readonly sku: string;
  readonly unitPriceMinor: number;
  /** Units that all given invoices need. */
  quantity: number;
}

export interface DerivedProduct {
  readonly handle: string;
  readonly title: string;
  readonly variants: readonly DerivedVariant[];
}

export function skuOf(line: SaleLine): string {
  return `${line.stockCode}-${line.unitPriceMinor}`;
}

export function deriveCatalogue(invoices: readonly Invoice[]): DerivedProduct[] {
  const articles = new Map<string, { titles: Map<string, number>; variants: Map<string, DerivedVariant> }>();
  for (const line of invoices.flatMap((invoice) => invoice.lines)) {
    const article = articles.get(line.stockCode) ?? {
      titles: new Map<string, number>(),
      variants: new Map<string, DerivedVariant>(),
    };
    const title = cleanTitle(line.description);
    if (title !== "") article.titles.set(title, (article.titles.get(title) ?? 0) + 1);
    const sku = skuOf(line);
    const variant = article.variants.get(sku) ?? { sku, unitPriceMinor: line.unitPriceMinor, quantity: 0 };
    variant.quantity += line.quantity;
    article.variants.set(sku, variant);
    articles.set(line.stockCode, article);
  }
  return Array.from(articles, ([stockCode, article]) => ({
    handle: stockCode.toLowerCase(),
    title: mostFrequent(article.titles) ?? `Article ${stockCode}`,
    variants: [...article.variants.values()].sort((left, right) => left.unitPriceMinor - right.unitPriceMinor),
  }));
}

/** Descriptions vary in case and spacing: `WHITE  METAL LANTERN ` and `White metal lantern` are one title. */
function cleanTitle(description: string): string {
  const text = description
    .replace(/\s+/g, " ")
    .replace(/[.,\s]+$/, "")
    .trim()
    .toLowerCase();
  return text.replace(/(^|[\s/(+-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}

function mostFrequent(counts: ReadonlyMap<string, number>): string | undefined {
  let best: string | undefined;
  for (const [title, count] of counts) if (best === undefined || count > (counts.get(best) ?? 0)) best = title;
  return best;
}

const COLUMNS = [
  "Handle",
  "Title",
  "Vendor",
  "Option1 Name",
  "Option1 Value",
  "Variant SKU",
  "Variant Inventory Qty",
  "Variant Price",
  "Status",
];

/** The catalogue in the columns of the product import. */
export function* catalogueCsv(products: readonly DerivedProduct[]): Generator<string> {
  yield `${COLUMNS.join(",")}\n`;
  for (const product of products) {
    for (const [index, variant] of product.variants.entries()) {
      const price = `${Math.floor(variant.unitPriceMinor / 100)}.${String(variant.unitPriceMinor % 100).padStart(2, "0")}`;
      const title = index === 0 ? product.title : "";
      const cells = [
        product.handle,
        title,
        "Replay",
        "Price",
        price,
        variant.sku,
        String(variant.quantity),
        price,
        index === 0 ? "active" : "",
      ];
      yield `${cells.map(quote).join(",")}\n`;
    }
  }
}

export function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

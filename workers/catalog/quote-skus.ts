/** Prices SKUs for carts and checkouts; warm SKUs come from the isolate's memory without a query. */
import { variantTitle } from "../../durable-objects/import-run/product-record.ts";
import { inSpan } from "../shared/trace.ts";
import type { Quote, QuoteSheet } from "./contract.ts";
import { catalogVersion, isCurrentVersion, quotes } from "./hot-catalog.ts";

type MissingReason = QuoteSheet["missing"][number]["reason"];
export type QuoteEntry = { readonly quote: Quote } | { readonly missing: MissingReason };

interface QuoteRow {
  readonly sku: string;
  readonly product_id: string;
  readonly handle: string;
  readonly title: string;
  readonly status: string;
  readonly option_values: string;
  readonly weight_grams: number;
  readonly requires_shipping: number;
  readonly taxable: number;
  readonly image: string | null;
  readonly amount_minor: number | null;
}

const SELECT_QUOTES = `
SELECT v.sku, v.product_id, p.handle, p.title, p.status, v.option_values, v.weight_grams, v.requires_shipping, v.taxable,
  coalesce(v.image, (SELECT m.url FROM media m WHERE m.product_id = p.id ORDER BY m.position LIMIT 1)) AS image,
  r.amount_minor
FROM variants v JOIN products p ON p.id = v.product_id
  LEFT JOIN prices r ON r.variant_id = v.id AND r.currency = ?2
WHERE v.sku IN (SELECT value FROM json_each(?1))`;

export async function quoteSkus(database: D1Database, skus: readonly string[], currency: string): Promise<QuoteSheet> {
  const version = await catalogVersion(database);
  const entries = new Map<string, QuoteEntry>();
  for (const sku of skus) {
    const known = quotes.get(`${currency}:${sku}`);
    if (known !== undefined) entries.set(sku, known);
  }
  const unknown = [...new Set(skus)].filter((sku) => !entries.has(sku));
  if (unknown.length > 0) await readEntries(database, unknown, currency, version, entries);
  return sheetOf(version, entries);
}

async function readEntries(
  database: D1Database,
  skus: readonly string[],
  currency: string,
  version: number,
  entries: Map<string, QuoteEntry>,
): Promise<void> {
  const statement = database.prepare(SELECT_QUOTES).bind(JSON.stringify(skus), currency);
  const { results } = await inSpan("database", "quotes", () => statement.all<QuoteRow>());
  const rows = new Map(results.map((row) => [row.sku, row]));
  for (const sku of skus) {
    const entry = entryOf(rows.get(sku), currency);
    entries.set(sku, entry);
    if (isCurrentVersion(version)) quotes.set(`${currency}:${sku}`, entry, 1);
  }
}

function entryOf(row: QuoteRow | undefined, currency: string): QuoteEntry {
  if (row === undefined) return { missing: "unknown_sku" };
  if (row.status !== "active") return { missing: "not_for_sale" };
  if (row.amount_minor === null) return { missing: "no_price_in_currency" };
  return {
    quote: {
      sku: row.sku,
      productId: row.product_id,
      handle: row.handle,
      title: lineTitle(row.title, JSON.parse(row.option_values) as readonly string[]),
      unitPriceMinor: row.amount_minor,
      currency,
      weightGrams: row.weight_grams,
      requiresShipping: row.requires_shipping === 1,
      taxable: row.taxable === 1,
      image: row.image,
    },
  };
}

/** `Candle – Red / L`. */
function lineTitle(productTitle: string, optionValues: readonly string[]): string {
  const variant = variantTitle(optionValues);
  return variant === null ? productTitle : `${productTitle} – ${variant}`;
}

function sheetOf(version: number, entries: ReadonlyMap<string, QuoteEntry>): QuoteSheet {
  const found: Quote[] = [];
  const missing: { sku: string; reason: MissingReason }[] = [];
  for (const [sku, entry] of entries) {
    if ("quote" in entry) found.push(entry.quote);
    else missing.push({ sku, reason: entry.missing });
  }
  return { version, quotes: found, missing };
}

/**
 * The catalogue as Shopify's product CSV, a page of products at a time. What it writes imports as what it was: cells that a
 * spreadsheet would run are escaped in a way that the import takes back.
 */
import { csvLine, protectCell } from "../../durable-objects/import-run/csv-cell.ts";
import { COLUMN_TITLES, type ColumnKey } from "../../durable-objects/import-run/csv-columns.ts";
import {
  type ProductRecord,
  productRecord,
  SELECT_PRODUCTS,
  type VariantRecord,
} from "../../durable-objects/import-run/product-record.ts";
import type { Availability, InventoryApi } from "../inventory/contract.ts";
import { callPeer, type PeerPolicy } from "../shared/call-peer.ts";
import { decimalAmount } from "../shared/money.ts";
import type { CallContext } from "../shared/telemetry.ts";

const PAGE_PRODUCTS = 200;
const AVAILABILITY_SKUS_MAX = 500;
const INVENTORY_POLICY: PeerPolicy = { service: "inventory", deadlineMs: 20_000, retries: 2 };

export interface ExportRequest {
  readonly database: D1Database;
  readonly inventory: InventoryApi;
  readonly context: CallContext;
  readonly shopCurrency: string;
  /** Live quantities cost a look at each SKU; without them the stock columns are left out. */
  readonly withStock: boolean;
}

const STOCK_COLUMNS: readonly ColumnKey[] = ["quantity", "policy"];

/** The first page is read before the answer starts, so that what cannot be exported is refused and not cut off. */
export async function exportProducts(request: ExportRequest): Promise<ReadableStream<Uint8Array>> {
  const currencies = await otherCurrencies(request);
  const keys = (Object.keys(COLUMN_TITLES) as ColumnKey[]).filter((key) => request.withStock || !STOCK_COLUMNS.includes(key));
  const extra = currencies.flatMap((currency) => [`Price / ${currency}`, `Compare At Price / ${currency}`]);
  const header = csvLine([...keys.map((key) => COLUMN_TITLES[key]), ...extra]);
  const pages = readPages(request, keys, currencies);
  const first = await pages.next();
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(header + (first.done === true ? "" : first.value)));
    },
    async pull(controller) {
      const page = await pages.next();
      if (page.done === true) controller.close();
      else controller.enqueue(encoder.encode(page.value));
    },
    async cancel() {
      await pages.return(undefined);
    },
  });
}

async function otherCurrencies({ database, shopCurrency }: ExportRequest): Promise<string[]> {
  const { results } = await database
    .prepare("SELECT DISTINCT currency FROM prices WHERE currency <> ?1 ORDER BY currency")
    .bind(shopCurrency)
    .all<{ currency: string }>();
  return results.map((row) => row.currency);
}

async function* readPages(
  request: ExportRequest,
  keys: readonly ColumnKey[],
  currencies: readonly string[],
): AsyncGenerator<string, undefined> {
  for (let after = 0; ; ) {
    const { results } = await request.database
      .prepare(`${SELECT_PRODUCTS} WHERE p.row_id > ?1 ORDER BY p.row_id LIMIT ${PAGE_PRODUCTS}`)
      .bind(after)
      .all();
    const products = results.map(productRecord);
    const last = products.at(-1);
    if (last === undefined) return undefined;
    const stock = request.withStock ? await readStock(request, products) : new Map<string, Availability>();
    yield products.flatMap((product) => productLines(product, keys, currencies, stock, request.shopCurrency)).join("");
    after = last.rowId;
  }
}

async function readStock(
  { inventory, context }: ExportRequest,
  products: readonly ProductRecord[],
): Promise<Map<string, Availability>> {
  const skus = products.flatMap((product) => product.variants.map((variant) => variant.sku));
  const stock = new Map<string, Availability>();
  for (let from = 0; from < skus.length; from += AVAILABILITY_SKUS_MAX) {
    const part = skus.slice(from, from + AVAILABILITY_SKUS_MAX);
    const answer = await callPeer(INVENTORY_POLICY, () => inventory.availability(part, context));
    if (!answer.ok) throw new Error(`inventory is unavailable: ${answer.error.message}`);
    for (const availability of answer.value) stock.set(availability.sku, availability);
  }
  return stock;
}

type Row = Partial<Record<ColumnKey, string>>;

/** One line a variant; further images have lines of their own. */
export function productLines(
  product: ProductRecord,
  keys: readonly ColumnKey[],
  currencies: readonly string[],
  stock: ReadonlyMap<string, Availability>,
  shopCurrency: string,
): string[] {
  const count = Math.max(product.variants.length, product.media.length);
  return Array.from({ length: count }, (_, index) => {
    const variant = product.variants[index];
    const row: Row = {
      handle: product.handle,
      ...(index === 0 ? productCells(product) : {}),
      ...(variant === undefined ? {} : variantCells(variant, stock.get(variant.sku), shopCurrency)),
      ...imageCells(product, index),
    };
    const prices = currencies.flatMap((currency) => priceCells(variant, currency));
    return csvLine([...keys.map((key) => row[key] ?? ""), ...prices].map(protectCell));
  });
}

function productCells(product: ProductRecord): Row {
  const [first, second, third] = product.options;
  return {
    title: product.title,
    body: product.description,
    vendor: product.vendor,
    type: product.type,
    category: product.category?.handle ?? "",
    tags: product.tags.join(", "),
    published: product.status === "active" ? "TRUE" : "FALSE",
    status: product.status,
    option1Name: first ?? "Title",
    option2Name: second ?? "",
    option3Name: third ?? "",
  };
}

function variantCells(variant: VariantRecord, stock: Availability | undefined, shopCurrency: string): Row {
  const [first, second, third] = variant.optionValues;
  const [price, compareAt] = priceCells(variant, shopCurrency);
  return {
    option1Value: first ?? "Default Title",
    option2Value: second ?? "",
    option3Value: third ?? "",
    sku: variant.sku,
    grams: String(variant.weightGrams),
    quantity: stock === undefined ? "" : String(Math.max(0, stock.available)),
    policy: stock?.backorderable === true ? "continue" : "deny",
    price: price ?? "",
    compareAtPrice: compareAt ?? "",
    requiresShipping: variant.requiresShipping ? "TRUE" : "FALSE",
    taxable: variant.taxable ? "TRUE" : "FALSE",
    variantImage: variant.image ?? "",
  };
}

function priceCells(variant: VariantRecord | undefined, currency: string): [string, string] {
  const price = variant?.prices.find((known) => known.currency === currency);
  if (price === undefined) return ["", ""];
  const compareAt = price.compareAtMinor === null ? "" : decimalAmount(price.compareAtMinor, currency);
  return [decimalAmount(price.amountMinor, currency), compareAt];
}

function imageCells(product: ProductRecord, index: number): Row {
  const image = product.media[index];
  return image === undefined ? {} : { imageSource: image.url, imageAlt: image.alt, imagePosition: String(index + 1) };
}

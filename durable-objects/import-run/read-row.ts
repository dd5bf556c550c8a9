/** One CSV record as what it says about a product, a variant and an image, or the reason why it is refused. Pure. */
import {
  DESCRIPTION_LENGTH_MAX,
  Handle,
  MediaUrl,
  OPTIONS_MAX,
  PRODUCT_STATUSES,
  type ProductStatus,
  TAGS_MAX,
  TITLE_LENGTH_MAX,
  WEIGHT_GRAMS_MAX,
} from "../../workers/catalog/contract.ts";
import { QUANTITY_MAX, Sku } from "../../workers/inventory/contract.ts";
import { parseDecimalAmount } from "../../workers/shared/money.ts";
import { isFormula, unprotectCell } from "./csv-cell.ts";
import { COLUMN_TITLES, type ColumnKey, type CsvColumns } from "./csv-columns.ts";
import type { CsvRecord } from "./csv-reader.ts";
import type { MediaRecord, PriceRecord } from "./product-record.ts";
import { sanitizeDescription } from "./sanitize-description.ts";
import { slugOf } from "./slug.ts";

export type RefusalCode =
  | "broken_quotes"
  | "cell_too_large"
  | "too_many_columns"
  | "invalid_encoding"
  | "missing_handle"
  | "invalid_handle"
  | "missing_title"
  | "text_too_long"
  | "formula_cell"
  | "invalid_status"
  | "invalid_options"
  | "missing_sku"
  | "invalid_sku"
  | "duplicate_sku"
  | "missing_price"
  | "negative_price"
  | "invalid_price"
  | "invalid_quantity"
  | "invalid_policy"
  | "invalid_weight"
  | "invalid_flag"
  | "invalid_image"
  | "too_many_tags"
  | "too_many_variants"
  | "product_refused";

/** `row` counts as a spreadsheet does: the header is row 1. */
export interface Refusal {
  readonly row: number;
  readonly code: RefusalCode;
  readonly message: string;
}

/** What the row says about its product; undefined where the file has no such column, which leaves the field alone. */
export interface ProductCells {
  readonly title: string;
  readonly description: string | undefined;
  readonly vendor: string | undefined;
  readonly type: string | undefined;
  /** Null: no category. */
  readonly category: { readonly handle: string; readonly title: string } | null | undefined;
  readonly tags: readonly string[] | undefined;
  readonly status: ProductStatus | undefined;
  readonly options: readonly string[] | undefined;
}

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

/** What could be read although the row is refused still serves the product's other rows. */
export interface RowReading {
  readonly row: number;
  readonly handle: string | null;
  readonly product: ProductCells | null;
  readonly variant: VariantCells | null;
  readonly image: ImageCells | null;
  readonly refusal: Refusal | null;
  /** True when the refusal is about the product itself, so that none of its rows can stand. */
  readonly refusesProduct: boolean;
}

class RowRefused extends Error {
  readonly code: RefusalCode;
  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

const OPTION_NAMES = ["option1Name", "option2Name", "option3Name"] as const;
const OPTION_VALUES = ["option1Value", "option2Value", "option3Value"] as const;
/** What Shopify writes for a product without options. */
const NO_OPTION_NAME = "Title";
const NO_OPTION_VALUE = "Default Title";

export function readRow(record: CsvRecord, row: number, columns: CsvColumns, shopCurrency: string): RowReading {
  const cells = new Cells(record, columns);
  const reading = { row, handle: null, product: null, variant: null, image: null, refusal: null, refusesProduct: false };
  const parts: { handle: string | null; product: ProductCells | null; image: ImageCells | null; variant: VariantCells | null } =
    reading;
  let readingProduct = true;
  try {
    refuseBroken(record, columns);
    parts.handle = readHandle(cells);
    parts.product = readProduct(cells);
    readingProduct = false;
    parts.image = readImage(cells);
    parts.variant = readVariant(cells, shopCurrency, parts.image);
    return { ...reading, ...parts };
  } catch (error) {
    if (!(error instanceof RowRefused)) throw error;
    const refusal: Refusal = { row, code: error.code, message: error.message };
    return { ...reading, ...parts, refusal, refusesProduct: parts.handle !== null && readingProduct };
  }
}

const BROKEN_MESSAGES = {
  broken_quotes: "A cell has a quote that is not closed, or text beside its quotes; only this line was skipped.",
  cell_too_large: "A cell is larger than 128 kB.",
  too_many_columns: "There are more cells than the file allows.",
} as const;

function refuseBroken(record: CsvRecord, columns: CsvColumns): void {
  if (record.problem !== null) throw new RowRefused(record.problem, BROKEN_MESSAGES[record.problem]);
  if (record.length > columns.count) {
    throw new RowRefused("too_many_columns", `There are ${record.length} cells but only ${columns.count} columns.`);
  }
}

/** Cells by column, trimmed, with the spreadsheet escape taken away. */
class Cells {
  readonly #record: CsvRecord;
  readonly columns: CsvColumns;

  constructor(record: CsvRecord, columns: CsvColumns) {
    this.#record = record;
    this.columns = columns;
  }

  has(key: ColumnKey): boolean {
    return this.columns.index.has(key);
  }

  raw(column: number | undefined, title: string): string {
    if (column === undefined) return "";
    const text = this.#record.text(column);
    if (text === undefined) throw new RowRefused("invalid_encoding", `${title} is not UTF-8 text.`);
    return text;
  }

  text(key: ColumnKey): string {
    return unprotectCell(this.raw(this.columns.index.get(key), COLUMN_TITLES[key])).trim();
  }

  /** For cells that become names and keys: refused when a spreadsheet would run them. */
  name(key: ColumnKey): string {
    const raw = this.raw(this.columns.index.get(key), COLUMN_TITLES[key]);
    if (isFormula(raw)) throw new RowRefused("formula_cell", `${COLUMN_TITLES[key]} begins like a spreadsheet formula.`);
    return unprotectCell(raw).trim();
  }

  limited(key: ColumnKey, lengthMax = TITLE_LENGTH_MAX): string {
    const text = this.text(key);
    if (text.length <= lengthMax) return text;
    throw new RowRefused("text_too_long", `${COLUMN_TITLES[key]} is longer than ${lengthMax} characters.`);
  }

  /** Undefined when there is no such column or the cell is empty. */
  flag(key: ColumnKey): boolean | undefined {
    const text = this.text(key).toLowerCase();
    if (text === "") return undefined;
    if (text === "true" || text === "false") return text === "true";
    throw new RowRefused("invalid_flag", `${COLUMN_TITLES[key]} must be TRUE or FALSE.`);
  }

  wholeNumber(key: ColumnKey, max: number, code: RefusalCode): number | null {
    const text = this.text(key);
    if (text === "") return null;
    const value = /^\d{1,15}(?:\.0+)?$/.test(text) ? Number(text) : Number.NaN;
    if (value <= max) return value;
    throw new RowRefused(code, `${COLUMN_TITLES[key]} must be a whole number from 0 to ${max}.`);
  }
}

function readHandle(cells: Cells): string {
  const handle = cells.name("handle");
  if (handle === "") throw new RowRefused("missing_handle", "The row has no Handle.");
  if (!Handle.safeParse(handle).success) {
    throw new RowRefused("invalid_handle", "Handle may hold letters, digits, '-', '_' and '.', at most 255.");
  }
  return handle;
}

/** Null on the continuation rows of a product, which have no title. */
function readProduct(cells: Cells): ProductCells | null {
  const title = cells.name("title");
  if (title === "") return null;
  if (title.length > TITLE_LENGTH_MAX) throw new RowRefused("text_too_long", `Title is longer than ${TITLE_LENGTH_MAX}.`);
  const type = cells.has("type") ? cells.limited("type") : undefined;
  return {
    title,
    description: cells.has("body") ? readDescription(cells) : undefined,
    vendor: cells.has("vendor") ? cells.limited("vendor") : undefined,
    type,
    category: readCategory(cells, type),
    tags: cells.has("tags") ? readTags(cells) : undefined,
    status: readStatus(cells),
    options: cells.has("option1Name") ? readOptionNames(cells) : undefined,
  };
}

function readDescription(cells: Cells): string {
  const description = sanitizeDescription(cells.text("body"));
  if (description.length <= DESCRIPTION_LENGTH_MAX) return description;
  throw new RowRefused("text_too_long", `Body (HTML) is longer than ${DESCRIPTION_LENGTH_MAX} characters.`);
}

/** `Category` is a handle and wins; without that column the type names the category. */
function readCategory(cells: Cells, type: string | undefined): ProductCells["category"] {
  if (!cells.has("category")) {
    if (type === undefined) return undefined;
    const handle = slugOf(type);
    return handle === "" ? null : { handle, title: type };
  }
  const handle = cells.name("category");
  if (handle === "") return null;
  if (!Handle.safeParse(handle).success) throw new RowRefused("invalid_handle", "Category must be a handle.");
  return { handle, title: type !== undefined && slugOf(type) === handle ? type : handle };
}

function readTags(cells: Cells): string[] {
  const texts = cells
    .text("tags")
    .split(",")
    .map((tag) => tag.trim());
  const tags = [...new Set(texts.filter((tag) => tag !== ""))];
  if (tags.length > TAGS_MAX) throw new RowRefused("too_many_tags", `There are more than ${TAGS_MAX} tags.`);
  if (tags.some((tag) => tag.length > TITLE_LENGTH_MAX)) throw new RowRefused("text_too_long", "A tag is too long.");
  return tags;
}

function readStatus(cells: Cells): ProductStatus | undefined {
  const published = cells.flag("published");
  const text = cells.text("status").toLowerCase();
  if (text === "") return published === undefined ? undefined : published ? "active" : "draft";
  const status = PRODUCT_STATUSES.find((known) => known === text);
  if (status === undefined) throw new RowRefused("invalid_status", "Status must be active, draft or archived.");
  return status === "active" && published === false ? "draft" : status;
}

function readOptionNames(cells: Cells): string[] {
  const names = OPTION_NAMES.map((key) => cells.limited(key));
  const used = names.filter((name) => name !== "");
  const gap = names.indexOf("");
  if (gap !== -1 && gap < used.length) throw new RowRefused("invalid_options", `Option${gap + 1} Name is missing.`);
  if (new Set(used).size < used.length) throw new RowRefused("invalid_options", "Two options have the same name.");
  const only = used.length === 1 && used[0] === NO_OPTION_NAME && cells.text("option1Value") === NO_OPTION_VALUE;
  return only ? [] : used;
}

function readImage(cells: Cells): ImageCells | null {
  const url = cells.text("imageSource");
  if (url === "") return null;
  if (!MediaUrl.safeParse(url).success) {
    throw new RowRefused("invalid_image", "Image Src must be an https URL, or a path that starts with one '/'.");
  }
  return { url, alt: cells.limited("imageAlt", 512), position: cells.wholeNumber("imagePosition", 10_000, "invalid_image") };
}

/** Null for rows that only add an image. */
function readVariant(cells: Cells, shopCurrency: string, image: ImageCells | null): VariantCells | null {
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

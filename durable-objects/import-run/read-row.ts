/** One CSV record as what it says about a product, a variant and an image, or the reason why it is refused. Pure. */
import {
  DESCRIPTION_LENGTH_MAX,
  Handle,
  PRODUCT_STATUSES,
  type ProductStatus,
  TAGS_MAX,
  TITLE_LENGTH_MAX,
} from "../../workers/catalog/contract.ts";
import type { CsvColumns } from "./csv-columns.ts";
import type { CsvRecord } from "./csv-reader.ts";
import { type ImageCells, NO_OPTION_NAME, NO_OPTION_VALUE, readImage, readVariant, type VariantCells } from "./read-variant.ts";
import { Cells, type Refusal, RowRefused } from "./row-cells.ts";
import { sanitizeDescription } from "./sanitize-description.ts";
import { slugOf } from "./slug.ts";

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

const OPTION_NAMES = ["option1Name", "option2Name", "option3Name"] as const;
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

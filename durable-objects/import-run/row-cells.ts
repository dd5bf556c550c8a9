/** The cells of one record by column, and the refusals that reading them can end in. Pure. */
import { TITLE_LENGTH_MAX } from "../../workers/catalog/contract.ts";
import { isFormula, unprotectCell } from "./csv-cell.ts";
import { COLUMN_TITLES, type ColumnKey, type CsvColumns } from "./csv-columns.ts";
import type { CsvRecord } from "./csv-reader.ts";

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

/** Thrown while a row is read, and caught where its reading is made. */
export class RowRefused extends Error {
  readonly code: RefusalCode;
  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Cells by column, trimmed, with the spreadsheet escape taken away. */
export class Cells {
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

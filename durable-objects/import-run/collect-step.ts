/** Reads the rows of one step: whole products from a byte offset on, until there are enough. Bounded memory; the I/O is given. */
import type { CsvColumns } from "./csv-columns.ts";
import { CsvReader, type CsvRecord } from "./csv-reader.ts";
import { type ProductGroup, RowGrouper } from "./group-rows.ts";
import { type RowReading, readRow } from "./read-row.ts";
import type { Refusal } from "./row-cells.ts";

export interface ByteSource {
  readonly sizeBytes: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Where the next step begins: a byte offset at the first row of a product, and that row's number. */
export interface ImportPosition {
  readonly offset: number;
  readonly row: number;
}

export interface StepLimits {
  readonly rowsMax: number;
  /** Of the records' text, so that what is written stays below D1's 2 MB a parameter. */
  readonly bytesMax: number;
  readonly readBytes: number;
}

/** A product with more rows than this many steps' worth, or broken lines without end, is cut instead of kept in memory. */
const OVERFULL_FACTOR = 2;

export interface ImportStep {
  readonly groups: readonly ProductGroup[];
  /** Of rows that belong to no product. */
  readonly refusals: readonly Refusal[];
  readonly rows: number;
  readonly next: ImportPosition;
  readonly done: boolean;
}

export async function collectStep(
  source: ByteSource,
  start: ImportPosition,
  columns: CsvColumns,
  shopCurrency: string,
  limits: StepLimits,
): Promise<ImportStep> {
  const collector = new StepCollector(start, columns, shopCurrency, limits);
  let reader = new CsvReader(start.offset);
  let offset = start.offset;
  for (;;) {
    const atEnd = offset >= source.sizeBytes;
    const chunk = atEnd ? null : await source.read(offset, Math.min(limits.readBytes, source.sizeBytes - offset));
    for (const record of chunk === null ? reader.finish() : reader.push(chunk))
      if (collector.add(record)) return collector.ended();
    if (chunk !== null) offset += chunk.length;
    else if (reader.rewindTo === null) return collector.finished(source.sizeBytes);
    else {
      offset = reader.rewindTo;
      reader = new CsvReader(offset);
    }
  }
}

class StepCollector {
  readonly #columns: CsvColumns;
  readonly #shopCurrency: string;
  readonly #limits: StepLimits;
  readonly #grouper = new RowGrouper();
  readonly #groups: ProductGroup[] = [];
  readonly #handles = new Set<string>();
  #refusals: Refusal[] = [];
  /** Row number, count and bytes up to where the last complete product ends. */
  #row: number;
  #rows = 0;
  #bytes = 0;
  #next: ImportPosition;

  constructor(start: ImportPosition, columns: CsvColumns, shopCurrency: string, limits: StepLimits) {
    this.#columns = columns;
    this.#shopCurrency = shopCurrency;
    this.#limits = limits;
    this.#row = start.row;
    this.#next = start;
  }

  /** @returns true when the step is full; the record then belongs to the next one. */
  add(record: CsvRecord): boolean {
    const row = this.#row++;
    if (record.blank) return false;
    const reading = readRow(record, row, this.#columns, this.#shopCurrency);
    const full = this.#rows >= this.#limits.rowsMax || this.#bytes >= this.#limits.bytesMax;
    const group = this.#grouper.add(reading);
    if (group !== null) this.#take(group);
    const repeats = reading.handle !== null && this.#handles.has(reading.handle);
    if ((group !== null && full) || repeats) return this.#endBefore(record, row);
    if (full && (reading.handle === null || this.#rows >= OVERFULL_FACTOR * this.#limits.rowsMax)) {
      return this.#cutBefore(record, row, reading);
    }
    this.#rows++;
    this.#bytes += record.endOffset - record.offset;
    return false;
  }

  #endBefore(record: CsvRecord, row: number): true {
    this.#next = { offset: record.offset, row };
    this.#refusals = this.#grouper.takeRefusals().filter((refusal) => refusal.row < row);
    return true;
  }

  /** Ends the step inside a product; its further rows find it in the catalogue. */
  #cutBefore(record: CsvRecord, row: number, reading: RowReading): true {
    const open = this.#grouper.end();
    const rows = open?.rows.filter((known) => known !== reading) ?? [];
    if (open !== null && rows.length > 0) this.#take({ handle: open.handle, rows });
    return this.#endBefore(record, row);
  }

  ended(): ImportStep {
    return { groups: this.#groups, refusals: this.#refusals, rows: this.#rows, next: this.#next, done: false };
  }

  finished(sizeBytes: number): ImportStep {
    const last = this.#grouper.end();
    if (last !== null) this.#take(last);
    const next = { offset: sizeBytes, row: this.#row };
    return { groups: this.#groups, refusals: this.#grouper.takeRefusals(), rows: this.#rows, next, done: true };
  }

  #take(group: ProductGroup): void {
    this.#groups.push(group);
    this.#handles.add(group.handle);
  }
}

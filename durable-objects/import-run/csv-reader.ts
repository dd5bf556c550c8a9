/**
 * A strict streaming CSV reader (RFC 4180) over bytes: any chunking gives the same records, and memory stays bounded
 * whatever a cell holds. A line with broken quotes is one refused record and reading goes on with the next line, so that
 * one stray quote does not swallow the file. Pure.
 */

const QUOTE = 0x22;
const COMMA = 0x2c;
const LF = 0x0a;
const CR = 0x0d;

/** Larger cells are refused; Shopify's own descriptions end at 64 kB. */
export const CELL_BYTES_MAX = 128 * 1024;
/** A record above this is no longer kept, only measured until it ends. */
const RECORD_BYTES_MAX = 1024 * 1024;
export const COLUMNS_MAX = 512;

export type CsvProblem = "broken_quotes" | "cell_too_large" | "too_many_columns";

/** Bounds of one cell in the reader's bytes; `escaped` says that it holds doubled quotes. */
interface CellBounds {
  readonly start: number;
  readonly end: number;
  readonly escaped: boolean;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** One record. Cells are decoded when asked for: most columns of a wide file never are. */
export class CsvRecord {
  /** Byte offset of the record in the file, and of what follows it. */
  readonly offset: number;
  readonly endOffset: number;
  readonly problem: CsvProblem | null;
  readonly #bytes: Uint8Array;
  readonly #cells: readonly CellBounds[];

  constructor(offset: number, endOffset: number, problem: CsvProblem | null, bytes: Uint8Array, cells: readonly CellBounds[]) {
    this.offset = offset;
    this.endOffset = endOffset;
    this.problem = problem;
    this.#bytes = bytes;
    this.#cells = cells;
  }

  get length(): number {
    return this.#cells.length;
  }

  /** True for an empty line. */
  get blank(): boolean {
    const first = this.#cells[0];
    return this.problem === null && this.#cells.length === 1 && first !== undefined && first.start === first.end;
  }

  /** The cell's text, `""` past the end of the record; undefined when it is not UTF-8. */
  text(column: number): string | undefined {
    const cell = this.#cells[column];
    if (cell === undefined || cell.start === cell.end) return "";
    try {
      const text = decoder.decode(this.#bytes.subarray(cell.start, cell.end));
      return cell.escaped ? text.replaceAll('""', '"') : text;
    } catch {
      return undefined;
    }
  }
}

type Scan =
  | { readonly kind: "record"; readonly end: number; readonly cells: readonly CellBounds[] }
  | { readonly kind: "incomplete" }
  | { readonly kind: "broken" };

const INCOMPLETE: Scan = { kind: "incomplete" };
const BROKEN: Scan = { kind: "broken" };

/** A record that outgrew the buffer: only its quote parity and its first line's end are remembered. */
interface Skip {
  readonly offset: number;
  quoted: boolean;
  firstLineEnd: number | null;
}

export class CsvReader {
  #bytes: Uint8Array = new Uint8Array(0);
  /** File offset of `#bytes[0]`. */
  #base: number;
  #skip: Skip | null = null;
  #rewindTo: number | null = null;

  constructor(startOffset = 0) {
    this.#base = startOffset;
  }

  /**
   * After `finish`: the offset to read on from with a new reader, when a record too large to keep turned out to be an
   * unclosed quote and only its first line was refused.
   */
  get rewindTo(): number | null {
    return this.#rewindTo;
  }

  /** Takes the next bytes. @returns the records that are complete now. */
  push(chunk: Uint8Array): CsvRecord[] {
    return this.#read(chunk, false);
  }

  /** @returns what the end of the file completes. */
  finish(): CsvRecord[] {
    return this.#read(new Uint8Array(0), true);
  }

  #read(chunk: Uint8Array, final: boolean): CsvRecord[] {
    this.#bytes = this.#bytes.length === 0 ? chunk : concatenate(this.#bytes, chunk);
    const records: CsvRecord[] = [];
    let start = 0;
    while (start < this.#bytes.length || (final && this.#skip !== null)) {
      const record = this.#skip === null ? this.#next(start, final) : this.#skipOn(this.#skip, start, final);
      if (record === null) break;
      records.push(record);
      start = record.endOffset - this.#base;
      if (this.#rewindTo !== null) break;
    }
    this.#forget(this.#rewindTo !== null || this.#skip !== null ? this.#bytes.length : start, final);
    return records;
  }

  #next(start: number, final: boolean): CsvRecord | null {
    const scan = scanRecord(this.#bytes, start, final);
    if (scan.kind === "record") return this.#made(start, scan.end, problemOf(scan.cells), scan.cells);
    if (scan.kind === "broken") {
      const end = lineEnd(this.#bytes, start, final);
      return end === null ? null : this.#made(start, end, "broken_quotes", []);
    }
    if (this.#bytes.length - start > RECORD_BYTES_MAX) {
      this.#skip = { offset: this.#base + start, quoted: false, firstLineEnd: null };
      return this.#skipOn(this.#skip, start, final);
    }
    return null;
  }

  /** Follows a record that is too large until its end. */
  #skipOn(skip: Skip, start: number, final: boolean): CsvRecord | null {
    for (let index = start; index < this.#bytes.length; index++) {
      const byte = this.#bytes[index];
      if (byte === QUOTE) skip.quoted = !skip.quoted;
      if (byte !== LF) continue;
      skip.firstLineEnd ??= this.#base + index + 1;
      if (!skip.quoted) return this.#endSkip(skip.offset, this.#base + index + 1, "cell_too_large");
    }
    if (!final) return null;
    const fileEnd = this.#base + this.#bytes.length;
    if (!skip.quoted) return this.#endSkip(skip.offset, fileEnd, "cell_too_large");
    if (skip.firstLineEnd !== null) this.#rewindTo = skip.firstLineEnd;
    return this.#endSkip(skip.offset, skip.firstLineEnd ?? fileEnd, "broken_quotes");
  }

  #endSkip(offset: number, endOffset: number, problem: CsvProblem): CsvRecord {
    this.#skip = null;
    return new CsvRecord(offset, endOffset, problem, this.#bytes, []);
  }

  #made(start: number, end: number, problem: CsvProblem | null, cells: readonly CellBounds[]): CsvRecord {
    return new CsvRecord(this.#base + start, this.#base + end, problem, this.#bytes, cells);
  }

  /** Keeps what is not read yet; a copy, so that the chunk can be collected. */
  #forget(count: number, final: boolean): void {
    this.#base += count;
    this.#bytes = final ? new Uint8Array(0) : this.#bytes.slice(count);
  }
}

function concatenate(head: Uint8Array, tail: Uint8Array): Uint8Array {
  if (tail.length === 0) return head;
  const joined = new Uint8Array(head.length + tail.length);
  joined.set(head);
  joined.set(tail, head.length);
  return joined;
}

function problemOf(cells: readonly CellBounds[]): CsvProblem | null {
  if (cells.length > COLUMNS_MAX) return "too_many_columns";
  return cells.some((cell) => cell.end - cell.start > CELL_BYTES_MAX) ? "cell_too_large" : null;
}

function lineEnd(bytes: Uint8Array, start: number, final: boolean): number | null {
  const found = bytes.indexOf(LF, start);
  if (found !== -1) return found + 1;
  return final ? bytes.length : null;
}

function scanRecord(bytes: Uint8Array, start: number, final: boolean): Scan {
  const cells: CellBounds[] = [];
  let index = start;
  for (;;) {
    const cell = bytes[index] === QUOTE ? scanQuoted(bytes, index + 1, final) : scanPlain(bytes, index, final);
    if (cell === "incomplete") return INCOMPLETE;
    if (cell === "broken") return BROKEN;
    cells.push(cell);
    index = bytes[index] === QUOTE ? cell.end + 1 : cell.end;
    const delimiter = bytes[index];
    if (delimiter === undefined) return final ? { kind: "record", end: index, cells } : INCOMPLETE;
    if (delimiter === LF) return { kind: "record", end: index + 1, cells };
    if (delimiter === CR) {
      const next = bytes[index + 1];
      if (next === undefined && !final) return INCOMPLETE;
      return { kind: "record", end: next === LF ? index + 2 : index + 1, cells };
    }
    if (delimiter !== COMMA) return BROKEN;
    index++;
  }
}

function scanPlain(bytes: Uint8Array, start: number, final: boolean): CellBounds | "incomplete" | "broken" {
  let index = start;
  for (; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === COMMA || byte === LF || byte === CR) return { start, end: index, escaped: false };
    if (byte === QUOTE) return "broken";
  }
  return final ? { start, end: index, escaped: false } : "incomplete";
}

/** @param start just after the opening quote. The cell ends before its closing quote. */
function scanQuoted(bytes: Uint8Array, start: number, final: boolean): CellBounds | "incomplete" | "broken" {
  let escaped = false;
  for (let from = start; ; ) {
    const quote = bytes.indexOf(QUOTE, from);
    if (quote === -1) return final ? "broken" : "incomplete";
    if (quote + 1 === bytes.length && !final) return "incomplete";
    if (bytes[quote + 1] !== QUOTE) return { start, end: quote, escaped };
    escaped = true;
    from = quote + 2;
  }
}

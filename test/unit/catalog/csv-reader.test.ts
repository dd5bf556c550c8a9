/** The reader gives the same records for any chunking, writes and reads are inverse, and broken lines stay single. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine, isFormula, protectCell, unprotectCell } from "../../../durable-objects/import-run/csv-cell.ts";
import { CELL_BYTES_MAX, CsvReader, type CsvRecord } from "../../../durable-objects/import-run/csv-reader.ts";

const encoder = new TextEncoder();

type Read = readonly (readonly string[] | string)[];

function seen(record: CsvRecord): readonly string[] | string {
  return record.problem ?? Array.from({ length: record.length }, (_, column) => record.text(column) ?? "not UTF-8");
}

/** Reads the chunks, and on from where the reader says when it has to go back. */
function readChunks(bytes: Uint8Array, cuts: readonly number[]): Read {
  const records: (readonly string[] | string)[] = [];
  for (let from: number | null = 0; from !== null; ) {
    const start: number = from;
    const reader = new CsvReader(start);
    const edges = [start, ...cuts.filter((cut) => cut > start && cut < bytes.length), bytes.length];
    for (let index = 1; index < edges.length; index++) {
      for (const record of reader.push(bytes.slice(edges[index - 1], edges[index]))) records.push(seen(record));
    }
    for (const record of reader.finish()) records.push(seen(record));
    from = reader.rewindTo;
  }
  return records;
}

function read(text: string): Read {
  return readChunks(encoder.encode(text), []);
}

describe("the CSV reader", () => {
  it("reads quotes, commas, line ends and newlines inside quotes", () => {
    expect(read('a,"b ""c"" d",\r\n"e\r\nf",,g\n\nlast')).toEqual([["a", 'b "c" d', ""], ["e\r\nf", "", "g"], [""], ["last"]]);
  });

  it("reads back every table that it writes", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\r", "\n", "ü", "🎁", " ", "'") });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), (table) => {
        expect(read(table.map(csvLine).join(""))).toEqual(table);
      }),
    );
  });

  it("gives the same records wherever the bytes are cut", () => {
    const text = fc.string({ unit: fc.constantFrom("a", '"', '"', ",", "\n", "\r\n", "é"), maxLength: 40 });
    fc.assert(
      fc.property(text, (file) => {
        const bytes = encoder.encode(file);
        const whole = readChunks(bytes, []);
        const everyByte = Array.from(bytes, (_, index) => index);
        expect(readChunks(bytes, everyByte)).toEqual(whole);
        for (const cut of everyByte) expect(readChunks(bytes, [cut])).toEqual(whole);
      }),
    );
  });

  it.each([
    ["text after a closing quote", 'a\n"b"c,d\ne\n', [["a"], "broken_quotes", ["e"]]],
    ["a quote inside plain text", 'a\nb"c\ne\n', [["a"], "broken_quotes", ["e"]]],
    ["a quote that is never closed", 'a\n"b,c\nd,e\nf\n', [["a"], "broken_quotes", ["d", "e"], ["f"]]],
  ])("refuses one line for %s", (_, text, records) => {
    expect(read(text)).toEqual(records);
  });

  it("refuses a cell above the limit, and the record after it is whole", () => {
    for (const length of [CELL_BYTES_MAX + 1, 3_000_000]) {
      expect(read(`a,"${"x\n".repeat(length / 2 + 1)}",b\nnext,row\n`)).toEqual(["cell_too_large", ["next", "row"]]);
    }
  });

  it("goes back when what looked like a huge cell is an open quote", () => {
    const lines = Array.from({ length: 300_000 }, (_, index) => `row${index}`);
    const records = readChunks(encoder.encode(`"open\n${lines.join("\n")}\n`), [1_000_000]);
    expect(records.length).toBe(300_001);
    expect([records[0], records[1], records.at(-1)]).toEqual(["broken_quotes", ["row0"], ["row299999"]]);
  });

  it("tells text that is not UTF-8 from text that is", () => {
    const [record] = new CsvReader().push(Uint8Array.from([0xff, 0x2c, 0x61, 0x0a]));
    expect([record?.text(0), record?.text(1)]).toEqual([undefined, "a"]);
  });
});

describe("spreadsheet escapes", () => {
  it("are taken back exactly, and leave nothing that runs", () => {
    const text = fc.string({ unit: fc.constantFrom("'", "=", "+", "-", "@", "\t", "\r", "a", "1") });
    fc.assert(
      fc.property(text, (cell) => {
        expect(unprotectCell(protectCell(cell))).toBe(cell);
        expect(protectCell(cell)).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });

  it.each([
    ["=1+1", true],
    ["@SUM(A1)", true],
    ["\tx", true],
    ["+cmd|' /C calc'!A0", true],
    ["-2+SUM(A1)", true],
    ["-20 °C freezer bag", false],
    ["+44 20 7946 0000", false],
    ["Mug = cup", false],
  ])("%j is a formula: %s", (text, formula) => {
    expect(isFormula(text)).toBe(formula);
  });
});

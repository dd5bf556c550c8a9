/** Steps of any size cover the file once, end between products, and stay bounded. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collectStep, type ImportPosition, type ImportStep } from "../../../durable-objects/import-run/collect-step.ts";
import { type CsvColumns, readColumns } from "../../../durable-objects/import-run/csv-columns.ts";

const HEADER = ["Handle", "Title", "Variant SKU", "Variant Price"];

function columns(): CsvColumns {
  const read = readColumns(HEADER);
  if (!read.ok) throw new Error("header");
  return read.value;
}

async function steps(text: string, rowsMax: number): Promise<ImportStep[]> {
  const bytes = new TextEncoder().encode(text);
  const source = {
    sizeBytes: bytes.length,
    read: async (offset: number, length: number) => bytes.slice(offset, offset + length),
  };
  const all: ImportStep[] = [];
  for (let position: ImportPosition = { offset: 0, row: 2 }; ; ) {
    const step = await collectStep(source, position, columns(), "GBP", { rowsMax, bytesMax: 1_000_000, readBytes: 64 });
    all.push(step);
    if (step.done) return all;
    position = step.next;
  }
}

const rowsOf = (all: readonly ImportStep[]) =>
  all
    .flatMap((step) => [
      ...step.groups.flatMap((group) => group.rows.map((row) => [row.row, group.handle, row.variant?.sku, row.refusal?.code])),
      ...step.refusals.map((refusal) => [refusal.row, undefined, undefined, refusal.code]),
    ])
    .toSorted((a, b) => Number(a[0]) - Number(b[0]));

describe("steps of an import", () => {
  it("see the same rows whatever their size, broken and blank lines among them", async () => {
    const line = fc.constantFrom(
      "a,A,a1,1",
      "a,,a2,2",
      "b,B,b1,-1",
      "b,,b2,1",
      'c,"C"x,c1,1',
      ",X,x1,1",
      "",
      'd,"D\nD",d1,1',
      "e,E,e1,1",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), async (lines, rowsMax) => {
        const text = lines.join("\n");
        const small = await steps(text, rowsMax);
        const large = await steps(text, 10_000);
        expect(rowsOf(small)).toEqual(rowsOf(large));
        const total = (all: ImportStep[]) => all.reduce((sum, step) => sum + step.rows, 0);
        expect(total(small)).toBe(total(large));
        expect(rowsOf(large)).toHaveLength(total(large));
      }),
    );
  });

  it("never part a product that fits", async () => {
    const text = Array.from({ length: 30 }, (_, index) => `p${Math.floor(index / 3)},T,s${index},1`).join("\n");
    for (const step of await steps(text, 4)) for (const group of step.groups) expect(group.rows).toHaveLength(3);
  });

  it("cut what does not end: one product without end, broken lines without end", async () => {
    const endless = await steps(Array.from({ length: 100 }, (_, index) => `p,T,s${index},1`).join("\n"), 5);
    expect(Math.max(...endless.map((step) => step.rows))).toBeLessThanOrEqual(11);
    const broken = await steps(`p,T,s,1\n${'x"\n'.repeat(100)}`, 5);
    expect(Math.max(...broken.map((step) => step.rows))).toBeLessThanOrEqual(11);
    expect(broken.reduce((sum, step) => sum + step.refusals.length, 0)).toBe(100);
  });
});

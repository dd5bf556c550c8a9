/** Real product data, where it is at hand: read as it is, written in our columns, and planned whole. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { collectStep, type ImportPosition } from "../../../durable-objects/import-run/collect-step.ts";
import { csvLine, protectCell } from "../../../durable-objects/import-run/csv-cell.ts";
import { readColumns } from "../../../durable-objects/import-run/csv-columns.ts";
import { CsvReader } from "../../../durable-objects/import-run/csv-reader.ts";
import { planImport } from "../../../durable-objects/import-run/plan-import.ts";
import { slugOf } from "../../../durable-objects/import-run/slug.ts";

const FILE = join(import.meta.dirname, "../../../../shared/data/grocery-items.csv.gz");
const HEADER = ["Handle", "Title", "Vendor", "Variant SKU", "Variant Price", "Image Src", "Image Position"];

function converted(): { bytes: Uint8Array; items: number } {
  const reader = new CsvReader();
  const records = [...reader.push(gunzipSync(readFileSync(FILE))), ...reader.finish()];
  const lines = records.slice(1).map((record) => {
    const [gtin = "", brand = "", name = ""] = [0, 1, 2].map((column) => record.text(column) ?? "");
    const image = record.text(26)?.split(", ")[0] ?? "";
    return [
      `${slugOf(name)}-${gtin}`.replace(/^-/, ""),
      name,
      brand,
      gtin,
      "1.00",
      image.startsWith("https://") ? image : "",
      "",
    ];
  });
  const text = [HEADER, ...lines.map((cells) => cells.map(protectCell))].map(csvLine).join("");
  return { bytes: new TextEncoder().encode(text), items: lines.length };
}

describe.skipIf(!existsSync(FILE))("grocery items", () => {
  it("are all accepted, but for the ones without a name or with a code given before", async () => {
    const { bytes, items } = converted();
    const columns = readColumns(HEADER);
    if (!columns.ok) throw new Error("header");
    const source = {
      sizeBytes: bytes.length,
      read: async (offset: number, length: number) => bytes.slice(offset, offset + length),
    };
    const seenSkus = new Map<string, number>();
    const totals = { rows: 0, accepted: 0, refused: new Map<string, number>() };
    let position: ImportPosition = { offset: bytes.indexOf(0x0a) + 1, row: 2 };
    for (let done = false; !done; ) {
      const step = await collectStep(source, position, columns.value, "GBP", { rowsMax: 500, bytesMax: 1e6, readBytes: 65_536 });
      const known = { products: new Map(), skuOwners: new Map(), seenHandles: new Set<string>(), seenSkus };
      const plan = planImport(step.groups, known, (prefix) => `${prefix}_1`);
      for (const [sku, row] of plan.skus) seenSkus.set(sku, row);
      for (const { code } of [...step.refusals, ...plan.refusals]) totals.refused.set(code, (totals.refused.get(code) ?? 0) + 1);
      totals.rows += step.rows;
      totals.accepted += plan.accepted;
      position = step.next;
      done = step.done;
    }
    const refused = [...totals.refused.values()].reduce((sum, count) => sum + count, 0);
    expect(totals.rows).toBe(items);
    expect(totals.accepted + refused).toBe(totals.rows);
    expect([...totals.refused.keys()].filter((code) => !["missing_title", "duplicate_sku"].includes(code))).toEqual([]);
    expect(totals.accepted).toBeGreaterThan(6_500);
  });
});

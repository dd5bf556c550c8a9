/** What an import writes: only differences, and nothing for what it refuses. */
import { describe, expect, it } from "vitest";
import { readColumns } from "../../../durable-objects/import-run/csv-columns.ts";
import { CsvReader } from "../../../durable-objects/import-run/csv-reader.ts";
import { type ProductGroup, RowGrouper } from "../../../durable-objects/import-run/group-rows.ts";
import { type KnownCatalog, planImport } from "../../../durable-objects/import-run/plan-import.ts";
import type { ProductRecord } from "../../../durable-objects/import-run/product-record.ts";
import { readRow } from "../../../durable-objects/import-run/read-row.ts";

const HEADER =
  "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty,Option1 Name,Option1 Value,Image Src,Price / EUR,Status";

function groups(...lines: readonly string[]): ProductGroup[] {
  const columns = readColumns(HEADER.split(","));
  if (!columns.ok) throw new Error("header");
  const reader = new CsvReader();
  const records = [...reader.push(new TextEncoder().encode(lines.join("\n"))), ...reader.finish()];
  const grouper = new RowGrouper();
  const ended = records.map((record, index) => grouper.add(readRow(record, index + 2, columns.value, "GBP")));
  return [...ended, grouper.end()].filter((group) => group !== null);
}

const NOTHING: KnownCatalog = { products: new Map(), skuOwners: new Map(), seenSkus: new Map(), seenHandles: new Set() };

function plan(known: Partial<KnownCatalog>, ...lines: readonly string[]) {
  let next = 0;
  return planImport(groups(...lines), { ...NOTHING, ...known }, (prefix) => `${prefix}_${++next}`);
}

const MUG: ProductRecord = {
  rowId: 1,
  id: "prod_mug",
  handle: "mug",
  title: "Mug",
  description: "",
  vendor: "Potters",
  type: "",
  tags: [],
  status: "draft",
  options: [],
  category: null,
  variants: [
    {
      id: "var_mug",
      sku: "MUG",
      optionValues: [],
      weightGrams: 300,
      requiresShipping: true,
      taxable: true,
      image: null,
      position: 1,
      prices: [{ currency: "GBP", amountMinor: 500, compareAtMinor: null }],
    },
  ],
  media: [{ url: "/old.jpg", alt: "" }],
  createdAtMs: 0,
  updatedAtMs: 0,
};
const WITH_MUG = { products: new Map([["mug", MUG]]), skuOwners: new Map([["MUG", "mug"]]) };

describe("an import plan", () => {
  it("writes nothing for rows that say what is there, and keeps what the file has no column for", () => {
    const planned = plan(WITH_MUG, "mug,Mug,MUG,5.00,,Title,Default Title,,,");
    expect(planned).toMatchObject({ accepted: 1, products: 1, refusals: [], openings: [] });
    expect(planned.touched.size).toBe(0);
  });

  it("writes a changed price, a further currency and new images", () => {
    const planned = plan(WITH_MUG, "mug,Mug,MUG,6,,,,/new.jpg,7.50,");
    expect(planned.prices.map(({ currency, amountMinor }) => [currency, amountMinor])).toEqual([
      ["GBP", 600],
      ["EUR", 750],
    ]);
    expect(planned.media).toEqual([{ productId: "prod_mug", items: [{ url: "/new.jpg", alt: "" }] }]);
    expect(planned.changedProducts).toEqual([]);
  });

  it("adds images for a handle that came before in the file", () => {
    const planned = plan({ ...WITH_MUG, seenHandles: new Set(["mug"]) }, "mug,,,,,,,/new.jpg,,");
    expect(planned.media[0]?.items.map((item) => item.url)).toEqual(["/old.jpg", "/new.jpg"]);
    expect(planned.products).toBe(0);
  });

  it("opens stock for new variants always, for known ones only when the file has a quantity", () => {
    const planned = plan(WITH_MUG, "mug,Mug,MUG,5,3,,,,,", "cup,Cup,CUP,1,,,,,,");
    expect(planned.openings.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ["MUG", 3],
      ["CUP", 0],
    ]);
  });

  it("keeps the product when its first row is refused for its variant", () => {
    const planned = plan({}, "cup,Cup,C1,-1,,Size,S,/a.jpg,,", "cup,,C2,1,,,M,,,");
    expect(planned.refusals.map((refusal) => [refusal.row, refusal.code])).toEqual([[2, "negative_price"]]);
    expect(planned.newProducts).toMatchObject([{ handle: "cup", title: "Cup", options: ["Size"] }]);
    expect(planned.newVariants.map((variant) => variant.sku)).toEqual(["C2"]);
    expect(planned.media[0]?.items).toHaveLength(1);
  });

  it("refuses every row of a product that cannot be, each with a reason", () => {
    const planned = plan({}, "cup,Cup,C1,1,,,,,,sold", "cup,,C2,1,,,,,,", "cup,,C3,-1,,,,,,");
    expect(planned.refusals.map((refusal) => [refusal.row, refusal.code])).toEqual([
      [2, "invalid_status"],
      [3, "product_refused"],
      [4, "negative_price"],
    ]);
    expect(planned.newProducts).toEqual([]);
  });

  it("gives a SKU to its first row only, in this step and over all steps", () => {
    const planned = plan({ seenSkus: new Map([["OLD", 9]]) }, "a,A,X,1,,,,,,", "b,B,X,1,,,,,,", "c,C,OLD,1,,,,,,");
    expect(planned.refusals.map((refusal) => refusal.code)).toEqual(["duplicate_sku", "duplicate_sku"]);
    expect(planned.newProducts.map((product) => product.handle)).toEqual(["a"]);
  });
});

import { describe, expect, it } from "vitest";
import { countryCode } from "../../../scripts/replay/country-codes.ts";
import { catalogueCsv, deriveCatalogue, skuOf } from "../../../scripts/replay/derive-catalogue.ts";
import { groupInvoices } from "../../../scripts/replay/read-invoices.ts";

/** Rows in the file's columns; all made up. */
const rows = [
  ["1001", "10001A", "BLUE  LANTERN ", "6", "2011-01-01T00:00:00Z", "2.55", "7", "United Kingdom"],
  ["1001", "10001a", "Blue lantern.", "2", "2011-01-01T00:00:00Z", "2.1", "7", "United Kingdom"],
  ["1002", "10001A", "BLUE LANTERN", "1", "2011-01-02T00:00:00Z", "2.55", "", "EIRE"],
  ["C1003", "10001A", "BLUE LANTERN", "-1", "2011-01-02T00:00:00Z", "2.55", "7", "United Kingdom"],
  ["A1004", "B", "Adjust bad debt", "1", "2011-01-02T00:00:00Z", "10.00", "", "United Kingdom"],
  ["1005", "POST", "POSTAGE", "1", "2011-01-02T00:00:00Z", "18.00", "7", "France"],
  ["1005", "10002", "", "5", "2011-01-02T00:00:00Z", "0.0", "", "France"],
  ["1005", "10002", "FORK", "-5", "2011-01-02T00:00:00Z", "1.00", "", "France"],
  ["1005", "10002", "FORK", "1", "2011-01-02T00:00:00Z", "0.001", "", "France"],
  ["1005", "10002", "FORK", "1", "2011-01-02T00:00:00Z", "1.00", "", "Atlantis"],
  ["1005", "10002"],
];

describe("reading invoices", () => {
  const read = groupInvoices(rows);

  it("groups the lines that can be sold by invoice", () => {
    expect(read.invoices.map((invoice) => [invoice.number, invoice.country, invoice.lines.length])).toEqual([
      ["1001", "GB", 2],
      ["1002", "IE", 1],
    ]);
  });

  it("refuses every other row with its line number and reason", () => {
    expect(read.refused.map((row) => [row.row, row.reason])).toEqual([
      [5, "credit_note"],
      [6, "accounting_entry"],
      [7, "not_a_product"],
      [8, "no_price"],
      [9, "quantity_not_positive"],
      [10, "price_below_a_penny"],
      [11, "unknown_country"],
      [12, "malformed_row"],
    ]);
    expect(read.refused.length + read.invoices.flatMap((invoice) => invoice.lines).length).toBe(rows.length);
  });
});

describe("the derived catalogue", () => {
  const products = deriveCatalogue(groupInvoices(rows).invoices);

  it("has one variant per price of an article, with the units that all invoices need", () => {
    expect(products).toEqual([
      {
        handle: "10001a",
        title: "Blue Lantern",
        variants: [
          { sku: "10001A-210", unitPriceMinor: 210, quantity: 2 },
          { sku: "10001A-255", unitPriceMinor: 255, quantity: 7 },
        ],
      },
    ]);
  });

  it("names each invoice line's variant, so that a line costs in the shop what it cost in the file", () => {
    const [invoice] = groupInvoices(rows).invoices;
    expect(invoice?.lines.map(skuOf)).toEqual(["10001A-255", "10001A-210"]);
  });

  it("is written in the columns of the product import", () => {
    expect([...catalogueCsv(products)].slice(1)).toEqual([
      "10001a,Blue Lantern,Replay,Price,2.10,10001A-210,2,2.10,active\n",
      "10001a,,Replay,Price,2.55,10001A-255,7,2.55,\n",
    ]);
  });
});

describe("country names", () => {
  it.each([
    ["United Kingdom", "GB"],
    ["Germany", "DE"],
    ["EIRE", "IE"],
    ["Hong Kong", "HK"],
    ["Unspecified", "GB"],
  ])("knows %s as %s", (name, code) => expect(countryCode(name)).toBe(code));

  it("does not guess", () => expect(countryCode("Atlantis")).toBeUndefined());
});

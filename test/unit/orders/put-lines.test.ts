import { describe, expect, it } from "vitest";
import type { Quote } from "../../../workers/catalog/contract.ts";
import { priceLines, sumBySku } from "../../../workers/orders/put-lines.ts";

function quote(sku: string, unitPriceMinor = 100): Quote {
  return {
    sku,
    productId: "prod_1",
    handle: "thing",
    title: "Thing",
    unitPriceMinor,
    currency: "GBP",
    weightGrams: 0,
    requiresShipping: true,
    taxable: true,
    image: null,
  };
}

describe("cart lines", () => {
  it("sums lines of the same SKU in order of first appearance", () => {
    const lines = [
      { sku: "B", quantity: 1 },
      { sku: "A", quantity: 2 },
      { sku: "B", quantity: 3 },
    ];
    expect(sumBySku(lines)).toEqual([
      { sku: "B", quantity: 4 },
      { sku: "A", quantity: 2 },
    ]);
  });

  it("names the SKUs that do not exist before those that are not for sale", () => {
    const missing = [
      { sku: "X", reason: "not_for_sale" as const },
      { sku: "Y", reason: "unknown_sku" as const },
    ];
    const priced = priceLines([{ sku: "X", quantity: 1 }], { quotes: [], missing });
    expect(priced).toEqual({ ok: false, error: { code: "unknown_sku", skus: ["Y"] } });
  });

  it("refuses a SKU that catalog says nothing about", () => {
    const priced = priceLines([{ sku: "Z", quantity: 1 }], { quotes: [quote("A")], missing: [] });
    expect(priced).toEqual({ ok: false, error: { code: "unknown_sku", skus: ["Z"] } });
  });

  it("prices every line at its quote", () => {
    const priced = priceLines([{ sku: "A", quantity: 7 }], { quotes: [quote("A", 250)], missing: [] });
    expect(priced).toEqual({ ok: true, value: [{ quote: quote("A", 250), quantity: 7 }] });
  });
});

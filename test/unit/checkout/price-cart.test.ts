import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CartLine, ShippingRate, TaxRate } from "../../../durable-objects/checkout-partition/contract.ts";
import { offeredOptions, type Priceable, priceCart } from "../../../durable-objects/checkout-partition/price-cart.ts";

function line(unitPriceMinor: number, quantity: number, more: Partial<CartLine["quote"]> = {}): CartLine {
  return {
    quantity,
    quote: {
      sku: "A",
      productId: "prod_1",
      handle: "a",
      title: "A",
      unitPriceMinor,
      currency: "GBP",
      weightGrams: 0,
      requiresShipping: true,
      taxable: true,
      image: null,
      ...more,
    },
  };
}

function rate(more: Partial<ShippingRate> = {}): ShippingRate {
  return {
    id: "standard",
    name: "Standard",
    kind: "flat",
    countries: [],
    prices: { GBP: 399, JPY: 600 },
    pricesPerKilogram: {},
    freeAboveMinor: {},
    estimatedDays: 3,
    ...more,
  };
}

const UK: TaxRate = { country: "GB", rateBasisPoints: 2_000, included: true };
const NEW_YORK: TaxRate = { country: "US", rateBasisPoints: 888, included: false };

function cart(lines: readonly CartLine[], more: Partial<Priceable> = {}): Priceable {
  return { lines, currency: "GBP", country: "GB", shippingOptionId: "standard", ...more };
}

describe("totals", () => {
  it("contain the tax where listed prices do, shipping included", () => {
    const { totals, taxIncluded } = priceCart(cart([line(1_000, 2)]), { shippingRates: [rate()], taxRates: [UK] });
    expect(totals).toEqual({ subtotalMinor: 2_000, discountMinor: 0, shippingMinor: 399, taxMinor: 400, totalMinor: 2_399 });
    expect(taxIncluded).toBe(true);
  });

  it("add the tax where it comes on top, rounded half up once per order", () => {
    // Line by line it would be 89 + 89 + 35.
    const american = cart([line(1_005, 1), line(1_005, 1, { sku: "B" })], { country: "US" });
    const { totals } = priceCart(american, { shippingRates: [rate()], taxRates: [NEW_YORK] });
    expect(totals.taxMinor).toBe(214);
    expect(totals.totalMinor).toBe(2_010 + 399 + 214);
  });

  it("leave out what is not taxed, and tax nothing in countries without a rate", () => {
    const books = [line(1_200, 1), line(5_000, 1, { sku: "book", taxable: false })];
    const policy = { shippingRates: [rate({ prices: { GBP: 0 } })], taxRates: [UK] };
    expect(priceCart(cart(books), policy).totals.taxMinor).toBe(200);
    expect(priceCart(cart(books, { country: "JP" }), policy).totals.taxMinor).toBe(0);
    expect(priceCart(cart([line(5_000, 1, { taxable: false })]), policy).totals.taxMinor).toBe(0);
  });

  it("have neither shipping nor tax before the address is known", () => {
    const { totals } = priceCart(cart([line(1_000, 1)], { country: null }), { shippingRates: [rate()], taxRates: [UK] });
    expect(totals).toMatchObject({ shippingMinor: 0, taxMinor: 0, totalMinor: 1_000 });
  });

  it("work in a currency without minor digits", () => {
    const yen = cart([line(1_980, 3, { currency: "JPY" })], { currency: "JPY", country: "JP" });
    const japan = { country: "JP", rateBasisPoints: 1_000, included: true };
    const { totals } = priceCart(yen, { shippingRates: [rate()], taxRates: [japan] });
    expect(totals).toEqual({ subtotalMinor: 5_940, discountMinor: 0, shippingMinor: 600, taxMinor: 595, totalMinor: 6_540 });
  });

  it("always add up: lines − discounts + shipping (+ tax on top), and tax never exceeds the total", () => {
    const lines = fc.array(
      fc.record({
        price: fc.integer({ min: 0, max: 1_000_000 }),
        quantity: fc.integer({ min: 1, max: 99 }),
        taxable: fc.boolean(),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(lines, fc.integer({ min: 0, max: 5_000 }), fc.boolean(), (drawn, rateBasisPoints, included) => {
        const priced = priceCart(cart(drawn.map(({ price, quantity, taxable }) => line(price, quantity, { taxable }))), {
          shippingRates: [rate()],
          taxRates: [{ country: "GB", rateBasisPoints, included }],
        });
        const { subtotalMinor, discountMinor, shippingMinor, taxMinor, totalMinor } = priced.totals;
        expect(subtotalMinor).toBe(drawn.reduce((sum, { price, quantity }) => sum + price * quantity, 0));
        expect(totalMinor).toBe(subtotalMinor - discountMinor + shippingMinor + (included ? 0 : taxMinor));
        expect(taxMinor).toBeLessThanOrEqual(totalMinor);
      }),
    );
  });
});

describe("shipping options", () => {
  const weight = rate({ id: "weight", kind: "weight", prices: { GBP: 200 }, pricesPerKilogram: { GBP: 150 } });

  it("price a weight rate per started kilogram of what is shipped", () => {
    const grams = (weightGrams: number, quantity: number) =>
      offeredOptions(cart([line(100, quantity, { weightGrams })]), { shippingRates: [weight], taxRates: [] })[0]?.priceMinor;
    expect(grams(0, 1)).toBe(200);
    expect(grams(500, 2)).toBe(350);
    expect(grams(500, 3)).toBe(500);
    const download = [line(100, 1, { weightGrams: 900 }), line(100, 5, { sku: "D", weightGrams: 900, requiresShipping: false })];
    expect(offeredOptions(cart(download), { shippingRates: [weight], taxRates: [] })[0]?.priceMinor).toBe(350);
  });

  it("are free from the threshold on, not below it", () => {
    const free = { shippingRates: [rate({ freeAboveMinor: { GBP: 2_000 } })], taxRates: [] };
    expect(offeredOptions(cart([line(1_999, 1)]), free)[0]?.priceMinor).toBe(399);
    expect(offeredOptions(cart([line(2_000, 1)]), free)[0]?.priceMinor).toBe(0);
  });

  it("cost nothing when there is nothing to ship", () => {
    const digital = cart([line(1_000, 1, { requiresShipping: false })]);
    expect(priceCart(digital, { shippingRates: [rate()], taxRates: [] }).totals.shippingMinor).toBe(0);
  });

  it("are those of the country and currency, cheapest first", () => {
    const shippingRates = [
      rate({ id: "express", prices: { GBP: 999 } }),
      rate({ id: "eu", countries: ["DE", "FR"] }),
      rate({ id: "uk", countries: ["GB"] }),
      rate({ id: "yen", prices: { JPY: 1 } }),
      rate({ id: "half", kind: "weight", pricesPerKilogram: { JPY: 1 } }),
    ];
    const offered = offeredOptions(cart([line(100, 1)]), { shippingRates, taxRates: [] });
    expect(offered.map((option) => option.id)).toEqual(["uk", "express"]);
  });
});

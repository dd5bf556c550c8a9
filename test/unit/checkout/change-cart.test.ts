import { describe, expect, it } from "vitest";
import {
  cartExpiresAtMs,
  emptyCart,
  putLines,
  updateCart,
  visibleCart,
} from "../../../durable-objects/checkout-partition/change-cart.ts";
import type { Cart, CartLine, PutLines, ShippingRate, ShopPolicy } from "../../../durable-objects/checkout-partition/contract.ts";
import { newId } from "../../../workers/shared/identifiers.ts";

const NOW = Date.parse("2026-11-21T09:00:00Z");
const DAY_MS = 86_400_000;

function rate(id: string, countries: string[]): ShippingRate {
  const prices = { GBP: 399 };
  return { id, name: id, kind: "flat", countries, prices, pricesPerKilogram: {}, freeAboveMinor: {}, estimatedDays: 2 };
}

const POLICY: ShopPolicy = { shippingRates: [rate("uk", ["GB"]), rate("world", [])], taxRates: [] };

function line(sku: string, quantity: number, unitPriceMinor = 100): CartLine {
  const product = { productId: "prod_1", handle: "h", title: "T", currency: "GBP", weightGrams: 1, image: null };
  return { quantity, quote: { ...product, sku, unitPriceMinor, requiresShipping: true, taxable: true } };
}

function put(lines: CartLine[], more: Partial<PutLines> = {}): PutLines {
  return { cartId: "cart_1", lines, removeSkus: [], replace: false, policy: POLICY, ...more };
}

const EMPTY = emptyCart(newId("cart", NOW), "GBP");

function must(result: ReturnType<typeof putLines> | ReturnType<typeof updateCart>): Cart {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

function address(country: string) {
  return { name: "N", line1: "L", city: "C", postalCode: "P", country };
}

describe("a cart's lines", () => {
  it("are set, not added, and keep their places", () => {
    const two = must(putLines(EMPTY, put([line("A", 1), line("B", 1)]), NOW));
    const changed = must(putLines(two, put([line("A", 5), line("C", 1)]), NOW));
    expect(changed.lines.map(({ quote, quantity }) => [quote.sku, quantity])).toEqual([
      ["A", 5],
      ["B", 1],
      ["C", 1],
    ]);
    expect(changed.totals.subtotalMinor).toBe(700);
  });

  it("go by quantity 0, by removal, or by being replaced", () => {
    const three = must(putLines(EMPTY, put([line("A", 1), line("B", 1), line("C", 1)]), NOW));
    const one = must(putLines(three, put([line("A", 0)], { removeSkus: ["B"] }), NOW));
    expect(one.lines.map(({ quote }) => quote.sku)).toEqual(["C"]);
    expect(must(putLines(one, put([line("D", 1)], { replace: true }), NOW)).lines.map(({ quote }) => quote.sku)).toEqual(["D"]);
  });

  it("sum the same SKU given twice at once", () => {
    expect(must(putLines(EMPTY, put([line("A", 2), line("A", 3)]), NOW)).lines).toMatchObject([{ quantity: 5 }]);
  });

  it("are at most a thousand, of a size and sum that can be counted", () => {
    const many = Array.from({ length: 1_001 }, (_, index) => line(`S${index}`, 1));
    expect(putLines(EMPTY, put(many), NOW)).toEqual({ ok: false, error: { code: "too_many_lines", max: 1_000 } });
    expect(putLines(EMPTY, put([line("A", 1_000_000, 900_000_000_000)]), NOW)).toMatchObject({
      error: { code: "cart_too_large", what: "total" },
    });
    expect(putLines(EMPTY, put([line("A", 1_000_000), line("A", 1)]), NOW)).toMatchObject({
      error: { code: "cart_too_large", what: "quantity" },
    });
    const wordy = Array.from({ length: 1_000 }, (_, index) => {
      const plain = line(`S${index}`, 1);
      return { ...plain, quote: { ...plain.quote, image: "https://x.test/".padEnd(2_000, "y") } };
    });
    expect(putLines(EMPTY, put(wordy), NOW)).toMatchObject({ error: { code: "cart_too_large", what: "size" } });
  });
});

describe("a cart's shipping", () => {
  it("loses its option when the address moves out of reach", () => {
    const british = must(
      updateCart(EMPTY, { cartId: "cart_1", shippingAddress: address("GB"), shippingOptionId: "uk", policy: POLICY }, NOW),
    );
    expect(british.shippingOptionId).toBe("uk");
    const french = must(updateCart(british, { cartId: "cart_1", shippingAddress: address("FR"), policy: POLICY }, NOW));
    expect(french.shippingOptionId).toBeNull();
    expect(updateCart(french, { cartId: "cart_1", shippingOptionId: "uk", policy: POLICY }, NOW)).toEqual({
      ok: false,
      error: { code: "shipping_option_unavailable", optionId: "uk" },
    });
  });
});

describe("a cart's life", () => {
  it("is thirty days from the last change, at most a day more", () => {
    expect(EMPTY.expiresAtMs - NOW).toBeGreaterThanOrEqual(30 * DAY_MS);
    expect(EMPTY.expiresAtMs - NOW).toBeLessThan(31 * DAY_MS);
    expect(cartExpiresAtMs(NOW + 60_000)).toBe(EMPTY.expiresAtMs);
    const later = must(putLines(EMPTY, put([line("A", 1)]), NOW + 5 * DAY_MS));
    expect(later.expiresAtMs).toBe(EMPTY.expiresAtMs + 5 * DAY_MS);
    expect(visibleCart(EMPTY, EMPTY.expiresAtMs)).toEqual({ ok: false, error: { code: "cart_expired" } });
    expect(visibleCart({ ...EMPTY, state: "frozen" }, EMPTY.expiresAtMs)).toMatchObject({ ok: true });
  });

  it("takes no change while a checkout runs or after it", () => {
    expect(putLines({ ...EMPTY, state: "frozen" }, put([line("A", 1)]), NOW)).toMatchObject({
      error: { code: "checkout_in_progress" },
    });
    const ordered: Cart = { ...EMPTY, state: "ordered", orderId: "ord_1" };
    expect(putLines(ordered, put([line("A", 1)]), NOW)).toEqual({
      ok: false,
      error: { code: "cart_already_ordered", orderId: "ord_1" },
    });
  });
});

/** The frame's pure decisions. */
import { describe, expect, it } from "vitest";
import { localePath, preferredLocale, splitLocale } from "../../../workers/shared/locales.ts";
import { freshMark, freshToken } from "../../../workers/storefront/fresh-marks.ts";
import { keepPage, pageAge, pageAtEdge } from "../../../workers/storefront/kept-pages.ts";
import { marketOf } from "../../../workers/storefront/markets.ts";
import { formatMoney, intlLocale } from "../../../workers/storefront/page-context.ts";
import { cutSkeleton, fillSkeleton, marksOf } from "../../../workers/storefront/skeleton.ts";

describe("the language of an address", () => {
  it.each([
    ["/", "en", "/"],
    ["/products/x", "en", "/products/x"],
    ["/de", "de", "/"],
    ["/de/", "de", "/"],
    ["/ja/cart", "ja", "/cart"],
    ["/deck", "en", "/deck"],
    ["/fr/cart", "en", "/fr/cart"],
    ["/DE/cart", "en", "/DE/cart"],
  ])("%s is %s, %s", (pathname, locale, path) => {
    expect(splitLocale(pathname)).toEqual({ locale, path });
  });

  it("is put back where it was", () => {
    for (const pathname of ["/", "/de", "/ja/products/x", "/search"]) {
      const { locale, path } = splitLocale(pathname);
      expect(localePath(locale, path)).toBe(pathname);
    }
    expect(localePath("de", "/?a=1")).toBe("/de?a=1");
  });

  it.each([
    [undefined, undefined],
    ["", undefined],
    ["fr-CA, fr", undefined],
    ["*", undefined],
    ["DE-ch", "de"],
    ["en;q=0.1, ja;q=0.2", "ja"],
    ["de;q=0, en;q=0.5", "en"],
    ["de;q=banana", "de"],
    [",,;;q=,", undefined],
  ])("is chosen from %j: %s", (header, locale) => {
    expect(preferredLocale(header)).toBe(locale);
  });
});

describe("the market of a country", () => {
  it.each([
    ["GB", "GBP", true],
    ["DE", "EUR", true],
    ["JP", "JPY", true],
    ["US", "USD", false],
    ["CA", "USD", false],
    ["BR", "USD", true],
  ])("%s pays in %s, tax included: %s", (country, currency, taxIncluded) => {
    expect(marketOf(country)).toEqual({ country, currency, taxIncluded });
  });
});

describe("money", () => {
  it.each([
    ["en", "GB", "GBP", "£1,234.50"],
    ["en", "US", "USD", "$1,234.50"],
    ["de", "DE", "EUR", "1.234,50\u00a0€"],
    ["ja", "JP", "JPY", "￥123,450"],
  ] as const)("in %s for %s in %s is %s", (locale, country, currency, text) => {
    const page = { locale, market: marketOf(country) };
    expect(formatMoney(page, { amount_minor: 123_450, currency })).toBe(text);
    expect(Intl.getCanonicalLocales(intlLocale(page))).toHaveLength(1);
  });
});

describe("the age of a kept page", () => {
  const kept = { version: 7, renderedAtMs: 100_000, freshMs: 60_000, staleMs: 300_000 };
  const settled = { version: 7, sinceMs: 0 };

  it.each([
    ["fresh", settled, 100_000],
    ["fresh", settled, 159_999],
    ["stale", settled, 160_000],
    ["outdated", settled, 400_000],
    ["gone", settled, 700_000],
    ["gone", settled, 99_999],
    ["outdated", { version: 8, sinceMs: 0 }, 100_001],
    ["outdated", { version: undefined, sinceMs: 0 }, 100_001],
    ["fresh", { version: 7, sinceMs: 99_000 }, 101_499],
    ["stale", { version: 7, sinceMs: 99_000 }, 101_500],
  ])("is %s with %j at %d", (age, catalog, nowMs) => {
    expect(pageAge(kept, catalog, nowMs)).toBe(age);
  });
});

describe("the edge's cache", () => {
  it("gives a page back to any isolate, under its version alone", async () => {
    const token = "cd".repeat(16);
    const html = `<p>${marksOf(token).personal}</p>`;
    const page = { skeleton: cutSkeleton(html, token), version: 7, renderedAtMs: 100_000, freshMs: 60_000, staleMs: 300_000 };
    await keepPage("/GB/edge?q=ä b", page, html, token);
    expect(await pageAtEdge("/GB/edge?q=ä b", 7)).toEqual(page);
    expect(await pageAtEdge("/GB/edge?q=ä b", 8)).toBeUndefined();
    expect(await pageAtEdge("/DE/edge?q=ä b", 7)).toBeUndefined();
  });
});

describe("a skeleton", () => {
  const token = "ab".repeat(16);
  const marks = marksOf(token);
  const values = { nonce: "N", formToken: "T", personal: "P", flash: "F", fresh: new Map([["stock Ä &", "<b>3</b>"]]) };

  it("is filled in every gap, twice when it is there twice, and nowhere else", () => {
    const html = `a${marks.nonce}b${marks.personal}c${marks.nonce}d${marks.flash}${marks.formToken}__${"0".repeat(32)}_nonce__`;
    const filled = fillSkeleton(cutSkeleton(html, token), values);
    expect(filled).toBe(`aNbPcNdFT__${"0".repeat(32)}_nonce__`);
  });

  it("keeps what looks like a gap in a value as it is", () => {
    const filled = fillSkeleton(cutSkeleton(`<${marks.personal}>`, token), { ...values, personal: `${marks.nonce}$1$&` });
    expect(filled).toBe(`<${marks.nonce}$1$&>`);
  });

  it("finds fresh pieces by any key, side by side, and leaves out what has no answer", () => {
    const html = `${freshMark("stock Ä &")}${freshMark("gone")}|`.replaceAll(freshToken(), token);
    expect(fillSkeleton(cutSkeleton(html, token), values)).toBe("<b>3</b>|");
  });
});

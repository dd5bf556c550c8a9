/** What is said about stock, and that every language says it with the same values. */
import { describe, expect, it } from "vitest";
import { LOCALES } from "../../../workers/shared/locales.ts";
import { fillText } from "../../../workers/storefront/islands/fill-text.ts";
import { isBuyable, stockBand, stockText } from "../../../workers/storefront/islands/stock-text.ts";
import { liveTexts } from "../../../workers/storefront/texts/live.ts";

const level = (available: number, backorderable = false) => ({ available, backorderable });

describe("a stock level", () => {
  it.each([
    [level(0), 0, "out"],
    [level(0, true), 0, "backorder"],
    [level(1), 0, "low"],
    [level(5), 0, "low"],
    [level(6), 0, "in"],
    [level(6, true), 0, "in"],
    [level(3), 3, "low"],
    [level(2), 3, "short"],
    [level(2, true), 3, "backorder"],
    [level(0), 3, "out"],
    [level(9), 10, "short"],
  ] as const)("%j with %i in the cart is %s", (stock, wanted, band) => {
    expect(stockBand(stock, wanted)).toBe(band);
  });

  it("says how many are left when few are, and how many the cart wants when that is more", () => {
    expect(stockText(liveTexts("en"), level(3))).toBe("Only 3 left");
    expect(stockText(liveTexts("de"), level(1))).toBe("Nur noch 1 verfügbar");
    expect(stockText(liveTexts("ja"), level(3))).toBe("残り3点");
    expect(stockText(liveTexts("en"), level(1), 2)).toBe("Only 1 left, you have 2");
  });

  it("can be bought while there is some, or while it may be ordered without", () => {
    expect([level(1), level(0, true), level(0)].map(isBuyable)).toEqual([true, true, false]);
  });
});

describe("the texts", () => {
  function sentences(value: unknown, path = ""): [string, string][] {
    if (typeof value === "string") return [[path, value]];
    return Object.entries(value as object).flatMap(([key, inner]) => sentences(inner, `${path}.${key}`));
  }
  const names = (sentence: string) => (sentence.match(/\{\w+\}/g) ?? []).sort();

  it.each(LOCALES)("ask for the same values in %s as in English", (locale) => {
    const own = Object.fromEntries(sentences(liveTexts(locale)));
    for (const [path, english] of sentences(liveTexts("en")))
      expect([path, names(own[path] ?? "")]).toEqual([path, names(english)]);
  });

  it("keep a name that has no value, so that the mistake is seen", () => {
    expect(fillText("{n} of {all}, {n}", { n: 0 })).toBe("0 of {all}, 0");
  });
});

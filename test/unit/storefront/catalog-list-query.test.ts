import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  activeFilterCount,
  isPlain,
  listSearch,
  nextPage,
  parseListQuery,
  previousPage,
  SEARCH_LENGTH_MAX,
  withFilters,
} from "../../../workers/storefront/pages/catalog/list-query.ts";

const read = (search: string, currency = "GBP") => parseListQuery(search, currency).query;
const PLAIN = read("");

describe("reading a list's address", () => {
  it("reads every filter", () => {
    expect(
      read("?q=rain+coat&category=rainwear&min=20&max=99.5&stock=in&sale=1&sort=price_asc&cursor=abc&page=3&back=x~y"),
    ).toEqual({
      q: "rain coat",
      category: "rainwear",
      minMinor: 2_000,
      maxMinor: 9_950,
      inStock: true,
      onSale: true,
      sort: "price_asc",
      cursor: "abc",
      page: 3,
      trail: ["x", "y"],
    });
  });

  it.each([
    ["19.99", "GBP", 1_999],
    ["19,9", "EUR", 1_990],
    ["€ 1.200,50", "EUR", 120_050],
    ["1,200", "USD", 120_000],
    ["１２００", "JPY", 1_200],
    ["1200.75", "JPY", 1_200],
    ["0", "GBP", null],
  ])("takes the price %j in %s as people write it", (text, currency, amountMinor) => {
    const parsed = parseListQuery(`?${new URLSearchParams({ min: text })}`, currency);
    expect([parsed.query.minMinor, parsed.priceRefused]).toEqual([amountMinor, false]);
  });

  it.each(["?min=cheap", "?min=-5", "?max=1e9", "?min=50&max=20", "?max=99999999999", "?min=1.2.3"])(
    "leaves out and reports prices that make no sense: %s",
    (search) => {
      const parsed = parseListQuery(search, "GBP");
      expect(parsed.priceRefused).toBe(true);
      expect(parsed.query).toEqual(PLAIN);
    },
  );

  it.each([
    "?sort=random",
    "?category=../admin",
    "?category=",
    "?cursor=%3Cscript%3E",
    "?page=7",
    "?stock=maybe",
    "?sale=0",
    "?q=%20",
  ])("ignores what it does not know: %s", (search) => {
    expect(parseListQuery(search, "GBP")).toEqual({ query: PLAIN, priceRefused: false, searchCut: false });
  });

  it("cuts a search that is too long, between characters, and says so", () => {
    const parsed = parseListQuery(`?q=${encodeURIComponent("🧥".repeat(SEARCH_LENGTH_MAX + 1))}`, "GBP");
    expect(parsed.query.q).toBe("🧥".repeat(SEARCH_LENGTH_MAX / 2));
    expect(parsed.searchCut).toBe(true);
  });

  it("never throws, and writes an address that reads as the same list", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom("q", "category", "min", "max", "stock", "sale", "sort", "cursor", "page", "back"),
          fc.string(),
        ),
        fc.constantFrom("GBP", "JPY"),
        (parameters, currency) => {
          const query = read(`?${new URLSearchParams(parameters)}`, currency);
          expect(read(listSearch(query, currency), currency)).toEqual(query);
        },
      ),
    );
  });
});

describe("ways through a list", () => {
  it("walks forth and back over the same pages", () => {
    const second = nextPage(read("?sort=title"), "c2");
    const third = nextPage(second, "c3");
    expect(listSearch(third, "GBP")).toBe("?sort=title&cursor=c3&page=3&back=c2");
    expect(previousPage(third)).toEqual(second);
    expect(previousPage(second)).toEqual(read("?sort=title"));
    expect(previousPage(read("?sort=title"))).toBeNull();
  });

  it("leads back to the first page when the way is longer than it remembers", () => {
    let query = PLAIN;
    for (let page = 2; page <= 40; page += 1) query = nextPage(query, `c${page}`);
    expect(query.page).toBe(40);
    expect(query.trail).toHaveLength(12);
    expect(previousPage({ ...query, trail: [] })).toEqual(PLAIN);
  });

  it("starts from the beginning when a filter changes", () => {
    const deep = nextPage(nextPage(read("?q=rope&stock=in"), "c2"), "c3");
    expect(listSearch(withFilters(deep, { inStock: false }), "GBP")).toBe("?q=rope");
  });

  it("knows the plain list, which engines may index", () => {
    expect(isPlain(PLAIN)).toBe(true);
    for (const search of ["?stock=in", "?sort=title", "?cursor=abc", "?q=rope", "?min=5"])
      expect(isPlain(read(search))).toBe(false);
    expect(activeFilterCount(read("?min=5&max=9&stock=in&sort=title&q=x"))).toBe(2);
  });
});

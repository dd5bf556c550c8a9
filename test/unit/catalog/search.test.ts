/** Hostile text cannot become grammar; typos find the nearest frequent word. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LruCache, VersionGate } from "../../../workers/catalog/hot-cache.ts";
import { matchExpression, searchTerms } from "../../../workers/catalog/search-terms.ts";
import { editDistance, nearestBeginning, nearestWord } from "../../../workers/catalog/spelling.ts";

describe("search terms", () => {
  it("hold letters and digits only, each quoted", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (query) => {
        const terms = searchTerms(query);
        expect(terms.length).toBeLessThanOrEqual(12);
        for (const term of terms) expect(term).toMatch(/^[\p{L}\p{N}]+$/u);
        if (terms.length > 0) expect(matchExpression(terms, "all")).toBe(`${terms.map((term) => `"${term}"`).join(" AND ")}*`);
      }),
    );
  });

  it("lose the diacritics of Latin letters, and keep what makes another letter of others", () => {
    expect(searchTerms("Crème BRÛLÉE Ảo e\u0301t\u0323")).toEqual(["creme", "brulee", "ao", "et"]);
    expect(searchTerms("ブルー 한국 Ёлка ﾌﾞﾙｰ")).toEqual(["ブルー", "한국", "ёлка"]);
  });

  it("match the last one as a beginning", () => {
    expect(matchExpression(searchTerms("Café  NEAR(mug)"), "any")).toBe('"cafe" OR "near" OR "mug"*');
  });
});

describe("spelling", () => {
  const words = [
    { term: "candle", documents: 9 },
    { term: "handle", documents: 20 },
    { term: "cable", documents: 50 },
  ];

  it.each([
    ["cnadle", "candle"],
    ["candel", "candle"],
    ["cndle", "candle"],
    ["xandle", "handle"],
    ["can", null],
    ["12345", null],
    ["spaceship", null],
  ])("takes %s for %s", (typed, meant) => {
    expect(nearestWord(typed, words)).toBe(meant);
  });

  it.each([
    ["cnad", "candle"],
    ["hnadl", "handle"],
    ["cabl", "cable"],
    ["candlee", "candle"],
    ["xyzz", null],
    ["cab", "cable"],
    ["cob", null],
  ])("takes %s for a beginning of %s", (typed, meant) => {
    expect(nearestBeginning(typed, words)).toBe(meant);
  });

  it("counts edits as a plain table would, up to the limit", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 3 }), (a, b, limit) => {
        expect(editDistance([...a], [...b], limit)).toBe(Math.min(plainDistance(a, b), limit + 1));
      }),
    );
  });
});

/** Optimal string alignment by its definition. */
function plainDistance(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const choices = [
    plainDistance(a.slice(1), b) + 1,
    plainDistance(a, b.slice(1)) + 1,
    plainDistance(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
  ];
  const swapped = a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0];
  if (swapped) choices.push(plainDistance(a.slice(2), b.slice(2)) + 1);
  return Math.min(...choices);
}

describe("the hot cache", () => {
  it("stays within its count and weight, and drops the least recently used", () => {
    const cache = new LruCache<number>(3, 10);
    for (const [key, weight] of [
      ["a", 1],
      ["b", 1],
      ["c", 1],
    ] as const)
      cache.set(key, 1, weight);
    cache.get("a");
    cache.set("d", 1, 1);
    expect([cache.get("a"), cache.get("b")]).toEqual([1, undefined]);
    cache.set("heavy", 1, 9);
    expect([cache.size, cache.get("heavy")]).toEqual([2, 1]);
    cache.set("too heavy", 1, 11);
    expect(cache.get("too heavy")).toBeUndefined();
  });

  it("reads the version at most once a second and empties when it rises", async () => {
    const cache = new LruCache<number>(3, 3);
    const gate = new VersionGate([cache]);
    let reads = 0;
    let version = 1;
    const read = async () => {
      reads++;
      return version;
    };
    await gate.version(0, read);
    cache.set("a", 1, 1);
    version = 2;
    expect([await gate.version(999, read), reads, cache.size]).toEqual([1, 1, 1]);
    expect([await gate.version(1_000, read), reads, cache.size]).toEqual([2, 2, 0]);
    gate.reset();
    expect(gate.isCurrent(2)).toBe(false);
    await gate.version(1_001, read);
    expect(reads).toBe(3);
  });

  it("does not keep a version that was read before a reset", async () => {
    const gate = new VersionGate([]);
    await gate.version(0, async () => {
      gate.reset();
      return 1;
    });
    expect(gate.isCurrent(1)).toBe(false);
  });
});

/** What the log of privileged acts says of a change: what differs, small, whatever the thing is. */
import { describe, expect, it } from "vitest";
import { differenceOf } from "../../../workers/shared/difference.ts";
import { NOTE_CHARACTERS_MAX, noteDifference, readChange } from "../../../workers/shared/privileged-act.ts";

const variants = [
  { id: "var_1", sku: "A", prices: [{ amount_minor: 100, currency: "GBP" }] },
  { id: "var_2", sku: "B", prices: [{ amount_minor: 300, currency: "GBP" }] },
];

function noted(write: (c: { header(name: string, value: string): void }) => void): unknown {
  let text: string | null = null;
  write({ header: (_name, value) => (text = readChange(value)) });
  return text === null ? null : JSON.parse(text);
}

describe("a difference", () => {
  it("is the members that changed, and nothing else", () => {
    const before = { status: "placed", payment: { status: "captured", refunded: 0 }, lines: [1, 2] };
    const after = { status: "placed", payment: { status: "captured", refunded: 5 }, lines: [1, 3] };
    expect(differenceOf(before, after)).toEqual({
      before: { payment: { refunded: 0 }, lines: [1, 2] },
      after: { payment: { refunded: 5 }, lines: [1, 3] },
    });
  });

  it("tells entries of a list apart by their id: one changed price of many is one price", () => {
    const cheaper = variants.map((each) =>
      each.sku === "B" ? { ...each, prices: [{ amount_minor: 200, currency: "GBP" }] } : each,
    );
    expect(differenceOf({ variants }, { variants: cheaper })).toEqual({
      before: { variants: { var_2: { prices: { GBP: { amount_minor: 300 } } } } },
      after: { variants: { var_2: { prices: { GBP: { amount_minor: 200 } } } } },
    });
  });

  it("has what came after alone, what went before alone, and an order that changed by its names", () => {
    const [first, second] = variants;
    expect(differenceOf([first], [first, second])).toEqual({
      before: {},
      after: { var_2: { sku: "B", prices: second?.prices } },
    });
    expect(differenceOf([first, second], [first])).toEqual({
      before: { var_2: { sku: "B", prices: second?.prices } },
      after: {},
    });
    expect(differenceOf([first, second], [second, first])).toEqual({ before: ["var_1", "var_2"], after: ["var_2", "var_1"] });
  });

  it("is empty when nothing changed, and all of the other state where there was none", () => {
    for (const state of [{ items: [], tags: ["a"] }, { variants }, {}]) {
      expect(differenceOf(state, structuredClone(state))).toEqual({ before: {}, after: {} });
      expect(differenceOf(null, state)).toEqual({ before: null, after: state });
      expect(differenceOf(state, null)).toEqual({ before: state, after: null });
    }
  });

  it("takes a name of the prototype for a name like every other", () => {
    const hostile = JSON.parse('{"__proto__":{"role":"owner"}}') as unknown;
    const { after } = differenceOf({}, hostile);
    expect(JSON.stringify(after)).toBe('{"__proto__":{"role":"owner"}}');
    expect(Reflect.get({}, "role")).toBeUndefined();
  });
});

describe("a note for the log", () => {
  it("says by its length what would be too long, the longest first, and keeps the rest", () => {
    const before = { title: "Coat", description: "x".repeat(9_000), status: "draft" };
    const after = { title: "Coat", description: "y".repeat(9_001), status: "active" };
    expect(noted((c) => noteDifference(c, before, after, "products/prod_1"))).toEqual({
      resource: "products/prod_1",
      before: { description: "[left out, 9002 characters]", status: "draft" },
      after: { description: "[left out, 9003 characters]", status: "active" },
    });
  });

  it("fits whatever it is about, in every writing", () => {
    const wide = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`member_${index}`, "長い".repeat(index * 20)]));
    const note = noted((c) => noteDifference(c, null, wide));
    expect(note).toMatchObject({ before: null, after: { member_0: "", member_1: "長い".repeat(20) } });
    expect(JSON.stringify(note).length).toBeLessThanOrEqual(NOTE_CHARACTERS_MAX);
  });
});

import { describe, expect, it } from "vitest";
import { answersCeiling, ceilings, skuCeiling } from "../../../bench/model/capacity.ts";
import { COUNTED, MEASURED, PLATFORM } from "../../../bench/model/costs.ts";
import { predictCrowd } from "../../../bench/model/crowd.ts";
import { monthlyBill, ordersUntilFull } from "../../../bench/model/monthly-bill.ts";
import { growthPerOrder } from "../../../bench/model/store-sizes.ts";
import { ceilingChart, fillTables, markdown } from "../../../bench/model/tables.ts";

describe("a crowd against one server", () => {
  it("is served at once while it is one shopper, and never faster than the server", () => {
    const alone = predictCrowd(1, 5, 45);
    expect(alone.perSecond).toBeCloseTo(20);
    expect(alone.visitMs).toBeCloseTo(50);
    const many = predictCrowd(1_000, 5, 45);
    expect(many.perSecond).toBeCloseTo(200, 3);
    expect(many.visitMs).toBeCloseTo((1_000 / 200) * 1_000, 0);
  });

  it("agrees with the textbook: two at a server without delays share it", () => {
    expect(predictCrowd(2, 10, 0)).toEqual({ perSecond: 100, visitMs: 20 });
  });
});

describe("ceilings", () => {
  const shape = { regions: 1, partitionsPerRegion: 1, hottestShare: 0.1, linesPerOrder: 1, ordersPerFollowerBatch: 20 };

  it("are those of the partition first, then of what partitions cannot mend", () => {
    expect(ceilings(shape, COUNTED, PLATFORM, 200)[0]).toEqual({ of: "partitions", ordersPerSecond: 50 });
    const large = ceilings({ ...shape, partitionsPerRegion: 256, hottestShare: 1 }, COUNTED, PLATFORM, 200)[0];
    expect(large?.of).toBe("hottest SKU");
    const wide = ceilings({ ...shape, partitionsPerRegion: 256, hottestShare: 0.001 }, COUNTED, PLATFORM, 200)[0];
    expect(wide).toEqual({ of: "queue", ordersPerSecond: PLATFORM.queueMessagesPerSecond / 2 });
  });

  it("of a SKU rise with what its holds share, up to its commits", () => {
    const costs = { callMs: 4.9, holdMs: 0.1 };
    expect(skuCeiling(costs, { holdsPerCall: 1 })).toBeCloseTo(100);
    expect(skuCeiling(costs, { holdsPerCall: 1_000_000 })).toBeCloseTo(1_000 / 5.1, 1);
    expect(answersCeiling(costs, { holdsPerCall: 49 })).toBeCloseTo(1_000 / 0.2);
  });
});

describe("the bill", () => {
  const trade = { linesPerOrder: 1, viewsPerOrder: 40, monthsKept: 12 };

  it("is the base fee while all is included", () => {
    expect(monthlyBill({ ...trade, ordersPerMonth: 10_000 }, COUNTED, MEASURED).perMonth).toBe(5);
  });

  it("grows with what is beyond, item by item", () => {
    const { items, perMonth } = monthlyBill({ ...trade, ordersPerMonth: 1_000_000 }, COUNTED, MEASURED);
    // 46 M requests, 10 M of them included, at 30 cents a million.
    expect(items.requests).toBeCloseTo(10.8);
    // 10 messages, three operations each: 30 M, of which 29 M at 40 cents.
    expect(items.queueOperations).toBeCloseTo(11.6);
    expect(perMonth).toBeCloseTo(5 + Object.values(items).reduce((sum, fee) => sum + fee, 0));
  });
});

describe("stores", () => {
  it("are full when they are full", () => {
    expect(ordersUntilFull(1_000, 10e9)).toBe(10_000_000);
  });

  it("grow by what a run of orders added", () => {
    const before = new Map([["partitions", 1_000]]);
    const after = new Map(Object.entries({ partitions: 5_000, stock: 800, payments: 400 }));
    expect(growthPerOrder(before, after, 4)).toMatchObject({
      partitions: 1_000,
      stock: 200,
      databases: { payments: 100, orders: 0 },
    });
  });
});

describe("the document", () => {
  it("gets its tables where they belong, again and again, and says when one has no place", () => {
    const document = "before\n<!-- scaling:a -->\n\nold\n\n<!-- /scaling:a -->\nafter";
    const filled = fillTables(document, { a: [["x"], ["1"]] });
    expect(filled).toBe("before\n<!-- scaling:a -->\n\n| x   |\n| --- |\n| 1   |\n\n<!-- /scaling:a -->\nafter");
    expect(fillTables(filled, { a: [["x"], ["1"]] })).toBe(filled);
    expect(() => fillTables(document, { b: [] })).toThrow("no place for the table b");
  });
});

describe("what is printed", () => {
  it("is a table, and a picture without surprises", () => {
    expect(
      markdown([
        ["a", "b"],
        ["1", "2"],
      ]),
    ).toBe("| a   |   b |\n| --- | --: |\n| 1   |   2 |");
    expect(ceilingChart()).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  });
});

import { describe, expect, it } from "vitest";
import { type HotSkuQuestion, simulateHotSku } from "../../../bench/model/simulate-hot-sku.ts";

const QUESTION: HotSkuQuestion = {
  costs: { callMs: 2, holdMs: 0.1 },
  roundTripMs: 20,
  partitions: 4,
  arrivalsPerSecond: 5,
  seconds: 4,
  together: true,
  seed: 1,
};

describe("a simulated SKU", () => {
  it("costs nothing to gather for when it is cold: each goes at once, and alone", async () => {
    const together = await simulateHotSku(QUESTION);
    const alone = await simulateHotSku({ ...QUESTION, together: false });
    expect(together).toEqual(alone);
    expect(together.p50Ms).toBeCloseTo(22.1);
    expect(together.batchMax).toBe(1);
  });

  it("saturates at its calls a second when everybody calls alone, whatever the distance", async () => {
    for (const roundTripMs of [1, 100]) {
      const hot = { ...QUESTION, roundTripMs, arrivalsPerSecond: 1_500, together: false };
      const { servedPerSecond } = await simulateHotSku(hot);
      expect(servedPerSecond).toBeGreaterThan(440);
      expect(servedPerSecond).toBeLessThanOrEqual(1_000 / 2.1 + 1);
    }
  });

  it("serves everybody when calls are shared, within two journeys", async () => {
    const { servedPerSecond, p99Ms } = await simulateHotSku({ ...QUESTION, arrivalsPerSecond: 1_500, roundTripMs: 100 });
    expect(servedPerSecond).toBeGreaterThan(1_300);
    expect(p99Ms).toBeLessThan(2 * 100 + 50);
  });

  it("tells the same history for the same seed", async () => {
    const hot = { ...QUESTION, arrivalsPerSecond: 500 };
    expect(await simulateHotSku(hot)).toEqual(await simulateHotSku(hot));
    expect(await simulateHotSku({ ...hot, seed: 2 })).not.toEqual(await simulateHotSku(hot));
  });
});

import { describe, expect, it } from "vitest";
import { isConfigured, locationHintOf, placePartition } from "../../../workers/orders/partition-placement.ts";

describe("placing carts", () => {
  it("keeps a cart of each continent in its own region, with a location hint", () => {
    const continents = ["EU", "NA", "SA", "AS", "OC", "AF"];
    const regions = continents.map((continent) => placePartition(continent, 8, 0).region);
    expect(new Set(regions).size).toBe(continents.length);
    for (const region of regions) expect(locationHintOf({ region, number: 0 })).toBeDefined();
  });

  it.each([undefined, "", "AN", "T1", "__proto__"])(
    "puts a shopper from %s into the default region without a hint",
    (continent) => {
      const partition = placePartition(continent, 8, 0.5);
      expect(partition.region).toBe(0);
      expect(locationHintOf(partition)).toBeUndefined();
    },
  );

  it("never leaves the configured numbers", () => {
    for (const random of [0, 0.1249, 0.125, 0.5, 0.9999999999999999, 1]) {
      const partition = placePartition("EU", 8, random);
      expect(partition.number).toBeGreaterThanOrEqual(0);
      expect(partition.number).toBeLessThan(8);
      expect(isConfigured(partition, 8)).toBe(true);
    }
  });

  it("knows which partitions no configuration of ours would choose", () => {
    expect(isConfigured({ region: 15, number: 0 }, 8)).toBe(false);
    expect(isConfigured({ region: 0, number: 8 }, 8)).toBe(false);
    expect(isConfigured({ region: 6, number: 7 }, 8)).toBe(true);
  });
});

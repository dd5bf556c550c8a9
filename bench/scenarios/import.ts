/** A large file, in a shop of its own: every other scenario would read a catalogue of its size, and it one with their orders. */
import { importCatalogue } from "../import.ts";
import type { Scenario } from "../scenario.ts";
import { openShop } from "../shop.ts";

const ROWS = 100_000;

export const catalogueImport: Scenario = {
  title: `Import, ${ROWS.toLocaleString("en")} rows`,
  unit: "SKUs",
  reference: "d1Write",
  bar: { of: "perSecond", atLeast: 5_000 },
  rounds: "last",
  quick: false,
  async run() {
    const shop = await openShop();
    const { skus, seconds, memoryMb } = await importCatalogue(shop, ROWS).finally(() => shop.stop());
    return {
      measurement: { perSecond: skus / seconds, p50Ms: seconds * 1000, p99Ms: seconds * 1000, failures: 0 },
      note: `${seconds.toFixed(1)} s; memory ${memoryMb.join(" → ")} MB (before, highest, after)`,
    };
  },
};

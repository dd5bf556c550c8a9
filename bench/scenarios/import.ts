/** A large file, last of all: every other scenario would then read a catalogue of its size. */
import { importCatalogue } from "../import.ts";
import type { Scenario } from "../scenario.ts";

const ROWS = 100_000;

export const catalogueImport: Scenario = {
  title: `Import, ${ROWS.toLocaleString("en")} rows`,
  unit: "SKUs",
  reference: "d1Write",
  bar: { of: "perSecond", atLeast: 5_000 },
  repeats: false,
  quick: false,
  async run(shop) {
    const { skus, seconds, memoryMb } = await importCatalogue(shop, ROWS);
    return {
      measurement: { perSecond: skus / seconds, p50Ms: seconds * 1000, p99Ms: seconds * 1000, failures: 0 },
      note: `${seconds.toFixed(1)} s; memory ${memoryMb.join(" → ")} MB (before, highest, after)`,
    };
  },
};

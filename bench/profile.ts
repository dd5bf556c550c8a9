/**
 * `npm run profile [-- --seconds S] [--functions N] [--out FOLDER]`: where the processor time of an order goes. Checkouts run
 * while V8 samples every isolate of the served system; prints milliseconds per order by worker and by function, and writes
 * a `.cpuprofile` a worker, which the viewers of Chrome and VS Code open. Sampling itself takes about a third.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../scripts/lib/free-port.ts";
import { readArguments } from "../scripts/lib/read-arguments.ts";
import { openInspector } from "./inspector.ts";
import { processorMs } from "./process-usage.ts";
import { costLines, costOf, type IsolateCost } from "./profile-costs.ts";
import { warmSkus, withShoppers } from "./scenarios/buying.ts";
import { openShop } from "./shop.ts";

const SHOPPERS = 16;
const WARM_UP_SECONDS = 5;
const SAMPLING_INTERVAL_MICROS = 500;

const USAGE = `usage: npm run profile -- [options]

  --seconds S      of sampling (default: 15)
  --functions N    printed of each worker (default: 6)
  --out FOLDER     for a .cpuprofile a worker (default: .holdfast/profile)`;

const { values } = readArguments(USAGE, {
  options: {
    seconds: { type: "string", default: "15" },
    functions: { type: "string", default: "6" },
    out: { type: "string", default: ".holdfast/profile" },
  },
});

const inspectorPort = await freePort();
const shop = await openShop({ inspectorPort });
try {
  await withShoppers(shop, warmSkus(), 1, async (shoppers) => {
    const crowd = (seconds: number) => shoppers.run({ kind: "crowd", shoppers: SHOPPERS, seconds });
    await crowd(WARM_UP_SECONDS);
    const isolates = await openInspector(inspectorPort);
    await Promise.all(isolates.map((isolate) => isolate.startProfile(SAMPLING_INTERVAL_MICROS)));
    const beganMs = processorMs();
    const { bought } = await crowd(Number(values.seconds));
    const spentMs = processorMs() - beganMs;
    await mkdir(values.out, { recursive: true });
    const costs: IsolateCost[] = [];
    for (const isolate of isolates) {
      const profile = await isolate.stopProfile();
      await writeFile(join(values.out, `${isolate.name.replace(/\W+/g, "-")}.cpuprofile`), JSON.stringify(profile));
      costs.push(costOf(isolate.name, SAMPLING_INTERVAL_MICROS, profile));
      isolate.close();
    }
    console.log(
      `${bought} orders, ${(spentMs / bought).toFixed(1)} ms of processor time each (sampling included); milliseconds per order:\n`,
    );
    console.log(costLines(costs, bought, Number(values.functions)).join("\n"));
    console.log(`\nProfiles: ${values.out}`);
  });
} finally {
  await shop.stop();
}

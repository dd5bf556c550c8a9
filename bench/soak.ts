/**
 * Checkouts at a steady pace in a shop of their own, where nothing ran before, while the resident memory of workerd is watched;
 * then for a shorter while in the bare shop, under the same settings of V8: less than that the runtime does not take.
 */
import { COLLECT_EARLY } from "../scripts/lib/collect-early.ts";
import { progressBar, step } from "../scripts/lib/progress.ts";
import type { Soak, Watched } from "./figure.ts";
import { residentMb } from "./process-usage.ts";
import { openReferences } from "./references.ts";
import { benchSku, openShop, PRODUCT_COUNT } from "./shop.ts";
import { TrafficThread } from "./traffic.ts";

const BUYERS = 4;
const SAMPLES = 20;
/** Caches and code warm up first; flat means flat after that. */
const WARM_UP_SECONDS = 30;
/** By then the objects of all SKUs are open. */
const BARE_MINUTES_MAX = 5;

export async function soak(minutes: number): Promise<Soak> {
  const shop = await step("Shop served and stocked for the soak", openShop);
  const ours = await watch("Soak", shop.url, minutes).finally(() => shop.stop());
  Object.assign(process.env, COLLECT_EARLY);
  const bare = await step("Bare shop served for its soak", () => openReferences(BUYERS));
  return { ...ours, bare: await watch("Bare", bare.shopUrl, Math.min(minutes, BARE_MINUTES_MAX)).finally(() => bare.stop()) };
}

async function watch(name: string, url: string, minutes: number): Promise<Watched> {
  const skus = Array.from({ length: PRODUCT_COUNT }, (_, index) => benchSku(index));
  const thread = new TrafficThread({ url, skus });
  const bar = progressBar(name, minutes * 60);
  const samplesMb: number[] = [];
  let orders = 0;
  try {
    await thread.run({ kind: "crowd", shoppers: BUYERS, seconds: WARM_UP_SECONDS });
    samplesMb.push(residentMb());
    const startedAt = Date.now();
    // Piece by piece: what one run reports stays in this process's memory until it is counted.
    for (let sample = 1; sample <= SAMPLES; sample++) {
      const { bought } = await thread.run({ kind: "crowd", shoppers: BUYERS, seconds: (minutes * 60) / SAMPLES });
      orders += bought;
      samplesMb.push(residentMb());
      bar.update(Math.round((Date.now() - startedAt) / 1000), `${samplesMb.at(-1)} MB, ${orders} orders`);
    }
  } finally {
    bar.end();
    await thread.stop();
  }
  return { minutes, orders, samplesMb };
}

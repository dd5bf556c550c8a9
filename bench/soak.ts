/** Checkouts at a steady pace while the resident memory of workerd is watched. */
import { progressBar } from "../scripts/lib/progress.ts";
import type { Run } from "./figure.ts";
import { residentMb } from "./process-usage.ts";
import { benchSku, PRODUCT_COUNT, type Shop } from "./shop.ts";
import { TrafficThread } from "./traffic.ts";

const BUYERS = 4;
const SAMPLES = 20;
/** Caches and code warm up first; flat means flat after that. */
const WARM_UP_SECONDS = 30;

export async function soak(shop: Shop, minutes: number): Promise<NonNullable<Run["soak"]>> {
  const skus = Array.from({ length: PRODUCT_COUNT }, (_, index) => benchSku(index));
  const thread = new TrafficThread({ url: shop.url, skus });
  const bar = progressBar("Soak", minutes * 60);
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

/** How long after its answer an order stands in the operators' list, and its mail is sent, while orders stream in. */
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { isListed, isMailed, lagMeasurement, lagUntil, PROBES_PER_SECOND, watchedRate } from "../lag.ts";
import type { Scenario } from "../scenario.ts";
import type { Shop } from "../shop.ts";
import { measureCrowd, measureVisits } from "../traffic.ts";
import { Visitors } from "../visit.ts";
import { SHOPPERS, warmSkus, withShoppers } from "./buying.ts";

/** @returns milliseconds until both are there */
async function lagOf({ url, client }: Shop, probe: number): Promise<number | null> {
  const email = `probe-${Date.now()}-${probe}@bench.example`;
  const visitors = new Visitors(url, { email });
  const visit = await visitors.visit(warmSkus()[probe % 10] ?? "");
  visitors.close();
  if (visit.kind !== "bought") return null;
  return await lagUntil([() => isListed(client, email, "placed"), () => isMailed(client, visit.orderId, 1)]);
}

export const eventLag: Scenario = {
  title: "Event lag, order → list and mail",
  unit: "orders",
  reference: "singleWrite",
  bar: { of: "p99Ms", atMost: 2_000 },
  rounds: "every",
  quick: false,
  async run(shop, { durationSeconds }) {
    return await withShoppers(shop, warmSkus(), 1, async (thread) => {
      const peak = await measureCrowd(thread, SHOPPERS, durationSeconds);
      const perSecond = watchedRate(peak.perSecond);
      const unwatched = Math.max(0, perSecond - PROBES_PER_SECOND);
      const stream = thread.run({ kind: "stream", perSecond: unwatched, seconds: durationSeconds });
      const probes: Promise<number | null>[] = [];
      for (const endsAt = performance.now() + durationSeconds * 1000; performance.now() < endsAt; ) {
        probes.push(lagOf(shop, probes.length));
        await delay(1_000 / PROBES_PER_SECOND);
      }
      const lags = await Promise.all(probes);
      const report = measureVisits(await stream, durationSeconds);
      return {
        measurement: lagMeasurement(lags, report.perSecond + lags.length / durationSeconds, report.failures),
        note: `${lags.length} orders watched among ${perSecond.toFixed(0)} a second, of two events each`,
      };
    });
  },
};

/** How long after its answer an order stands in the operators' list, and its mail is sent, while orders stream in. */
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { percentile } from "../measure.ts";
import type { Scenario } from "../scenario.ts";
import type { Shop } from "../shop.ts";
import { measureCrowd, measureVisits } from "../traffic.ts";
import { Visitors } from "../visit.ts";
import { warmSkus, withShoppers } from "./buying.ts";

const SHOPPERS = 16;
const WANTED_PER_SECOND = 100;
/** A system at its limit has a lag that says nothing but how long it was there. */
const SHARE_OF_PEAK_MAX = 0.7;
const PROBE_INTERVAL_MS = 100;
const POLL_INTERVAL_MS = 20;
const PATIENCE_MS = 20_000;

/** @returns milliseconds until both are there */
async function lagOf(shop: Shop, probe: number): Promise<number | null> {
  const email = `probe-${Date.now()}-${probe}@bench.example`;
  const visitors = new Visitors(shop.url, email);
  const visit = await visitors.visit(warmSkus()[probe % 10] ?? "");
  visitors.close();
  if (visit.kind !== "bought") return null;
  const placedAt = performance.now();
  const isListed = async () =>
    (await shop.client.admin<{ items: unknown[] }>("GET", `/v1/admin/orders?email=${encodeURIComponent(email)}`)).items.length >
    0;
  const isMailed = async () =>
    (
      await shop.client.admin<{ items: { status: string }[] }>("GET", `/v1/admin/notifications?order_id=${visit.orderId}`)
    ).items.some(({ status }) => status === "sent");
  for (const isThere of [isListed, isMailed]) {
    while (!(await isThere())) {
      if (performance.now() - placedAt > PATIENCE_MS) return null;
      await delay(POLL_INTERVAL_MS);
    }
  }
  return performance.now() - placedAt;
}

export const eventLag: Scenario = {
  title: "Event lag, order → list and mail",
  unit: "orders",
  reference: "singleWrite",
  bar: { of: "p99Ms", atMost: 2_000 },
  repeats: true,
  quick: false,
  async run(shop, { durationSeconds }) {
    return await withShoppers(shop, warmSkus(), 1, async (thread) => {
      const peak = await measureCrowd(thread, SHOPPERS, durationSeconds);
      const perSecond = Math.min(WANTED_PER_SECOND, SHARE_OF_PEAK_MAX * peak.perSecond);
      const stream = thread.run({ kind: "stream", perSecond, seconds: durationSeconds });
      const probes: Promise<number | null>[] = [];
      for (const endsAt = performance.now() + durationSeconds * 1000; performance.now() < endsAt; ) {
        probes.push(lagOf(shop, probes.length));
        await delay(PROBE_INTERVAL_MS);
      }
      const lags = await Promise.all(probes);
      const report = measureVisits(await stream, durationSeconds);
      const times = lags.filter((lag) => lag !== null).sort((left, right) => left - right);
      const measurement = {
        perSecond: report.perSecond,
        p50Ms: percentile(times, 0.5),
        p99Ms: percentile(times, 0.99),
        failures: report.failures + lags.length - times.length,
      };
      return { measurement, note: `${times.length} orders watched among ${perSecond.toFixed(0)} a second` };
    });
  },
};

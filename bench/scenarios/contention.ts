/** Many who want the same: one SKU by RPC, 500 buyers for 100 units, and three times what can be served. */
import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import { measureOverload } from "../overload.ts";
import type { Scenario } from "../scenario.ts";
import { CONTEST_STOCK, contestSku, type Shop } from "../shop.ts";
import { Visitors } from "../visit.ts";

const CONTEST_BUYERS = 500;
const HOT_HOLDS = 6_000;
const HOT_CONCURRENCY = 64;

async function holds(shop: Shop, count: number): Promise<{ readonly held: number; readonly refused: number }> {
  const query = new URLSearchParams({
    sku: "HOT",
    concurrency: String(HOT_CONCURRENCY),
    run: randomUUID(),
    holds: String(count),
  });
  const answer = await fetch(`${shop.driverUrl}?${query}`);
  return (await answer.json()) as { held: number; refused: number };
}

const hotSku: Scenario = {
  title: "Hot SKU, holds by RPC",
  unit: "holds",
  reference: "singleWrite",
  bar: { of: "perSecond", atLeast: 2_000 },
  repeats: true,
  quick: true,
  async run(shop) {
    await holds(shop, 500);
    const startedAt = performance.now();
    const { held, refused } = await holds(shop, HOT_HOLDS);
    const elapsedMs = performance.now() - startedAt;
    return {
      measurement: { perSecond: (held / elapsedMs) * 1000, p50Ms: 0, p99Ms: 0, failures: refused },
      note: `one object, ${HOT_CONCURRENCY} at a time`,
    };
  },
};

const contest: Scenario = {
  title: `${CONTEST_BUYERS} buyers, ${CONTEST_STOCK} units`,
  unit: "orders",
  reference: "singleWrite",
  bar: { of: "p99Ms", atMost: 10_000 },
  repeats: true,
  quick: true,
  async run(shop, { round }) {
    const visitors = new Visitors(shop.url);
    const startedAt = performance.now();
    const visits = await Promise.all(Array.from({ length: CONTEST_BUYERS }, () => visitors.visit(contestSku(round))));
    const elapsedMs = performance.now() - startedAt;
    visitors.close();
    const placed = visits.filter(({ kind }) => kind === "bought").length;
    const soldOut = visits.filter((visit) => visit.kind === "failed" && visit.reason.endsWith("out_of_stock")).length;
    const failures = CONTEST_BUYERS - placed - soldOut + Math.abs(placed - CONTEST_STOCK);
    return {
      measurement: { perSecond: (placed / elapsedMs) * 1000, p50Ms: elapsedMs, p99Ms: elapsedMs, failures },
      note: `${placed} placed, ${soldOut} sold out`,
    };
  },
};

const overload: Scenario = {
  title: "Orders at 3× the peak",
  unit: "orders",
  reference: "singleWrite",
  bar: { of: "share", atLeast: 0.8 },
  repeats: false,
  quick: false,
  run: (shop, { durationSeconds }) => measureOverload(shop, durationSeconds),
};

export const CONTENTION: Readonly<Record<string, Scenario>> = { "hot-sku": hotSku, contest, overload };

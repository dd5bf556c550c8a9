/** Many who want the same: one SKU by RPC, 500 buyers for 100 units, and three times what can be served. */
import { performance } from "node:perf_hooks";
import { HOLDS_AT_A_TIME, type HoldLoad, measureHolds, measureHotHolds } from "../measure-holds.ts";
import { measureOverload } from "../overload.ts";
import type { Scenario } from "../scenario.ts";
import { CONTEST_STOCK } from "../shop.ts";
import { Visitors } from "../visit.ts";

const CONTEST_BUYERS = 500;
/** More SKUs than buyers at a time: no two wait for the same. */
const COLD_SKUS = 200;
const COLD_HOLDS = 1_000;
const COLD_TURNS = 3;

/** All of one SKU. `quick`: also in the short run that guards against slowness. */
function hotSku(what: Pick<Scenario, "title" | "quick"> & Pick<HoldLoad, "by"> & { readonly how: string }): Scenario {
  const { title, quick, by, how } = what;
  return {
    ...{ title, quick },
    unit: "holds",
    reference: "bareHold",
    counterparts: ["bareHold"],
    bar: { of: "perSecond", atLeast: 2_000 },
    rounds: "every",
    async run({ driverUrl }) {
      return { measurement: await measureHotHolds(driverUrl, by), note: `one object, ${how}` };
    },
  };
}

/** Nobody shares a call when everybody wants something else: what the gathering costs then, as a share of going without it. */
const coldSkusGathered: Scenario = {
  title: "Cold SKUs, holds of a partition",
  unit: "holds",
  reference: "singleWrite",
  bar: { of: "share", atLeast: 0.95 },
  rounds: "every",
  quick: false,
  async run({ driverUrl }) {
    const load = { holds: COLD_HOLDS, spread: COLD_SKUS };
    await measureHolds(driverUrl, { ...load, by: "alone" });
    const rates = { alone: 0, gathered: 0, refused: 0 };
    // In turn, so that a slow moment of the machine is slow for both.
    for (let turn = 0; turn < COLD_TURNS; turn++) {
      const alone = await measureHolds(driverUrl, { ...load, by: "alone" });
      const gathered = await measureHolds(driverUrl, { ...load, by: "partition" });
      rates.alone += alone.perSecond / COLD_TURNS;
      rates.gathered += gathered.perSecond / COLD_TURNS;
      rates.refused += alone.refused + gathered.refused;
    }
    return {
      measurement: { perSecond: rates.gathered, p50Ms: 0, p99Ms: 0, failures: rates.refused },
      share: rates.gathered / rates.alone,
      note: `${COLD_SKUS} SKUs; ${rates.alone.toFixed(0)}/s without gathering`,
    };
  },
};

const contest: Scenario = {
  title: `${CONTEST_BUYERS} buyers, ${CONTEST_STOCK} units`,
  unit: "orders",
  reference: "singleWrite",
  bar: { of: "p99Ms", atMost: 10_000 },
  rounds: "every",
  quick: true,
  async run(shop) {
    const visitors = new Visitors(shop.url);
    const sku = shop.takeContestSku();
    const startedAt = performance.now();
    const visits = await Promise.all(Array.from({ length: CONTEST_BUYERS }, () => visitors.visit(sku)));
    const elapsedMs = performance.now() - startedAt;
    visitors.close();
    const placed = visits.filter(({ kind }) => kind === "bought").length;
    const reasons = visits.flatMap((visit) => {
      if (visit.kind === "shed") return [`turned away at ${visit.step}`];
      return visit.kind === "failed" ? [visit.reason] : [];
    });
    const soldOut = reasons.filter((reason) => reason.endsWith("out_of_stock")).length;
    const others = new Set(reasons.filter((reason) => !reason.endsWith("out_of_stock")));
    const failures = CONTEST_BUYERS - placed - soldOut + Math.abs(placed - CONTEST_STOCK);
    return {
      measurement: { perSecond: (placed / elapsedMs) * 1000, p50Ms: elapsedMs, p99Ms: elapsedMs, failures },
      note: [`${placed} placed, ${soldOut} sold out`, ...others].join("; "),
    };
  },
};

const overload: Scenario = {
  title: "Orders at 3× the peak",
  unit: "orders",
  reference: "singleWrite",
  bar: { of: "share", atLeast: 0.8 },
  rounds: "last",
  quick: false,
  run: (shop, { durationSeconds }) => measureOverload(shop, durationSeconds),
};

export const CONTENTION: Readonly<Record<string, Scenario>> = {
  "hot-sku": hotSku({ title: "Hot SKU, holds by RPC", quick: true, by: "rpc", how: `${HOLDS_AT_A_TIME} at a time, a call each` }),
  /** As a partition asks: what waits for the same SKU shares a call. */
  "hot-sku-gathered": hotSku({
    title: "Hot SKU, holds of a partition",
    quick: false,
    by: "partition",
    how: `${HOLDS_AT_A_TIME} waiting, calls shared`,
  }),
  "cold-sku-gathered": coldSkusGathered,
  contest,
  overload,
};

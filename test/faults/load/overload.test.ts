/**
 * Three times as many shoppers as can be served: new ones are turned away at the door and told when to come back, whoever
 * has begun is finished, and nothing breaks. Arrivals wait for no answer, as in life; they come from a thread of their own.
 */
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goodput, type TrafficReport, TrafficThread } from "../../../bench/traffic.ts";
import { type Visit, Visitors } from "../../../bench/visit.ts";
import { numbers, pooled } from "../../system/pooled.ts";
import { startSystem, type TestSystem } from "../../system/serve-system.ts";
import { type OrderView, Shop } from "../../system/shop.ts";
import { faultRun, tell } from "../size.ts";

/**
 * The promise is 80 % of the peak. A quick run shares its machine with other suites, and what they take in those seconds is
 * missing on one side of the comparison: there it has to be 60 %. Without shedding less than half is left.
 */
const { bound, peakSeconds, overloadSeconds } =
  faultRun().size === "full"
    ? { bound: 0.8, peakSeconds: 10, overloadSeconds: 40 }
    : { bound: 0.6, peakSeconds: 3, overloadSeconds: 10 };
const TIMES_THE_PEAK = 3;
/** Shoppers at once that keep the system at its peak. */
const CROWD = 32;
/** The deadline of the gateway's routes: later answers are of no use. */
const DEADLINE_MS = 10_000;
const RECOVERY_MAX_MS = 10_000;
/** After the overload a shopper waits no longer than this for any answer, so many times in a row. */
const WELL_WITHIN_MS = 2_000;
const WELL_VISITS = 5;
const SKUS = numbers(20).map((index) => `CROWDED-${index}`);
const STOCK = 100_000;
const TIMEOUT_MS = 300_000;

let system: TestSystem;
let shop: Shop;
let thread: TrafficThread;
let probe: Visitors;

beforeAll(async () => {
  system = await startSystem();
  shop = new Shop(system);
  await shop.importProducts(SKUS.map((sku) => ({ sku, priceMinor: 999, stock: STOCK })));
  thread = new TrafficThread({ url: system.url, skus: SKUS });
  probe = new Visitors(system.url);
});
afterAll(async () => {
  probe?.close();
  await thread?.stop();
  await system?.stop();
});

describe("three times the load that can be served", () => {
  it("is shed at the door, leaves most of the peak to who is inside, and leaves nothing behind", {
    timeout: TIMEOUT_MS,
  }, async ({ task }) => {
    await thread.run({ kind: "crowd", shoppers: CROWD, seconds: 1 });
    const before = await peak();
    const { report: overload, recoveryMs } = await overloaded(goodputOf(before, peakSeconds) * TIMES_THE_PEAK);
    const after = await peak();
    const reports = [before, overload, after];
    const peaks = [before, after].map((report) => goodputOf(report, peakSeconds));
    const meanPeak = peaks.reduce((sum, each) => sum + each) / peaks.length;
    const told = JSON.stringify({
      peaks,
      overload: goodputOf(overload, overloadSeconds),
      recoveryMs,
      reports: reports.map(({ began, bought, shed, failures }) => ({ began, bought, shed, failures })),
    });

    for (const { failures } of reports) expect(failures, told).toEqual({});
    const shed = overload.visits.map(({ visit }) => visit).filter((visit) => visit.kind === "shed");
    expect(shed.length, told).toBeGreaterThan(0);
    for (const { retryAfterSeconds } of shed) expect(retryAfterSeconds, told).toBeGreaterThanOrEqual(1);
    expect(overload.shed.checkout ?? 0, told).toBe(0);
    expect(overload.shed.cart ?? 0, told).toBeGreaterThan(0.9 * shed.length);
    expect(goodputOf(overload, overloadSeconds), told).toBeGreaterThan(bound * meanPeak);
    expect(recoveryMs, told).toBeLessThan(RECOVERY_MAX_MS);

    const bought = reports.flatMap(({ visits }) => visits.map(({ visit }) => visit)).filter((visit) => visit.kind === "bought");
    expect(await placedAmong(bought)).toBe(bought.length);
    expect(await shop.violations()).toEqual([]);
    tell(task, { row: "overload", what: "shoppers at three times the peak", histories: overload.began });
  });
});

const peak = () => thread.run({ kind: "crowd", shoppers: CROWD, seconds: peakSeconds });

function goodputOf({ visits }: TrafficReport, seconds: number): number {
  return goodput(visits, DEADLINE_MS, 500, seconds * 1_000);
}

async function overloaded(perSecond: number): Promise<{ readonly report: TrafficReport; readonly recoveryMs: number }> {
  const report = thread.run({ kind: "stream", perSecond, seconds: overloadSeconds });
  await delay(overloadSeconds * 1_000);
  const recoveryMs = await untilWell();
  return { report: await report, recoveryMs };
}

/** Since now, which is when the last of the crowd arrived. */
async function untilWell(): Promise<number> {
  const startedAtMs = performance.now();
  let well = 0;
  let wellSinceMs = 0;
  while (well < WELL_VISITS && performance.now() - startedAtMs < 2 * RECOVERY_MAX_MS) {
    const beganAtMs = performance.now() - startedAtMs;
    const visit = await probe.visit(SKUS[0] ?? "");
    const isWell = visit.kind === "bought" && visit.slowestMs <= WELL_WITHIN_MS;
    if (isWell && well === 0) wellSinceMs = beganAtMs;
    well = isWell ? well + 1 : 0;
  }
  return well < WELL_VISITS ? Number.POSITIVE_INFINITY : wellSinceMs;
}

/** How many of those who were told so have their order. */
async function placedAmong(bought: readonly Extract<Visit, { kind: "bought" }>[]): Promise<number> {
  const orders = await pooled(bought, ({ orderId, orderToken }) =>
    shop.call<OrderView>("GET", `/v1/orders/${orderId}`, { headers: { "order-token": orderToken } }),
  );
  return orders.filter(({ status, body }) => status === 200 && body.status === "placed").length;
}

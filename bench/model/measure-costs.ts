/** Measures what the model is fed with, and the crowds that it is checked against, on a served shop. Nothing else should run. */
import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { HOLDS_TOGETHER_MAX } from "../../workers/inventory/contract.ts";
import { median } from "../figure.ts";
import { processorMs } from "../process-usage.ts";
import { warmSkus, withShoppers } from "../scenarios/buying.ts";
import type { Shop } from "../shop.ts";
import { measureVisits, type TrafficThread } from "../traffic.ts";
import { MEASURED, type MeasuredCosts } from "./costs.ts";
import { type CrowdPrediction, predictCrowd } from "./crowd.ts";
import { growthPerOrder, readSizes } from "./store-sizes.ts";

export interface CheckedCrowd {
  readonly shoppers: number;
  readonly predicted: CrowdPrediction;
  readonly measured: CrowdPrediction;
}

export interface Measured {
  readonly costs: MeasuredCosts;
  readonly crowds: readonly CheckedCrowd[];
}

const CROWDS = [4, 16, 64] as const;
/** Few, so that each is open before growth is measured. */
const SKUS = 10;
const WARM_UP_SECONDS = 3;
const BATCH_TURNS = 5;
const BATCH_HOLDS = 500;
/** Followers and mails are done by then. */
const SETTLED_MS = 5_000;

export async function measureCosts(shop: Shop, seconds: number): Promise<Measured> {
  return await withShoppers(shop, warmSkus().slice(0, SKUS), 1, async (thread) => {
    await thread.run({ kind: "crowd", shoppers: 4, seconds: WARM_UP_SECONDS });
    await delay(SETTLED_MS);
    const before = await readSizes(shop.stateDirectory);
    const single = await measureCrowd(thread, 1, seconds);
    const orders = { count: single.orders };
    const crowds: CheckedCrowd[] = [];
    for (const shoppers of CROWDS) {
      const measured = await measureCrowd(thread, shoppers, seconds);
      orders.count += measured.orders;
      const delayMs = Math.max(0, single.visitMs - single.processorMsPerOrder);
      crowds.push({ shoppers, predicted: predictCrowd(shoppers, single.processorMsPerOrder, delayMs), measured });
    }
    await delay(SETTLED_MS);
    const after = await readSizes(shop.stateDirectory);
    const costs: MeasuredCosts = {
      ...MEASURED,
      processorMsPerOrder: single.processorMsPerOrder,
      visitMs: single.visitMs,
      ...(await measureObject(shop)),
      bytesPerOrder: growthPerOrder(before, after, orders.count),
    };
    return { costs, crowds };
  });
}

interface Crowd extends CrowdPrediction {
  readonly orders: number;
  readonly processorMsPerOrder: number;
}

async function measureCrowd(thread: TrafficThread, shoppers: number, seconds: number): Promise<Crowd> {
  const busyBefore = processorMs();
  const report = await thread.run({ kind: "crowd", shoppers, seconds });
  const busyMs = processorMs() - busyBefore;
  const { perSecond, p50Ms } = measureVisits(report, seconds);
  return { perSecond, visitMs: p50Ms, orders: report.bought, processorMsPerOrder: busyMs / Math.max(1, report.bought) };
}

/** A call with one hold and a call with a full batch, in turn: their difference is the price of a hold, the rest the call's. */
async function measureObject(shop: Shop): Promise<{ objectCallMs: number; objectHoldMs: number }> {
  const singles: number[] = [];
  const batches: number[] = [];
  await callMs(shop, 1);
  for (let turn = 0; turn < BATCH_TURNS; turn++) {
    singles.push(await callMs(shop, 1));
    batches.push(await callMs(shop, HOLDS_TOGETHER_MAX));
  }
  const objectHoldMs = (median(batches) - median(singles)) / (HOLDS_TOGETHER_MAX - 1);
  return { objectHoldMs, objectCallMs: median(singles) - objectHoldMs };
}

/** Of one call with so many holds, one call after the other. */
async function callMs(shop: Shop, batch: number): Promise<number> {
  const query = new URLSearchParams({ sku: "HOT", run: randomUUID(), holds: String(BATCH_HOLDS), batch: String(batch) });
  const startedAt = performance.now();
  const answer = await fetch(`${shop.driverUrl}?${query}`);
  const { refused } = (await answer.json()) as { refused: number };
  if (refused > 0) throw new Error(`${refused} holds of a SKU with plenty of stock were refused`);
  return (performance.now() - startedAt) / Math.ceil(BATCH_HOLDS / batch);
}

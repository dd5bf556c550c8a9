/** Holds through a driver beside the workers (`hold-driver.ts`), of the shop or of the bare one, without HTTP between them. */
import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Measurement } from "./figure.ts";

export const HOLDS_AT_A_TIME = 64;
const HOT_HOLDS = 3_000;
const WARM_UP_HOLDS = 500;

export interface HoldLoad {
  readonly holds: number;
  /** As a partition does; under its guard but a call each; or the bare call. */
  readonly by: "partition" | "alone" | "rpc";
  /** Over how many SKUs; 0: all of one. */
  readonly spread: number;
}

interface HoldsTold {
  readonly perSecond: number;
  readonly refused: number;
}

/** @returns holds a second, and how many were refused. There is stock for all. */
export async function measureHolds(driverUrl: string, { holds, by, spread }: HoldLoad): Promise<HoldsTold> {
  const query = new URLSearchParams({ concurrency: String(HOLDS_AT_A_TIME), run: randomUUID(), holds: String(holds), by });
  query.set("sku", spread === 0 ? "HOT" : "BENCH");
  if (spread > 0) query.set("spread", String(spread));
  const startedAt = performance.now();
  const answer = await fetch(`${driverUrl}?${query}`);
  const { held, refused } = (await answer.json()) as { held: number; refused: number };
  return { perSecond: (held / (performance.now() - startedAt)) * 1000, refused };
}

/** All of one SKU. */
export async function measureHotHolds(driverUrl: string, by: HoldLoad["by"]): Promise<Measurement> {
  await measureHolds(driverUrl, { holds: WARM_UP_HOLDS, by, spread: 0 });
  const { perSecond, refused } = await measureHolds(driverUrl, { holds: HOT_HOLDS, by, spread: 0 });
  return { perSecond, p50Ms: 0, p99Ms: 0, failures: refused };
}

/** How long something takes to be seen: polled from the moment that it was answered. */
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { ShopClient } from "../scripts/replay/shop-client.ts";
import type { Measurement } from "./figure.ts";
import { percentile } from "./measure.ts";

const WANTED_PER_SECOND = 100;
/** A system at its limit has a lag that says nothing but how long it was there. */
const SHARE_OF_PEAK_MAX = 0.8;
/** Adds to what is measured; asked more often, the questions are a load of their own. */
const POLL_INTERVAL_MS = 50;
const PATIENCE_MS = 20_000;
/** Watched one by one, as part of the load. */
export const PROBES_PER_SECOND = 5;

/** @returns at how many events a second the lag of a shop with this peak is watched */
export function watchedRate(peakPerSecond: number): number {
  return Math.min(WANTED_PER_SECOND, SHARE_OF_PEAK_MAX * peakPerSecond);
}

/** @returns milliseconds until all are true; null when that takes too long */
export async function lagUntil(conditions: readonly (() => Promise<boolean>)[]): Promise<number | null> {
  const beganAt = performance.now();
  for (const holds of conditions) {
    while (!(await holds())) {
      if (performance.now() - beganAt > PATIENCE_MS) return null;
      await delay(POLL_INTERVAL_MS);
    }
  }
  return performance.now() - beganAt;
}

/** Of the operators' list of a person's orders. */
export async function isListed(client: ShopClient, email: string, status: string): Promise<boolean> {
  const path = `/v1/admin/orders?email=${encodeURIComponent(email)}`;
  const { items } = await client.admin<{ items: { status: string }[] }>("GET", path);
  return items.some((order) => order.status === status);
}

/** @param mails how many of them were sent about the order */
export async function isMailed(client: ShopClient, orderId: string, mails: number): Promise<boolean> {
  const path = `/v1/admin/notifications?order_id=${orderId}`;
  const { items } = await client.admin<{ items: { status: string }[] }>("GET", path);
  return items.filter(({ status }) => status === "sent").length >= mails;
}

/** @param perSecond what went on meanwhile. @param failures of that; each that was never seen is one more */
export function lagMeasurement(lags: readonly (number | null)[], perSecond: number, failures: number): Measurement {
  const times = lags.filter((lag) => lag !== null).sort((left, right) => left - right);
  const unseen = lags.length - times.length;
  return { perSecond, p50Ms: percentile(times, 0.5), p99Ms: percentile(times, 0.99), failures: failures + unseen };
}

/**
 * Shoppers in a thread of their own, so that judging the answers takes no time from sending. Either a fixed number of
 * shoppers, each beginning anew when done (`crowd`: finds the peak), or arrivals at a rate that waits for nobody
 * (`stream`: finds out what happens beyond it).
 */
import { setTimeout as delay } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { type Visit, Visitors } from "./visit.ts";

export type Traffic =
  | { readonly kind: "crowd"; readonly shoppers: number; readonly seconds: number }
  | { readonly kind: "stream"; readonly perSecond: number; readonly seconds: number };

export interface TimedVisit {
  /** Since the traffic began. */
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly visit: Visit;
}

export interface TrafficThreadData {
  readonly url: string;
  readonly skus: readonly string[];
  /** Different SKUs in a cart; 1 when nothing is said. */
  readonly linesPerCart?: number;
  /** What a shopper looks at before each purchase. */
  readonly browsing?: { readonly paths: readonly string[]; readonly perPurchase: number };
}

/** Arrivals are let go in groups: a timer for each would itself be the load. */
const TICK_MS = 10;

const { url, skus, linesPerCart = 1, browsing } = workerData as TrafficThreadData;
const visitors = new Visitors(url);
let next = 0;

function nextSkus(): readonly string[] {
  return Array.from({ length: linesPerCart }, () => skus[next++ % skus.length] ?? "");
}

/** @returns the failed visit of a shopper who could not see what there is */
async function browse(): Promise<Visit | undefined> {
  const { paths, perPurchase } = browsing ?? { paths: [], perPurchase: 0 };
  try {
    for (let looks = 0; looks < perPurchase; looks++) await visitors.look(paths[next++ % paths.length] ?? "");
    return undefined;
  } catch (error) {
    return { kind: "failed", step: "look", reason: String(error) };
  }
}

async function run(traffic: Traffic): Promise<readonly TimedVisit[]> {
  const beganAt = performance.now();
  const endsAtMs = traffic.seconds * 1_000;
  const visits: TimedVisit[] = [];
  const elapsedMs = () => performance.now() - beganAt;
  const visitOnce = async () => {
    const beganAtMs = elapsedMs();
    const visit = (await browse()) ?? (await visitors.visit(...nextSkus()));
    visits.push({ beganAtMs, endedAtMs: elapsedMs(), visit });
  };
  if (traffic.kind === "crowd") {
    const shopper = async () => {
      while (elapsedMs() < endsAtMs) await visitOnce();
    };
    await Promise.all(Array.from({ length: traffic.shoppers }, shopper));
    return visits;
  }
  const begun: Promise<void>[] = [];
  while (elapsedMs() < endsAtMs) {
    const due = (elapsedMs() / 1_000) * traffic.perSecond;
    while (begun.length < due) begun.push(visitOnce());
    await delay(TICK_MS);
  }
  await Promise.all(begun);
  return visits;
}

parentPort?.on("message", async (traffic: Traffic | "close") => {
  if (traffic !== "close") return parentPort?.postMessage(await run(traffic));
  visitors.close();
  parentPort?.close();
});

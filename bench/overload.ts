/** What is left of the peak when half as many, as many, two and three times as many shoppers come as can be served. */
import type { Measurement } from "./figure.ts";
import { percentile } from "./measure.ts";
import { benchSku, type Shop } from "./shop.ts";
import { goodput, TrafficThread } from "./traffic.ts";

/** The gateway's own deadline: later answers are of no use. */
const DEADLINE_MS = 10_000;
const CROWD = 32;
const SKUS = 50;
const TIMES_THE_PEAK = [0.5, 1, 2, 3];
/** Time to fill up is no part of any rate. */
const LEAD_IN_MS = 500;

export interface OverloadCurve {
  /** Of the last and highest point: useful orders a second, and how long a shopper waited for the slowest answer. */
  readonly measurement: Measurement;
  /** `peak 60/s; 0.5× 30, 1× 58, 2× 57, 3× 56` */
  readonly note: string;
  /** Of the peak, at the last point. */
  readonly share: number;
}

export async function measureOverload(shop: Shop, seconds: number): Promise<OverloadCurve> {
  const thread = new TrafficThread({ url: shop.url, skus: Array.from({ length: SKUS }, (_, index) => benchSku(index)) });
  try {
    await thread.run({ kind: "crowd", shoppers: CROWD, seconds: 2 });
    // The peak and each point as long as one another: a share of what was measured in less time says little.
    const pointSeconds = 2 * seconds;
    const pointMs = pointSeconds * 1_000;
    const crowd = await thread.run({ kind: "crowd", shoppers: CROWD, seconds: pointSeconds });
    const peak = goodput(crowd.visits, DEADLINE_MS, LEAD_IN_MS, pointMs);
    const points: string[] = [];
    let measurement: Measurement = { perSecond: 0, p50Ms: 0, p99Ms: 0, failures: 0 };
    for (const times of TIMES_THE_PEAK) {
      const { visits, failures } = await thread.run({ kind: "stream", perSecond: times * peak, seconds: pointSeconds });
      const perSecond = goodput(visits, DEADLINE_MS, LEAD_IN_MS, pointMs);
      const waits = visits.flatMap(({ visit }) => (visit.kind === "bought" ? [visit.slowestMs] : [])).sort((a, b) => a - b);
      const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
      measurement = { perSecond, p50Ms: percentile(waits, 0.5), p99Ms: percentile(waits, 0.99), failures: failed };
      points.push(`${times}× ${perSecond.toFixed(0)}`);
    }
    return { measurement, share: measurement.perSecond / peak, note: `peak ${peak.toFixed(0)}/s; ${points.join(", ")}` };
  } finally {
    await thread.stop();
  }
}

/** Shoppers by the thousand against a served shop, and what became of their visits. */
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { ROOT } from "../scripts/workers.ts";
import type { Measurement } from "./figure.ts";
import { percentile } from "./measure.ts";
import type { TimedVisit, Traffic, TrafficThreadData } from "./traffic-thread.ts";
import type { VisitStep } from "./visit.ts";

export interface TrafficReport {
  readonly visits: readonly TimedVisit[];
  readonly began: number;
  readonly bought: number;
  /** Who was turned away, by the step at which. */
  readonly shed: Readonly<Partial<Record<VisitStep, number>>>;
  /** Every other outcome by its reason: nothing that a shopper should meet. */
  readonly failures: Readonly<Record<string, number>>;
}

export class TrafficThread {
  readonly #worker: Worker;

  constructor(data: TrafficThreadData) {
    this.#worker = new Worker(join(ROOT, "bench/traffic-thread.ts"), { workerData: data });
  }

  /** Resolves when the last visit is over, which is later than when the last one began. One at a time. */
  async run(traffic: Traffic): Promise<TrafficReport> {
    this.#worker.postMessage(traffic);
    const [visits] = (await once(this.#worker, "message")) as [readonly TimedVisit[]];
    return reportOf(visits);
  }

  async stop(): Promise<void> {
    this.#worker.postMessage("close");
    await once(this.#worker, "exit");
  }
}

function reportOf(visits: readonly TimedVisit[]): TrafficReport {
  const shed: Partial<Record<VisitStep, number>> = {};
  const failures: Record<string, number> = {};
  let bought = 0;
  for (const { visit } of visits) {
    if (visit.kind === "bought") bought++;
    else if (visit.kind === "shed") shed[visit.step] = (shed[visit.step] ?? 0) + 1;
    else failures[`${visit.step}: ${visit.reason}`] = (failures[`${visit.step}: ${visit.reason}`] ?? 0) + 1;
  }
  return { visits, began: visits.length, bought, shed, failures };
}

/** A crowd that comes all at once ends its first visits late, and together: it is counted once it is out of step, and all is warm. */
const CROWD_WARM_UP_SECONDS = 3;

/** So many shoppers who begin anew when they are done: what they complete while it is full. */
export async function measureCrowd(
  thread: TrafficThread,
  shoppers: number,
  seconds: number,
  warmUpSeconds = CROWD_WARM_UP_SECONDS,
): Promise<Measurement> {
  const report = await thread.run({ kind: "crowd", shoppers, seconds: warmUpSeconds + seconds });
  return measureVisits(report, seconds, warmUpSeconds);
}

/** Visits that ended well in time, and how long each took from the first request to the last answer. */
export function measureVisits({ visits, failures }: TrafficReport, seconds: number, warmUpSeconds = 0): Measurement {
  const [fromMs, untilMs] = [warmUpSeconds * 1_000, (warmUpSeconds + seconds) * 1_000];
  const inTime = visits.filter(({ endedAtMs }) => endedAtMs >= fromMs && endedAtMs < untilMs);
  const bought = inTime.filter(({ visit }) => visit.kind === "bought");
  const times = bought.map(({ beganAtMs, endedAtMs }) => endedAtMs - beganAtMs).sort((left, right) => left - right);
  return {
    perSecond: bought.length / seconds,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    failures: Object.values(failures).reduce((sum, count) => sum + count, 0),
  };
}

/** Useful work a second: orders placed between the two times whose shopper got every answer within `deadlineMs`. */
export function goodput(visits: readonly TimedVisit[], deadlineMs: number, fromMs: number, untilMs: number): number {
  const useful = visits.filter(
    ({ visit, endedAtMs }) =>
      visit.kind === "bought" && visit.slowestMs <= deadlineMs && endedAtMs >= fromMs && endedAtMs < untilMs,
  );
  return useful.length / ((untilMs - fromMs) / 1_000);
}

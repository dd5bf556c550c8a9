/** Load from this process: HTTP requests in parallel for a bounded time, or a task in parallel a bounded number of times. */
import { performance } from "node:perf_hooks";
import autocannon from "autocannon";
import type { Measurement } from "./figure.ts";

export interface HttpLoad {
  readonly url: string;
  readonly connections: number;
  readonly durationSeconds: number;
  readonly requests: readonly {
    readonly method?: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  }[];
}

export async function measureHttp(load: HttpLoad): Promise<Measurement> {
  const result = await autocannon({
    url: load.url,
    connections: load.connections,
    duration: load.durationSeconds,
    requests: load.requests,
  });
  return {
    perSecond: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failures: result.non2xx + result.errors,
  };
}

/** Runs `task` until `durationSeconds` are over, `concurrency` at a time. A task that throws counts as a failure. */
export async function measureTask(
  concurrency: number,
  durationSeconds: number,
  task: (index: number) => Promise<void>,
): Promise<Measurement> {
  const times: number[] = [];
  let failures = 0;
  let next = 0;
  const startedAt = performance.now();
  const endsAt = startedAt + durationSeconds * 1000;
  async function loop(): Promise<void> {
    while (performance.now() < endsAt) {
      const beganAt = performance.now();
      try {
        await task(next++);
        times.push(performance.now() - beganAt);
      } catch (error) {
        if (failures++ === 0) console.error(`first failure: ${String(error)}`);
      }
    }
  }
  await Promise.all(Array.from({ length: concurrency }, loop));
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  times.sort((left, right) => left - right);
  return { perSecond: times.length / elapsedSeconds, p50Ms: percentile(times, 0.5), p99Ms: percentile(times, 0.99), failures };
}

export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? 0;
}

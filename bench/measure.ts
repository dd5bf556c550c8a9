/** Load from this process: HTTP requests in parallel for a bounded time. */
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

/** Of whole seconds: autocannon ends with its own clock's next one. */
export async function measureHttp(load: HttpLoad): Promise<Measurement> {
  const result = await autocannon({
    url: load.url,
    connections: load.connections,
    duration: load.durationSeconds,
    requests: load.requests,
  });
  return {
    perSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failures: result.non2xx + result.errors,
  };
}

export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? 0;
}

/** `/healthz`: every service's own report, asked in parallel within a short deadline, past the circuit breakers. */
import * as z from "zod";
import { type BreakerState, breakerStates } from "../shared/call-peer.ts";
import type { ServiceHealth } from "../shared/http.ts";
import type { GatewayEnv } from "./env.ts";
import { serviceName } from "./forward.ts";
import type { ClassLoad } from "./shed-load.ts";

/** Services that describe themselves by `/healthz` and `/openapi.json`. The docs are assets and the sandbox is no part of the API. */
export const DESCRIBED_SERVICES = [
  "IDENTITY",
  "CATALOG",
  "INVENTORY",
  "ORDERS",
  "PAYMENTS",
  "NOTIFICATIONS",
  "ANALYTICS",
  "DEAD_LETTERS",
  "AUDIT",
  "PRIVACY",
  "MEDIA",
] as const;

/** The storefront has pages, no API: it is in good health or not, and describes nothing. */
const REPORTING_SERVICES = [...DESCRIBED_SERVICES, "STOREFRONT"] as const;

const DEADLINE_MS = 3_000;
const Outside = z.object({
  state: z.enum(["unknown", "answers", "fails"]),
  breaker: z.string(),
  last_failure_at: z.string().nullable(),
});
const Health = z.object({
  status: z.enum(["ok", "failing"]),
  checks: z.record(z.string(), z.string()),
  outside: z.record(z.string(), Outside).optional(),
});

export interface SystemHealth {
  readonly status: "ok" | "failing";
  readonly environment: string;
  readonly services: Readonly<Record<string, ServiceHealth>>;
  /** Circuit breakers of the isolate that answered. */
  readonly breakers: Readonly<Record<string, BreakerState>>;
  /** What waits, is under way and was refused at the isolate that answered, by class. */
  readonly load: Readonly<Record<string, ClassLoad>>;
  /** Which paths an older shop still answers; the longest first. */
  readonly moves: readonly PathMove[];
}

export interface PathMove {
  readonly path: string;
  readonly methods?: readonly string[];
  readonly to: string;
  readonly percent?: number;
}

export async function reportHealth(
  env: GatewayEnv,
  environment: string,
  load: SystemHealth["load"],
  moves: SystemHealth["moves"],
): Promise<SystemHealth> {
  const reports = await Promise.all(
    REPORTING_SERVICES.map(async (service) => [serviceName(service), await healthOf(env[service])] as const),
  );
  const status = reports.every(([, health]) => health.status === "ok") ? "ok" : "failing";
  return { status, environment, services: Object.fromEntries(reports), breakers: breakerStates(), load, moves };
}

async function healthOf(service: Fetcher): Promise<ServiceHealth> {
  try {
    const response = await service.fetch("https://service.holdfast.internal/healthz", {
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    return Health.parse(await response.json());
  } catch {
    // The reason is in the service's own log; strangers read this page.
    return { status: "failing", checks: { reachable: "does not answer" } };
  }
}

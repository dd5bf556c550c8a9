/**
 * Counts each call against its caller's bucket and refuses what is over it (429), before anything is done for it. A call
 * without a credential is a stranger's and is counted at once, by network; with one, when it is known whose it is. The
 * headers are those of draft-ietf-httpapi-ratelimit-headers. This isolate counts and answers without waiting; the platform's
 * counter, which sees the whole location but tells no remainder, is asked behind the call's back, and its no counts from
 * the next call on.
 */
import type { Context, MiddlewareHandler } from "hono";
import { systemClock } from "../shared/clock.ts";
import { SESSION_COOKIE } from "../shared/page-cookies.ts";
import { GUEST, type Principal } from "../shared/principal.ts";
import { problemResponse } from "../shared/problem.ts";
import { logger } from "../shared/telemetry.ts";
import { CallCounter, type CountedCall } from "./call-counter.ts";
import type { GatewayHono } from "./env.ts";
import { RATE_WINDOW_SECONDS, type RatePolicy, rateClassOf, ratePolicyOf } from "./rate-policies.ts";
import { isReserved } from "./routing-table.ts";
import { waitPage } from "./wait-page.ts";

/** About 4 MB when all are taken. */
const KEYS_MAX = 20_000;
/** The platform does not say when it would say yes again. */
const PLATFORM_REFUSAL_MS = 10_000;
/** While it refuses, a policy says so this often, not at every call. */
const LOG_INTERVAL_MS = 10_000;

/** What a call was counted by, for the headers of its answer. */
export interface CountedRate {
  readonly policy: RatePolicy;
  readonly call: CountedCall;
}

export class RateLimiter {
  readonly #enabled: boolean;
  readonly #counter = new CallCounter(RATE_WINDOW_SECONDS * 1_000, KEYS_MAX);
  readonly #saidAtMs = new Map<string, number>();

  constructor(enabled: boolean) {
    this.#enabled = enabled;
  }

  /** The first stage of the two: strangers, and the headers of every counted answer. */
  strangers(): MiddlewareHandler<GatewayHono> {
    return async (c, next) => {
      if (!this.#enabled) return await next();
      const refusal = presentsCredential(c.req.raw.headers) ? undefined : this.count(c, GUEST);
      if (refusal === undefined) {
        await next();
        // Nobody was found behind the credential: a stranger's call after all.
        const late = this.count(c, GUEST);
        if (late !== undefined && c.res.status === 401) c.res = late;
      } else {
        c.res = refusal;
      }
      tellRate(c.res.headers, c.get("rate"));
    };
  }

  /** The second, after the credentials were verified. */
  principals(): MiddlewareHandler<GatewayHono> {
    return async (c, next) => this.count(c, c.var.principal) ?? (await next());
  }

  /** Counts a call that was not counted yet. @returns the refusal, when the caller has none left. */
  count(c: Context<GatewayHono>, principal: Principal): Response | undefined {
    if (!this.#enabled || c.get("rate") !== undefined) return undefined;
    const rateClass = rateClassOf(c.req.path, searchOf(c.req.raw.url));
    if (rateClass === undefined) return undefined;
    const policy = ratePolicyOf(rateClass, principal.kind);
    const caller = callerOf(principal, c.get("network"));
    const call = this.#counter.take(`${policy.name} ${caller}`, policy.quota, systemClock.now());
    c.set("rate", { policy, call });
    if (!call.allowed) return this.#refuse(c, policy, call);
    c.executionCtx.waitUntil(this.#askPlatform(c, policy, caller));
    return undefined;
  }

  async #askPlatform(c: Context<GatewayHono>, policy: RatePolicy, caller: string): Promise<void> {
    try {
      const { success } = await c.env[policy.binding].limit({ key: caller });
      if (!success) this.#counter.close(`${policy.name} ${caller}`, systemClock.now() + PLATFORM_REFUSAL_MS);
    } catch (error) {
      // This isolate goes on counting alone.
      if (this.#saysNow(policy.binding)) logger("gateway", c.var.context).warn("rate_limit_unknown", { reason: String(error) });
    }
  }

  #refuse(c: Context<GatewayHono>, policy: RatePolicy, call: CountedCall): Response {
    if (this.#saysNow(policy.name)) logger("gateway", c.var.context).warn("rate_limited", { policy: policy.name });
    return refusal(c.req.method, c.req.path, policy, secondsOf(call));
  }

  #saysNow(what: string): boolean {
    const nowMs = systemClock.now();
    if (nowMs - (this.#saidAtMs.get(what) ?? 0) < LOG_INTERVAL_MS) return false;
    this.#saidAtMs.set(what, nowMs);
    return true;
  }
}

function presentsCredential(headers: Headers): boolean {
  return headers.has("authorization") || headers.get("cookie")?.includes(`${SESSION_COOKIE}=`) === true;
}

/** Networks that are not known share a bucket. */
function callerOf({ kind, subject }: Principal, network: string | undefined): string {
  return kind === "guest" ? `network:${network ?? "unknown"}` : `${kind}:${subject ?? "admin-key"}`;
}

function searchOf(url: string): string {
  const at = url.indexOf("?");
  return at === -1 ? "" : url.slice(at);
}

function secondsOf(call: CountedCall): number {
  return Math.max(1, Math.ceil(call.resetMs / 1_000));
}

/** What is left to one caller is nobody else's to see: answers that others may be served say nothing. */
function tellRate(headers: Headers, rate: CountedRate | undefined): void {
  if (rate === undefined || headers.get("cache-control")?.includes("public")) return;
  const { policy, call } = rate;
  headers.set("ratelimit-policy", `"${policy.name}";q=${policy.quota};w=${RATE_WINDOW_SECONDS}`);
  headers.set("ratelimit", `"${policy.name}";r=${call.remaining};t=${secondsOf(call)}`);
}

function refusal(method: string, path: string, policy: RatePolicy, retryAfterSeconds: number): Response {
  if (!isReserved(path)) return waitPage("rate_limited", method, path, retryAfterSeconds);
  return problemResponse({
    status: 429,
    code: "rate_limited",
    detail:
      `At most ${policy.quota} calls of this kind are answered in ${RATE_WINDOW_SECONDS} seconds. ` +
      `Nothing was done; ask again in ${retryAfterSeconds} seconds.`,
    headers: { "retry-after": String(retryAfterSeconds) },
  });
}

/**
 * Refuses what could not be answered in time anyway, before anything was done for it: no credential checked, no body read,
 * no peer asked. Two things run short: this isolate's thread (`turnstile.ts`) and what stands behind it (`load-lane.ts`).
 * State is per isolate, as with the circuit breakers.
 */
import type { Context, MiddlewareHandler } from "hono";
import { systemClock } from "../shared/clock.ts";
import { problemResponse } from "../shared/problem.ts";
import { logger } from "../shared/telemetry.ts";
import { TurnKeeper } from "./await-turn.ts";
import type { GatewayHono } from "./env.ts";
import { LANE_LIMITS, LOAD_CLASSES, type LoadClass, loadClassOf } from "./load-class.ts";
import { type LaneLimits, LoadLane } from "./load-lane.ts";
import { isReserved } from "./routing-table.ts";
import { waitPage } from "./wait-page.ts";

/** Spread, so that those who were refused together do not come back together. */
const RETRY_AFTER_MIN_SECONDS = 2;
const RETRY_AFTER_MAX_SECONDS = 8;
const KEY_CHARACTERS_MAX = 255;
/** While it sheds, a class says so this often, not at every call. */
const LOG_INTERVAL_MS = 10_000;

/** Of one class at this isolate, for `/healthz` and logs. */
export interface ClassLoad {
  readonly waiting: number;
  readonly in_flight: number;
  readonly limit: number;
  /** Since the isolate started. */
  readonly refused: number;
}

export class LoadShedder {
  readonly #turns = new TurnKeeper();
  readonly #lanes: Readonly<Record<LoadClass, LoadLane>>;
  readonly #refused = new Map<LoadClass, number>();
  readonly #saidAtMs = new Map<LoadClass, number>();
  /** Unsafe calls under way that may be sent again; never more than there are calls under way. */
  readonly #repeatable = new Set<string>();

  constructor(limits: Readonly<Record<LoadClass, LaneLimits>> = LANE_LIMITS) {
    this.#lanes = Object.fromEntries(LOAD_CLASSES.map((name) => [name, new LoadLane(limits[name])])) as Record<
      LoadClass,
      LoadLane
    >;
  }

  get loads(): Record<LoadClass, ClassLoad> {
    return Object.fromEntries(LOAD_CLASSES.map((name) => [name, this.#loadOf(name)])) as Record<LoadClass, ClassLoad>;
  }

  stage(): MiddlewareHandler<GatewayHono> {
    return async (c, next) => {
      const { method, headers, signal } = c.req.raw;
      const call = repeatableCall(c);
      const isRepetition = call !== undefined && this.#repeatable.has(call);
      // A repetition of what is being done belongs to what has begun.
      const loadClass = isRepetition ? "checkout" : loadClassOf(method, c.req.path, headers);
      if (loadClass === undefined) return await next();
      const turn = this.#turns.await(loadClass, signal, c.executionCtx);
      const begins = typeof turn === "boolean" ? turn : await turn;
      const lane = this.#lanes[loadClass];
      const passage = begins ? lane.enter(systemClock.now()) : undefined;
      if (passage === undefined) {
        if (begins) this.#turns.done(loadClass);
        return this.#refuse(c, loadClass);
      }
      if (call !== undefined) this.#repeatable.add(call);
      const leave = once(() => {
        lane.abandon(passage);
        this.#turns.done(loadClass);
        if (call !== undefined && !isRepetition) this.#repeatable.delete(call);
      });
      // When the caller hangs up, nothing of this function goes on, not even its `finally`.
      signal.addEventListener("abort", leave, { once: true });
      try {
        await next();
        lane.leave(passage, systemClock.now());
      } finally {
        leave();
      }
    };
  }

  #loadOf(name: LoadClass): ClassLoad {
    const { underWay, limit } = this.#lanes[name];
    return { waiting: this.#turns.waitingIn(name), in_flight: underWay, limit, refused: this.#refused.get(name) ?? 0 };
  }

  #refuse(c: Context<GatewayHono>, loadClass: LoadClass): Response {
    const nowMs = systemClock.now();
    this.#refused.set(loadClass, (this.#refused.get(loadClass) ?? 0) + 1);
    if (nowMs - (this.#saidAtMs.get(loadClass) ?? 0) >= LOG_INTERVAL_MS) {
      this.#saidAtMs.set(loadClass, nowMs);
      logger("gateway", c.var.context).warn("load_shed", { load_class: loadClass, ...this.#loadOf(loadClass) });
    }
    return refusal(c.req.method, c.req.path);
  }
}

function once(end: () => void): () => void {
  let ended = false;
  return () => {
    if (!ended) end();
    ended = true;
  };
}

/** Names an unsafe call that may be sent again: by its path and its key. */
function repeatableCall(c: Context<GatewayHono>): string | undefined {
  const key = c.req.raw.headers.get("idempotency-key");
  return key === null || key.length > KEY_CHARACTERS_MAX || c.req.method !== "POST" ? undefined : `${c.req.path} ${key}`;
}

function refusal(method: string, path: string): Response {
  const spread = RETRY_AFTER_MAX_SECONDS - RETRY_AFTER_MIN_SECONDS + 1;
  const retryAfterSeconds = RETRY_AFTER_MIN_SECONDS + Math.floor(Math.random() * spread);
  if (!isReserved(path)) return waitPage("overloaded", method, path, retryAfterSeconds);
  return problemResponse({
    status: 503,
    code: "overloaded",
    detail: `More is asked of the shop than it can do right now. Nothing was done; ask again in ${retryAfterSeconds} seconds.`,
    headers: { "retry-after": String(retryAfterSeconds) },
  });
}

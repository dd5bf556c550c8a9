/** Buckets of attempts, decided without an object. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideAttempt, giveAttemptBack } from "../../../durable-objects/attempt-quota/decide-attempt.ts";

const NOW = 1_800_000_000_000;
const QUOTA = { burst: 3, refillMs: 60_000 };

/** @returns how many of the attempts at these moments were allowed. */
function allowedOf(moments: readonly number[], quota = QUOTA): number {
  let fullAtMs: number | undefined;
  let allowed = 0;
  for (const nowMs of moments) {
    const attempted = decideAttempt(fullAtMs, quota, nowMs);
    fullAtMs = attempted.fullAtMs;
    if (attempted.decision.allowed) allowed += 1;
  }
  return allowed;
}

describe("a bucket of attempts", () => {
  it("allows its burst at once, and then one per refill", () => {
    expect(allowedOf(Array.from({ length: 10 }, () => NOW))).toBe(3);
    const patient = Array.from({ length: 10 }, (_, index) => NOW + index * QUOTA.refillMs);
    expect(allowedOf(patient)).toBe(10);
  });

  it("says after how long the next attempt is allowed, to the millisecond", () => {
    let fullAtMs: number | undefined;
    for (let index = 0; index < QUOTA.burst; index++) ({ fullAtMs } = decideAttempt(fullAtMs, QUOTA, NOW));
    const { decision } = decideAttempt(fullAtMs, QUOTA, NOW + 1_000);
    if (decision.allowed) throw new Error("the burst was used up");
    const next = NOW + 1_000 + decision.retryAfterMs;
    expect(decideAttempt(fullAtMs, QUOTA, next - 1).decision.allowed).toBe(false);
    expect(decideAttempt(fullAtMs, QUOTA, next).decision.allowed).toBe(true);
  });

  it("does not make the wait longer for whoever asks again", () => {
    const eager = [...Array.from({ length: 500 }, () => NOW), NOW + QUOTA.refillMs];
    expect(allowedOf(eager)).toBe(QUOTA.burst + 1);
  });

  it("never allows more than its burst and one per refill, whenever the attempts come", () => {
    const moments = fc
      .array(fc.integer({ min: 0, max: 20 * QUOTA.refillMs }), { maxLength: 200 })
      .map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(moments, (offsets) => {
        const span = (offsets.at(-1) ?? 0) - (offsets[0] ?? 0);
        const allowed = allowedOf(offsets.map((offset) => NOW + offset));
        return allowed <= QUOTA.burst + Math.floor(span / QUOTA.refillMs);
      }),
    );
  });

  it("is as it was after an attempt that is given back, and never more than full", () => {
    const once = decideAttempt(undefined, QUOTA, NOW).fullAtMs;
    const twice = decideAttempt(once, QUOTA, NOW).fullAtMs;
    expect(giveAttemptBack(twice, QUOTA, NOW)).toBe(once);
    expect(giveAttemptBack(once, QUOTA, NOW)).toBeUndefined();
    expect(giveAttemptBack(undefined, QUOTA, NOW)).toBeUndefined();
  });

  it("forgives what a larger quota of before had counted", () => {
    const { decision } = decideAttempt(NOW + 1e12, QUOTA, NOW);
    expect(decision).toEqual({ allowed: false, retryAfterMs: QUOTA.refillMs });
  });
});

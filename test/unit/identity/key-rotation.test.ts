/** No valid token ever meets a verifier that lacks its key: checked over whole schedules, with a simulated verifier. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACCESS_TOKEN_LIFETIME_SECONDS, JWKS_CACHE_SECONDS } from "../../../workers/identity/contract.ts";
import {
  type KeyState,
  planKeyRotation,
  SIGNER_AGE_MAX_MS,
  SIGNER_CACHE_MS,
} from "../../../workers/identity/plan-key-rotation.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;

/** Applies the plan to a list, as the database does. */
function take(keys: readonly KeyState[], nowMs: number, newKid: string): KeyState[] {
  let after = [...keys];
  for (const step of planKeyRotation(keys, nowMs)) {
    if (step.kind === "drop") after = after.filter((key) => key.kid !== step.kid);
    if (step.kind === "publish_next") after.push({ kid: newKid, state: "pending", createdAtMs: nowMs, stateSinceMs: nowMs });
    if (step.kind === "promote") {
      after = after.map((key) => {
        if (key.state === "active") return { ...key, state: "retiring" as const, stateSinceMs: nowMs };
        return key.kid === step.kid ? { ...key, state: "active" as const, stateSinceMs: nowMs } : key;
      });
    }
  }
  return after;
}

interface Moment {
  readonly atMs: number;
  readonly kids: readonly string[];
  readonly signer: string;
}

/** What was published and what signed, at every run of a schedule. */
function simulate(intervalsMs: readonly number[]): Moment[] {
  let keys: KeyState[] = [{ kid: "k0", state: "active", createdAtMs: 0, stateSinceMs: 0 }];
  let atMs = SIGNER_AGE_MAX_MS - MINUTE_MS;
  return intervalsMs.map((interval, index) => {
    atMs += interval;
    keys = take(keys, atMs, `k${index + 1}`);
    return { atMs, kids: keys.map((key) => key.kid), signer: keys.find((key) => key.state === "active")?.kid ?? "" };
  });
}

function publishedAt(moments: readonly Moment[], atMs: number): readonly string[] {
  return moments.findLast((moment) => moment.atMs <= atMs)?.kids ?? ["k0"];
}

describe("the rotation of signing keys", () => {
  it("does nothing while the signer is young", () => {
    const young: KeyState = { kid: "k0", state: "active", createdAtMs: 0, stateSinceMs: 0 };
    expect(planKeyRotation([young], SIGNER_AGE_MAX_MS - 1)).toEqual([]);
    expect(planKeyRotation([young], SIGNER_AGE_MAX_MS)).toEqual([{ kind: "publish_next" }]);
    expect(planKeyRotation([], SIGNER_AGE_MAX_MS)).toEqual([]);
  });

  it("keeps every token verifiable for its whole life, however irregular the schedule", () => {
    const interval = fc.integer({ min: MINUTE_MS, max: 40 * MINUTE_MS });
    fc.assert(
      fc.property(fc.array(interval, { minLength: 5, maxLength: 40 }), (intervals) => {
        const moments = simulate(intervals);
        for (const { atMs, signer } of moments) {
          const published = [
            // a verifier that fetched the keys just before, and one that fetches them as the last token runs out
            publishedAt(moments, atMs - JWKS_CACHE_SECONDS * 1000),
            ...moments
              .filter((later) => later.atMs >= atMs && later.atMs <= atMs + lastUseAfterMs(moments, atMs))
              .map((m) => m.kids),
          ];
          if (!published.every((kids) => kids.includes(signer))) return false;
        }
        return true;
      }),
    );
  });

  it("ends with one key again", () => {
    const moments = simulate([2 * MINUTE_MS, ...Array.from({ length: 12 }, () => 15 * MINUTE_MS)]);
    expect(moments.at(-1)?.kids).toEqual(["k1"]);
    expect(moments.some((moment) => moment.kids.length > 1)).toBe(true);
  });

  it("serves for weeks, not minutes", () => {
    expect(SIGNER_AGE_MAX_MS).toBeGreaterThan(30 * DAY_MS);
  });
});

/** From a moment at which a key signs: until the next promotion is noticed, then a token's life. */
function lastUseAfterMs(moments: readonly Moment[], atMs: number): number {
  const signer = moments.find((moment) => moment.atMs === atMs)?.signer;
  const replaced = moments.find((moment) => moment.atMs > atMs && moment.signer !== signer)?.atMs ?? atMs;
  return replaced - atMs + SIGNER_CACHE_MS + ACCESS_TOKEN_LIFETIME_SECONDS * 1000;
}

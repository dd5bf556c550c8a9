/**
 * A bucket of attempts as one number: when it will be full again. An attempt moves that moment by one refill; it is refused
 * when the bucket would then owe more than its burst (the generic cell rate algorithm, ITU-T I.371). Pure.
 */
import type { AttemptDecision, Quota } from "./contract.ts";

export interface Attempted {
  readonly decision: AttemptDecision;
  /** Unchanged when the attempt was refused: asking again does not make the wait longer. */
  readonly fullAtMs: number;
}

/** @param fullAtMs undefined for a bucket that was never used, or was full and forgotten. */
export function decideAttempt(fullAtMs: number | undefined, quota: Quota, nowMs: number): Attempted {
  // A quota that was made smaller does not make anybody wait longer than its whole burst.
  const from = Math.min(Math.max(fullAtMs ?? nowMs, nowMs), nowMs + quota.burst * quota.refillMs);
  const next = from + quota.refillMs;
  const owedMs = next - nowMs - quota.burst * quota.refillMs;
  if (owedMs > 0) return { decision: { allowed: false, retryAfterMs: owedMs }, fullAtMs: from };
  return { decision: { allowed: true }, fullAtMs: next };
}

/** The attempt turned out not to be a guess. @returns undefined when the bucket is full. */
export function giveAttemptBack(fullAtMs: number | undefined, quota: Quota, nowMs: number): number | undefined {
  const earlier = (fullAtMs ?? nowMs) - quota.refillMs;
  return earlier > nowMs ? earlier : undefined;
}

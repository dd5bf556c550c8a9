/** The one place that reads the time. Decisions take `nowMs`; only handlers ask the clock. */

export type EpochMs = number;

export interface Clock {
  now(): EpochMs;
}

export const systemClock: Clock = { now: () => Date.now() };

/** `2026-11-21T09:30:00.000Z`: times leave the system as ISO 8601 UTC, never as numbers. */
export function isoTime(epochMs: EpochMs): string {
  return new Date(epochMs).toISOString();
}

/** `2026-11-21`: the UTC day that order numbers and reports are grouped by. */
export function utcDay(epochMs: EpochMs): string {
  return isoTime(epochMs).slice(0, 10);
}

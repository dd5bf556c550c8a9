/**
 * Which events are too old to tell anybody about. A follower that comes back after a long time, or whose database was set
 * back, finds events again that shoppers were told of long ago: their rows are kept as skipped, so that an operator can send
 * one again. Pure.
 */
import type { EpochMs } from "../../workers/shared/clock.ts";

const HOUR_MS = 3_600_000;

export interface MailHorizon {
  /** Older events are not news. */
  readonly hours: number;
  /** Set for a restore: whatever happened before was told already. */
  readonly notBeforeMs: EpochMs | null;
}

/** The time before which an event is too old. */
export function horizonMs({ hours, notBeforeMs }: MailHorizon, nowMs: EpochMs): EpochMs {
  return Math.max(nowMs - hours * HOUR_MS, notBeforeMs ?? 0);
}

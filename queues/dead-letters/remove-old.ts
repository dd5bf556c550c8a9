/** Retention: a letter is kept for ninety days after it last died or was settled, whatever its state; its deaths go with it. */
import type { EpochMs } from "../../workers/shared/clock.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Wake-ups lose their worth long before: the logs they come from are kept, and followers catch up without them. */
export const RETENTION_MS = 90 * DAY_MS;
/** Letters of one run of the schedule, so that it stays short after a flood. */
export const REMOVED_PER_RUN_MAX = 1_000;

/** @returns how many letters were removed. */
export async function removeOld(db: D1Database, nowMs: EpochMs): Promise<number> {
  const { results } = await db
    .prepare(
      `DELETE FROM dead_letters WHERE id IN (
         SELECT id FROM dead_letters WHERE changed_at_ms <= ? ORDER BY changed_at_ms LIMIT ?)
       RETURNING id`,
    )
    .bind(nowMs - RETENTION_MS, REMOVED_PER_RUN_MAX)
    .all();
  return results.length;
}

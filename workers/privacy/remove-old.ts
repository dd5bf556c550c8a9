/** Retention of the list of requests: three years, in which a person may complain that they were not answered. */
import type { EpochMs } from "../shared/clock.ts";

export const REQUEST_RETENTION_MS = 3 * 365 * 24 * 60 * 60 * 1_000;
const ROWS_PER_RUN = 1_000;

export async function removeOld(database: D1Database, nowMs: EpochMs): Promise<void> {
  await database
    .prepare(
      `DELETE FROM privacy_requests WHERE id IN (
         SELECT id FROM privacy_requests WHERE finished_at_ms <= ? ORDER BY finished_at_ms LIMIT ?)`,
    )
    .bind(nowMs - REQUEST_RETENTION_MS, ROWS_PER_RUN)
    .run();
}

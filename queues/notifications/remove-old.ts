/**
 * Retention: whom a message went to is blanked after a year and a month (a year of returns and complaints), and the row stays,
 * because the order's log asks for it. Mails about accounts and push subscriptions go whole.
 */
import type { EpochMs } from "../../workers/shared/clock.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
export const RECIPIENT_RETENTION_MS = 400 * DAY_MS;
export const PUSH_RETENTION_MS = 180 * DAY_MS;
export const ACCOUNT_MAIL_RETENTION_MS = 30 * DAY_MS;
/** Rows of one run of the schedule, so that it stays short. */
const ROWS_PER_RUN = 500;

export async function removeOld(db: D1Database, nowMs: EpochMs): Promise<void> {
  await db.batch([
    db
      .prepare(
        `UPDATE notifications SET recipient = NULL, subject = NULL, error = NULL WHERE id IN (
           SELECT id FROM notifications WHERE recipient IS NOT NULL AND status <> 'queued' AND created_at_ms <= ?1 LIMIT ?2)`,
      )
      .bind(nowMs - RECIPIENT_RETENTION_MS, ROWS_PER_RUN),
    db
      .prepare(
        `DELETE FROM push_subscriptions WHERE order_id IN (
           SELECT order_id FROM push_subscriptions WHERE created_at_ms <= ?1 LIMIT ?2)`,
      )
      .bind(nowMs - PUSH_RETENTION_MS, ROWS_PER_RUN),
    db
      .prepare(
        `DELETE FROM account_mails WHERE message_id IN (
           SELECT message_id FROM account_mails WHERE status <> 'queued' AND created_at_ms <= ?1 LIMIT ?2)`,
      )
      .bind(nowMs - ACCOUNT_MAIL_RETENTION_MS, ROWS_PER_RUN),
  ]);
}

/**
 * The outbox table: claim what is due, mark what came of it. A claim is a lease, so that two consumers never send the same
 * row at once and a row whose sender died is due again.
 */
import type { EpochMs } from "../../workers/shared/clock.ts";
import type { NotificationChannel, NotificationTemplate } from "./contract.ts";

/** Longer than all deadlines of one delivery together: a live sender marks in time. */
export const LEASE_MS = 60_000;
/** With the backoff below, about a day of trying. */
export const ATTEMPTS_MAX = 30;
const BACKOFF_INITIAL_MS = 10_000;
const BACKOFF_MAX_MS = 3_600_000;

export interface ClaimedNotification {
  readonly id: string;
  readonly orderId: string;
  readonly eventId: string;
  readonly template: NotificationTemplate;
  readonly channel: NotificationChannel;
  readonly details: string;
  /** Counts this attempt. */
  readonly attempts: number;
}

/** What came of one attempt. `recipient` and `subject` are null when it ended before they were known. */
export interface Attempt {
  readonly id: string;
  readonly attempts: number;
  readonly outcome: "sent" | "failed" | "skipped" | "retry";
  readonly recipient: string | null;
  readonly subject: string | null;
  readonly providerId: string | null;
  readonly error: string | null;
}

/** 10, 20, 40 … seconds, at most an hour. `attempts` starts at 1. Pure. */
export function backoffMs(attempts: number): number {
  return Math.min(BACKOFF_MAX_MS, BACKOFF_INITIAL_MS * 2 ** Math.max(0, attempts - 1));
}

/** Leases up to `limit` due rows, oldest first; `onlyId` claims that one. */
export async function claimDue(
  db: D1Database,
  nowMs: EpochMs,
  limit: number,
  onlyId: string | null = null,
): Promise<readonly ClaimedNotification[]> {
  const { results } = await db
    .prepare(
      `UPDATE notifications SET attempts = attempts + 1, next_attempt_at_ms = ?1 + ?2
       WHERE id IN (
         SELECT id FROM notifications
         WHERE status = 'queued' AND next_attempt_at_ms <= ?1 AND (?4 IS NULL OR id = ?4)
         ORDER BY next_attempt_at_ms, id LIMIT ?3)
       RETURNING id, order_id AS orderId, event_id AS eventId, template, channel, details, attempts`,
    )
    .bind(nowMs, LEASE_MS, limit, onlyId)
    .all<ClaimedNotification>();
  return results;
}

/**
 * Writes the outcomes of one wave of attempts. What was sent is sent, whoever holds the lease by now; any other outcome
 * counts only from the holder of the lease.
 */
export async function markAttempts(db: D1Database, attempts: readonly Attempt[], nowMs: EpochMs): Promise<void> {
  const rows = attempts.map((attempt) => ({
    ...attempt,
    status: attempt.outcome === "retry" ? "queued" : attempt.outcome,
    nextAttemptAtMs: nowMs + backoffMs(attempt.attempts),
    sentAtMs: attempt.outcome === "sent" ? nowMs : null,
  }));
  await db
    .prepare(
      `UPDATE notifications
       SET status = row.value ->> 'status', next_attempt_at_ms = row.value ->> 'nextAttemptAtMs',
           recipient = COALESCE(row.value ->> 'recipient', recipient), subject = COALESCE(row.value ->> 'subject', subject),
           provider_id = row.value ->> 'providerId', error = row.value ->> 'error', sent_at_ms = row.value ->> 'sentAtMs'
       FROM json_each(?) AS row
       WHERE notifications.id = row.value ->> 'id' AND notifications.status = 'queued'
         AND (row.value ->> 'status' = 'sent' OR notifications.attempts = row.value ->> 'attempts')`,
    )
    .bind(JSON.stringify(rows))
    .run();
}

/** When the next queued row is due; null when none is queued. */
export async function nextDueAtMs(db: D1Database): Promise<EpochMs | null> {
  const row = await db
    .prepare("SELECT MIN(next_attempt_at_ms) AS dueAtMs FROM notifications WHERE status = 'queued'")
    .first<{ dueAtMs: number | null }>();
  return row?.dueAtMs ?? null;
}

/** True for the one caller that shall ring at `ringsAtMs`: one earlier or equal ring under way is enough for all. */
export async function takeAlarm(db: D1Database, ringsAtMs: EpochMs, nowMs: EpochMs): Promise<boolean> {
  const { meta } = await db
    .prepare(
      `INSERT INTO outbox_alarm (id, rings_at_ms) VALUES (1, ?1)
       ON CONFLICT (id) DO UPDATE SET rings_at_ms = excluded.rings_at_ms
       WHERE outbox_alarm.rings_at_ms <= ?2 OR outbox_alarm.rings_at_ms > excluded.rings_at_ms`,
    )
    .bind(ringsAtMs, nowMs)
    .run();
  return meta.changes > 0;
}

/** Queries over the log of notifications, and the browsers that asked for web push. */
import { and, desc, eq, lt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { EpochMs } from "../../workers/shared/clock.ts";
import type { NotificationStatus, PushSubscription, SentNotification } from "./contract.ts";
import { type NotificationRow, notifications, pushSubscriptions } from "./schema.ts";

export const LIST_SENT_MAX = 1_000;

export interface NotificationFilter {
  readonly orderId: string | undefined;
  readonly status: NotificationStatus | undefined;
  /** Rows older than this one; ids sort by time. */
  readonly beforeId: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listNotifications(db: D1Database, filter: NotificationFilter): Promise<NotificationRow[]> {
  return await drizzle(db)
    .select()
    .from(notifications)
    .where(
      and(
        filter.orderId === undefined ? undefined : eq(notifications.orderId, filter.orderId),
        filter.status === undefined ? undefined : eq(notifications.status, filter.status),
        filter.beforeId === undefined ? undefined : lt(notifications.id, filter.beforeId),
      ),
    )
    .orderBy(desc(notifications.id))
    .limit(filter.limit);
}

export async function findNotification(db: D1Database, id: string): Promise<NotificationRow | undefined> {
  return await drizzle(db).select().from(notifications).where(eq(notifications.id, id)).get();
}

/** Oldest first, for the audit. */
export async function listSent(db: D1Database, afterId: string, limit: number): Promise<readonly SentNotification[]> {
  return await drizzle(db)
    .select({
      id: notifications.id,
      orderId: notifications.orderId,
      eventId: notifications.eventId,
      template: notifications.template,
      channel: notifications.channel,
      status: notifications.status,
    })
    .from(notifications)
    .where(sql`${notifications.id} > ${afterId}`)
    .orderBy(notifications.id)
    .limit(Math.min(limit, LIST_SENT_MAX));
}

/** Puts a finished message back into the outbox. @returns false when it is there already, or does not exist */
export async function requeue(db: D1Database, id: string, nowMs: EpochMs): Promise<boolean> {
  const { meta } = await db
    .prepare(
      `UPDATE notifications SET status = 'queued', attempts = 0, next_attempt_at_ms = ?2, sent_at_ms = NULL, error = NULL
       WHERE id = ?1 AND status <> 'queued'`,
    )
    .bind(id, nowMs)
    .run();
  return meta.changes > 0;
}

export async function findPushSubscription(db: D1Database, orderId: string): Promise<PushSubscription | null> {
  const row = await drizzle(db).select().from(pushSubscriptions).where(eq(pushSubscriptions.orderId, orderId)).get();
  return row === undefined ? null : { endpoint: row.endpoint, keys: { auth: row.auth, p256dh: row.p256dh } };
}

export async function storePushSubscription(
  db: D1Database,
  orderId: string,
  subscription: PushSubscription,
  nowMs: EpochMs,
): Promise<void> {
  const row = { orderId, endpoint: subscription.endpoint, ...subscription.keys, createdAtMs: nowMs };
  await drizzle(db).insert(pushSubscriptions).values(row).onConflictDoUpdate({ target: pushSubscriptions.orderId, set: row });
}

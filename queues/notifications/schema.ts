/** Drizzle mirror of migrations/notifications; the SQL is the truth. */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { NotificationChannel, NotificationStatus, NotificationTemplate } from "./contract.ts";

export const notifications = sqliteTable("notifications", {
  id: text().primaryKey(),
  orderId: text("order_id").notNull(),
  eventId: text("event_id").notNull(),
  template: text().$type<NotificationTemplate>().notNull(),
  channel: text().$type<NotificationChannel>().notNull(),
  details: text().notNull(),
  status: text().$type<NotificationStatus>().notNull(),
  attempts: integer().notNull(),
  nextAttemptAtMs: integer("next_attempt_at_ms").notNull(),
  recipient: text(),
  subject: text(),
  providerId: text("provider_id"),
  error: text(),
  createdAtMs: integer("created_at_ms").notNull(),
  sentAtMs: integer("sent_at_ms"),
});
export type NotificationRow = typeof notifications.$inferSelect;

export const accountMails = sqliteTable("account_mails", {
  messageId: text("message_id").primaryKey(),
  status: text().$type<NotificationStatus>().notNull(),
  attempts: integer().notNull(),
  nextAttemptAtMs: integer("next_attempt_at_ms").notNull(),
  error: text(),
  createdAtMs: integer("created_at_ms").notNull(),
  sentAtMs: integer("sent_at_ms"),
});

export const pushSubscriptions = sqliteTable("push_subscriptions", {
  orderId: text("order_id").primaryKey(),
  endpoint: text().notNull(),
  auth: text().notNull(),
  p256dh: text().notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
});

/** What peers may ask of notifications: what was sent. */
import type { CallContext } from "../../workers/shared/telemetry.ts";

export type NotificationChannel = "email" | "sms" | "push";
export type NotificationStatus = "sent" | "failed" | "skipped";
export type NotificationTemplate = "order_confirmation" | "order_shipped" | "order_refunded" | "order_cancelled";

export interface SentNotification {
  readonly id: string;
  readonly orderId: string;
  /** The event that caused it: one effect per event, template and channel. */
  readonly eventId: string;
  readonly template: NotificationTemplate;
  readonly channel: NotificationChannel;
  readonly status: NotificationStatus;
}

export interface NotificationsApi {
  /** By id, a page at a time, for the audit. */
  listSent(afterId: string, limit: number): Promise<readonly SentNotification[]>;
  /** Follows every partition's log up to its end. @returns events applied. */
  catchUp(context: CallContext): Promise<number>;
}

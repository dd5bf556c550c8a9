/** What peers may ask of notifications: what was sent, and where a browser wants to be told. */
import * as z from "zod";
import type { LogComparison } from "../../workers/shared/compare-rows.ts";
import type { CursorRow } from "../../workers/shared/d1-follower.ts";
import type { PersonalData } from "../../workers/shared/privacy.ts";
import type { RebuildState } from "../../workers/shared/rebuild-projection.ts";
import type { Result } from "../../workers/shared/result.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";
import type { OrderEvent } from "../contracts/order-events.ts";

export const NOTIFICATION_CHANNELS = ["email", "sms", "push"] as const;
export type NotificationChannel = (typeof NOTIFICATION_CHANNELS)[number];

export const NOTIFICATION_STATUSES = ["queued", "sent", "failed", "skipped"] as const;
/**
 * `queued`: committed, not sent yet. `skipped`: the shopper gave nothing to be reached by on this channel, or it is not news: its
 * event is older than the horizon, or a rebuild restored the row.
 */
export type NotificationStatus = (typeof NOTIFICATION_STATUSES)[number];

export const NOTIFICATION_TEMPLATES = ["order_confirmation", "order_shipped", "order_refunded", "order_cancelled"] as const;
export type NotificationTemplate = (typeof NOTIFICATION_TEMPLATES)[number];

export interface SentNotification {
  readonly id: string;
  readonly orderId: string;
  /** The event that caused it: one effect per event, template and channel. */
  readonly eventId: string;
  readonly template: NotificationTemplate;
  readonly channel: NotificationChannel;
  readonly status: NotificationStatus;
}

/** Push services of the browsers: the only hosts that we post to on a shopper's word. */
const PUSH_HOSTS =
  /^(?:fcm\.googleapis\.com|[a-z0-9-]+\.push\.services\.mozilla\.com|updates\.push\.services\.mozilla\.com|[a-z0-9.-]+\.notify\.windows\.com|web\.push\.apple\.com)$/;

function isPushEndpoint(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === "https:" && url.port === "" && url.username === "" && PUSH_HOSTS.test(url.hostname);
}

/** https://www.w3.org/TR/push-api/#pushsubscription-interface */
export const PushSubscription = z.strictObject({
  endpoint: z.string().max(2_000).refine(isPushEndpoint, "must be an https address of a browser's push service"),
  keys: z.strictObject({
    auth: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
    p256dh: z.string().regex(/^[A-Za-z0-9_-]{80,100}$/),
  }),
});
export type PushSubscription = z.infer<typeof PushSubscription>;

export interface NotificationsApi extends PersonalData {
  /** By id, a page at a time, for the audit. Includes what is queued, failed and skipped. */
  listSent(afterId: string, limit: number): Promise<readonly SentNotification[]>;
  /** Compares the mails about these orders (queued, sent, failed or skipped) with their whole histories. */
  compareWithLog(histories: readonly OrderEvent[]): Promise<LogComparison>;
  /** Where its follower stands in each partition's log. */
  listCursors(): Promise<readonly CursorRow[]>;
  /** Projections that can be rebuilt, and where their rebuilds stand. */
  listProjections(): Promise<readonly RebuildState[]>;
  /** Begins a rebuild, or does the next bounded piece of the one under way. Null: there is no such projection. */
  rebuildProjection(name: string): Promise<RebuildState | null>;
  /** Follows every partition's log up to its end, and sends what is due. @returns events applied. */
  catchUp(context: CallContext): Promise<number>;
  /** The caller has checked that the browser's owner may see the order. A later subscription replaces the earlier one. */
  savePushSubscription(
    orderId: string,
    subscription: PushSubscription,
  ): Promise<Result<null, { readonly code: "invalid_subscription" }>>;
}

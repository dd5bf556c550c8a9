/** The operators' view of what was sent: list, one with its rendered form, send again. */
import { createRoute, z } from "@hono/zod-openapi";
import { callPeer } from "../../workers/shared/call-peer.ts";
import { isoTime, systemClock } from "../../workers/shared/clock.ts";
import { decodeCursor, encodeCursor, PageLimit } from "../../workers/shared/cursor.ts";
import { createServiceApp, describeService, jsonContent, notFound, problemResponses } from "../../workers/shared/http.ts";
import { idSchema } from "../../workers/shared/identifiers.ts";
import { requireOperator } from "../../workers/shared/principal.ts";
import { noteDifference } from "../../workers/shared/privileged-act.ts";
import { ProblemError } from "../../workers/shared/problem.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";
import { NOTIFICATION_CHANNELS, NOTIFICATION_STATUSES, NOTIFICATION_TEMPLATES } from "./contract.ts";
import type { Env } from "./env.ts";
import { findNotification, listNotifications, requeue } from "./read-notifications.ts";
import { renderMessage } from "./render-message.ts";
import type { NotificationRow } from "./schema.ts";
import { messageKey, orderUrl, parseDetails } from "./send-due.ts";

export interface RouteDependencies {
  readonly publicUrl: string;
  readonly shopName: string;
  sendNow(env: Env, id: string, context: CallContext): Promise<void>;
}

const ORDERS_POLICY = { service: "orders", deadlineMs: 5_000, retries: 1 } as const;
const NotificationId = idSchema("ntf");
const OrderId = idSchema("ord");

const NotificationJson = z
  .strictObject({
    id: z.string(),
    order_id: z.string(),
    event_id: z.string().openapi({ description: "The event that caused it; one message per event, template and channel." }),
    template: z.enum(NOTIFICATION_TEMPLATES),
    channel: z.enum(NOTIFICATION_CHANNELS),
    to: z.string().nullable().openapi({ description: "Null until it was first addressed." }),
    subject: z.string().nullable(),
    status: z.enum(NOTIFICATION_STATUSES),
    attempts: z.int(),
    created_at: z.iso.datetime(),
    sent_at: z.iso.datetime().nullable(),
    error: z.string().nullable(),
  })
  .openapi("Notification");

const NotificationDetailJson = NotificationJson.extend({
  preview: z
    .strictObject({ subject: z.string(), html: z.string(), text: z.string() })
    .nullable()
    .openapi({ description: "Rendered again from the order as it is now, without the shopper's token." }),
}).openapi("NotificationDetail");

const tags = ["Notifications"];
const security = [{ bearer: [] }];

const listRoute = createRoute({
  method: "get",
  path: "/v1/admin/notifications",
  operationId: "listNotifications",
  summary: "What was sent, to whom, by which channel",
  tags,
  security,
  request: {
    query: z.strictObject({
      order_id: OrderId.optional(),
      status: z.enum(NOTIFICATION_STATUSES).optional(),
      cursor: z.string().max(200).optional(),
      limit: PageLimit,
    }),
  },
  responses: {
    200: jsonContent(
      z.strictObject({ items: z.array(NotificationJson), next_cursor: z.string().nullable() }).openapi("NotificationList"),
      "Newest first",
    ),
    ...problemResponses(400, 401, 403),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/v1/admin/notifications/{id}",
  operationId: "readNotification",
  summary: "One notification and how it reads",
  tags,
  security,
  request: { params: z.strictObject({ id: NotificationId }) },
  responses: { 200: jsonContent(NotificationDetailJson, "The notification"), ...problemResponses(400, 401, 403, 404) },
});

const resendRoute = createRoute({
  method: "post",
  path: "/v1/admin/notifications/{id}/resend",
  operationId: "resendNotification",
  summary: "Send a finished notification again",
  tags,
  security,
  request: { params: z.strictObject({ id: NotificationId }) },
  responses: { 202: jsonContent(NotificationJson, "Queued"), ...problemResponses(400, 401, 403, 404, 409) },
});

function notificationJson(row: NotificationRow): z.infer<typeof NotificationJson> {
  return {
    id: row.id,
    order_id: row.orderId,
    event_id: row.eventId,
    template: row.template,
    channel: row.channel,
    to: row.recipient,
    subject: row.subject,
    status: row.status,
    attempts: row.attempts,
    created_at: isoTime(row.createdAtMs),
    sent_at: row.sentAtMs === null ? null : isoTime(row.sentAtMs),
    error: row.error,
  };
}

/** What the log of privileged acts may keep: not to whom. */
function stateOf({ status, attempts, sentAtMs }: NotificationRow) {
  return { status, attempts, sent_at: sentAtMs === null ? null : isoTime(sentAtMs) };
}

async function previewOf(env: Env, dependencies: RouteDependencies, row: NotificationRow, context: CallContext) {
  const read = await callPeer(ORDERS_POLICY, () => env.ORDERS.readOrder(row.orderId, context));
  if (!read.ok) return null;
  const { subject, html, text } = renderMessage(messageKey(row), parseDetails(row.details), {
    shopName: dependencies.shopName,
    orderUrl: orderUrl(dependencies.publicUrl, row.orderId, null),
    order: read.value,
  });
  return { subject, html, text };
}

export function notificationRoutes(dependencies: RouteDependencies) {
  const app = createServiceApp<Env>("notifications");
  describeService(app, "notifications", { database: (env) => env.DATABASE.prepare("SELECT 1").first() });

  app.openapi(listRoute, async (c) => {
    requireOperator(c.var.principal, "notifications:read");
    const { order_id: orderId, status, cursor, limit } = c.req.valid("query");
    const beforeId = cursor === undefined ? undefined : decodeCursor(NotificationId, cursor);
    const rows = await listNotifications(c.env.DATABASE, { orderId, status, beforeId, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(last.id) : null;
    return c.json({ items: page.map(notificationJson), next_cursor: nextCursor }, 200);
  });

  app.openapi(readRoute, async (c) => {
    requireOperator(c.var.principal, "notifications:read");
    const row = await findNotification(c.env.DATABASE, c.req.valid("param").id);
    if (row === undefined) throw notFound("notification");
    const preview = await previewOf(c.env, dependencies, row, c.var.context);
    return c.json({ ...notificationJson(row), preview }, 200);
  });

  app.openapi(resendRoute, async (c) => {
    requireOperator(c.var.principal, "notifications:write");
    const { id } = c.req.valid("param");
    const before = await findNotification(c.env.DATABASE, id);
    const queued = await requeue(c.env.DATABASE, id, systemClock.now());
    const row = await findNotification(c.env.DATABASE, id);
    if (row === undefined || before === undefined) throw notFound("notification");
    if (!queued) {
      throw new ProblemError({
        status: 409,
        code: "notification_queued",
        detail: `It is waiting to be sent; the next try is at ${isoTime(row.nextAttemptAtMs)}.`,
      });
    }
    noteDifference(c, stateOf(before), stateOf(row));
    c.executionCtx.waitUntil(dependencies.sendNow(c.env, id, c.var.context));
    return c.json(notificationJson(row), 202);
  });

  return app;
}

/**
 * The projection of notifications that can be rebuilt: which mails the logs ask for. Whether one was sent is no log's to say,
 * so rows keep their state, and a row that was lost comes back as not to be sent: nobody is told anything twice.
 */
import type { OrdersApi } from "../../workers/orders/contract.ts";
import type { EpochMs } from "../../workers/shared/clock.ts";
import type { Projection } from "../../workers/shared/rebuild-projection.ts";
import { ORDER_SOURCE_PREFIX, type OrderEvent } from "../contracts/order-events.ts";
import { orderFollower } from "./follow-orders.ts";

/**
 * Other channels come and go with the configuration: their rows are left alone. An event of another order under the same
 * number (its partition was set back in time) is another event: nobody was told of it.
 */
const REMOVE = `
  DELETE FROM notifications WHERE channel = 'email' AND NOT EXISTS (
    SELECT 1 FROM rebuilt_notifications AS asked
    WHERE asked.event_id = notifications.event_id AND asked.template = notifications.template AND asked.channel = 'email'
      AND asked.order_id = notifications.order_id)`;

const WRITE = `
  INSERT INTO notifications (id, order_id, event_id, template, channel, details, status, attempts, next_attempt_at_ms, error, created_at_ms)
  SELECT id, order_id, event_id, template, channel, details, 'skipped', 0, next_attempt_at_ms, 'restored_by_rebuild', created_at_ms
  FROM rebuilt_notifications WHERE TRUE
  ON CONFLICT (event_id, template, channel) DO UPDATE SET details = excluded.details
  WHERE notifications.details <> excluded.details`;

/** Which of them were sent is not asked here. */
const EVERYTHING = { hours: Number.POSITIVE_INFINITY, notBeforeMs: null };

export function mailsProjection(
  database: D1Database,
  orders: Pick<OrdersApi, "listSources" | "readEvents" | "readEventsOf">,
  now: () => EpochMs,
): Projection<OrderEvent> {
  return {
    name: "notifications",
    database,
    follower: orderFollower({ database, orders, channels: ["email"], horizon: EVERYTHING, now }, "rebuilt"),
    sourcePrefix: ORDER_SOURCE_PREFIX,
    listSources: async (after) => (await orders.listSources()).filter((source) => source > after),
    tables: [{ name: "notifications", key: [], columns: [], replacement: { remove: REMOVE, write: WRITE } }],
  };
}

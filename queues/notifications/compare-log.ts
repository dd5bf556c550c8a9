/**
 * Mails against the order log, for the audit: whole histories of some orders, planned again and compared. Other channels
 * come and go with the configuration, so only mails can be told from the log alone.
 */
import { BEHIND, compareRows, type LogComparison } from "../../workers/shared/compare-rows.ts";
import { reach } from "../../workers/shared/compare-with-log.ts";
import type { ManyFollower } from "../../workers/shared/follow-log.ts";
import type { OrderEvent } from "../contracts/order-events.ts";
import { planNotifications } from "./decide-notifications.ts";

interface Mail {
  readonly orderId: string;
  readonly eventId: string;
  readonly template: string;
  readonly details: string;
}

/** @param histories every event of the orders that they are about */
export async function compareMails(
  db: D1Database,
  follower: ManyFollower<OrderEvent>,
  histories: readonly OrderEvent[],
): Promise<LogComparison> {
  if (!(await reach(follower, histories))) return BEHIND;
  const expected = expectedMails(histories);
  const orderIds = JSON.stringify([...new Set(histories.map((event) => event.data.orderId))]);
  const { results } = await db
    .prepare(
      `SELECT order_id AS orderId, event_id AS eventId, template, details FROM notifications
       WHERE channel = 'email' AND order_id IN (SELECT value FROM json_each(?))`,
    )
    .bind(orderIds)
    .all<Mail>();
  return { behind: false, rows: expected.length, differences: compareRows(expected, results, keyOf, describe) };
}

/** Nobody is told of the end of an order that was never confirmed. */
export function expectedMails(histories: readonly OrderEvent[]): readonly Mail[] {
  const planned = planNotifications(histories, ["email"]);
  const confirmed = new Set(planned.filter((one) => one.template === "order_confirmation").map((one) => one.orderId));
  return planned
    .filter((one) => one.template !== "order_cancelled" || confirmed.has(one.orderId))
    .map(({ orderId, eventId, template, details }) => ({ orderId, eventId, template, details: JSON.stringify(details) }));
}

function keyOf({ eventId, template }: Mail): string {
  return `${eventId} ${template}`;
}

function describe({ orderId, eventId, template }: Mail): string {
  return `${orderId} mail ${template} for ${eventId}`;
}

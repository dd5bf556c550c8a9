/** Which binding a queue is reached by: `order-events-ledger` → `ORDER_EVENTS_LEDGER`. Pure. */
import type { Env } from "./env.ts";

/** Undefined for a queue that this deployment no longer has. */
export function queueOf(env: Env, queue: string): Pick<Queue, "send"> | undefined {
  switch (queue) {
    case "dead-letters":
      return env.DEAD_LETTERS;
    case "account-messages":
      return env.ACCOUNT_MESSAGES;
    case "order-events-projection":
      return env.ORDER_EVENTS_PROJECTION;
    case "order-events-ledger":
      return env.ORDER_EVENTS_LEDGER;
    case "order-events-notifications":
      return env.ORDER_EVENTS_NOTIFICATIONS;
    case "order-events-analytics":
      return env.ORDER_EVENTS_ANALYTICS;
    case "stock-events-analytics":
      return env.STOCK_EVENTS_ANALYTICS;
    case "notification-outbox":
      return env.NOTIFICATION_OUTBOX;
    default:
      return undefined;
  }
}

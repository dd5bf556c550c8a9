/** Bindings of the dead-letter worker. Every queue that a letter can go back to is bound by its name. */

export interface Env {
  readonly DATABASE: D1Database;
  readonly DEAD_LETTERS: Queue;
  readonly ACCOUNT_MESSAGES: Queue;
  readonly ORDER_EVENTS_PROJECTION: Queue;
  readonly ORDER_EVENTS_LEDGER: Queue;
  readonly ORDER_EVENTS_NOTIFICATIONS: Queue;
  readonly ORDER_EVENTS_ANALYTICS: Queue;
  readonly STOCK_EVENTS_ANALYTICS: Queue;
  readonly NOTIFICATION_OUTBOX: Queue;
}

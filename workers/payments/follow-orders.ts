/** Follows the order log into the ledger: an event's entries and the cursor commit together. */
import { OrderEvent } from "../../queues/contracts/order-events.ts";
import type { OrdersApi } from "../orders/contract.ts";
import { applyWithCursors, cursorMoves, readCursor, readCursors } from "../shared/d1-follower.ts";
import type { ManyFollower, Run } from "../shared/follow-log.ts";
import { pullEvents } from "../shared/pull-events.ts";
import { type LedgerEntry, ledgerEntries } from "./ledger-entries.ts";

export function ledgerFollower(db: D1Database, orders: Pick<OrdersApi, "readEvents">): ManyFollower<OrderEvent> {
  async function applyRuns(runs: readonly Run<OrderEvent>[]): Promise<void> {
    const events = runs.flatMap((run) => run.events);
    const entries = ledgerEntries(events, await earlierEntries(db, events));
    await applyWithCursors(db, cursorMoves(runs), entries.length === 0 ? [] : [insertEntries(db, entries)]);
  }
  return {
    readCursor: (source) => readCursor(db, source),
    readCursors: (sources) => readCursors(db, sources),
    pull: (source, afterSequence, limit) =>
      pullEvents("orders", OrderEvent, () => orders.readEvents(source, afterSequence, limit)),
    apply: (source, expectedSequence, events) => applyRuns([{ source, expectedSequence, events }]),
    applyRuns,
  };
}

/** What is booked for the orders that are refunded here. An order's events come in one source, so nobody else adds to it. */
async function earlierEntries(db: D1Database, events: readonly OrderEvent[]): Promise<readonly LedgerEntry[]> {
  const refunded = events.flatMap((event) => (event.type === "order.refunded" ? [event.data.orderId] : []));
  if (refunded.length === 0) return [];
  const { results } = await db
    .prepare(
      `SELECT event_id AS eventId, account, direction, amount_minor AS amountMinor, currency, order_id AS orderId,
              event_type AS eventType, occurred_at_ms AS occurredAtMs
       FROM ledger_entries WHERE order_id IN (SELECT value FROM json_each(?))`,
    )
    .bind(JSON.stringify(refunded))
    .all<LedgerEntry>();
  return results;
}

function insertEntries(db: D1Database, entries: readonly LedgerEntry[]): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO ledger_entries (event_id, account, direction, amount_minor, currency, order_id, event_type, occurred_at_ms)
       SELECT value ->> 'eventId', value ->> 'account', value ->> 'direction', value ->> 'amountMinor', value ->> 'currency',
              value ->> 'orderId', value ->> 'eventType', value ->> 'occurredAtMs'
       FROM json_each(?)`,
    )
    .bind(JSON.stringify(entries));
}

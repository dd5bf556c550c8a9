/**
 * Follows the order log into the ledger: an event's entries, the rows of payments that were taken, and the cursor commit
 * together. What we know of a payment is more than the log says, so a rebuilt ledger leaves the rows alone.
 */
import { OrderEvent } from "../../queues/contracts/order-events.ts";
import { type OrdersApi, SOURCES_READ_MAX } from "../orders/contract.ts";
import { systemClock } from "../shared/clock.ts";
import { applyWithCursors, cursorMoves, readCursor, readCursors } from "../shared/d1-follower.ts";
import type { ManyFollower, Run } from "../shared/follow-log.ts";
import { type Generation, inGeneration } from "../shared/projection-generation.ts";
import { pullEvents, pullEventsOf } from "../shared/pull-events.ts";
import { type LedgerEntry, ledgerEntries } from "./ledger-entries.ts";
import { newsOfPlaced, rememberPayments } from "./payment-rows.ts";

export function ledgerFollower(
  db: D1Database,
  orders: Pick<OrdersApi, "readEvents" | "readEventsOf">,
  generation: Generation = "live",
): ManyFollower<OrderEvent> {
  async function applyRuns(runs: readonly Run<OrderEvent>[]): Promise<void> {
    const events = runs.flatMap((run) => run.events);
    const entries = ledgerEntries(events, await earlierEntries(db, events, generation));
    const taken = generation === "live" ? newsOfPlaced(events) : [];
    const statements = [
      ...(entries.length === 0 ? [] : [insertEntries(db, entries, generation)]),
      ...(taken.length === 0 ? [] : [rememberPayments(db, taken, systemClock.now())]),
    ];
    await applyWithCursors(db, cursorMoves(runs), statements, generation);
  }
  return {
    readCursor: (source) => readCursor(db, source, generation),
    readCursors: (sources) => readCursors(db, sources, generation),
    pull: (source, afterSequence, limit) =>
      pullEvents("orders", OrderEvent, () => orders.readEvents(source, afterSequence, limit)),
    pullMany: (cursors, limit) =>
      pullEventsOf("orders", OrderEvent, () => orders.readEventsOf(cursors.slice(0, SOURCES_READ_MAX), limit)),
    apply: (source, expectedSequence, events) => applyRuns([{ source, expectedSequence, events }]),
    applyRuns,
  };
}

/** What is booked for the orders that are refunded here. An order's events come in one source, so nobody else adds to it. */
async function earlierEntries(
  db: D1Database,
  events: readonly OrderEvent[],
  generation: Generation,
): Promise<readonly LedgerEntry[]> {
  const refunded = events.flatMap((event) => (event.type === "order.refunded" ? [event.data.orderId] : []));
  if (refunded.length === 0) return [];
  return await readEntries(db, refunded, generation);
}

const SELECT_ENTRIES = `
  SELECT event_id AS eventId, account, direction, amount_minor AS amountMinor, currency, order_id AS orderId,
         event_type AS eventType, occurred_at_ms AS occurredAtMs
  FROM {ledger_entries} WHERE order_id IN (SELECT value FROM json_each(?))`;

export async function readEntries(
  db: D1Database,
  orderIds: readonly string[],
  generation: Generation = "live",
): Promise<LedgerEntry[]> {
  const statement = db.prepare(inGeneration(SELECT_ENTRIES, generation)).bind(JSON.stringify(orderIds));
  return (await statement.all<LedgerEntry>()).results;
}

const INSERT_ENTRIES = `
  INSERT INTO {ledger_entries} (event_id, account, direction, amount_minor, currency, order_id, event_type, occurred_at_ms)
  SELECT value ->> 'eventId', value ->> 'account', value ->> 'direction', value ->> 'amountMinor', value ->> 'currency',
         value ->> 'orderId', value ->> 'eventType', value ->> 'occurredAtMs'
  FROM json_each(?)`;

function insertEntries(db: D1Database, entries: readonly LedgerEntry[], generation: Generation): D1PreparedStatement {
  return db.prepare(inGeneration(INSERT_ENTRIES, generation)).bind(JSON.stringify(entries));
}

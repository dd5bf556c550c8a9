/** The ledger against the order log, for the audit: whole histories of some orders, booked again and compared. */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import type { OrdersApi } from "../orders/contract.ts";
import { BEHIND, compareRows, type LogComparison } from "../shared/compare-rows.ts";
import { reach } from "../shared/compare-with-log.ts";
import { ledgerFollower, readEntries } from "./follow-orders.ts";
import { type LedgerEntry, ledgerEntries } from "./ledger-entries.ts";

/** @param histories every event of the orders that they are about */
export async function compareLedger(
  db: D1Database,
  orders: Pick<OrdersApi, "readEvents" | "readEventsOf">,
  histories: readonly OrderEvent[],
): Promise<LogComparison> {
  if (!(await reach(ledgerFollower(db, orders), histories))) return BEHIND;
  const expected = ledgerEntries(histories, []);
  const booked = await readEntries(db, [...new Set(histories.map((event) => event.data.orderId))]);
  return { behind: false, rows: expected.length, differences: compareRows(expected, booked, keyOf, describe) };
}

function keyOf({ eventId, account, direction }: LedgerEntry): string {
  return `${eventId} ${account} ${direction}`;
}

function describe(entry: LedgerEntry): string {
  return `${entry.orderId} ledger ${entry.direction} of ${entry.account} for ${entry.eventId}`;
}

/** Orders that the ledger has entries of, by id. */
export async function listLedgerOrders(db: D1Database, afterOrderId: string, limit: number): Promise<readonly string[]> {
  const { results } = await db
    .prepare("SELECT DISTINCT order_id AS orderId FROM ledger_entries WHERE order_id > ? ORDER BY order_id LIMIT ?")
    .bind(afterOrderId, limit)
    .all<{ orderId: string }>();
  return results.map((row) => row.orderId);
}

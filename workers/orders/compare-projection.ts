/** The `orders` table against the partitions' logs, for the audit: whole histories of some orders, folded again and compared. */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import { BEHIND, compareRows, type LogComparison } from "../shared/compare-rows.ts";
import { reach } from "../shared/compare-with-log.ts";
import { foldOrderEvents, type OrderRowChange } from "./fold-order-events.ts";
import { createProjection, newRow, type ProjectionEnv, readEmails } from "./project-orders.ts";

type Row = ReturnType<typeof expectedRow>;

const SELECT_ROWS = `
  SELECT order_id AS orderId, number, status, customer_id AS customerId, email, country, currency, units,
         total_minor AS totalMinor, refunded_minor AS refundedMinor, created_at_ms AS createdAtMs, placed_at_ms AS placedAtMs,
         updated_at_ms AS updatedAtMs
  FROM orders WHERE order_id IN (SELECT value FROM json_each(?))`;

/** @param histories every event of the orders that they are about */
export async function compareOrders(env: ProjectionEnv, histories: readonly OrderEvent[]): Promise<LogComparison> {
  if (!(await reach(createProjection(env), histories))) return BEHIND;
  const expected = await expectedRows(env, histories);
  const orderIds = JSON.stringify(expected.map((row) => row.orderId));
  const { results } = await env.DATABASE.prepare(SELECT_ROWS).bind(orderIds).all<Row>();
  const idOf = (row: Row) => row.orderId;
  return { behind: false, rows: expected.length, differences: compareRows(expected, results, idOf, idOf) };
}

async function expectedRows(env: ProjectionEnv, histories: readonly OrderEvent[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [source, events] of Map.groupBy(histories, (event) => event.source)) {
    const changes = foldOrderEvents(events);
    const orderIds = changes.map((change) => change.orderId);
    const emails = await readEmails(env, source, orderIds);
    for (const change of changes) rows.push(expectedRow(change, emails[change.orderId] ?? null));
  }
  return rows;
}

function expectedRow(change: OrderRowChange, email: string | null) {
  const { number, status, refundedMinor, placedAtMs, updatedAtMs } = change;
  return { ...newRow(change, email), number, status, refundedMinor, placedAtMs, updatedAtMs };
}

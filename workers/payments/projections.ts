/** The projection of payments that can be rebuilt: the ledger. What we know of each payment is no projection of a log. */
import { ORDER_SOURCE_PREFIX, type OrderEvent } from "../../queues/contracts/order-events.ts";
import type { OrdersApi } from "../orders/contract.ts";
import type { Projection } from "../shared/rebuild-projection.ts";
import { ledgerFollower } from "./follow-orders.ts";

export function ledgerProjection(
  database: D1Database,
  orders: Pick<OrdersApi, "listSources" | "readEvents" | "readEventsOf">,
): Projection<OrderEvent> {
  return {
    name: "ledger",
    database,
    follower: ledgerFollower(database, orders, "rebuilt"),
    sourcePrefix: ORDER_SOURCE_PREFIX,
    listSources: async (after) => (await orders.listSources()).filter((source) => source > after),
    tables: [
      {
        name: "ledger_entries",
        key: ["event_id", "account", "direction"],
        columns: ["event_id", "account", "direction", "amount_minor", "currency", "order_id", "event_type", "occurred_at_ms"],
      },
    ],
  };
}

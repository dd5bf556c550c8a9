/** The projection of orders that can be rebuilt: the list that operators search. */
import { ORDER_SOURCE_PREFIX, type OrderEvent } from "../../queues/contracts/order-events.ts";
import type { Projection } from "../shared/rebuild-projection.ts";
import type { Env } from "./env.ts";
import { findSources } from "./find-partitions.ts";
import { createProjection, type ProjectionEnv } from "./project-orders.ts";

export function ordersProjection(env: ProjectionEnv & Pick<Env, "PAYMENTS">): Projection<OrderEvent> {
  return {
    name: "orders",
    database: env.DATABASE,
    follower: createProjection(env, "rebuilt"),
    sourcePrefix: ORDER_SOURCE_PREFIX,
    listSources: async (after) => (await findSources(env)).filter((source) => source > after),
    tables: [
      {
        name: "orders",
        key: ["order_id"],
        columns: [
          "order_id",
          "number",
          "status",
          "customer_id",
          "email",
          "country",
          "currency",
          "units",
          "total_minor",
          "refunded_minor",
          "created_at_ms",
          "placed_at_ms",
          "updated_at_ms",
        ],
      },
    ],
  };
}

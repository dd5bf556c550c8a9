/** The projection of orders that can be rebuilt: the list that operators search. */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import type { Projection } from "../shared/rebuild-projection.ts";
import { listPartitionSources } from "./partition-registry.ts";
import { createProjection, type ProjectionEnv } from "./project-orders.ts";

export function ordersProjection(env: ProjectionEnv): Projection<OrderEvent> {
  return {
    name: "orders",
    database: env.DATABASE,
    follower: createProjection(env, "rebuilt"),
    sourcePrefix: "/orders/partitions/",
    listSources: async (after) => (await listPartitionSources(env.DATABASE)).filter((source) => source > after),
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

/** What the log says of a cancelled order: its refund belongs to the cancellation, an earlier one does not. */
import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { OrderEvent } from "../../../queues/contracts/order-events.ts";
import type { OrdersApi } from "../../../workers/orders/contract.ts";
import { OPERATOR, placedOrder, product, request } from "./shop.ts";

const { default: orders } = exports as unknown as { default: OrdersApi };

it("marks the refund that a cancellation makes, so that the shopper is told once", async () => {
  const order = await placedOrder({ [await product()]: 1 });
  const path = `/v1/admin/orders/${order.id}`;
  await request("POST", `${path}/refunds`, {
    as: OPERATOR,
    body: { amount_minor: 100, restock: false },
    headers: { "idempotency-key": "early" },
  });
  await request("POST", `${path}/cancel`, { as: OPERATOR });
  const logs = await Promise.all((await orders.listSources()).map((source) => orders.readEvents(source, 0, 100)));
  const own = logs.flat().filter((event: OrderEvent) => event.data.orderId === order.id);
  const told = own.filter((event) => event.type === "order.refunded" || event.type === "order.cancelled");
  expect(told.map((event) => [event.type, "forCancellation" in event.data])).toEqual([
    ["order.refunded", false],
    ["order.refunded", true],
    ["order.cancelled", false],
  ]);
});

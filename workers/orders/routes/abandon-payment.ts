/** The shopper's way out of an awaited payment: it is voided, the stock freed, and the cart open for another way to pay. */
import { createRoute } from "@hono/zod-openapi";
import { jsonContent, notFound, problemResponses } from "../../shared/http.ts";
import { mayAskForOrder, mayOpenOrder, readOrder } from "../access.ts";
import { callPartition, partitionOfId } from "../call-partition.ts";
import { OrderJson, orderJson } from "../order-json.ts";
import { orderProblem, valueOrProblem } from "../problems.ts";
import { OrderParams, type OrdersApp, PRIVATE } from "./request.ts";

const route = createRoute({
  method: "post",
  path: "/v1/orders/{id}/payment-abandonment",
  operationId: "abandonPayment",
  tags: ["Checkout"],
  summary: "Give an awaited payment up, to pay in another way",
  description:
    "The order fails, nothing is charged and its cart is open again. An order that does not wait for its shopper, or was paid " +
    "a moment ago, stays as it is: look at its `status`.",
  request: { params: OrderParams },
  responses: { 200: jsonContent(OrderJson, "The order as it stands now"), ...problemResponses(400, 404, 503) },
});

export function registerAbandonPaymentRoutes(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const { principal } = c.var;
    if (!mayAskForOrder(principal, id, "carts:write")) throw notFound("order");
    const found = valueOrProblem(await readOrder(c.env, id), orderProblem);
    if (!(await mayOpenOrder(c.env, principal, found, "carts:write"))) throw notFound("order");
    const order = await callPartition(c.env, partitionOfId(id), "keyed", (stub) => stub.abandonPayment(id, c.var.context));
    return c.json(orderJson(valueOrProblem(order, orderProblem)), 200, PRIVATE);
  });
}

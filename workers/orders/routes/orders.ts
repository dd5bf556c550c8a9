/** `/v1/orders`: an order for whoever holds its token or placed it, and the list of a signed-in customer. */
import { createRoute, z } from "@hono/zod-openapi";
import { isoTime } from "../../shared/clock.ts";
import { PageLimit } from "../../shared/cursor.ts";
import { jsonContent, notFound, problemResponses } from "../../shared/http.ts";
import { MoneyJson, moneyJson } from "../../shared/money.ts";
import { requireCustomer } from "../../shared/principal.ts";
import { mayAskForOrder, mayOpenOrder, readOrder } from "../access.ts";
import { ORDER_STATUSES } from "../contract.ts";
import { listOrders, type OrderPage, type OrderRow } from "../list-orders.ts";
import { OrderJson, orderJson } from "../order-json.ts";
import { confirmedAddressesOf } from "../own-address.ts";
import { orderProblem, valueOrProblem } from "../problems.ts";
import { OrderParams, type OrdersApp, PRIVATE } from "./request.ts";

const OrderSummaryJson = z
  .object({
    id: z.string(),
    number: z.string().nullable(),
    status: z.enum(ORDER_STATUSES),
    email: z.string().nullable(),
    country: z.string(),
    units: z.int(),
    total: MoneyJson,
    refunded: MoneyJson,
    created_at: z.iso.datetime(),
    placed_at: z.iso.datetime().nullable(),
  })
  .openapi("OrderSummary");

export const OrderPageJson = z.object({ items: z.array(OrderSummaryJson), next_cursor: z.string().nullable() });

export const PageQuery = z.object({ cursor: z.string().max(500).optional(), limit: PageLimit });

export function orderPageJson(page: OrderPage): z.infer<typeof OrderPageJson> {
  return { items: page.rows.map(summaryJson), next_cursor: page.nextCursor };
}

function summaryJson(row: OrderRow): z.infer<typeof OrderSummaryJson> {
  return {
    id: row.orderId,
    number: row.number,
    status: row.status,
    email: row.email,
    country: row.country,
    units: row.units,
    total: moneyJson(row.totalMinor, row.currency),
    refunded: moneyJson(row.refundedMinor, row.currency),
    created_at: isoTime(row.createdAtMs),
    placed_at: row.placedAtMs === null ? null : isoTime(row.placedAtMs),
  };
}

const readOrderRoute = createRoute({
  method: "get",
  path: "/v1/orders/{id}",
  operationId: "getOrder",
  tags: ["Orders"],
  summary: "Read an order",
  description: "With its token as `Order-Token`, or signed in as its owner.",
  request: { params: OrderParams },
  responses: { 200: jsonContent(OrderJson, "The order"), ...problemResponses(400, 404, 503) },
});

const listOrdersRoute = createRoute({
  method: "get",
  path: "/v1/orders",
  operationId: "listMyOrders",
  tags: ["Orders"],
  summary: "The signed-in customer's orders, newest first",
  description: "Also those placed as a guest with an e-mail address that the customer has confirmed.",
  request: { query: PageQuery },
  responses: { 200: jsonContent(OrderPageJson, "A page of orders"), ...problemResponses(400, 401, 503) },
});

export function registerOrderRoutes(app: OrdersApp): void {
  app.openapi(listOrdersRoute, async (c) => {
    const customerId = requireCustomer(c.var.principal, "orders:read");
    const { cursor, limit } = c.req.valid("query");
    const guestEmails = await confirmedAddressesOf(c.env.DATABASE, customerId);
    const page = await listOrders(c.env.DATABASE, { customerId, guestEmails }, cursor, limit);
    return c.json(orderPageJson(page), 200, PRIVATE);
  });

  app.openapi(readOrderRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { principal } = c.var;
    if (!mayAskForOrder(principal, id, "orders:read")) throw notFound("order");
    const order = valueOrProblem(await readOrder(c.env, id), orderProblem);
    if (!(await mayOpenOrder(c.env, principal, order, "orders:read"))) throw notFound("order");
    return c.json(orderJson(order), 200, PRIVATE);
  });
}

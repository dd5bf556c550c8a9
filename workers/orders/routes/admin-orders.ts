/** `/v1/admin/orders`: what operators read. What they do to an order is in admin-order-actions.ts. */
import { createRoute, z } from "@hono/zod-openapi";
import { jsonContent, problemResponses } from "../../shared/http.ts";
import { readOrder } from "../access.ts";
import { ORDER_STATUSES } from "../contract.ts";
import { listOrders } from "../list-orders.ts";
import { AdminOrderJson, adminOrderJson } from "../order-json.ts";
import { orderProblem, valueOrProblem } from "../problems.ts";
import { OrderPageJson, orderPageJson, PageQuery } from "./orders.ts";
import { OrderParams, type OrdersApp, operatorOnly, PRIVATE } from "./request.ts";

const tags = ["Admin: orders"];
const DAY_MS = 24 * 60 * 60 * 1000;

/** A UTC day or an instant. */
const DayOrTime = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

const ListQuery = PageQuery.extend({
  status: z.enum(ORDER_STATUSES).optional(),
  email: z.string().min(1).max(254).optional(),
  from: DayOrTime.optional().openapi({ description: "Created at or after this instant or UTC day." }),
  to: DayOrTime.optional().openapi({ description: "Created before this instant, or until the end of this UTC day." }),
});

const listRoute = createRoute({
  method: "get",
  middleware: operatorOnly("orders:read"),
  path: "/v1/admin/orders",
  operationId: "adminListOrders",
  tags,
  summary: "List orders, newest first",
  description: "A projection: an order appears here moments after it was submitted.",
  request: { query: ListQuery },
  responses: { 200: jsonContent(OrderPageJson, "A page of orders"), ...problemResponses(400, 401, 403, 503) },
});

const readRoute = createRoute({
  method: "get",
  middleware: operatorOnly("orders:read"),
  path: "/v1/admin/orders/{id}",
  operationId: "adminGetOrder",
  tags,
  summary: "Read any order",
  request: { params: OrderParams },
  responses: { 200: jsonContent(AdminOrderJson, "The order"), ...problemResponses(400, 401, 403, 404, 503) },
});

export function registerAdminOrderRoutes(app: OrdersApp): void {
  app.openapi(listRoute, async (c) => {
    const { status, email, from, to, cursor, limit } = c.req.valid("query");
    const filter = { status, email, fromMs: from === undefined ? undefined : Date.parse(from), beforeMs: endOf(to) };
    return c.json(orderPageJson(await listOrders(c.env.DATABASE, filter, cursor, limit)), 200, PRIVATE);
  });

  app.openapi(readRoute, async (c) => {
    const order = await readOrder(c.env, c.req.valid("param").id);
    return c.json(adminOrderJson(valueOrProblem(order, orderProblem)), 200, PRIVATE);
  });
}

function endOf(to: string | undefined): number | undefined {
  if (to === undefined) return undefined;
  return to.length === "2026-11-21".length ? Date.parse(to) + DAY_MS : Date.parse(to);
}

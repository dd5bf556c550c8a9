/** `/v1/orders/{id}/export` and `/erasure`: what belongs to one order of a guest, for whoever holds its token. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { systemClock } from "../../shared/clock.ts";
import { jsonContent, notFound, problemResponses, type ServiceContext, type ServiceEnv } from "../../shared/http.ts";
import { idSchema } from "../../shared/identifiers.ts";
import { ProblemError } from "../../shared/problem.ts";
import type { RequestKind } from "../contract.ts";
import type { Env } from "../env.ts";
import { askOrders } from "../peers.ts";
import { archiveOf, PersonalArchiveJson, PRIVATE, PrivacyRequestJson, requestJson, requestOf } from "../request-json.ts";
import { openRequest, requestAboutOrder } from "../requests.ts";

const tags = ["Privacy"];
const params = z.object({ id: idSchema("ord") });
const request = { params };

const startExport = createRoute({
  method: "post",
  path: "/v1/orders/{id}/export",
  operationId: "exportGuestOrder",
  tags,
  summary: "Collect everything that belongs to a guest's order",
  description: "With the order's token as `Order-Token`. For every order of an address, ask for a link by mail.",
  request,
  responses: { 202: jsonContent(PrivacyRequestJson, "It is being collected"), ...problemResponses(400, 403, 404, 503) },
});

const readExport = createRoute({
  method: "get",
  path: "/v1/orders/{id}/export",
  operationId: "readGuestOrderExport",
  tags,
  summary: "How far the collecting is",
  request,
  responses: { 200: jsonContent(PrivacyRequestJson, "The newest request"), ...problemResponses(400, 404, 503) },
});

const readArchive = createRoute({
  method: "get",
  path: "/v1/orders/{id}/export/archive",
  operationId: "downloadGuestOrderData",
  tags,
  summary: "Download what belongs to a guest's order",
  request,
  responses: { 200: jsonContent(PersonalArchiveJson, "One document"), ...problemResponses(400, 404, 409, 503) },
});

const startErasure = createRoute({
  method: "post",
  path: "/v1/orders/{id}/erasure",
  operationId: "eraseGuestOrder",
  tags,
  summary: "Erase whom a guest's order went to",
  description: "With the order's token as `Order-Token`, once the order is over. The token opens nothing afterwards.",
  request,
  responses: { 202: jsonContent(PrivacyRequestJson, "It has begun"), ...problemResponses(400, 403, 404, 503) },
});

const readErasure = createRoute({
  method: "get",
  path: "/v1/orders/{id}/erasure",
  operationId: "readGuestOrderErasure",
  tags,
  summary: "How far the erasure is",
  request,
  responses: { 200: jsonContent(PrivacyRequestJson, "The newest request"), ...problemResponses(400, 404, 503) },
});

export function mountOrderRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(startExport, async (c) => c.json(await start(c, "export", c.req.valid("param").id), 202, PRIVATE));
  app.openapi(startErasure, async (c) => c.json(await start(c, "erasure", c.req.valid("param").id), 202, PRIVATE));
  app.openapi(readExport, async (c) => {
    const orderId = requireToken(c, c.req.valid("param").id);
    return c.json(requestJson(await requestOf(c, "export", orderId)), 200, PRIVATE);
  });
  app.openapi(readErasure, async (c) => {
    const orderId = requireToken(c, c.req.valid("param").id);
    return c.json(requestJson(await requestOf(c, "erasure", orderId)), 200, PRIVATE);
  });
  app.openapi(readArchive, async (c) => (await archiveOf(c, requireToken(c, c.req.valid("param").id))) as never);
}

function requireToken(c: ServiceContext<Env>, orderId: string): string {
  if (!c.var.principal.capabilities.includes(orderId)) throw notFound("order");
  return orderId;
}

async function start(c: ServiceContext<Env>, kind: RequestKind, id: string) {
  const orderId = requireToken(c, id);
  const found = await askOrders(() => c.env.ORDERS.readOrder(orderId, c.var.context));
  if (!found.ok || found.value.email === "") throw notFound("order");
  // A link that is passed on shows one order; it must not reach into an account.
  if (found.value.customerId !== null) {
    throw new ProblemError({
      status: 403,
      code: "order_of_account",
      detail: "This order belongs to an account. Sign in and ask for all of its data.",
    });
  }
  const asked = requestAboutOrder(kind, orderId, "guest");
  return requestJson(await openRequest(c.env, asked, systemClock.now(), c.var.context));
}

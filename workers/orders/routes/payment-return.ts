/** Where the payment provider sends the shopper back to: the saga goes on, then the shopper is shown or sent on. */
import { createRoute, z } from "@hono/zod-openapi";
import { verifyCapabilityToken } from "../../shared/capability-token.ts";
import { jsonContent, notFound, problemResponses, type ServiceContext } from "../../shared/http.ts";
import { readOrder } from "../access.ts";
import { callPartition, partitionOfId } from "../call-partition.ts";
import { returnOrigins } from "../configuration.ts";
import type { Order } from "../contract.ts";
import type { Env } from "../env.ts";
import { OrderJson, orderJson } from "../order-json.ts";
import { landingPage, landingUrl, returnUrlSchema } from "../payment-return.ts";
import { orderProblem, valueOrProblem } from "../problems.ts";
import { OrderParams, type OrdersApp, PRIVATE } from "./request.ts";

/** Providers add parameters of their own (`payment_intent`, …); they are ignored: the provider is asked instead. */
const ReturnQuery = z.object({
  order_token: z.string().max(200).optional(),
  return_url: returnUrlSchema(returnOrigins).optional(),
});

const PAGE_HEADERS = {
  ...PRIVATE,
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
} as const;

function returnRoute<M extends "get" | "post">(method: M, operationId: string) {
  return createRoute({
    method,
    path: "/v1/orders/{id}/payment-return",
    operationId,
    tags: ["Checkout"],
    summary: "Return from the payment provider",
    description:
      "Opened by the shopper's browser after 3-D Secure. Goes on to the checkout's `return_url` with `order_id` and " +
      "`order_status`; without one it answers a small page, or the order to clients that ask for JSON.",
    request: { params: OrderParams, query: ReturnQuery },
    responses: {
      200: {
        description: "The order, or a page about it",
        content: { ...jsonContent(OrderJson, "").content, "text/html": { schema: z.string() } },
      },
      303: { description: "On to the shop's own page" },
      ...problemResponses(400, 404, 503),
    },
  });
}

export function registerPaymentReturnRoutes(app: OrdersApp): void {
  app.openapi(returnRoute("get", "returnFromPayment"), async (c) => {
    const { id } = c.req.valid("param");
    return (await land(c, id, c.req.valid("query"))) as never;
  });
  app.openapi(returnRoute("post", "returnFromPaymentByForm"), async (c) => {
    const { id } = c.req.valid("param");
    return (await land(c, id, c.req.valid("query"))) as never;
  });
}

async function land(c: ServiceContext<Env>, id: string, query: z.infer<typeof ReturnQuery>): Promise<Response> {
  await requireOrderToken(c, id, query.order_token);
  const order = await settledOrder(c, id);
  if (query.return_url !== undefined) {
    const headers = { ...PAGE_HEADERS, location: landingUrl(query.return_url, order.id, order.status) };
    return new Response(null, { status: 303, headers });
  }
  if ((c.req.header("accept") ?? "").includes("text/html")) return c.html(landingPage(order), 200, PAGE_HEADERS);
  return c.json(orderJson(order), 200, PAGE_HEADERS);
}

/** @throws ProblemError 404 */
async function requireOrderToken(c: ServiceContext<Env>, id: string, token: string | undefined): Promise<void> {
  if (c.var.principal.capabilities.includes(id)) return;
  const opened = token === undefined ? undefined : await verifyCapabilityToken(c.env.CAPABILITY_SECRET, token);
  if (opened !== id) throw notFound("order");
}

/** The order after the saga looked at the payment. When that fails, the order as it stands: the webhook resumes it too. */
async function settledOrder(c: ServiceContext<Env>, id: string): Promise<Order> {
  const resumed = await callPartition(c.env, partitionOfId(id), "keyed", (stub) => stub.resumePayment(id, c.var.context));
  if (resumed.ok) return resumed.value;
  if (resumed.error.code === "order_unknown") throw notFound("order");
  return valueOrProblem(await readOrder(c.env, id), orderProblem);
}

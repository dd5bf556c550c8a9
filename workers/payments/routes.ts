/** The public HTTP resources of payments: the provider's webhooks, and what operators see and mend. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { PageLimit } from "../shared/cursor.ts";
import { createServiceApp, describeService, jsonContent, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { requireOperator } from "../shared/principal.ts";
import { noteChange } from "../shared/privileged-act.ts";
import { type Problem, ProblemError } from "../shared/problem.ts";
import type { CallContext } from "../shared/telemetry.ts";
import type { Env } from "./env.ts";
import {
  LedgerListJson,
  ledgerEntryJson,
  PaymentListJson,
  paymentJson,
  ReconcileReportJson,
  reconcileReportJson,
} from "./http-shapes.ts";
import { listLedger, listPayments } from "./list-payments.ts";
import { providerHealth } from "./provider.ts";
import { receiveWebhook, type WebhookDesk, type WebhookError } from "./receive-webhook.ts";
import { reconcilePayments } from "./reconcile-payments.ts";

const ListQuery = z.strictObject({
  order_id: z.string().min(1).max(80).optional(),
  cursor: z.string().min(1).max(500).optional(),
  limit: PageLimit,
});

const webhookRoute = createRoute({
  method: "post",
  path: "/v1/webhooks/stripe",
  operationId: "receiveStripeWebhook",
  tags: ["Payments"],
  summary: "Receive an event of the payment provider",
  description: "For the provider, not for clients: the body is verified by the `Stripe-Signature` header.",
  request: {
    headers: z.object({ "stripe-signature": z.string().max(2_000).optional() }),
    body: { required: true, content: { "application/json": { schema: { type: "object" } } } },
  },
  responses: {
    200: jsonContent(z.strictObject({ received: z.literal(true), outcome: z.string() }), "Taken note of"),
    ...problemResponses(400, 413, 503),
  },
});

const listPaymentsRoute = createRoute({
  method: "get",
  path: "/v1/admin/payments",
  operationId: "listPayments",
  tags: ["Payments"],
  summary: "List payments, newest first",
  request: { query: ListQuery },
  responses: { 200: jsonContent(PaymentListJson, "Payments"), ...problemResponses(400, 401, 403) },
});

const listLedgerRoute = createRoute({
  method: "get",
  path: "/v1/admin/ledger",
  operationId: "listLedgerEntries",
  tags: ["Payments"],
  summary: "List ledger entries, newest first",
  request: { query: ListQuery },
  responses: { 200: jsonContent(LedgerListJson, "Ledger entries"), ...problemResponses(400, 401, 403) },
});

const reconcileRoute = createRoute({
  method: "post",
  path: "/v1/admin/payments/reconcile",
  operationId: "reconcilePayments",
  tags: ["Payments"],
  summary: "Compare payments and ledger with the provider, and repair what is out of date",
  request: {
    query: z.strictObject({
      cursor: z
        .string()
        .regex(/^pi_[A-Za-z0-9]{1,120}$/)
        .optional(),
    }),
  },
  responses: { 200: jsonContent(ReconcileReportJson, "What was found and repaired"), ...problemResponses(400, 401, 403, 503) },
});

export interface PaymentRoutesDependencies {
  deskOf(env: Env, context: CallContext, executionContext: Pick<ExecutionContext, "waitUntil">): WebhookDesk;
  /** Brings the ledger up to date. */
  catchUp(env: Env): Promise<number>;
}

export function paymentRoutes(dependencies: PaymentRoutesDependencies): OpenAPIHono<ServiceEnv<Env>> {
  const app = createServiceApp<Env>("payments");
  app.openapi(webhookRoute, async (c) => {
    const desk = dependencies.deskOf(c.env, c.var.context, c.executionCtx);
    const outcome = await receiveWebhook(desk, await c.req.text(), c.req.header("stripe-signature") ?? null);
    if (!outcome.ok) throw new ProblemError(webhookProblem(outcome.error));
    return c.json({ received: true as const, outcome: outcome.value }, 200);
  });
  app.openapi(listPaymentsRoute, async (c) => {
    requireOperator(c.var.principal, "payments:read");
    const { order_id: orderId, cursor, limit } = c.req.valid("query");
    const page = await listPayments(c.env.DATABASE, { orderId, cursor, limit });
    return c.json({ items: page.items.map(paymentJson), next_cursor: page.nextCursor }, 200);
  });
  app.openapi(listLedgerRoute, async (c) => {
    requireOperator(c.var.principal, "payments:read");
    const { order_id: orderId, cursor, limit } = c.req.valid("query");
    const page = await listLedger(c.env.DATABASE, { orderId, cursor, limit });
    return c.json({ items: page.items.map(ledgerEntryJson), next_cursor: page.nextCursor }, 200);
  });
  app.openapi(reconcileRoute, async (c) => {
    requireOperator(c.var.principal, "payments:write");
    const desk = dependencies.deskOf(c.env, c.var.context, c.executionCtx);
    try {
      await dependencies.catchUp(c.env);
      const report = reconcileReportJson(await reconcilePayments(desk, c.req.valid("query").cursor ?? null));
      noteChange(c, { after: report });
      return c.json(report, 200);
    } catch (error) {
      desk.log.error("reconcile_failed", error);
      throw new ProblemError({
        status: 503,
        code: "unavailable",
        detail: "The payment provider or the order log could not be read. Nothing is half-repaired: try again.",
      });
    }
  });
  const database = (env: Env) => env.DATABASE.prepare("SELECT 1").first();
  describeService(app, "payments", { database }, () => ({ provider: providerHealth() }));
  return app;
}

function webhookProblem(error: WebhookError): Problem {
  switch (error.code) {
    case "webhooks_not_configured":
      return {
        status: 503,
        code: error.code,
        detail: "No webhook is accepted while STRIPE_WEBHOOK_SECRET is not set.",
      };
    case "invalid_signature":
      return {
        status: 400,
        code: error.code,
        detail: "The Stripe-Signature header is missing, wrong, or older than five minutes.",
      };
    case "order_not_told":
      return {
        status: 503,
        code: error.code,
        detail: "The order could not be told yet. Send the event again.",
        headers: { "retry-after": "5" },
      };
  }
}

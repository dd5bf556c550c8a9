/** `GET /v1/admin/audit`: one look at all the books. */
import { createRoute, z } from "@hono/zod-openapi";
import { createMiddleware } from "hono/factory";
import { createServiceApp, describeService, jsonContent, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { requireOperator } from "../shared/principal.ts";
import { ProblemError } from "../shared/problem.ts";
import { type CallContext, logger } from "../shared/telemetry.ts";
import { type AuditReport, INVARIANT_IDS, VIOLATIONS_LISTED_MAX } from "./contract.ts";
import type { Env } from "./env.ts";
import { runAudit } from "./run-audit.ts";

const InvariantJson = z
  .object({
    id: z.enum(INVARIANT_IDS),
    title: z.string(),
    holds: z.boolean(),
    checked: z.int().openapi({ description: "How many things were looked at." }),
    violation_count: z.int(),
    violations: z
      .array(z.object({ subject: z.string(), detail: z.string() }))
      .openapi({ description: `The first ${VIOLATIONS_LISTED_MAX}.` }),
  })
  .openapi("AuditedInvariant");

const AuditJson = z
  .object({
    holds: z.boolean().openapi({ description: "All invariants hold." }),
    invariants: z.array(InvariantJson),
    items: z.array(InvariantJson).openapi({ description: "The same as `invariants`, under the name that every list has." }),
    in_flight: z.int().openapi({ description: "Orders whose saga was running meanwhile." }),
    took_ms: z.int(),
  })
  .openapi("Audit");

const auditRoute = createRoute({
  method: "get",
  path: "/v1/admin/audit",
  operationId: "adminAudit",
  tags: ["Admin: audit"],
  summary: "Read all books of the shop and check every invariant",
  description: "Safe while the shop sells: followers catch up first, and what looks wrong is read a second time.",
  middleware: createMiddleware<ServiceEnv<Env>>(async (c, next) => {
    requireOperator(c.var.principal, "audit:read");
    await next();
  }),
  responses: { 200: jsonContent(AuditJson, "The report"), ...problemResponses(401, 403, 503) },
});

export const app = createServiceApp<Env>("audit");

app.openapi(auditRoute, async (c) => {
  const report = await runAudit(c.env, c.var.context).catch((error: unknown) => refuse(error, c.var.context));
  return c.json(auditJson(report), 200, { "cache-control": "no-store" });
});

describeService(app, "audit", {});

function auditJson(report: AuditReport): z.infer<typeof AuditJson> {
  const invariants = report.invariants.map(({ id, title, holds, checked, violationCount, violations }) => ({
    id,
    title,
    holds,
    checked,
    violation_count: violationCount,
    violations: [...violations],
  }));
  return {
    holds: report.holds,
    invariants,
    items: invariants,
    in_flight: report.inFlight,
    took_ms: report.tookMs,
  };
}

/** @throws ProblemError 503 */
function refuse(error: unknown, context: CallContext): never {
  logger("audit", context).error("audit_failed", error);
  throw new ProblemError({
    status: 503,
    code: "audit_incomplete",
    detail: "Not all books could be read, so nothing is proven either way. Try again when every service answers.",
    headers: { "retry-after": "5" },
  });
}

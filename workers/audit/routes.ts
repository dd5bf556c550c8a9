/** `GET /v1/admin/audit`: one look at all the books, at once or as a stream; and runs that take longer than a request. */
import { createRoute, z } from "@hono/zod-openapi";
import { createMiddleware } from "hono/factory";
import type { RunView } from "../../durable-objects/audit-run/contract.ts";
import { systemClock } from "../shared/clock.ts";
import {
  createServiceApp,
  describeService,
  jsonContent,
  notFound,
  problemResponses,
  type ServiceContext,
  type ServiceEnv,
} from "../shared/http.ts";
import { requireOperator } from "../shared/principal.ts";
import { ProblemError } from "../shared/problem.ts";
import { logger } from "../shared/telemetry.ts";
import { AuditJson, AuditRunJson, auditJson, auditRunJson, runLocation } from "./audit-json.ts";
import type { Env } from "./env.ts";
import { findRun, followRun, isOver, startRun } from "./follow-run.ts";
import { addProjectionRoutes } from "./projection-routes.ts";
import { NDJSON, streamRun } from "./stream-run.ts";

/** How long a request waits for the report: below what clients and proxies wait for a first byte. */
const WAIT_MS = 60_000;

const operatorOnly = createMiddleware<ServiceEnv<Env>>(async (c, next) => {
  requireOperator(c.var.principal, "audit:read");
  await next();
});

const responses = {
  200: {
    description: "The report; or, for `accept: application/x-ndjson`, progress and violations as they come, and the report last",
    content: { "application/json": { schema: AuditJson }, [NDJSON]: { schema: z.string() } },
  },
  202: jsonContent(AuditRunJson, "It takes longer than a request may: go on at `location`"),
};

const auditRoute = createRoute({
  method: "get",
  path: "/v1/admin/audit",
  operationId: "adminAudit",
  tags: ["Admin: audit"],
  summary: "Read all books of the shop and check every invariant",
  description:
    "Safe while the shop sells: followers catch up first, and what looks wrong is read a second time. What is answered was read after the request came.",
  middleware: operatorOnly,
  responses: { ...responses, ...problemResponses(401, 403, 503) },
});

const runRoute = createRoute({
  method: "get",
  path: "/v1/admin/audit/runs/{run_id}",
  operationId: "adminAuditRun",
  tags: ["Admin: audit"],
  summary: "Wait for an audit that was started before",
  description: "The newest run and the one before it are kept.",
  middleware: operatorOnly,
  request: { params: z.object({ run_id: z.uuid() }) },
  responses: { ...responses, ...problemResponses(400, 401, 403, 404, 503) },
});

export const app = createServiceApp<Env>("audit");

app.openapi(auditRoute, async (c) => await answer(c, await startRun(c.env, c.var.context).catch(() => refuse(c, null))));

app.openapi(runRoute, async (c) => {
  const view = await findRun(c.env, c.req.valid("param").run_id).catch(() => refuse(c, null));
  if (view === null) throw notFound("audit run");
  return await answer(c, view);
});

addProjectionRoutes(app);

describeService(app, "audit", {});

async function answer(c: ServiceContext<Env>, first: RunView) {
  // Two shapes of one answer: the description above knows both.
  if (c.req.header("accept")?.includes(NDJSON) === true) return streamRun(c.env, first) as never;
  let last = first;
  for await (const view of followRun(c.env, first, () => systemClock.now(), systemClock.now() + WAIT_MS)) last = view;
  const headers = { "cache-control": "no-store" };
  if (last.report !== null) return c.json(auditJson(last.runId, last.report), 200, headers);
  if (isOver(last)) return refuse(c, last.failure);
  return c.json(auditRunJson(last), 202, { ...headers, location: runLocation(last.runId), "retry-after": "1" });
}

/** @throws ProblemError 503 */
function refuse(c: ServiceContext<Env>, failure: string | null): never {
  logger("audit", c.var.context).error("audit_failed", failure ?? "the run cannot be reached");
  throw new ProblemError({
    status: 503,
    code: "audit_incomplete",
    detail: "Not all books could be read, so nothing is proven either way. Try again when every service answers.",
    headers: { "retry-after": "5" },
  });
}

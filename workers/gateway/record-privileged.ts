/**
 * Every call that changes something below `/v1/admin` is written down before it is handed on, and its outcome after, whichever
 * service owns it: no service can forget. What cannot be written down is not done. Whoever is no operator gets no further than
 * here, and is written down too, once signed in; strangers are in the access log.
 */
import type { Context, MiddlewareHandler } from "hono";
import { systemClock } from "../shared/clock.ts";
import { newId } from "../shared/identifiers.ts";
import type { Principal } from "../shared/principal.ts";
import type { PrivilegedAttempt, PrivilegedOutcome } from "../shared/privileged-act.ts";
import { PROBLEM_CONTENT_TYPE, ProblemError } from "../shared/problem.ts";
import { logger } from "../shared/telemetry.ts";
import { askIdentity } from "./ask-identity.ts";
import type { GatewayHono } from "./env.ts";
import { isSafe } from "./forward.ts";
import { redactBody } from "./redact-body.ts";
import { isUpload } from "./take-body.ts";

const PRIVILEGED_PATH = /^\/v1\/admin\/(.+)$/;
/** A collection and one of its things: `orders/ord_…`. */
const RESOURCE_SEGMENTS = 2;
const PATH_LENGTH_MAX = 2_000;
const RESOURCE_LENGTH_MAX = 300;

export function recordPrivileged(): MiddlewareHandler<GatewayHono> {
  return async (c, next) => {
    if (isSafe(c.req.method) || !PRIVILEGED_PATH.test(c.req.path)) return await next();
    const { principal } = c.var;
    if (principal.kind !== "operator") throw await refuse(c);
    const attempt = attemptOf(c);
    await askIdentity(() => c.env.IDENTITY.recordAttempt(attempt));
    const run = next().then(() => recordOutcome(c, attempt.id));
    // The outcome is written even when the caller hangs up.
    c.executionCtx.waitUntil(run);
    await run;
  };
}

async function refuse(c: Context<GatewayHono>): Promise<ProblemError> {
  if (c.var.principal.kind === "guest") {
    return new ProblemError({
      status: 401,
      code: "authentication_required",
      detail: "Send the admin key, an API key or a staff member's token as `Authorization: Bearer …`.",
      headers: { "www-authenticate": 'Bearer realm="holdfast"' },
    });
  }
  const code = "insufficient_scope";
  try {
    await askIdentity(() => c.env.IDENTITY.recordRefusal(attemptOf(c), { status: 403, code, change: null }));
  } catch (error) {
    logger("gateway", c.var.context).warn("refusal_not_recorded", { path: c.req.path, reason: String(error) });
  }
  return new ProblemError({ status: 403, code, detail: "This is for the staff and for API keys." });
}

/** What is done is done: when its outcome cannot be written, the entry says that nobody heard of it. */
async function recordOutcome(c: Context<GatewayHono>, attemptId: string): Promise<void> {
  const outcome: PrivilegedOutcome = { status: c.res.status, code: await problemCode(c.res), change: c.get("change") ?? null };
  try {
    await askIdentity(() => c.env.IDENTITY.recordOutcome(attemptId, outcome));
  } catch (error) {
    logger("gateway", c.var.context).error("outcome_not_recorded", error, { attempt: attemptId, status: outcome.status });
  }
}

async function problemCode(response: Response): Promise<string | null> {
  if (response.headers.get("content-type") !== PROBLEM_CONTENT_TYPE) return null;
  const problem = await response
    .clone()
    .json<{ code?: unknown }>()
    .catch(() => undefined);
  return typeof problem?.code === "string" ? problem.code.slice(0, 100) : null;
}

function attemptOf(c: Context<GatewayHono>): PrivilegedAttempt {
  const { body, context, principal } = c.var;
  return {
    id: newId("log", systemClock.now()),
    actor: actorOf(principal, c.get("role") ?? null),
    method: c.req.method,
    path: c.req.path.slice(0, PATH_LENGTH_MAX),
    resource: resourceOf(c.req.path),
    requestId: context.requestId,
    network: c.get("network") ?? null,
    asked: isUpload(body) ? JSON.stringify("[upload]") : redactBody(body),
  };
}

/** Pure. */
export function actorOf({ kind, subject, client, sessionId }: Principal, role: string | null): PrivilegedAttempt["actor"] {
  if (kind === "customer") return { kind, id: subject, client, role };
  if (client?.startsWith("key_")) return { kind: "api_key", id: client, client: null, role };
  if (client !== null) return { kind: "app", id: subject ?? client, client, role };
  return sessionId === null ? { kind: "admin_key", id: null, client, role } : { kind: "staff", id: subject, client, role };
}

/** Pure. */
export function resourceOf(path: string): string {
  const below = PRIVILEGED_PATH.exec(path)?.[1] ?? "";
  return below.split("/").slice(0, RESOURCE_SEGMENTS).join("/").slice(0, RESOURCE_LENGTH_MAX);
}

/**
 * The Hono app that every service serves its public resources with: one error shape, strict parsing, the verified
 * principal and the call context in `c.var`. The gateway forwards to it; it has no route of its own to the world.
 */
import { OpenAPIHono, type z } from "@hono/zod-openapi";
import type { Context, Env as HonoEnv } from "hono";
import { HTTPException } from "hono/http-exception";
import { routePath } from "hono/route";
import { type Principal, principalFromHeaders } from "./principal.ts";
import { fieldErrors, PROBLEM_CONTENT_TYPE, ProblemError, ProblemJson, problemResponse } from "./problem.ts";
import { type CallContext, contextFromHeaders, isSampled, logger } from "./telemetry.ts";
import { nameSpan, serveSpan } from "./trace.ts";

export interface ServiceVariables {
  principal: Principal;
  context: CallContext;
}

/** `B` is the worker's bindings. */
export interface ServiceEnv<B extends object> extends HonoEnv {
  Bindings: B;
  Variables: ServiceVariables;
}

/** A schema refusal: 422 for bodies that are JSON but wrong, 400 for parameters, headers and queries. */
function refuse(target: string, error: z.core.$ZodError): Response {
  const inBody = target === "json" || target === "form";
  return problemResponse({
    status: inBody ? 422 : 400,
    code: inBody ? "invalid_body" : "invalid_request",
    detail: inBody
      ? "The body does not have the documented shape; see `errors`."
      : `The ${target === "param" ? "path" : target} does not have the documented shape; see \`errors\`.`,
    errors: fieldErrors(error),
  });
}

export function createServiceApp<B extends object>(service: string): OpenAPIHono<ServiceEnv<B>> {
  const app = new OpenAPIHono<ServiceEnv<B>>({
    defaultHook: (result) => (result.success ? undefined : refuse(result.target, result.error)),
  });
  app.use(async (c, next) => {
    c.set("principal", principalFromHeaders(c.req.raw.headers));
    const context = contextFromHeaders(c.req.raw.headers);
    c.set("context", context);
    if (!isSampled(context.traceparent)) return await next();
    await serveSpan({ service, hop: "service", name: c.req.method }, context, async (inner) => {
      c.set("context", inner);
      await next();
      nameSpan(`${c.req.method} ${routePath(c, -1)}`);
    });
  });
  app.notFound((c) => unknownRoute(app, c.req.method, c.req.path));
  app.onError((error, c) => {
    if (error instanceof ProblemError) return problemResponse(error.problem);
    if (error instanceof HTTPException) return httpExceptionProblem(error);
    logger(service, c.get("context")).error("request_failed", error, { method: c.req.method, path: c.req.path });
    return problemResponse({
      status: 500,
      code: "internal_error",
      detail: "Something broke on our side. It is logged; quote the x-request-id when you ask about it.",
    });
  });
  return app;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** 405 with `allow` when the path answers other methods, else 404. Middleware is registered for all methods and does not count. */
function unknownRoute<B extends object>(app: OpenAPIHono<ServiceEnv<B>>, method: string, path: string): Response {
  const allowed = METHODS.filter((other) => app.router.match(other, path)[0].some(([[, route]]) => route.method === other));
  if (allowed.length === 0) {
    return problemResponse({ status: 404, code: "not_found", detail: `There is nothing at ${method} ${path}.` });
  }
  return problemResponse({
    status: 405,
    code: "method_not_allowed",
    detail: `${path} answers ${allowed.join(", ")}, not ${method}.`,
    headers: { allow: allowed.join(", ") },
  });
}

/** Hono's own refusals: a body that is not JSON, or of the wrong content type. */
function httpExceptionProblem(error: HTTPException): Response {
  const malformed = error.status === 400;
  return problemResponse({
    status: error.status,
    code: malformed ? "malformed_body" : error.status === 415 ? "unsupported_media_type" : "http_error",
    detail: malformed ? "The body is not well-formed JSON." : error.message || "The request was refused.",
  });
}

/** For `responses:` of a route: the problem answers it can give. */
export function problemResponses(...statuses: number[]) {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: "Problem (RFC 9457)", content: { [PROBLEM_CONTENT_TYPE]: { schema: ProblemJson } } },
    ]),
  ) as Record<number, { description: string; content: Record<string, { schema: typeof ProblemJson }> }>;
}

/** For `responses:` of a route: a JSON answer. */
export function jsonContent<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { "application/json": { schema } } };
}

/** For `request.body` of a route: a required JSON body; a missing content type is refused, not ignored. */
export function jsonBody<S extends z.ZodType>(schema: S) {
  return { required: true, content: { "application/json": { schema } } };
}

/** The absent thing and the thing of somebody else look the same. */
export function notFound(what: string): ProblemError {
  return new ProblemError({ status: 404, code: "not_found", detail: `No such ${what}, or it is not yours.` });
}

export type ServiceContext<B extends object> = Context<ServiceEnv<B>>;

/** Something that is not ours, as the isolate that answered has met it. The service is well without it. */
export interface OutsideHealth {
  readonly state: "unknown" | "answers" | "fails";
  readonly breaker: string;
  readonly last_failure_at: string | null;
}

/** What `/healthz` of one service says; the gateway collects them. */
export interface ServiceHealth {
  readonly status: "ok" | "failing";
  readonly checks: Readonly<Record<string, "ok" | string>>;
  readonly outside?: Readonly<Record<string, OutsideHealth>> | undefined;
}

/**
 * Adds `/openapi.json` (what the gateway merges) and `/healthz` to a service. A check resolves when its part works and
 * rejects with the reason when it does not.
 */
export function describeService<B extends object>(
  app: OpenAPIHono<ServiceEnv<B>>,
  service: string,
  checks: Readonly<Record<string, (env: B) => Promise<unknown>>>,
  outside?: () => NonNullable<ServiceHealth["outside"]>,
): void {
  app.get("/openapi.json", (c) =>
    c.json(app.getOpenAPI31Document({ openapi: "3.1.0", info: { title: `Holdfast ${service}`, version: "1" } })),
  );
  app.get("/healthz", async (c) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await check(c.env).then(() => "ok", String)] as const),
    );
    const failing = results.some(([, outcome]) => outcome !== "ok");
    const health: ServiceHealth = {
      status: failing ? "failing" : "ok",
      checks: Object.fromEntries(results),
      outside: outside?.(),
    };
    return c.json(health, failing ? 503 : 200);
  });
}

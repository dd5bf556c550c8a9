/** First stage: request id and trace context of every call, on every answer, and one access line per call. */
import type { MiddlewareHandler } from "hono";
import { systemClock } from "../shared/clock.ts";
import { contextOfStranger, logger } from "../shared/telemetry.ts";
import { nameSpan, openContext } from "../shared/trace.ts";
import type { GatewayHono } from "./env.ts";

export const REQUEST_ID_HEADER = "x-request-id";

export function requestContext(): MiddlewareHandler<GatewayHono> {
  return async (c, next) => {
    const startedAtMs = systemClock.now();
    const context = openContext() ?? contextOfStranger(c.req.raw.headers);
    c.set("context", context);
    await next();
    c.res.headers.set(REQUEST_ID_HEADER, context.requestId);
    nameSpan(`${c.req.method} ${c.get("route")?.path ?? "by no route"}`);
    logger("gateway", context).info("access", {
      method: c.req.method,
      // The query may carry an order token or a search for a name: it stays out of logs.
      path: c.req.path,
      status: c.res.status,
      duration_ms: systemClock.now() - startedAtMs,
      served_by: c.get("servedBy") ?? c.get("route")?.service.toLowerCase(),
      principal: c.get("principal")?.kind,
    });
  };
}

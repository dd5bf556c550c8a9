/**
 * Browsers let any page open a WebSocket anywhere, without CORS: the server has to look at the origin itself. Our own and
 * the allowed origins may; programs that are no browser send none.
 */
import type { MiddlewareHandler } from "hono";
import { ProblemError } from "../shared/problem.ts";
import type { GatewayConfiguration } from "./configuration.ts";
import type { GatewayHono } from "./env.ts";

export function refuseForeignSockets({ ALLOWED_ORIGINS, PUBLIC_URL }: GatewayConfiguration): MiddlewareHandler<GatewayHono> {
  const publicOrigin = new URL(PUBLIC_URL).origin;
  return async (c, next) => {
    const { headers, url } = c.req.raw;
    const origin = headers.get("origin");
    const upgrades = headers.get("upgrade")?.toLowerCase() === "websocket";
    const allowed = ["*", origin].some((entry) => entry !== null && ALLOWED_ORIGINS.includes(entry));
    if (upgrades && origin !== null && origin !== publicOrigin && origin !== new URL(url).origin && !allowed)
      throw foreign(origin);
    await next();
  };
}

function foreign(origin: string): ProblemError {
  return new ProblemError({
    status: 403,
    code: "origin_not_allowed",
    detail: `Pages of ${origin} may not open a WebSocket here. Ask the operator to allow the origin.`,
  });
}

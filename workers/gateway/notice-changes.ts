/** What this isolate remembers of a service ends when a call that passes through here changes it. */
import type { MiddlewareHandler } from "hono";
import type { GatewayHono } from "./env.ts";
import { isSafe } from "./forward.ts";
import { catalogChanged } from "./serve-catalog.ts";

export function noticeChanges(): MiddlewareHandler<GatewayHono> {
  return async (c, next) => {
    await next();
    if (isSafe(c.req.method) || c.res.status >= 400) return;
    // Awaited: whoever changed a product reads the change with the next call.
    if (c.var.route.service === "CATALOG") await catalogChanged(c.env);
  };
}

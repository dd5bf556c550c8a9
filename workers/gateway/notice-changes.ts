/** What this isolate remembers of a service ends when a call that passes through here changes it. */
import type { MiddlewareHandler } from "hono";
import { forgetSessions } from "./authenticate.ts";
import type { GatewayHono } from "./env.ts";
import { isSafe } from "./forward.ts";
import { catalogChanged } from "./serve-catalog.ts";

/** The shop's account pages, in any language: their forms sign out and change passwords. */
const ACCOUNT_PAGE_PATH = /^(?:\/[a-z]{2})?\/account(?:\/|$)/;

export function noticeChanges(): MiddlewareHandler<GatewayHono> {
  return async (c, next) => {
    await next();
    // A page's form answers with a redirect.
    if (isSafe(c.req.method) || c.res.status >= 400) return;
    const { service } = c.var.route;
    // Awaited: whoever changed a product reads the change with the next call.
    if (service === "CATALOG") await catalogChanged(c.env);
    if (service === "IDENTITY" || (service === "STOREFRONT" && ACCOUNT_PAGE_PATH.test(c.req.path))) forgetSessions();
  };
}

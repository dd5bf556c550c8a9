/** One address for one page: no slash at the end, no prefix for English. Others are led there for good. */
import type { MiddlewareHandler } from "hono";
import type { StorefrontHono } from "./env.ts";

export const tidyAddress: MiddlewareHandler<StorefrontHono> = async (c, next) => {
  const { pathname, search } = new URL(c.req.url);
  const tidy = pathname.replace(/^\/en(?=\/|$)/, "").replace(/\/+$/, "") || "/";
  // `//elsewhere/` would lead to another site.
  if (tidy === pathname || tidy.startsWith("//") || (c.req.method !== "GET" && c.req.method !== "HEAD")) return await next();
  return c.redirect(tidy + search, 308);
};

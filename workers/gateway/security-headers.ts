/** Headers that make browsers treat our answers as what they are. A service's own, stricter or looser, policy stands. */
import type { MiddlewareHandler } from "hono";
import type { GatewayHono } from "./env.ts";

const HSTS = "max-age=63072000; includeSubDomains";
/** JSON is never a page: nothing loads, nothing frames it. */
const CSP_DATA = "default-src 'none'; frame-ancestors 'none'";
/** Pages without a policy of their own: no script at all. */
const CSP_PAGE =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** No page of ours asks for any of these, and none that gets in may. */
const PERMISSIONS_POLICY =
  "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), usb=()";

/** What every answer carries. HSTS only where the site is served by TLS. */
export function commonSecurityHeaders(secureOrigin: boolean): Readonly<Record<string, string>> {
  return {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": PERMISSIONS_POLICY,
    // Another site cannot hold on to our windows, nor load our answers into its pages, where its scripts could measure them.
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    ...(secureOrigin ? { "strict-transport-security": HSTS } : {}),
  };
}

export const DATA_POLICY = { "content-security-policy": CSP_DATA } as const;

export function securityHeaders(secureOrigin: boolean): MiddlewareHandler<GatewayHono> {
  const common = Object.entries(commonSecurityHeaders(secureOrigin));
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    for (const [name, value] of common) if (!headers.has(name)) headers.set(name, value);
    // A browser that keeps an answer takes over what a 304 says: the policy and the age that it has stand.
    if (c.res.status === 304) return;
    if (!headers.has("content-security-policy")) {
      const page = headers.get("content-type")?.startsWith("text/html") === true;
      headers.set("content-security-policy", page ? CSP_PAGE : CSP_DATA);
    }
    // Nothing is shared or kept unless whoever made the answer said so.
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  };
}

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

/** The same for every answer, whatever it is. HSTS only where the site is served by TLS. */
function unvaryingHeaders(secureOrigin: boolean): Readonly<Record<string, string>> {
  return { "x-content-type-options": "nosniff", ...(secureOrigin ? { "strict-transport-security": HSTS } : {}) };
}

/** What every answer of ours carries. */
export function commonSecurityHeaders(secureOrigin: boolean): Readonly<Record<string, string>> {
  return {
    ...unvaryingHeaders(secureOrigin),
    "referrer-policy": "no-referrer",
    "permissions-policy": PERMISSIONS_POLICY,
    // Another site cannot hold on to our windows, nor load our answers into its pages, where its scripts could measure them.
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
  };
}

/** An older shop's pages were written without our policies; they get what cannot break them. */
function legacySecurityHeaders(secureOrigin: boolean): Readonly<Record<string, string>> {
  return {
    ...unvaryingHeaders(secureOrigin),
    "referrer-policy": "strict-origin-when-cross-origin",
    "content-security-policy": "frame-ancestors 'self'",
  };
}

export const DATA_POLICY = { "content-security-policy": CSP_DATA } as const;

export function securityHeaders(secureOrigin: boolean): MiddlewareHandler<GatewayHono> {
  const unvarying = unvaryingHeaders(secureOrigin);
  const common = commonSecurityHeaders(secureOrigin);
  const legacy = legacySecurityHeaders(secureOrigin);
  return async (c, next) => {
    await next();
    const { headers, status } = c.res;
    // A browser takes what a 304 says over into the page that it keeps: the policies and the age of that page stand.
    if (status === 304) return addMissing(headers, unvarying);
    addMissing(headers, c.get("servedBy") === undefined ? common : legacy);
    const isPage = headers.get("content-type")?.startsWith("text/html") === true;
    // Nothing is shared or kept unless whoever made the answer said so.
    addMissing(headers, { "content-security-policy": isPage ? CSP_PAGE : CSP_DATA, "cache-control": "no-store" });
  };
}

function addMissing(headers: Headers, wanted: Readonly<Record<string, string>>): void {
  for (const name in wanted) if (!headers.has(name)) headers.set(name, wanted[name] ?? "");
}

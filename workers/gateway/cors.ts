/**
 * Which browser origins may call the API. Credentials are bearer tokens, never cookies, and no answer ever allows a browser
 * to send cookies along, so `*` gives no one a session. `null`, the origin of sandboxed frames and files, is in no list.
 */
import type { MiddlewareHandler } from "hono";
import type { GatewayHono } from "./env.ts";

const EXPOSED = "x-request-id, etag, location, retry-after, idempotent-replayed, x-cache, ratelimit, ratelimit-policy";
const ALLOWED_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
const ALLOWED_HEADERS =
  "authorization, content-type, cart-token, order-token, idempotency-key, if-none-match, traceparent, x-request-id";
const PREFLIGHT_MAX_AGE_SECONDS = "7200";

/** The CORS headers of an answer to a request from `origin`. Pure. */
export function corsHeaders(allowedOrigins: readonly string[], origin: string | null): Record<string, string> {
  if (allowedOrigins.includes("*")) {
    return { "access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED };
  }
  // The answer differs by origin even when there is none, so that a cache does not mix them up.
  if (origin === null || !allowedOrigins.includes(origin)) return { vary: "origin" };
  return { "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED, vary: "origin" };
}

/** Answers preflights itself; other OPTIONS requests go on and find no route. */
export function cors(allowedOrigins: readonly string[]): MiddlewareHandler<GatewayHono> {
  return async (c, next) => {
    const origin = c.req.raw.headers.get("origin");
    const headers = corsHeaders(allowedOrigins, origin);
    if (c.req.method === "OPTIONS" && c.req.raw.headers.has("access-control-request-method")) {
      return new Response(null, {
        status: 204,
        headers: { ...headers, ...("access-control-allow-origin" in headers ? PREFLIGHT : {}) },
      });
    }
    await next();
    // Pages are no API: no other site's script reads them, nor what an older shop answers.
    if (c.get("route")?.service === "STOREFRONT" || c.get("servedBy") !== undefined) return undefined;
    for (const [name, value] of Object.entries(headers)) {
      if (name === "vary") c.res.headers.append(name, value);
      else c.res.headers.set(name, value);
    }
    return undefined;
  };
}

const PREFLIGHT = {
  "access-control-allow-methods": ALLOWED_METHODS,
  "access-control-allow-headers": ALLOWED_HEADERS,
  "access-control-max-age": PREFLIGHT_MAX_AGE_SECONDS,
} as const;

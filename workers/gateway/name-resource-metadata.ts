/**
 * A refusal for want of a token says where tokens come from (RFC 9728 §5.1): an app that knows only the API's address finds
 * the rest by itself. Here and not in the services, which know no public address.
 */
import type { MiddlewareHandler } from "hono";
import type { GatewayHono } from "./env.ts";

/** Ours: what an older shop or the payment sandbox asks for is their own. */
const CHALLENGE = 'Bearer realm="holdfast"';

export function nameResourceMetadata(publicUrl: string): MiddlewareHandler<GatewayHono> {
  const parameter = `resource_metadata="${new URL("/.well-known/oauth-protected-resource", publicUrl).href}"`;
  return async (c, next) => {
    await next();
    const challenge = c.res.headers.get("www-authenticate");
    if (challenge?.startsWith(CHALLENGE) && c.get("servedBy") === undefined)
      c.res.headers.set("www-authenticate", `${challenge}, ${parameter}`);
  };
}

/**
 * Verifies every credential of a call once and replaces them by a principal that services trust. The API takes headers
 * only: admin key, access token or an app's token, cart token, order token; a wrong bearer is 401, never silently a guest. The shop's pages
 * take cookies only (`authenticate-page.ts`), so no page of another site can make a browser's cookies act on the API. A
 * wrong cart or order token opens nothing, and the owner then answers as if the thing did not exist.
 */
import type { Context, MiddlewareHandler } from "hono";
import { verifyCapabilityToken } from "../shared/capability-token.ts";
import { systemClock } from "../shared/clock.ts";
import { GUEST, type Principal } from "../shared/principal.ts";
import { ProblemError } from "../shared/problem.ts";
import { appPrincipal } from "./app-principal.ts";
import { askIdentity } from "./ask-identity.ts";
import { pagePrincipal } from "./authenticate-page.ts";
import type { GatewayConfiguration } from "./configuration.ts";
import type { GatewayHono } from "./env.ts";
import { SessionCache } from "./session-cache.ts";
import { AccessTokenVerifier } from "./verify-access-token.ts";
import { adminKeyCheck } from "./verify-admin-key.ts";

/** Links that a browser follows after 3-D Secure cannot carry a header. */
const PAYMENT_RETURN_PATH = /^\/v1\/orders\/[^/]+\/payment-return$/;

const sessions = new SessionCache();

export function forgetSessions(): void {
  sessions.clear();
}

export function authenticate(configuration: GatewayConfiguration): MiddlewareHandler<GatewayHono> {
  const isAdminKey = adminKeyCheck(configuration.ADMIN_API_KEY);
  const tokens = new AccessTokenVerifier();
  const secret = configuration.CAPABILITY_SECRET;

  async function bearerPrincipal(c: Context<GatewayHono>): Promise<Principal> {
    const authorization = c.req.raw.headers.get("authorization");
    if (authorization === null) return GUEST;
    const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (bearer === undefined) throw invalidToken();
    if (isAdminKey(bearer)) return { ...GUEST, kind: "operator", scopes: ["*"] };
    const app = await appPrincipal(c, secret, bearer);
    if (app === null) throw invalidToken();
    if (app !== undefined) return app;
    const nowMs = systemClock.now();
    const verified = await tokens.verify(bearer, nowMs, () => askIdentity(() => c.env.IDENTITY.jwks()));
    if (!verified.ok) throw invalidToken();
    const { subject, sessionId } = verified.value;
    if (sessions.ownerOf(sessionId, nowMs) !== subject) {
      // Whose session it is counts, not that it stands: what is remembered here also speaks for the session's cookie.
      if ((await askIdentity(() => c.env.IDENTITY.sessionOwner(sessionId))) !== subject) throw invalidToken();
      sessions.remember(sessionId, subject, nowMs);
    }
    return { ...GUEST, kind: "customer", subject, sessionId };
  }

  async function principalOf(c: Context<GatewayHono>): Promise<Principal> {
    const { service, credentials } = c.get("route");
    if (credentials === "passed") return GUEST;
    if (service === "STOREFRONT") return await pagePrincipal(c, secret, sessions);
    return { ...(await bearerPrincipal(c)), capabilities: await capabilities(c, secret) };
  }

  return async (c, next) => {
    c.set("principal", await principalOf(c));
    await next();
  };
}

async function capabilities(c: Context<GatewayHono>, secret: string): Promise<string[]> {
  const { headers } = c.req.raw;
  const presented = [
    ["cart_", headers.get("cart-token")],
    ["ord_", headers.get("order-token")],
    ["ord_", PAYMENT_RETURN_PATH.test(c.req.path) ? c.req.query("order_token") : null],
  ] as const;
  const opened: string[] = [];
  for (const [prefix, token] of presented) {
    const id = token == null ? undefined : await verifyCapabilityToken(secret, token);
    if (id?.startsWith(prefix)) opened.push(id);
  }
  return opened;
}

function invalidToken(): ProblemError {
  return new ProblemError({
    status: 401,
    code: "invalid_token",
    detail: "The bearer is neither the admin key nor an access token that still stands. Sign in again, or leave the header out.",
    headers: { "www-authenticate": 'Bearer realm="holdfast", error="invalid_token"' },
  });
}

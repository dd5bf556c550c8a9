/**
 * Verifies every credential of a call once and replaces them by a principal that services trust. The API takes headers
 * only: admin key, API key, access token or an app's token, cart token, order token; a wrong bearer is 401, never silently a guest. The shop's pages
 * take cookies only (`authenticate-page.ts`), so no page of another site can make a browser's cookies act on the API. A
 * wrong cart or order token opens nothing, and the owner then answers as if the thing did not exist. That a session or key
 * stands, and what it may do, is asked anew for every call: what was ended or demoted a moment ago opens nothing.
 */
import type { Context, MiddlewareHandler } from "hono";
import { API_KEY_PREFIX, isApiKey } from "../shared/api-key.ts";
import { verifyCapabilityToken } from "../shared/capability-token.ts";
import { systemClock } from "../shared/clock.ts";
import { sha256Hex } from "../shared/idempotency.ts";
import { GUEST, type Principal } from "../shared/principal.ts";
import { ProblemError } from "../shared/problem.ts";
import { scopesOf } from "../shared/staff-roles.ts";
import { appPrincipal } from "./app-principal.ts";
import { askIdentity } from "./ask-identity.ts";
import { pagePrincipal } from "./authenticate-page.ts";
import type { GatewayConfiguration } from "./configuration.ts";
import type { GatewayHono } from "./env.ts";
import { AccessTokenVerifier } from "./verify-access-token.ts";
import { adminKeyCheck } from "./verify-admin-key.ts";

/** Links that a browser follows after 3-D Secure cannot carry a header. */
const PAYMENT_RETURN_PATH = /^\/v1\/orders\/[^/]+\/payment-return$/;

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
    if (bearer.startsWith(API_KEY_PREFIX)) return await keyPrincipal(c, bearer);
    const app = await appPrincipal(c, secret, bearer);
    if (app === null) throw invalidToken();
    if (app !== undefined) return app;
    const verified = await tokens.verify(bearer, systemClock.now(), () => askIdentity(() => c.env.IDENTITY.jwks()));
    if (!verified.ok) throw invalidToken();
    const { subject, sessionId } = verified.value;
    // Whose session it is counts, not only that it stands.
    const standing = await askIdentity(() => c.env.IDENTITY.sessionStanding(sessionId));
    if (standing?.customerId !== subject) throw invalidToken();
    const { role } = standing;
    if (role === null) return { ...GUEST, kind: "customer", subject, sessionId };
    c.set("role", role);
    return { ...GUEST, kind: "operator", subject, sessionId, scopes: [...scopesOf(role)] };
  }

  /** A mistyped key is told by its checksum, without a question. */
  async function keyPrincipal(c: Context<GatewayHono>, key: string): Promise<Principal> {
    if (!isApiKey(key)) throw invalidToken();
    const keySha256 = await sha256Hex(key);
    const standing = await askIdentity(() => c.env.IDENTITY.apiKeyStanding(keySha256));
    if (standing === null) throw invalidToken();
    const { keyId, scopes } = standing;
    return { ...GUEST, kind: "operator", subject: keyId, client: keyId, scopes: [...scopes] };
  }

  async function principalOf(c: Context<GatewayHono>): Promise<Principal> {
    const { service, credentials } = c.get("route");
    if (credentials === "passed") return GUEST;
    if (service === "STOREFRONT") return await pagePrincipal(c, secret);
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
    detail: "The bearer is no admin key, API key or access token that still stands. Sign in again, or leave the header out.",
    headers: { "www-authenticate": 'Bearer realm="holdfast", error="invalid_token"' },
  });
}

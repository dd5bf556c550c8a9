/**
 * Verifies every credential of a call once and replaces them by a principal that services trust: admin key or access
 * token, cart token, order token. A wrong bearer is 401, never silently a guest; a wrong cart or order token opens
 * nothing, and the owner then answers as if the thing did not exist.
 */
import type { Context, MiddlewareHandler } from "hono";
import { guarded } from "../shared/call-peer.ts";
import { verifyCapabilityToken } from "../shared/capability-token.ts";
import { systemClock } from "../shared/clock.ts";
import { GUEST, type Principal } from "../shared/principal.ts";
import { ProblemError } from "../shared/problem.ts";
import type { GatewayConfiguration } from "./configuration.ts";
import type { GatewayHono } from "./env.ts";
import { peerFailure } from "./peer-failure.ts";
import { SessionCache } from "./session-cache.ts";
import { AccessTokenVerifier } from "./verify-access-token.ts";
import { adminKeyCheck } from "./verify-admin-key.ts";

const IDENTITY_DEADLINE_MS = 3_000;
/** Links that a browser follows after 3-D Secure cannot carry a header. */
const PAYMENT_RETURN_PATH = /^\/v1\/orders\/[^/]+\/payment-return$/;

const sessions = new SessionCache();

export function forgetSessions(): void {
  sessions.clear();
}

export function authenticate(configuration: GatewayConfiguration): MiddlewareHandler<GatewayHono> {
  const isAdminKey = adminKeyCheck(configuration.ADMIN_API_KEY);
  const tokens = new AccessTokenVerifier();

  async function bearerPrincipal(c: Context<GatewayHono>): Promise<Principal> {
    const authorization = c.req.raw.headers.get("authorization");
    if (authorization === null) return GUEST;
    const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (bearer === undefined) throw invalidToken();
    if (isAdminKey(bearer)) return { ...GUEST, kind: "operator", scopes: ["*"] };
    const nowMs = systemClock.now();
    const verified = await tokens.verify(bearer, nowMs, () => askIdentity(() => c.env.IDENTITY.jwks()));
    if (!verified.ok) throw invalidToken();
    const { subject, sessionId } = verified.value;
    if (!sessions.stands(sessionId, nowMs)) {
      if (!(await askIdentity(() => c.env.IDENTITY.isSessionActive(sessionId)))) throw invalidToken();
      sessions.remember(sessionId, nowMs);
    }
    return { ...GUEST, kind: "customer", subject, sessionId };
  }

  return async (c, next) => {
    if (c.get("route").credentials === "passed") {
      c.set("principal", GUEST);
    } else {
      const principal = await bearerPrincipal(c);
      c.set("principal", { ...principal, capabilities: await capabilities(c, configuration.CAPABILITY_SECRET) });
    }
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

async function askIdentity<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await guarded({ service: "identity", deadlineMs: IDENTITY_DEADLINE_MS, retries: 1, retryTimeouts: false }, call);
  } catch (error) {
    throw peerFailure("identity", error);
  }
}

function invalidToken(): ProblemError {
  return new ProblemError({
    status: 401,
    code: "invalid_token",
    detail: "The bearer is neither the admin key nor an access token that still stands. Sign in again, or leave the header out.",
    headers: { "www-authenticate": 'Bearer realm="holdfast", error="invalid_token"' },
  });
}

/**
 * Who asks for a page of the shop: its cookies, and the link in an order's mail. A page is never refused for a bad cookie:
 * forged, expired and revoked ones open nothing, and the shopper goes on as a guest; so it is while identity cannot be
 * asked, because browsing must not depend on it.
 */
import type { Context } from "hono";
import { parse } from "hono/utils/cookie";
import { verifyCapabilityToken } from "../shared/capability-token.ts";
import { CART_COOKIE, ORDER_COOKIE, SESSION_COOKIE } from "../shared/page-cookies.ts";
import { GUEST, type Principal } from "../shared/principal.ts";
import { logger } from "../shared/telemetry.ts";
import { askIdentity } from "./ask-identity.ts";
import type { GatewayHono } from "./env.ts";

/** An order's page and what lies below it, and the way back from the bank; in any language. */
const ORDER_PAGE_PATH = /^(?:\/[a-z]{2})?\/(?:orders\/[^/]+|checkout\/return)(?:\/|$)/;

export async function pagePrincipal(c: Context<GatewayHono>, secret: string): Promise<Principal> {
  const header = c.req.raw.headers.get("cookie");
  const cookies = header === null ? {} : parse(header);
  const open = async (prefix: string, token: string | undefined): Promise<string | undefined> => {
    const id = token === undefined ? undefined : await verifyCapabilityToken(secret, token);
    return id?.startsWith(prefix) ? id : undefined;
  };
  const linked = ORDER_PAGE_PATH.test(c.req.path) ? c.req.query("token") : undefined;
  const opened = await Promise.all([
    open("cart_", cookies[CART_COOKIE]),
    open("ord_", cookies[ORDER_COOKIE]),
    open("ord_", linked),
  ]);
  const capabilities = [...new Set(opened.filter((id) => id !== undefined))];
  const sessionId = await open("ses_", cookies[SESSION_COOKIE]);
  const customerId = sessionId === undefined ? null : await ownerOf(c, sessionId);
  if (sessionId === undefined || customerId === null) return { ...GUEST, capabilities };
  return { ...GUEST, kind: "customer", subject: customerId, sessionId, capabilities };
}

async function ownerOf(c: Context<GatewayHono>, sessionId: string): Promise<string | null> {
  try {
    return await askIdentity(() => c.env.IDENTITY.sessionOwner(sessionId));
  } catch (error) {
    logger("gateway", c.var.context).warn("session_not_verified", { reason: String(error) });
    return null;
  }
}

/** What follows a proven password: the session's cookie, and the cart that goes along. */
import type { Context } from "hono";
import type { BrowserOrigin, BrowserSession } from "../../../identity/contract.ts";
import { systemClock } from "../../../shared/clock.ts";
import { COOKIE_AGE_MAX_SECONDS, DEVICE_COOKIE, readCookie, SESSION_COOKIE, setCookie } from "../../cookies.ts";
import type { StorefrontHono } from "../../env.ts";
import type { PeerProblem } from "../../peers/ask.ts";
import { giveCart } from "../../peers/browser-session.ts";

const USER_AGENT_MAX = 1_000;

export async function keepSession(c: Context<StorefrontHono>, session: BrowserSession): Promise<void> {
  const { page } = c.var;
  setCookie(c, SESSION_COOKIE, session.token, Math.floor((session.expiresAtMs - systemClock.now()) / 1000));
  setCookie(c, DEVICE_COOKIE, session.deviceToken, COOKIE_AGE_MAX_SECONDS);
  const cartId = page.principal.capabilities.find((id) => id.startsWith("cart_"));
  if (cartId !== undefined) await giveCart(page, session, cartId);
}

export function identityAway(): PeerProblem {
  return { code: "unavailable", status: 503, detail: "Accounts do not answer at the moment.", problem: {} };
}

/** What identity is told of the browser: its name for the list of devices, its network, whether it signed in before, its language. */
export function browserOf(c: Context<StorefrontHono>): BrowserOrigin {
  return {
    userAgent: c.req.header("user-agent")?.slice(0, USER_AGENT_MAX) ?? null,
    network: c.var.page.network ?? null,
    deviceToken: readCookie(c, DEVICE_COOKIE) ?? null,
    language: c.var.page.locale,
  };
}

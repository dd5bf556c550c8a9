/**
 * The shop's cookies. All carry the `__Host-` prefix: set by this host only, over TLS only, for every path, unreadable for
 * scripts, and not sent along with requests that another site starts, links excepted.
 */
import type { Context } from "hono";
import { getCookie, setCookie as setHonoCookie } from "hono/cookie";
import { CART_COOKIE, ORDER_COOKIE, SESSION_COOKIE } from "../shared/page-cookies.ts";
import type { StorefrontHono } from "./env.ts";

/** The gateway verifies these three. */
export { CART_COOKIE, ORDER_COOKIE, SESSION_COOKIE };
/** Marks a browser that signed in to an account: it is no stranger at the next sign-in. Opens nothing. */
export const DEVICE_COOKIE = "__Host-holdfast-device";
/** Country code. */
export const MARKET_COOKIE = "__Host-holdfast-market";
/** `en`, `de` or `ja`: an explicit choice, or where `/` has led before. */
export const LANGUAGE_COOKIE = "__Host-holdfast-language";
/** The visit's form secret. */
export const FORM_COOKIE = "__Host-holdfast-form";
/** One message for the next page, such as "added to your cart". */
export const FLASH_COOKIE = "__Host-holdfast-flash";

const NAMES = [
  CART_COOKIE,
  ORDER_COOKIE,
  SESSION_COOKIE,
  DEVICE_COOKIE,
  MARKET_COOKIE,
  LANGUAGE_COOKIE,
  FORM_COOKIE,
  FLASH_COOKIE,
] as const;
export type CookieName = (typeof NAMES)[number];

const DAY_SECONDS = 86_400;
/** Chromium keeps no cookie longer. */
export const COOKIE_AGE_MAX_SECONDS = 400 * DAY_SECONDS;

export function readCookie(c: Context<StorefrontHono>, name: CookieName): string | undefined {
  const value = getCookie(c, name);
  return value === undefined || value === "" ? undefined : value;
}

/** Whether the answer may depend on who asks. A known device alone is nobody yet. */
export function hasShopCookie(c: Context<StorefrontHono>): boolean {
  return NAMES.some((name) => name !== DEVICE_COOKIE && readCookie(c, name) !== undefined);
}

/** @param maxAgeSeconds left out: until the browser closes. */
export function setCookie(c: Context<StorefrontHono>, name: CookieName, value: string, maxAgeSeconds?: number): void {
  setHonoCookie(c, name, value, {
    path: "/",
    secure: true,
    httpOnly: true,
    sameSite: "Lax",
    ...(maxAgeSeconds === undefined ? {} : { maxAge: Math.min(maxAgeSeconds, COOKIE_AGE_MAX_SECONDS) }),
  });
}

export function clearCookie(c: Context<StorefrontHono>, name: CookieName): void {
  setCookie(c, name, "", 0);
}

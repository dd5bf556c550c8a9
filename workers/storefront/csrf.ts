/**
 * Forms are taken from our own pages only. First the browser's word: `Sec-Fetch-Site`, else `Origin`, must name us; what
 * carries neither is no browser. Then, for forms of personal pages, the visit's token: a random value in a `__Host-`
 * cookie that each page repeats in the form, masked afresh each time so that a compressed page does not leak it.
 */
import type { Context, MiddlewareHandler } from "hono";
import { CSRF_FIELD } from "./components/csrf-field.tsx";
import { FORM_COOKIE, readCookie, setCookie } from "./cookies.ts";
import type { StorefrontHono } from "./env.ts";
import { forbiddenPage } from "./error-pages.tsx";

const SECRET_BYTES = 18;
const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;
/** Their forms stand on cached pages, which carry nobody's token. */
const TOKENLESS_PATHS: ReadonlySet<string> = new Set(["/cart/lines", "/settings"]);

export function refuseForeignForms(): MiddlewareHandler<StorefrontHono> {
  return async (c, next) => {
    if (isSafe(c.req.method) || (isOwnOrigin(c) && (TOKENLESS_PATHS.has(c.req.path) || (await hasToken(c))))) return await next();
    return await forbiddenPage(c);
  };
}

function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

function isOwnOrigin(c: Context<StorefrontHono>): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin" || site === "none";
  const origin = c.req.header("origin");
  return origin === undefined || origin === c.var.page.origin || origin === new URL(c.req.url).origin;
}

async function hasToken(c: Context<StorefrontHono>): Promise<boolean> {
  const secret = readSecret(c);
  if (secret === undefined) return false;
  const sent = (await c.req.parseBody().catch(() => ({})))[CSRF_FIELD as never];
  const unmasked = typeof sent === "string" ? unmask(sent) : undefined;
  return unmasked !== undefined && crypto.subtle.timingSafeEqual(unmasked, secret);
}

/** The token that this answer's forms carry; gives the visit its secret when it has none. */
export function issueFormToken(c: Context<StorefrontHono>): string {
  const secret = readSecret(c) ?? newSecret(c);
  const mask = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  const token = new Uint8Array(2 * SECRET_BYTES);
  token.set(mask);
  token.set(xor(mask, secret), SECRET_BYTES);
  return token.toBase64(BASE64URL);
}

function newSecret(c: Context<StorefrontHono>): Uint8Array {
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  setCookie(c, FORM_COOKIE, secret.toBase64(BASE64URL));
  return secret;
}

function readSecret(c: Context<StorefrontHono>): Uint8Array | undefined {
  return decode(readCookie(c, FORM_COOKIE), SECRET_BYTES);
}

function unmask(token: string): Uint8Array | undefined {
  const bytes = decode(token, 2 * SECRET_BYTES);
  return bytes === undefined ? undefined : xor(bytes.subarray(0, SECRET_BYTES), bytes.subarray(SECRET_BYTES));
}

function xor(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, index) => byte ^ (right[index] ?? 0));
}

function decode(text: string | undefined, length: number): Uint8Array | undefined {
  try {
    const bytes = Uint8Array.fromBase64(text ?? "", { alphabet: "base64url" });
    return bytes.length === length ? bytes : undefined;
  } catch {
    return undefined;
  }
}

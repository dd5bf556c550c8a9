/**
 * An address that is not of one language leads to the shopper's, once known: by an earlier choice, the browser's wish, or
 * the country. `/` is one, and where other sites send the customer to.
 */
import type { Context, MiddlewareHandler } from "hono";
import { isLocale, LOCALE_DEFAULT, type Locale, localePath, preferredLocale } from "../../../shared/locales.ts";
import { LANGUAGE_COOKIE, readCookie } from "../../cookies.ts";
import type { StorefrontHono } from "../../env.ts";

const COUNTRY_LANGUAGES: Readonly<Record<string, Locale>> = { DE: "de", AT: "de", LI: "de", JP: "ja" };

export const chooseLanguage: MiddlewareHandler<StorefrontHono> = async (c, next) => {
  const { path, search } = c.var.page;
  const wanted = new URL(c.req.url).pathname === path ? wantedLanguage(c) : LOCALE_DEFAULT;
  if (wanted === LOCALE_DEFAULT) return await next();
  c.header("cache-control", "private, no-store");
  c.header("vary", "cookie, accept-language");
  return c.redirect(localePath(wanted, path) + search, 302);
};

function wantedLanguage(c: Context<StorefrontHono>): Locale {
  const chosen = readCookie(c, LANGUAGE_COOKIE);
  if (chosen !== undefined) return isLocale(chosen) ? chosen : LOCALE_DEFAULT;
  const accepted = c.req.header("accept-language");
  if (accepted !== undefined && accepted.trim() !== "*") return preferredLocale(accepted) ?? LOCALE_DEFAULT;
  return COUNTRY_LANGUAGES[c.var.page.market.country] ?? LOCALE_DEFAULT;
}

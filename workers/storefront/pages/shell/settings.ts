/** `POST /settings`: the explicit switch of language and delivery country, back to the page that it was sent from. */
import type { Context } from "hono";
import { isLocale, localePath } from "../../../shared/locales.ts";
import { COOKIE_AGE_MAX_SECONDS, LANGUAGE_COOKIE, MARKET_COOKIE, setCookie } from "../../cookies.ts";
import type { StorefrontHono } from "../../env.ts";
import { setFlash } from "../../flash.tsx";
import { isKnownCountry } from "../../markets.ts";
import { safeReturnPath } from "../../return-path.ts";
import { shellTexts } from "../../texts/shell.ts";

export async function saveSettings(c: Context<StorefrontHono>): Promise<Response> {
  const form = await c.req.parseBody();
  const language = typeof form["language"] === "string" && isLocale(form["language"]) ? form["language"] : c.var.page.locale;
  const country = form["country"];
  setCookie(c, LANGUAGE_COOKIE, language, COOKIE_AGE_MAX_SECONDS);
  if (typeof country === "string" && isKnownCountry(country)) setCookie(c, MARKET_COOKIE, country, COOKIE_AGE_MAX_SECONDS);
  setFlash(c, "success", shellTexts(language).settingsSaved);
  return c.redirect(localePath(language, safeReturnPath(form["return_to"])), 303);
}

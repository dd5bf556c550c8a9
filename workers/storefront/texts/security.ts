/** Texts of second factors and passkeys, at sign-in and in the account, by language. Pure. */
import type { Locale } from "../../shared/locales.ts";
import { de } from "./security/de.ts";
import { en } from "./security/en.ts";
import { ja } from "./security/ja.ts";

export type SecurityTexts = typeof en;

const TEXTS: Readonly<Record<Locale, SecurityTexts>> = { en, de, ja };

export function securityTexts(locale: Locale): SecurityTexts {
  return TEXTS[locale];
}

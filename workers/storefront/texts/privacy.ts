/** Texts of the pages about a shopper's own data, by language. Pure. */
import type { Locale } from "../../shared/locales.ts";
import { de } from "./privacy/de.ts";
import { en } from "./privacy/en.ts";
import { ja } from "./privacy/ja.ts";

export type PrivacyTexts = typeof en;

const TEXTS: Readonly<Record<Locale, PrivacyTexts>> = { en, de, ja };

export function privacyTexts(locale: Locale): PrivacyTexts {
  return TEXTS[locale];
}

/** Texts of sign-in, registration and the account's pages, by language. Pure. */
import type { Locale } from "../../shared/locales.ts";
import { de } from "./account/de.ts";
import { en } from "./account/en.ts";
import { ja } from "./account/ja.ts";

export type AccountTexts = typeof en;

const TEXTS: Readonly<Record<Locale, AccountTexts>> = { en, de, ja };

export function accountTexts(locale: Locale): AccountTexts {
  return TEXTS[locale];
}

/** Texts about apps that act for the customer, by language. Pure. */
import type { Locale } from "../../shared/locales.ts";
import { de } from "./apps/de.ts";
import { en } from "./apps/en.ts";
import { ja } from "./apps/ja.ts";

export type AppTexts = typeof en;

const TEXTS: Readonly<Record<Locale, AppTexts>> = { en, de, ja };

export function appTexts(locale: Locale): AppTexts {
  return TEXTS[locale];
}

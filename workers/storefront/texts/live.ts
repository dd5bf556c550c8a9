/** Texts of what moves on a page: stock, suggestions, countdown, cart drawer. Plain data, so that a page can carry them. Pure. */
import type { Locale } from "../../shared/locales.ts";
import { de } from "./live/de.ts";
import { en } from "./live/en.ts";
import { ja } from "./live/ja.ts";

export type LiveTexts = typeof en;

const TEXTS: Readonly<Record<Locale, LiveTexts>> = { en, de, ja };

export function liveTexts(locale: Locale): LiveTexts {
  return TEXTS[locale];
}

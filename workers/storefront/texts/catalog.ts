/** Texts of the home, category, search and product pages, by language. Pure. */
import type { Locale } from "../page-context.ts";
import { de } from "./catalog/de.ts";
import { en } from "./catalog/en.ts";
import { ja } from "./catalog/ja.ts";

export type CatalogTexts = typeof en;

const TEXTS: Readonly<Record<Locale, CatalogTexts>> = { en, de, ja };

export function catalogTexts(locale: Locale): CatalogTexts {
  return TEXTS[locale];
}

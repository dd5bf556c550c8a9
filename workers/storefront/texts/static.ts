/** Texts of the pages about the shop: delivery, returns, contact, privacy, terms, about; by language. Pure. */
import type { Locale } from "../../shared/locales.ts";
import { de } from "./static/de.ts";
import { en } from "./static/en.ts";
import { ja } from "./static/ja.ts";

export const STATIC_HANDLES = ["shipping", "returns", "contact", "privacy", "terms", "about"] as const;
export type StaticHandle = (typeof STATIC_HANDLES)[number];

export interface StaticSection {
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** Shown after the paragraphs. */
  readonly points?: readonly string[];
  /** Where to do it; shown last. The path is the same in every language. */
  readonly links?: readonly { readonly path: string; readonly label: string }[];
}

export interface StaticText {
  readonly title: string;
  /** For search engines and previews. */
  readonly description: string;
  readonly lead: string;
  readonly sections: readonly StaticSection[];
}

/** The table of delivery prices, which comes from the shop's rates. */
export interface RatesText {
  readonly heading: string;
  readonly caption: (currency: string) => string;
  readonly europe: string;
  readonly elsewhere: string;
  readonly option: string;
  readonly price: string;
  readonly time: string;
  readonly from: (amount: string) => string;
  readonly freeAbove: (amount: string) => string;
  readonly unavailable: string;
}

/** The table of cookies, whose names come from the code that sets them. */
export interface CookiesText {
  readonly heading: string;
  readonly lead: string;
  readonly name: string;
  readonly purpose: string;
  readonly kept: string;
  readonly session: string;
  readonly days: (count: number) => string;
  readonly minute: string;
  readonly purposes: {
    readonly cart: string;
    readonly order: string;
    readonly session: string;
    readonly device: string;
    readonly market: string;
    readonly language: string;
    readonly form: string;
    readonly flash: string;
  };
}

export interface StaticTexts {
  readonly demo: string;
  readonly rates: RatesText;
  readonly cookies: CookiesText;
  readonly pages: Readonly<Record<StaticHandle, StaticText>>;
}

const TEXTS: Readonly<Record<Locale, StaticTexts>> = { en, de, ja };

export function staticTexts(locale: Locale): StaticTexts {
  return TEXTS[locale];
}

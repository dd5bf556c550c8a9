/** Texts of the cart, checkout and order pages, by language. Pure. */
import type { Locale } from "../page-context.ts";
import { de } from "./checkout/de.ts";
import { en } from "./checkout/en.ts";
import { ja } from "./checkout/ja.ts";

export type CheckoutTexts = typeof en;
export type OrderTexts = CheckoutTexts["order"];

const TEXTS: Readonly<Record<Locale, CheckoutTexts>> = { en, de, ja };

export function checkoutTexts(locale: Locale): CheckoutTexts {
  return TEXTS[locale];
}

export function orderTexts(locale: Locale): OrderTexts {
  return TEXTS[locale].order;
}

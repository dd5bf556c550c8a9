/** Texts of the frame around every page, and of its error pages. Pure. */
import type { Locale } from "../../shared/locales.ts";
import { de } from "./shell/de.ts";
import { en } from "./shell/en.ts";
import { ja } from "./shell/ja.ts";

type Widen<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Widen<T[K]> };
export type ShellTexts = Widen<typeof en>;

const TEXTS: Readonly<Record<Locale, ShellTexts>> = { en, de, ja };

export function shellTexts(locale: Locale): ShellTexts {
  return TEXTS[locale];
}

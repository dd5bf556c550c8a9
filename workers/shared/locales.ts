/** The languages of the shop and how they stand in addresses: English has no prefix, the others `/de` and `/ja`. Pure. */

export const LOCALES = ["en", "de", "ja"] as const;
export type Locale = (typeof LOCALES)[number];
export const LOCALE_DEFAULT: Locale = "en";

/** Each language in its own words, as a switch shows it. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: "English", de: "Deutsch", ja: "日本語" };

export function isLocale(text: string): text is Locale {
  return (LOCALES as readonly string[]).includes(text);
}

/** `/de/products/x` → `de` and `/products/x`; a path without a known prefix is English. */
export function splitLocale(pathname: string): { readonly locale: Locale; readonly path: string } {
  const match = /^\/([a-z]{2})(\/.*)?$/.exec(pathname);
  const prefix = match?.[1];
  if (prefix === undefined || prefix === LOCALE_DEFAULT || !isLocale(prefix)) return { locale: LOCALE_DEFAULT, path: pathname };
  return { locale: prefix, path: match?.[2] ?? "/" };
}

/** `/products/x` → `/de/products/x`. Query and fragment stay. */
export function localePath(locale: Locale, path: string): string {
  if (locale === LOCALE_DEFAULT) return path;
  return path === "/" ? `/${locale}` : `/${locale}${path.startsWith("/?") ? path.slice(1) : path}`;
}

/** The best of our languages for an `accept-language` header; undefined when none of them is asked for. */
export function preferredLocale(acceptLanguage: string | undefined): Locale | undefined {
  const wanted = (acceptLanguage ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const quality = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find((text) => text !== undefined);
      return { language: tag.trim().slice(0, 2), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wanted.map(({ language }) => language).find(isLocale);
}

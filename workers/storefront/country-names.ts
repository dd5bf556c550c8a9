/** Countries in the shopper's language. Pure. */
import type { Locale, PageContext } from "./page-context.ts";

interface Names {
  readonly names: Intl.DisplayNames;
  readonly collator: Intl.Collator;
}

/** One a language: making them costs more than the rest of a footer. */
const namesByLocale = new Map<Locale, Names>();

function namesOf(locale: Locale): Names {
  const known = namesByLocale.get(locale);
  if (known !== undefined) return known;
  const made = { names: new Intl.DisplayNames([locale], { type: "region" }), collator: new Intl.Collator(locale) };
  namesByLocale.set(locale, made);
  return made;
}

/** `DE` → `Germany`; what is no country code stays as it is. */
export function countryName({ locale }: Pick<PageContext, "locale">, code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (namesOf(locale).names.of(code) ?? code) : code;
}

/** In the language's own order. */
export function sortedCountries(
  page: Pick<PageContext, "locale">,
  codes: readonly string[],
): readonly { readonly code: string; readonly name: string }[] {
  const { collator } = namesOf(page.locale);
  return codes.map((code) => ({ code, name: countryName(page, code) })).sort((a, b) => collator.compare(a.name, b.name));
}

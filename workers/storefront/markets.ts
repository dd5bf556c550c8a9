/** Which currency a country pays in, and whether its prices are shown with tax. Pure. */
import { configuration } from "./configuration.ts";

export interface Market {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** ISO 4217, one of the shop's. */
  readonly currency: string;
  /** Listed prices contain the tax; else it comes on top at checkout. */
  readonly taxIncluded: boolean;
}

export const COUNTRY_DEFAULT = "GB";

const CURRENCY_COUNTRIES: Readonly<Record<string, readonly string[]>> = {
  GBP: ["GB", "GG", "IM", "JE"],
  EUR: "AD AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MC ME MT NL NO PL PT RO RS SE SI SK SM VA XK".split(
    " ",
  ),
  JPY: ["JP"],
};
const CURRENCY_ELSEWHERE = "USD";

/** Sales tax is added at the till there. */
const TAX_ON_TOP: ReadonlySet<string> = new Set(["US", "CA", "PR", "GU", "VI", "AS", "MP"]);

const currencyByCountry: ReadonlyMap<string, string> = new Map(
  Object.entries(CURRENCY_COUNTRIES).flatMap(([currency, countries]) => countries.map((country) => [country, currency] as const)),
);

/** An assigned ISO 3166-1 code, as far as the runtime knows its name: `T1` and `XX`, which networks use, are none. */
export function isKnownCountry(text: string | undefined): text is string {
  return text !== undefined && /^[A-Z]{2}$/.test(text) && text !== "ZZ" && text !== "XX" && regionNames().of(text) !== text;
}

let names: Intl.DisplayNames | undefined;
function regionNames(): Intl.DisplayNames {
  names ??= new Intl.DisplayNames(["en"], { type: "region" });
  return names;
}

export function marketOf(country: string): Market {
  const wanted = currencyByCountry.get(country) ?? CURRENCY_ELSEWHERE;
  const currency = configuration.currencies.includes(wanted) ? wanted : (configuration.currencies[0] ?? CURRENCY_ELSEWHERE);
  return { country, currency, taxIncluded: !TAX_ON_TOP.has(country) };
}

/** What the switch offers: where most parcels go. A shopper from elsewhere keeps the country that the network named. */
export const SWITCH_COUNTRIES: readonly string[] =
  "AT AU BE CA CH CZ DE DK ES FI FR GB GR HU IE IT JP KR LU NL NO NZ PL PT SE SG US".split(" ");

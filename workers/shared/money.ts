/**
 * Money as integer minor units plus an ISO 4217 code. Remainders are allocated, never dropped. Pure.
 * Currencies and exact allocation come from dinero.js.
 */

import { allocate as allocateDinero, dinero, toSnapshot } from "dinero.js";
import * as currencies from "dinero.js/currencies";
import * as z from "zod";

/** Largest amount of one thing: ten billion major units. Keeps every sum of 10,000 lines a safe integer. */
export const AMOUNT_MAX_MINOR = 900_000_000_000;

export type CurrencyCode = string;

export interface Money {
  readonly amountMinor: number;
  readonly currency: CurrencyCode;
}

/** The shape of money on the wire: `{ "amount_minor": 1999, "currency": "GBP" }`. */
export interface MoneyJson {
  readonly amount_minor: number;
  readonly currency: CurrencyCode;
}

type CurrencyDefinition = (typeof currencies)["GBP"];
const byCode = new Map<string, CurrencyDefinition>(Object.entries(currencies as unknown as Record<string, CurrencyDefinition>));

export const CurrencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as GBP")
  .refine((code) => byCode.has(code), "is not a known ISO 4217 currency");

export const AmountMinor = z.int().min(0).max(AMOUNT_MAX_MINOR);

export const Money = z.strictObject({ amountMinor: AmountMinor, currency: CurrencyCode });

/** For HTTP schemas. */
export const MoneyJson = z.strictObject({ amount_minor: z.int(), currency: CurrencyCode });

export function moneyJson(amountMinor: number, currency: CurrencyCode): MoneyJson {
  return { amount_minor: amountMinor, currency };
}

/** Digits after the decimal point: 2 for GBP, 0 for JPY, 3 for KWD. */
export function currencyExponent(currency: CurrencyCode): number {
  const definition = byCode.get(currency);
  if (definition === undefined) throw new RangeError(`unknown currency ${currency}`);
  return definition.exponent;
}

/** `"19.99"` → `1999`; undefined when it is not a plain non-negative decimal with at most the currency's digits. */
export function parseDecimalAmount(text: string, currency: CurrencyCode): number | undefined {
  const match = /^(\d{1,10})(?:\.(\d{1,6}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const exponent = currencyExponent(currency);
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > exponent) return undefined;
  const amountMinor = Number((match[1] ?? "0") + fraction.padEnd(exponent, "0"));
  return amountMinor <= AMOUNT_MAX_MINOR ? amountMinor : undefined;
}

/** `1999` → `"19.99"`: for CSV and logs; people read `formatMoney`. */
export function decimalAmount(amountMinor: number, currency: CurrencyCode): string {
  const exponent = currencyExponent(currency);
  const sign = amountMinor < 0 ? "-" : "";
  const digits = String(Math.abs(amountMinor)).padStart(exponent + 1, "0");
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** `£19.99`, in the reader's language. */
export function formatMoney(money: Money, locale: string): string {
  const major = money.amountMinor / 10 ** currencyExponent(money.currency);
  return formatterOf(locale, money.currency).format(major);
}

/** Making one costs as much as a database read. Bounded by the locales and currencies of a shop. */
const formatters = new Map<string, Intl.NumberFormat>();
const FORMATTERS_MAX = 500;

function formatterOf(locale: string, currency: CurrencyCode): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  if (formatters.size >= FORMATTERS_MAX) formatters.clear();
  const made = new Intl.NumberFormat(locale, { style: "currency", currency });
  formatters.set(key, made);
  return made;
}

/** Splits a total by integer weights; the parts always sum to the total. All weights zero: everything on the first. */
export function allocate(totalMinor: number, weights: readonly number[]): number[] {
  if (weights.length === 0) return [];
  const usable = weights.some((weight) => weight > 0) ? weights : weights.map((_, index) => (index === 0 ? 1 : 0));
  const parts = allocateDinero(dinero({ amount: totalMinor, currency: currencies.GBP }), [...usable]);
  return parts.map((part) => toSnapshot(part).amount);
}

/** The part of `grossMinor` that is tax at `rateBasisPoints` (2000 = 20 %), rounded half up. */
export function taxContainedIn(grossMinor: number, rateBasisPoints: number): number {
  return divideHalfUp(grossMinor * rateBasisPoints, 10_000 + rateBasisPoints);
}

/** The tax that comes on top of `netMinor`, rounded half up. */
export function taxOn(netMinor: number, rateBasisPoints: number): number {
  return divideHalfUp(netMinor * rateBasisPoints, 10_000);
}

function divideHalfUp(numerator: number, denominator: number): number {
  return Math.floor((2 * numerator + denominator) / (2 * denominator));
}

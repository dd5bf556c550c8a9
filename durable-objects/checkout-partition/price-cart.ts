/**
 * Totals of a cart: lines, shipping by option, tax by country. `total = subtotal − discount + shipping (+ tax where prices
 * do not contain it)`, in minor units (I11). Pure.
 */
import type { OrderTotals } from "../../workers/orders/contract.ts";
import { taxContainedIn, taxOn } from "../../workers/shared/money.ts";
import type { CartLine, ShippingOption, ShippingRate, ShopPolicy, TaxRate } from "./contract.ts";

const GRAMS_PER_KILOGRAM = 1_000;

/** What a price depends on. `country` is null until the address is known. */
export interface Priceable {
  readonly lines: readonly CartLine[];
  readonly currency: string;
  readonly country: string | null;
  readonly shippingOptionId: string | null;
}

export interface PricedCart {
  readonly totals: OrderTotals;
  readonly taxIncluded: boolean;
  readonly taxRateBasisPoints: number;
  /** The chosen option; null when none is chosen or it is not offered. */
  readonly shippingOption: ShippingOption | null;
}

export function priceCart(cart: Priceable, policy: ShopPolicy): PricedCart {
  const subtotalMinor = subtotalOf(cart.lines);
  const shippingOption = offeredOptions(cart, policy).find((option) => option.id === cart.shippingOptionId) ?? null;
  const shippingMinor = cart.country === null ? 0 : (shippingOption?.priceMinor ?? 0);
  const rate = policy.taxRates.find((candidate) => candidate.country === cart.country);
  const taxMinor = rate === undefined ? 0 : taxOf(cart.lines, shippingMinor, rate);
  const taxIncluded = rate?.included ?? true;
  const discountMinor = 0;
  return {
    totals: {
      subtotalMinor,
      discountMinor,
      shippingMinor,
      taxMinor,
      totalMinor: subtotalMinor - discountMinor + shippingMinor + (taxIncluded ? 0 : taxMinor),
    },
    taxIncluded,
    taxRateBasisPoints: rate?.rateBasisPoints ?? 0,
    shippingOption,
  };
}

/** Options that go to the cart's country at a price in its currency, cheapest first. Before the address: all of the currency. */
export function offeredOptions(cart: Priceable, policy: ShopPolicy): ShippingOption[] {
  return policy.shippingRates
    .filter((rate) => cart.country === null || rate.countries.length === 0 || rate.countries.includes(cart.country))
    .flatMap((rate) => {
      const priceMinor = shippingPrice(rate, cart);
      if (priceMinor === undefined) return [];
      return [{ id: rate.id, name: rate.name, priceMinor, currency: cart.currency, estimatedDays: rate.estimatedDays }];
    })
    .sort((a, b) => a.priceMinor - b.priceMinor || a.estimatedDays - b.estimatedDays || (a.id < b.id ? -1 : 1));
}

export function subtotalOf(lines: readonly CartLine[]): number {
  return lines.reduce((sum, line) => sum + line.quote.unitPriceMinor * line.quantity, 0);
}

export function needsShipping(lines: readonly CartLine[]): boolean {
  return lines.some((line) => line.quote.requiresShipping);
}

/** Undefined when the rate has no price in the cart's currency. */
function shippingPrice(rate: ShippingRate, cart: Priceable): number | undefined {
  const base = rate.prices[cart.currency];
  const perKilogram = rate.kind === "weight" ? rate.pricesPerKilogram[cart.currency] : 0;
  if (base === undefined || perKilogram === undefined) return undefined;
  if (!needsShipping(cart.lines)) return 0;
  const freeAbove = rate.freeAboveMinor[cart.currency];
  if (freeAbove !== undefined && subtotalOf(cart.lines) >= freeAbove) return 0;
  return base + perKilogram * startedKilograms(cart.lines);
}

function startedKilograms(lines: readonly CartLine[]): number {
  const grams = lines.reduce((sum, line) => sum + (line.quote.requiresShipping ? line.quote.weightGrams * line.quantity : 0), 0);
  return Math.ceil(grams / GRAMS_PER_KILOGRAM);
}

/** Rounded once per order. Shipping follows the goods: it is taxed when anything in the parcel is. */
function taxOf(lines: readonly CartLine[], shippingMinor: number, rate: TaxRate): number {
  const taxable = lines.filter((line) => line.quote.taxable);
  if (taxable.length === 0) return 0;
  const base = subtotalOf(taxable) + shippingMinor;
  return rate.included ? taxContainedIn(base, rate.rateBasisPoints) : taxOn(base, rate.rateBasisPoints);
}

/** Words and figures as the shopper reads them, the same in HTML and in text. English. Pure. */
import type { Address, Order } from "../../../workers/orders/contract.ts";
import { formatMoney } from "../../../workers/shared/money.ts";

const LOCALE = "en-GB";
const COUNTRY_NAMES = new Intl.DisplayNames([LOCALE], { type: "region", fallback: "code" });
const BASIS_POINTS_PER_PERCENT = 100;

export function money(amountMinor: number, currency: string): string {
  return formatMoney({ amountMinor, currency }, LOCALE);
}

/** The number that the shopper knows; the id until there is one. */
export function orderName(order: Order): string {
  return oneLine(order.number ?? order.id);
}

/** One line, whatever a title or an address holds: nothing can pose as another line of the message. */
export function oneLine(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, " ").trim();
}

export function addressLines(address: Address): string[] {
  const town = [address.city, address.region, address.postalCode].filter((part) => part !== undefined && part !== "").join(", ");
  return [address.name, address.line1, address.line2, town, countryName(address.country)].flatMap((line) =>
    line === undefined || oneLine(line) === "" ? [] : [oneLine(line)],
  );
}

function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (COUNTRY_NAMES.of(code) ?? code) : code;
}

export interface FigureRow {
  readonly label: string;
  readonly amount: string;
  readonly isTotal: boolean;
}

/** Subtotal to total. Tax that the prices contain is told after the total, tax on top before it. */
export function totalsRows(order: Order): FigureRow[] {
  const { totals, currency } = order;
  const row = (label: string, amountMinor: number, isTotal = false) => ({ label, amount: money(amountMinor, currency), isTotal });
  const rate = `${order.taxRateBasisPoints / BASIS_POINTS_PER_PERCENT} %`;
  return [
    row("Subtotal", totals.subtotalMinor),
    ...(totals.discountMinor > 0 ? [row("Discount", -totals.discountMinor)] : []),
    row(oneLine(`Shipping, ${order.shippingOption.name}`), totals.shippingMinor),
    ...(!order.taxIncluded && totals.taxMinor > 0 ? [row(`Tax (${rate})`, totals.taxMinor)] : []),
    row("Total", totals.totalMinor, true),
    ...(order.taxIncluded && totals.taxMinor > 0 ? [row(`of which VAT (${rate})`, totals.taxMinor)] : []),
  ];
}

/** The title of a SKU as it was ordered. */
export function titleOf(order: Order, sku: string): string {
  return order.lines.find((line) => line.sku === sku)?.title ?? sku;
}

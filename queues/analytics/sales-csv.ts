/** The sales report as CSV (RFC 4180), amounts as decimals. Pure. */
import { decimalAmount } from "../../workers/shared/money.ts";
import type { SalesRow } from "./read-reports.ts";

const COLUMNS = [
  "period",
  "product_id",
  "title",
  "country",
  "currency",
  "orders",
  "units",
  "gross",
  "discounts",
  "refunds",
  "net",
  "shipping",
  "tax",
  "total",
] as const;

export interface SalesCsvRow {
  readonly period: string;
  readonly productId: string | null;
  readonly country: string | null;
  readonly netMinor: number;
  readonly row: SalesRow;
}

export function salesCsv(rows: readonly SalesCsvRow[]): string {
  const lines = rows.map(({ period, productId, country, netMinor, row }) => {
    const amount = (amountMinor: number) => decimalAmount(amountMinor, row.currency);
    return [
      text(period),
      text(productId ?? ""),
      text(row.title ?? ""),
      text(country ?? ""),
      row.currency,
      row.orders,
      row.units,
      amount(row.grossMinor),
      amount(row.discountsMinor),
      amount(row.refundsMinor),
      amount(netMinor),
      amount(row.shippingMinor),
      amount(row.taxMinor),
      amount(row.totalMinor),
    ].join(",");
  });
  return `${[COLUMNS.join(","), ...lines].join("\r\n")}\r\n`;
}

/** A spreadsheet takes these first characters for a formula; a quote before them makes the cell text. */
function text(value: string): string {
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/**
 * Reads invoice rows (`invoice, stock_code, description, quantity, invoice_date, unit_price, customer_id, country`), decides
 * for each whether it can be sold, and groups the sellable ones by invoice. Pure; every refused row keeps its reason.
 */
import { countryCode } from "./country-codes.ts";

export const INVOICE_COLUMNS = [
  "invoice",
  "stock_code",
  "description",
  "quantity",
  "invoice_date",
  "unit_price",
  "customer_id",
  "country",
] as const;
export type InvoiceRow = Readonly<Record<(typeof INVOICE_COLUMNS)[number], string>>;

export type RefusalReason =
  | "credit_note"
  | "accounting_entry"
  | "not_a_product"
  | "quantity_not_positive"
  | "no_price"
  | "price_below_a_penny"
  | "unknown_country"
  | "malformed_row";

export interface RefusedRow {
  /** Line in the file; the header is line 1. */
  readonly row: number;
  readonly invoice: string;
  readonly stockCode: string;
  readonly reason: RefusalReason;
  readonly detail: string;
}

export interface SaleLine {
  readonly stockCode: string;
  readonly description: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

export interface Invoice {
  readonly number: string;
  readonly customerId: string;
  readonly country: string;
  readonly lines: SaleLine[];
}

export interface Invoices {
  readonly rows: number;
  readonly invoices: readonly Invoice[];
  readonly refused: readonly RefusedRow[];
}

/** Five digits and perhaps letters, or the shop's own-brand codes; everything else is postage, fees, vouchers and notes. */
const PRODUCT_CODE = /^(?:\d{5}[A-Z]*|DCGS[A-Z0-9]+)$/;

export function groupInvoices(rows: Iterable<readonly string[]>): Invoices {
  const invoices = new Map<string, Invoice>();
  const refused: RefusedRow[] = [];
  let count = 0;
  for (const cells of rows) {
    count++;
    const row = namedRow(cells);
    const outcome = row === undefined ? refuse("malformed_row", `${cells.length} cells`) : readRow(row);
    if ("reason" in outcome) {
      refused.push({ row: count + 1, invoice: cells[0] ?? "", stockCode: cells[1] ?? "", ...outcome });
      continue;
    }
    const invoice = invoices.get(outcome.invoice) ?? {
      number: outcome.invoice,
      customerId: outcome.customerId,
      country: outcome.country,
      lines: [],
    };
    invoice.lines.push(outcome.line);
    invoices.set(outcome.invoice, invoice);
  }
  return { rows: count, invoices: [...invoices.values()], refused };
}

interface SellableRow {
  readonly invoice: string;
  readonly customerId: string;
  readonly country: string;
  readonly line: SaleLine;
}

interface Refusal {
  readonly reason: RefusalReason;
  readonly detail: string;
}

function refuse(reason: RefusalReason, detail: string): Refusal {
  return { reason, detail };
}

function namedRow(cells: readonly string[]): InvoiceRow | undefined {
  if (cells.length !== INVOICE_COLUMNS.length) return undefined;
  return Object.fromEntries(INVOICE_COLUMNS.map((name, index) => [name, (cells[index] ?? "").trim()])) as InvoiceRow;
}

function readRow(row: InvoiceRow): SellableRow | Refusal {
  if (row.invoice.startsWith("C")) return refuse("credit_note", "a return, not a sale");
  if (!/^\d+$/.test(row.invoice)) return refuse("accounting_entry", `invoice ${row.invoice}`);
  const stockCode = row.stock_code.toUpperCase();
  if (!PRODUCT_CODE.test(stockCode)) return refuse("not_a_product", row.description || row.stock_code);
  const quantity = Number(row.quantity);
  if (!Number.isSafeInteger(quantity) || quantity <= 0) return refuse("quantity_not_positive", row.quantity);
  const price = priceMinor(row.unit_price);
  if (price === 0) return refuse("no_price", row.unit_price);
  if (price === undefined) return refuse("price_below_a_penny", row.unit_price);
  const country = countryCode(row.country);
  if (country === undefined) return refuse("unknown_country", row.country);
  return {
    invoice: row.invoice,
    customerId: row.customer_id,
    country,
    line: { stockCode, description: row.description, quantity, unitPriceMinor: price },
  };
}

/** Pence; undefined when the text is not a whole number of them. */
function priceMinor(text: string): number | undefined {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  return fraction.length > 2 ? undefined : Number((match[1] ?? "") + fraction.padEnd(2, "0"));
}

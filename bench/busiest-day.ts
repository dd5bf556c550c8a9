/** One day out of a file of invoice rows. Pure. */
import { groupInvoices, INVOICE_COLUMNS, type Invoice } from "../scripts/replay/read-invoices.ts";

const DATE = INVOICE_COLUMNS.indexOf("invoice_date");
const DATE_LENGTH = "2010-12-01".length;

export interface Day {
  /** As in the file: `2010-12-01`. */
  readonly date: string;
  readonly invoices: readonly Invoice[];
}

/** The day with the most invoices that can be sold, the earlier of two. @throws when there is none */
export function busiestDay(rows: readonly (readonly string[])[]): Day {
  const byDate = Map.groupBy(rows, (row) => (row[DATE] ?? "").slice(0, DATE_LENGTH));
  const days = Array.from(byDate, ([date, own]): Day => ({ date, invoices: groupInvoices(own).invoices }));
  const [busiest] = days.toSorted(
    (left, right) => right.invoices.length - left.invoices.length || left.date.localeCompare(right.date),
  );
  if (busiest === undefined || busiest.invoices.length === 0) throw new Error("there is no day with invoices in the file");
  return busiest;
}

/** Dates as the shopper's country writes them, on the calendar of where the network sees the shopper. Pure. */
import { intlLocale, type PageContext } from "../../page-context.ts";

type Dated = Pick<PageContext, "locale" | "market" | "cf">;

/** `2026-11-21T08:00:00Z` → `21 November 2026`. */
export function formatDate(page: Dated, iso: string): string {
  const date = new Date(iso);
  try {
    return new Intl.DateTimeFormat(intlLocale(page), { dateStyle: "long", timeZone: page.cf?.timezone ?? "UTC" }).format(date);
  } catch {
    // The network named a zone that this runtime does not know.
    return new Intl.DateTimeFormat(intlLocale(page), { dateStyle: "long", timeZone: "UTC" }).format(date);
  }
}

/** Dates and times as the shopper's country writes them, in the time zone where the network sees the shopper. Pure. */
import { intlLocale, type PageContext } from "./page-context.ts";

type Dated = Pick<PageContext, "locale" | "market" | "cf">;

/** `2026-11-21T08:00:00Z` → `21 November 2026`. */
export function formatDate(page: Dated, iso: string): string {
  return format(page, iso, { dateStyle: "long", timeZone: zoneOf(page) ?? "UTC" });
}

/** `2026-11-21T08:00:00Z` → `21 November 2026 at 08:00 UTC`: the zone is said only where the shopper's is unknown. */
export function formatTime(page: Dated, iso: string): string {
  const zone = zoneOf(page);
  return format(page, iso, {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: zone ?? "UTC",
    ...(zone === undefined ? { timeZoneName: "short" } : {}),
  });
}

function format(page: Dated, iso: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(intlLocale(page), options).format(Date.parse(iso));
}

/** Undefined when the network names none, or one that this runtime does not know. */
function zoneOf({ cf }: Dated): string | undefined {
  const zone = cf?.timezone;
  try {
    return zone === undefined ? undefined : new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

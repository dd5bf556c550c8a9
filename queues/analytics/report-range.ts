/** The days that a report is about, from its query. Pure. */
import { type EpochMs, utcDay } from "../../workers/shared/clock.ts";
import { err, ok, type Result } from "../../workers/shared/result.ts";

/** Three years with their leap day: what one answer can hold day by day. */
export const RANGE_DAYS_MAX = 1_096;
const RANGE_DAYS_DEFAULT = 30;
const DAY_MS = 86_400_000;

export interface ReportRange {
  /** Inclusive UTC days. */
  readonly from: string;
  readonly to: string;
}

export type RangeRefusal = { readonly code: "range_reversed" } | { readonly code: "range_too_long"; readonly days: number };

/** Without `to` up to today; without `from` the thirty days that end there. */
export function reportRange(
  query: { readonly from: string | undefined; readonly to: string | undefined },
  nowMs: EpochMs,
): Result<ReportRange, RangeRefusal> {
  const to = query.to === undefined ? utcDay(nowMs) : dayOf(query.to);
  const from = query.from === undefined ? utcDay(Date.parse(to) - (RANGE_DAYS_DEFAULT - 1) * DAY_MS) : dayOf(query.from);
  if (from > to) return err({ code: "range_reversed" });
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  return days > RANGE_DAYS_MAX ? err({ code: "range_too_long", days }) : ok({ from, to });
}

function dayOf(text: string): string {
  return utcDay(Date.parse(text));
}

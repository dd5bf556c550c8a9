/** Breakdowns in words: cells for the terminal and for the report. Pure. */
import type { HopBreakdown } from "./hop-costs.ts";
import { layOut } from "./table.ts";

export const HOP_HEADINGS = ["hop", "where", "calls", "total", "own", "share"] as const;
export const AFTER_HEADINGS = ["hop", "where", "calls", "each", "done after"] as const;

/** Which columns of both tables are words. */
export function isHopText(column: number): boolean {
  return column < 2;
}

/** What no span covers. */
const OUTSIDE = "outside";
/** Rows below this part of the wall time are told together. */
const SHARE_MIN = 0.005;

/** The kinds of hops first, then each hop; both add up to the time that somebody waited. */
export function hopRows(breakdown: HopBreakdown): readonly (readonly string[])[] {
  const { hops, wallMs, outsideMs } = breakdown;
  const outside = [OUTSIDE, "socket, HTTP and the client", "", "", ms(outsideMs), share(outsideMs, wallMs)];
  const large = hops.filter(({ ownMs }) => ownMs >= SHARE_MIN * wallMs);
  const small = hops.filter(({ ownMs }) => ownMs < SHARE_MIN * wallMs);
  const smallMs = small.reduce((sum, { ownMs }) => sum + ownMs, 0);
  return [
    ...large.map(({ hop, where, calls, totalMs, ownMs }) => {
      return [hop, where, number(calls), ms(totalMs), ms(ownMs), share(ownMs, wallMs)];
    }),
    ...(small.length === 0 ? [] : [["", `${small.length} smaller ones`, "", "", ms(smallMs), share(smallMs, wallMs)]]),
    outside,
    ["", "all, as the shopper waits for it", "", ms(wallMs), ms(wallMs), share(wallMs, wallMs)],
  ];
}

/** `commit 4.1 ms (6 calls) · rpc 3.0 ms (9) · …`, largest first. */
export function kindsText({ hops, outsideMs }: HopBreakdown): string {
  const kinds = [...Map.groupBy(hops, ({ hop }) => hop)].map(([hop, those]) => ({
    hop,
    ownMs: those.reduce((sum, { ownMs }) => sum + ownMs, 0),
    calls: those.reduce((sum, { calls }) => sum + calls, 0),
  }));
  const texts = kinds
    .toSorted((left, right) => right.ownMs - left.ownMs)
    .map(({ hop, ownMs, calls }) => `${hop} ${ms(ownMs)} in ${number(calls)}`);
  return [...texts, `${OUTSIDE} ${ms(outsideMs)}`].join(" · ");
}

export function afterRows({ after }: HopBreakdown): readonly (readonly string[])[] {
  return after.map(({ hop, where, calls, meanMs, endsAfterMs }) => [
    hop,
    where,
    number(calls),
    ms(meanMs),
    endsAfterMs < 0 ? "before the answer" : ms(endsAfterMs),
  ]);
}

/** For the terminal. */
export function breakdownText(breakdown: HopBreakdown): string {
  const after = afterRows(breakdown);
  const parts = [
    `${breakdown.title}: ${summaryText(breakdown)}`,
    kindsText(breakdown),
    layOut([HOP_HEADINGS, ...hopRows(breakdown)], isHopText),
    ...(after.length === 0 ? [] : [`What nobody waits for:\n${layOut([AFTER_HEADINGS, ...after], isHopText)}`]),
  ];
  return `\n${parts.join("\n\n")}\n`;
}

export function summaryText({ acts, wallMs, untracedMs }: HopBreakdown): string {
  return `${ms(wallMs)} on average over ${acts} traced; ${ms(untracedMs)} over as many that were not, in turn with them`;
}

function ms(value: number): string {
  return `${value.toFixed(Math.abs(value) < 100 ? 2 : 0)} ms`;
}

function number(value: number): string {
  if (Number.isInteger(value) || value >= 10) return value.toFixed(0);
  return value.toFixed(value < 1 ? 2 : 1);
}

function share(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`;
}

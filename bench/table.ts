/** What a run says, in words: cells for the terminal and for the report. Pure. */
import {
  type Bar,
  barred,
  type Change,
  counterpartsOf,
  type Figure,
  medianOf,
  meets,
  type ReferenceName,
  type Run,
  ratio,
  spread,
} from "./figure.ts";

export const REFERENCE_TITLES: Readonly<Record<ReferenceName, string>> = {
  helloWorld: "Bare workerd: hello world",
  rpcEcho: "Bare workerd: RPC over a service binding",
  singleWrite: "Bare object: one durable write",
  d1Read: "Bare workerd: D1 point read",
  d1Write: "Bare workerd: D1 point write",
  bareRead: "Bare workerd: as long an answer",
  bareHold: "Bare hold: RPC, object, commit",
  bareCheckout: "Bare checkout: what one waits for",
  bareCheckoutWhole: "Bare checkout, whole",
  bareCheckoutPaid: "Bare checkout, whole, by the provider's SDK",
  bareCheckoutBusy: "Bare checkout, whole, at 70 % load",
  bareCheckout10: "Bare checkout, 10 lines: what one waits for",
  bareCheckoutWhole10: "Bare checkout, 10 lines, whole",
};
const REFERENCE_NAMES: Readonly<Record<ReferenceName, string>> = {
  helloWorld: "hello world",
  rpcEcho: "RPC echo",
  singleWrite: "object write",
  d1Read: "D1 read",
  d1Write: "D1 write",
  bareRead: "bare read",
  bareHold: "bare hold",
  bareCheckout: "bare path",
  bareCheckoutWhole: "bare checkout",
  bareCheckoutPaid: "bare checkout",
  bareCheckoutBusy: "bare checkout",
  bareCheckout10: "bare path",
  bareCheckoutWhole10: "bare checkout",
};

export const HEADINGS = ["scenario", "per second", "±", "p50", "p99", "ratio", "bar", ""] as const;

export function referenceRows({ references }: Run): readonly (readonly string[])[] {
  return (Object.keys(REFERENCE_TITLES) as ReferenceName[]).flatMap((name) => {
    const rounds = references[name];
    if (rounds === undefined) return [];
    const { perSecond, p50Ms, p99Ms } = medianOf(rounds);
    return [[REFERENCE_TITLES[name], rate(perSecond), percent(spread(rounds)), time(p50Ms), time(p99Ms), "1.00", "", ""]];
  });
}

export function figureRow(figure: Figure): readonly string[] {
  const { perSecond, p50Ms, p99Ms, failures } = medianOf(figure.rounds);
  const share = figure.share === null ? "" : `${percent(figure.share)} of the peak`;
  return [
    figure.title,
    `${rate(perSecond)} ${figure.unit}`,
    figure.rounds.length === 1 ? "" : percent(spread(figure.rounds)),
    time(p50Ms),
    time(p99Ms),
    `${significant(ratio(figure))} × ${REFERENCE_NAMES[figure.reference]}`,
    figure.bar === null ? "" : `${barText(figure.bar)} ${meets(figure) ? "✓" : missed(figure)}`,
    [failures > 0 ? `${failures} FAILED` : "", share, figure.note].filter((part) => part !== "").join("; "),
  ];
}

export function changeText({ title, before, now, factor }: Change): string {
  return `${title}: ${significant(before)} → ${significant(now)} (${factor >= 1 ? "+" : "−"}${percent(Math.abs(factor - 1))})`;
}

/** Which columns of the runs' table are words. */
export function isText(column: number): boolean {
  return column === 0 || column >= 5;
}

/** Columns as wide as their widest cell; numbers to the right. @param rows the first of them has all columns */
export function layOut(rows: readonly (readonly string[])[], isText: (column: number) => boolean): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function barText({ of, atLeast, atMost }: Bar): string {
  const [sign, value] = atLeast === undefined ? ["≤", atMost ?? 0] : ["≥", atLeast];
  switch (of) {
    case "ratio":
      return `${sign} ${value} ×`;
    case "perSecond":
      return `${sign} ${rate(value)}/s`;
    case "p99Ms":
      return `${sign} ${time(value)}`;
    case "share":
      return `${sign} ${percent(value)}`;
  }
}

/** `✗ 44, bare 92`: what was reached instead, and what the bare runtime reaches of the same work. */
function missed(figure: Figure): string {
  const [bare] = counterpartsOf(figure);
  const reached = measureText(figure, barred(figure) ?? 0);
  return bare === undefined ? `✗ ${reached}` : `✗ ${reached}, bare ${measureText(figure, bare.value)}`;
}

function measureText({ bar }: Figure, value: number): string {
  return bar?.of === "ratio" || bar?.of === "share" ? significant(value) : rate(value);
}

export const ANSWER_HEADINGS = [
  "missed",
  "bar",
  "reached",
  "the same work in the bare runtime",
  "does",
  "its bar",
  "of it",
] as const;

export function isAnswerText(column: number): boolean {
  return column === 0 || column === 3;
}

/** A row for each counterpart of each missed bar; one without says so. */
export function answerRows({ figures }: Run): readonly (readonly string[])[] {
  const missedBars = figures.filter((figure) => !meets(figure));
  return missedBars.flatMap((figure) => {
    if (figure.bar === null) return [];
    const ours = [figure.title, barText(figure.bar), measureText(figure, barred(figure) ?? 0)];
    const counterparts = counterpartsOf(figure);
    if (counterparts.length === 0) return [[...ours, "not measured", "", "", ""]];
    return counterparts.map(({ name, value, meets, reached }) => [
      ...ours,
      REFERENCE_TITLES[name],
      measureText(figure, value),
      meets ? "✓" : "✗",
      percent(reached),
    ]);
  });
}

function rate(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 1 : 0 });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function time(ms: number): string {
  if (ms === 0) return "";
  return ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${ms.toFixed(0)} ms`;
}

function significant(value: number): string {
  return value >= 0.1 ? value.toFixed(2) : value.toPrecision(2);
}

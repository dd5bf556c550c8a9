/** The table of a run of the fault matrix: what was asked, what was really run, what it found. Pure. */
import type { FaultCount, FaultRow } from "../../test/faults/size.ts";
import type { TestOutcome } from "../vitest-run/messages.ts";
import { describeContext, type RunContext } from "../vitest-run/run-context.ts";
import { MATRIX, rowOfFile } from "./rows.ts";

export interface SummaryLine {
  readonly row: FaultRow;
  readonly what: string;
  readonly histories: number;
  readonly violations: number;
  readonly durationMs: number;
  /** Where it happened, for rows that tell. */
  readonly places?: FaultCount["places"];
}

export interface Summary {
  readonly size: "quick" | "full";
  readonly seed: number;
  /** Rows that were to be run. */
  readonly rows: readonly FaultRow[];
  readonly lines: readonly SummaryLine[];
}

/** Sums the parts: one line for each thing that a suite told of, and one for each test that failed without telling. */
export function summaryLines(tests: readonly TestOutcome[]): SummaryLine[] {
  const lines = new Map<string, SummaryLine>();
  for (const test of tests) {
    const row = test.counts?.row ?? rowOfFile(test.file);
    if (row === undefined || (test.counts === null && test.state !== "failed")) continue;
    const what = test.counts?.what ?? test.name;
    const before = lines.get(`${row} ${what}`);
    lines.set(`${row} ${what}`, {
      row,
      what,
      histories: (before?.histories ?? 0) + (test.counts?.histories ?? 0),
      violations: (before?.violations ?? 0) + (test.state === "failed" ? 1 : 0),
      durationMs: (before?.durationMs ?? 0) + test.durationMs,
      ...addedPlaces(before?.places, test.counts?.places),
    });
  }
  return [...lines.values()];
}

function addedPlaces(before: FaultCount["places"] = {}, more: FaultCount["places"] = {}): Pick<SummaryLine, "places"> {
  const names = new Set([...Object.keys(before), ...Object.keys(more)]);
  if (names.size === 0) return {};
  return { places: Object.fromEntries(Array.from(names, (name) => [name, (before[name] ?? 0) + (more[name] ?? 0)])) };
}

const HEADINGS = ["row", "fault", "asked", "what was run", "count", "violations", "time"];

/** Rows in the order of the matrix; one that has no line was not run, and says so. */
export function summaryRows({ size, rows, lines }: Summary): string[][] {
  return MATRIX.filter(({ row }) => rows.includes(row)).flatMap((matrixRow) => {
    const { row, fault } = matrixRow;
    const own = lines.filter((line) => line.row === row);
    if (own.length === 0) return [[row, fault, matrixRow[size], "**not run**", "0", "", ""]];
    return own.map(({ what, histories, violations, durationMs }, index) => [
      ...(index === 0 ? [row, fault, matrixRow[size]] : ["", "", ""]),
      what,
      histories.toLocaleString("en"),
      String(violations),
      describeDuration(durationMs),
    ]);
  });
}

export function terminalTable(summary: Summary): string {
  const table = [HEADINGS, ...summaryRows(summary)];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  return table
    .map((cells) => `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}

export function summaryPage(summary: Summary, context: RunContext): string {
  const violations = summary.lines.reduce((sum, line) => sum + line.violations, 0);
  const rows = summaryRows(summary).map((cells) => `| ${cells.join(" | ")} |`);
  return `# The fault matrix, run at full size

Made by \`npm run test:faults -- --full\`. "Asked" is the matrix's full size; "count" is what was really run. A violation is a
failed test: each would name its seed.

${describeContext(context)}, seed ${summary.seed}: **${violations} violations**.

| ${HEADINGS.join(" | ")} |
| --- | --- | --- | --- | ---: | ---: | ---: |
${rows.join("\n")}
${summary.lines.map(placesText).join("")}`;
}

function placesText({ row, what, places = {} }: SummaryLine): string {
  const counted = Object.entries(places).toSorted(([a], [b]) => a.localeCompare(b));
  if (counted.length === 0) return "";
  return `\n${row}, ${what}, by place: ${counted.map(([place, times]) => `${place} ${times}`).join(", ")}.\n`;
}

function describeDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

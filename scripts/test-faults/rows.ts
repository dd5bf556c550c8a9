/** The fault matrix: what each row asks for, where its tests are, and in how many parts its full size is run. Pure. */
import type { FaultRow } from "../../test/faults/size.ts";

export interface MatrixRow {
  readonly row: FaultRow;
  readonly fault: string;
  readonly full: string;
  readonly quick: string;
  /** Parts of the full size: what an interruption loses at most. */
  readonly parts: number;
}

export const MATRIX: readonly MatrixRow[] = [
  { row: "F1", fault: "kill -9 under load and at every crash point", full: "1,000 kills", quick: "25", parts: 20 },
  {
    row: "F2",
    fault: "failing, lost, repeated and late calls between services",
    full: "every edge × fault",
    quick: "edge × 3",
    parts: 1,
  },
  {
    row: "F3",
    fault: "payment webhooks repeated, reordered, dropped, stale, early, late",
    full: "5,000",
    quick: "200",
    parts: 10,
  },
  { row: "F4", fault: "queue repeats, reorders, loses, poisons", full: "50,000 events", quick: "1,000", parts: 10 },
  { row: "F5", fault: "clock jumps, backwards, past the hold's end", full: "2,000", quick: "100", parts: 10 },
  { row: "F6", fault: "500 buyers for the last units", full: "200 rounds", quick: "5", parts: 10 },
  { row: "F7", fault: "retry storms, a fifth with another body", full: "100,000 requests", quick: "2,000", parts: 10 },
  { row: "F8", fault: "any history of a shop, against a model", full: "200,000 commands", quick: "5,000", parts: 20 },
  { row: "F9", fault: "any history of the pure cores", full: "1,000,000 histories", quick: "20,000", parts: 20 },
  { row: "F10", fault: "linearizability of one SKU", full: "2,000 histories", quick: "50", parts: 10 },
  { row: "F11", fault: "objects evicted or reset in mid-saga, old code on a new schema", full: "500", quick: "20", parts: 10 },
  { row: "F12", fault: "known bugs of other shops", full: "100 × each", quick: "1 × each", parts: 4 },
  {
    row: "followers",
    fault: "messages lost, repeated, delayed, poisoned",
    full: "see the lines",
    quick: "see the lines",
    parts: 1,
  },
  { row: "overload", fault: "three times what the system can serve", full: "1 load", quick: "1 small load", parts: 1 },
];

/** The row that a test file belongs to, by its name: `f03-webhooks.test.ts`, `followers-lost.test.ts`. */
export function rowOfFile(file: string): FaultRow | undefined {
  const prefix = /([^/]+)\.test\.ts$/.exec(file)?.[1]?.split("-", 1)[0] ?? "";
  const name = /^f\d\d$/.test(prefix) ? `F${Number(prefix.slice(1))}` : prefix;
  return MATRIX.find(({ row }) => row === name)?.row;
}

/** @throws for a name that is no row. */
export function chosenRows(names: readonly string[]): readonly MatrixRow[] {
  const wanted = names.map((name) => name.toLowerCase());
  const unknown = wanted.filter((name) => !MATRIX.some(({ row }) => row.toLowerCase() === name));
  if (unknown.length > 0)
    throw new Error(`there is no row ${unknown.join(", ")}; rows: ${MATRIX.map(({ row }) => row).join(" ")}`);
  return names.length === 0 ? MATRIX : MATRIX.filter(({ row }) => wanted.includes(row.toLowerCase()));
}

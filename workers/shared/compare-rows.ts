/** A projection's rows against what the logs make of them, for the audit: row by row, column by column. Pure. */

/** Flat: every column is a text, a number or nothing. */
export type ComparedRow = object;

export interface RowDifference {
  /** `missing`: the log has it and the projection has not. `unexpected`: the other way round. */
  readonly kind: "missing" | "unexpected" | "different";
  readonly subject: string;
  readonly detail: string;
}

/** What an owner says of the histories it was handed. */
export interface LogComparison {
  /** The follower could not be brought up to these events within one call: ask again. Nothing was compared. */
  readonly behind: boolean;
  readonly rows: number;
  readonly differences: readonly RowDifference[];
}

export const BEHIND: LogComparison = { behind: true, rows: 0, differences: [] };

/** @param describe what a row is to an operator: with the id of its order or SKU. */
export function compareRows<R extends ComparedRow>(
  expected: readonly R[],
  actual: readonly R[],
  keyOf: (row: R) => string,
  describe: (row: R) => string,
): readonly RowDifference[] {
  const left = new Map(actual.map((row) => [keyOf(row), row]));
  const differences = expected.flatMap((row): RowDifference[] => {
    const found = left.get(keyOf(row));
    left.delete(keyOf(row));
    if (found === undefined) return [{ kind: "missing", subject: describe(row), detail: "is missing" }];
    const detail = differingColumns(row, found);
    return detail === "" ? [] : [{ kind: "different", subject: describe(row), detail }];
  });
  const unexpected = [...left.values()].map(
    (row): RowDifference => ({ kind: "unexpected", subject: describe(row), detail: "is there, but no log tells of it" }),
  );
  return [...differences, ...unexpected];
}

/** Columns are those of `expected`: what it leaves out is not compared. */
export function differingColumns(expected: ComparedRow, actual: ComparedRow): string {
  const found = new Map<string, unknown>(Object.entries(actual));
  return Object.entries(expected)
    .filter(([column, value]) => (value ?? null) !== (found.get(column) ?? null))
    .map(([column, value]) => `${column} is ${JSON.stringify(found.get(column) ?? null)}, the log says ${JSON.stringify(value)}`)
    .join("; ");
}

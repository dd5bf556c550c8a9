/**
 * The sales sums against what the logs add up to (I12). Sums are read when the run begins and again when every follower has
 * reached what the run read. Every figure only rises, so what the logs say lies between the two readings; while nothing is
 * sold all three are equal.
 */
import {
  SALES_TABLES,
  type SalesFigures,
  type SalesKey,
  type SalesRow,
  type SalesTable,
} from "../../queues/analytics/contract.ts";
import type { Finding } from "./finding.ts";
import { addSales, FIGURES } from "./judge-orders.ts";
import type { RunStore } from "./run-store.ts";
import type { Phase, StepContext } from "./step.ts";

const ROWS_PER_PAGE = 1_000;
const FIRST: SalesKey = ["", "", ""];

/** Where each table's reading goes on; null: it is over. */
type SumsCursor = { readonly read: number; readonly tables: Readonly<Record<SalesTable, SalesKey | null>> };

const BEGINNING: SumsCursor = { read: 0, tables: { country_sales: FIRST, product_sales: FIRST } };

export const readSumsBefore: Phase<SumsCursor> = {
  name: "sales",
  looksUp: false,
  async step(run, cursor) {
    const { pages, ...progress } = await readPages(run, cursor ?? BEGINNING);
    return {
      ...progress,
      write: () => {
        for (const { table, rows } of pages) addSales(run.store, "before", table, rows);
      },
    };
  },
};

export const compareSums: Phase<SumsCursor> = {
  name: "sums",
  looksUp: false,
  async step(run, cursor) {
    const { store } = run;
    const { pages, ...progress } = await readPages(run, cursor ?? BEGINNING);
    return {
      ...progress,
      write: () => {
        for (const { table, after, until, rows } of pages) {
          store.checked("I12", rows.length);
          store.report(comparePage(store, table, after, until, rows));
        }
      },
    };
  },
};

interface SumsPage {
  readonly table: SalesTable;
  readonly after: SalesKey;
  /** The last key of the page; null: there is none behind it. */
  readonly until: SalesKey | null;
  readonly rows: readonly SalesRow[];
}

async function readPages({ owners, asker }: StepContext, cursor: SumsCursor) {
  const pages = await Promise.all(
    SALES_TABLES.map(async (table): Promise<SumsPage | null> => {
      const after = cursor.tables[table];
      if (after === null) return null;
      const rows = await asker.ask("analytics", () => owners.ANALYTICS.readSales(table, after, ROWS_PER_PAGE));
      const last = rows.at(-1);
      const until = last === undefined || rows.length < ROWS_PER_PAGE ? null : keyOf(last);
      return { table, after, until, rows };
    }),
  );
  const read = pages.filter((page) => page !== null);
  const done = cursor.read + read.reduce((sum, page) => sum + page.rows.length, 0);
  const goesOn = (table: SalesTable) => read.find((page) => page.table === table)?.until ?? null;
  const tables = { country_sales: goesOn("country_sales"), product_sales: goesOn("product_sales") };
  const isOver = Object.values(tables).every((after) => after === null);
  return { pages: read, next: isOver ? null : { read: done, tables }, done, of: isOver ? done : null };
}

function keyOf(row: SalesRow): SalesKey {
  return [row.day, row.group, row.currency];
}

type StoredSum = { [Figure in keyof SalesFigures]: number } & { kind: string; day: string; group: string; currency: string };

const NOTHING: SalesFigures = {
  orders: 0,
  units: 0,
  grossMinor: 0,
  discountsMinor: 0,
  shippingMinor: 0,
  taxMinor: 0,
  totalMinor: 0,
  refundsMinor: 0,
};

function comparePage(
  store: RunStore,
  table: SalesTable,
  after: SalesKey,
  until: SalesKey | null,
  rows: readonly SalesRow[],
): readonly Finding[] {
  const stored = store.all<StoredSum>(
    `SELECT kind, day, "group", currency, ${FIGURES.join(", ")} FROM sales
     WHERE sums = ? AND (day, "group", currency) > (?, ?, ?) ${until === null ? "" : 'AND (day, "group", currency) <= (?, ?, ?)'}`,
    table,
    ...after,
    ...(until ?? []),
  );
  const nameOf = (row: Pick<SalesRow, "day" | "group" | "currency">) => `${row.day} ${row.group} ${row.currency}`;
  const now = new Map(rows.map((row) => [nameOf(row), row.figures]));
  const before = new Map(stored.filter((row) => row.kind === "before").map((row) => [nameOf(row), row]));
  const expected = new Map(stored.filter((row) => row.kind === "expected").map((row) => [nameOf(row), row]));
  return [...new Set([...now.keys(), ...expected.keys()])].flatMap((name) =>
    compareFigures(`${table} ${name}`, before.get(name) ?? NOTHING, expected.get(name) ?? NOTHING, now.get(name) ?? NOTHING),
  );
}

/** One finding for a row, whatever the number of its figures that are wrong. */
export function compareFigures(
  subject: string,
  before: SalesFigures,
  expected: SalesFigures,
  now: SalesFigures,
): readonly Finding[] {
  const wrong = FIGURES.filter((figure) => expected[figure] < before[figure] || expected[figure] > now[figure]);
  if (wrong.length === 0) return [];
  const detail = wrong.map((figure) => `${figure} is ${now[figure]}, the logs add up to ${expected[figure]}`).join("; ");
  return [{ invariant: "I12", subject, detail }];
}

/** Every order against all other books, a page at a time. What looks wrong is kept as a suspect, to be looked at again. */
import type { SalesComparison, SalesRow, SalesTable } from "../../queues/analytics/contract.ts";
import { SALES_TABLES } from "../../queues/analytics/contract.ts";
import type { Finding } from "./finding.ts";
import { type Evidence, fingerprintOf, judgeOrder } from "./judge-order.ts";
import { compareAll, evidenceOf, factsOfOrders, fittingHistories } from "./read-evidence.ts";
import type { RunStore } from "./run-store.ts";
import type { Phase } from "./step.ts";

const ORDERS_PER_STEP = 200;
/** Steps in which a follower may come nearer to one page's events: some hundred thousand events. */
const BEHIND_STEPS_MAX = 40;

interface JudgeCursor {
  readonly after: string;
  readonly judged: number;
  readonly of: number;
  /** Steps that were spent on this page, because a follower was behind. */
  readonly steps: number;
  /** Followers that never got there: they are not waited for again. */
  readonly stuck: readonly string[];
}

export const judgeOrders: Phase<JudgeCursor> = {
  name: "comparing",
  looksUp: true,
  async step(run, cursor) {
    const { store } = run;
    const { after, judged, of, steps, stuck } = cursor ?? beginning(store);
    const page = store.all<{ order_id: string }>(
      `SELECT order_id FROM orders WHERE order_id > ? ORDER BY order_id LIMIT ${ORDERS_PER_STEP}`,
      after,
    );
    const { orderIds, events } = fittingHistories(
      store,
      page.map((row) => row.order_id),
    );
    const last = orderIds.at(-1);
    if (last === undefined) return { next: null, done: judged, of, write: () => undefined };
    const compared = await compareAll(run, events);
    const late = compared.behind.filter((service) => !stuck.includes(service));
    if (late.length > 0 && steps < BEHIND_STEPS_MAX) {
      return { next: { after, judged, of, steps: steps + 1, stuck }, done: judged, of, write: () => undefined };
    }
    const done = judged + orderIds.length;
    const isLast = page.length < ORDERS_PER_STEP && orderIds.length === page.length;
    return {
      next: isLast ? null : { after: last, judged: done, of, steps: 0, stuck: [...stuck, ...late] },
      done,
      of,
      write() {
        store.report(late.map(stuckFollower));
        const evidence = evidenceOf(store, factsOfOrders(store, orderIds), events, compared.differences);
        storeSuspects(store, evidence);
        addExpectedSales(store, compared.sales);
        store.checked("I3", orderIds.length);
        store.checked("I6", events.length * FOLLOWERS);
        store.checked("I12", compared.rows);
      },
    };
  },
};

function beginning(store: RunStore): JudgeCursor {
  return { after: "", judged: 0, of: store.count("orders"), steps: 0, stuck: [] };
}

/** Orders' list, ledger, mails and sales follow every event. */
const FOLLOWERS = 4;

function stuckFollower(service: string): Finding {
  return { invariant: "I6", subject: `follower of orders in ${service}`, detail: "does not get to the end of the log" };
}

function storeSuspects(store: RunStore, evidence: readonly Evidence[]): void {
  const suspects = evidence
    .map((one) => ({ orderId: one.facts.orderId, fingerprint: fingerprintOf(one), findings: judgeOrder(one) }))
    .filter((suspect) => suspect.findings.length > 0);
  store.writeRows(
    `INSERT OR REPLACE INTO suspects (order_id, fingerprint, findings, rounds)
     SELECT value ->> 'orderId', value ->> 'fingerprint', value -> 'findings', 0 FROM json_each(?)`,
    suspects,
  );
}

export const FIGURES = [
  "orders",
  "units",
  "grossMinor",
  "discountsMinor",
  "shippingMinor",
  "taxMinor",
  "totalMinor",
  "refundsMinor",
] as const;

function addExpectedSales(store: RunStore, sales: SalesComparison["sales"]): void {
  for (const table of SALES_TABLES) addSales(store, "expected", table, sales[table]);
}

export function addSales(store: RunStore, kind: "before" | "expected", table: SalesTable, rows: readonly SalesRow[]): void {
  store.writeRows(
    `INSERT INTO sales AS known (kind, sums, day, "group", currency, ${FIGURES.join(", ")})
     SELECT '${kind}', '${table}', value ->> 'day', value ->> 'group', value ->> 'currency',
            ${FIGURES.map((figure) => `value ->> '$.figures.${figure}'`).join(", ")}
     FROM json_each(?) WHERE TRUE
     ON CONFLICT (sums, day, "group", currency, kind) DO UPDATE SET
       ${FIGURES.map((figure) => `${figure} = known.${figure} + excluded.${figure}`).join(", ")}`,
    rows,
  );
}

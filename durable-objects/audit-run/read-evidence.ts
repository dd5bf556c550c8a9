/** All that is known of some orders: what the run has read, and what their rows in every projection are worth. */
import type { SalesComparison } from "../../queues/analytics/contract.ts";
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import type { PaymentBooks } from "../../workers/payments/contract.ts";
import type { LogComparison, RowDifference } from "../../workers/shared/compare-rows.ts";
import { HISTORIES_EVENTS_MAX } from "../../workers/shared/compare-with-log.ts";
import type { Evidence } from "./judge-order.ts";
import type { OrderFacts, Units } from "./order-facts.ts";
import type { RunStore } from "./run-store.ts";
import type { StepContext } from "./step.ts";

/** How often a follower that is behind is asked again in one step; each time it comes nearer by some hundred events. */
const BEHIND_TIMES_MAX = 4;

export interface Compared {
  /** Services whose follower has not reached the histories. */
  readonly behind: readonly string[];
  readonly differences: readonly RowDifference[];
  readonly rows: number;
  readonly sales: SalesComparison["sales"];
}

/** Hands the histories to every owner of a projection. Followers that are behind catch up first. */
export async function compareAll({ owners, asker }: StepContext, histories: readonly OrderEvent[]): Promise<Compared> {
  const behind: string[] = [];
  const again = async <T extends LogComparison>(service: string, compare: () => Promise<T>): Promise<T> => {
    for (let times = 1; ; times++) {
      const comparison = await asker.ask(service, compare);
      if (comparison.behind && times < BEHIND_TIMES_MAX) continue;
      if (comparison.behind) behind.push(service);
      return comparison;
    }
  };
  const [orders, ledger, mails, sales] = await Promise.all([
    again("orders", () => owners.ORDERS.compareWithLog(histories)),
    again("payments", () => owners.PAYMENTS.compareWithLog(histories)),
    again("notifications", () => owners.NOTIFICATIONS.compareWithLog(histories)),
    again("analytics", () => owners.ANALYTICS.compareWithLog(histories)),
  ]);
  const all = [orders, ledger, mails, sales];
  return {
    behind,
    differences: all.flatMap((comparison) => comparison.differences),
    rows: all.reduce((sum, comparison) => sum + comparison.rows, 0),
    sales: sales.sales,
  };
}

export interface Histories {
  readonly orderIds: readonly string[];
  readonly events: readonly OrderEvent[];
}

/** The longest beginning of the list whose histories fit one question; at least one order. @param orderIds ascending */
export function fittingHistories(store: RunStore, orderIds: readonly string[]): Histories {
  const events = store.historiesOf(orderIds);
  const beyond = events[HISTORIES_EVENTS_MAX]?.data.orderId;
  if (beyond === undefined) return { orderIds, events };
  const fitting = orderIds.filter((orderId) => orderId < beyond);
  if (fitting.length === 0) throw new Error(`${beyond} has more than ${HISTORIES_EVENTS_MAX} events`);
  return { orderIds: fitting, events: events.filter((event) => event.data.orderId < beyond) };
}

export function factsOfOrders(store: RunStore, orderIds: readonly string[]): readonly OrderFacts[] {
  return store
    .all<{ facts: string }>(
      "SELECT facts FROM orders WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY order_id",
      JSON.stringify(orderIds),
    )
    .map((row) => JSON.parse(row.facts) as OrderFacts);
}

/** @param differences of all these orders; each begins with its order's id */
export function evidenceOf(
  store: RunStore,
  facts: readonly OrderFacts[],
  histories: readonly OrderEvent[],
  differences: readonly RowDifference[],
): readonly Evidence[] {
  const ids = JSON.stringify(facts.map((one) => one.orderId));
  const committed = Map.groupBy(
    store.all<{ order_id: string; hold_id: string; sku: string; quantity: number }>(
      "SELECT order_id, hold_id, sku, quantity FROM committed WHERE order_id IN (SELECT value FROM json_each(?))",
      ids,
    ),
    (row) => row.order_id,
  );
  const payments = Map.groupBy(
    store.all<{ order_id: string; books: string }>(
      "SELECT order_id, books FROM payments WHERE order_id IN (SELECT value FROM json_each(?))",
      ids,
    ),
    (row) => row.order_id,
  );
  const history = Map.groupBy(histories, (event) => event.data.orderId);
  const differing = Map.groupBy(differences, (difference) => difference.subject.split(" ")[0] ?? "");
  return facts.map((one) => ({
    facts: one,
    history: history.get(one.orderId) ?? [],
    committed: unitsByHold(committed.get(one.orderId) ?? []),
    payments: (payments.get(one.orderId) ?? []).map((row) => JSON.parse(row.books) as PaymentBooks),
    differences: differing.get(one.orderId) ?? [],
  }));
}

function unitsByHold(
  rows: readonly { readonly hold_id: string; readonly sku: string; readonly quantity: number }[],
): ReadonlyMap<string, readonly Units[]> {
  return Map.groupBy(rows, (row) => row.hold_id);
}

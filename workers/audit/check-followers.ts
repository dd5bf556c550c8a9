/** What followers made of the logs: order rows (I12), mails (I6), sales totals (I12); and each partition's own counts. Pure. */
import type { SalesTotal } from "../../queues/analytics/contract.ts";
import type { SentNotification } from "../../queues/notifications/contract.ts";
import type { OrderStatus, PartitionAccount } from "../orders/contract.ts";
import type { Finding } from "./findings.ts";
import type { OrderFacts } from "./order-facts.ts";

export interface ProjectedOrder {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly totalMinor: number;
  readonly refundedMinor: number;
}

export function checkPartition(account: PartitionAccount): readonly Finding[] {
  const subject = `partition ${account.partition}`;
  const findings: Finding[] = account.duplicateKeys.map((key) => ({
    invariant: "I5",
    subject: key,
    detail: `has more than one order with an effect in ${subject}`,
  }));
  const complain = (detail: string) => findings.push({ invariant: "I10", subject, detail });
  if (account.eventCount !== account.lastSequence) {
    complain(`${account.eventCount} events, but the last one is ${account.lastSequence}`);
  }
  if (account.publishedSequence > account.lastSequence)
    complain(`published ${account.publishedSequence} of ${account.lastSequence}`);
  for (const { day, count, highest } of account.numbers) {
    if (count !== highest) complain(`${count} order numbers on ${day}, but the highest is ${highest}`);
  }
  return findings;
}

export function checkProjected(row: ProjectedOrder, order: OrderFacts | undefined): readonly Finding[] {
  if (order === undefined) return [{ invariant: "I12", subject: row.orderId, detail: "is projected, but no partition has it" }];
  const same = row.status === order.status && row.totalMinor === order.totalMinor && row.refundedMinor === order.refundedMinor;
  if (same || !order.ended) return [];
  const detail =
    `projected as ${row.status}, total ${row.totalMinor}, refunded ${row.refundedMinor}; ` +
    `it is ${order.status}, total ${order.totalMinor}, refunded ${order.refundedMinor}`;
  return [{ invariant: "I12", subject: row.orderId, detail }];
}

/** @param projected ids of the orders that have a row */
export function checkUnprojected(orders: ReadonlyMap<string, OrderFacts>, projected: ReadonlySet<string>): readonly Finding[] {
  return [...orders.keys()]
    .filter((orderId) => !projected.has(orderId))
    .map((orderId) => ({ invariant: "I6", subject: orderId, detail: "has no row in the orders projection" }));
}

/** Mails that one order caused; others channels are optional. */
export interface MailCount {
  confirmations: number;
  shipped: number;
}

export function countMail(counts: Map<string, MailCount>, sent: SentNotification): void {
  if (sent.channel !== "email") return;
  const count = counts.get(sent.orderId) ?? { confirmations: 0, shipped: 0 };
  if (sent.template === "order_confirmation") count.confirmations += 1;
  if (sent.template === "order_shipped") count.shipped += 1;
  counts.set(sent.orderId, count);
}

export function checkMails(orders: ReadonlyMap<string, OrderFacts>, counts: ReadonlyMap<string, MailCount>): readonly Finding[] {
  const findings: Finding[] = [];
  for (const order of orders.values()) {
    const { confirmations, shipped } = counts.get(order.orderId) ?? { confirmations: 0, shipped: 0 };
    const expected = order.placed ? 1 : 0;
    const complain = (detail: string) => findings.push({ invariant: "I6", subject: order.orderId, detail });
    if (confirmations !== expected) complain(`${confirmations} confirmations, expected ${expected}`);
    if (shipped !== order.shipments) complain(`${shipped} shipping mails for ${order.shipments} shipments`);
  }
  for (const orderId of counts.keys()) {
    if (!orders.has(orderId))
      findings.push({ invariant: "I6", subject: orderId, detail: "was mailed about, but no partition has it" });
  }
  return findings;
}

/** Sales as analytics should know them, from the orders themselves. */
export function salesOf(orders: Iterable<OrderFacts>): readonly SalesTotal[] {
  const totals = new Map<string, SalesTotal>();
  for (const order of orders) {
    if (!order.placed) continue;
    const before = totals.get(order.currency) ?? emptyTotal(order.currency);
    totals.set(order.currency, {
      currency: order.currency,
      orders: before.orders + 1,
      units: before.units + order.units,
      grossMinor: before.grossMinor + order.subtotalMinor,
      refundsMinor: before.refundsMinor + order.refundedMinor,
    });
  }
  return [...totals.values()];
}

const SALES_FIGURES = ["orders", "units", "grossMinor", "refundsMinor"] as const;

/**
 * Orders are read between two readings of analytics. Every figure only rises, so the orders' sum lies between them; when
 * nothing is sold meanwhile, all three are equal.
 */
export function checkSales(
  before: readonly SalesTotal[],
  orders: readonly SalesTotal[],
  after: readonly SalesTotal[],
): readonly Finding[] {
  const currencies = new Set([...before, ...orders, ...after].map((total) => total.currency));
  return [...currencies].flatMap((currency) => {
    const [low, truth, high] = [before, orders, after].map(
      (totals) => totals.find((total) => total.currency === currency) ?? emptyTotal(currency),
    );
    if (low === undefined || truth === undefined || high === undefined) return [];
    return SALES_FIGURES.filter((figure) => truth[figure] < low[figure] || truth[figure] > high[figure]).map(
      (figure): Finding => ({
        invariant: "I12",
        subject: `sales in ${currency}`,
        detail: `${figure}: analytics has ${low[figure]} to ${high[figure]}, the orders have ${truth[figure]}`,
      }),
    );
  });
}

function emptyTotal(currency: string): SalesTotal {
  return { currency, orders: 0, units: 0, grossMinor: 0, refundsMinor: 0 };
}

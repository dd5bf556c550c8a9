/**
 * Sales against the order log, for the audit: the facts of some orders are projected again from their whole histories and
 * compared; what they add to the sums is handed back, because only who has seen all orders can compare sums.
 */
import { BEHIND, compareRows } from "../../workers/shared/compare-rows.ts";
import { reach } from "../../workers/shared/compare-with-log.ts";
import type { ManyFollower } from "../../workers/shared/follow-log.ts";
import type { OrderEvent } from "../contracts/order-events.ts";
import type { SalesComparison, SalesFigures, SalesKey, SalesRow, SalesTable } from "./contract.ts";
import { type CountryDelta, type ProductDelta, projectSales } from "./project-sales.ts";

interface FactRow {
  readonly orderId: string;
  readonly day: string;
  readonly country: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly refundedMinor: number;
  readonly lines: string;
}

const SELECT_FACTS = `
  SELECT order_id AS orderId, day, country, currency, total_minor AS totalMinor, refunded_minor AS refundedMinor, lines
  FROM order_facts WHERE order_id IN (SELECT value FROM json_each(?))`;

/** @param histories every event of the orders that they are about */
export async function compareSales(
  db: D1Database,
  follower: ManyFollower<OrderEvent>,
  histories: readonly OrderEvent[],
): Promise<SalesComparison> {
  if (!(await reach(follower, histories))) return { ...BEHIND, sales: { country_sales: [], product_sales: [] } };
  const { facts, refunds, countries, products } = projectSales(histories, new Map());
  const refunded = new Map(refunds.map(({ orderId, amountMinor }) => [orderId, amountMinor]));
  const expected = facts.map(
    (fact): FactRow => ({ ...fact, refundedMinor: refunded.get(fact.orderId) ?? 0, lines: JSON.stringify(fact.lines) }),
  );
  const orderIds = JSON.stringify([...new Set(histories.map((event) => event.data.orderId))]);
  const { results } = await db.prepare(SELECT_FACTS).bind(orderIds).all<FactRow>();
  const describe = (row: FactRow) => `${row.orderId} sales facts`;
  return {
    behind: false,
    rows: expected.length,
    differences: compareRows(expected, results, (row) => row.orderId, describe),
    sales: { country_sales: countries.map(countryRow), product_sales: products.map(productRow) },
  };
}

function countryRow({ day, country, currency, ...figures }: CountryDelta): SalesRow {
  return { day, group: country, currency, figures };
}

function productRow({ day, productId, currency, ...figures }: ProductDelta): SalesRow {
  return { day, group: productId, currency, figures };
}

const GROUP_COLUMNS: Readonly<Record<SalesTable, string>> = { country_sales: "country", product_sales: "product_id" };

/** By day, group and currency. */
export async function readSalesRows(
  db: D1Database,
  table: SalesTable,
  after: SalesKey,
  limit: number,
): Promise<readonly SalesRow[]> {
  const { results } = await db
    .prepare(
      `SELECT day, ${GROUP_COLUMNS[table]} AS "group", currency, orders, units, gross_minor AS grossMinor,
              discounts_minor AS discountsMinor, shipping_minor AS shippingMinor, tax_minor AS taxMinor,
              total_minor AS totalMinor, refunds_minor AS refundsMinor
       FROM ${table} WHERE (day, ${GROUP_COLUMNS[table]}, currency) > (?1, ?2, ?3)
       ORDER BY day, ${GROUP_COLUMNS[table]}, currency LIMIT ?4`,
    )
    .bind(...after, limit)
    .all<SalesFigures & Omit<SalesRow, "figures">>();
  return results.map(({ day, group, currency, ...figures }) => ({ day, group, currency, figures }));
}

export async function listFactOrders(db: D1Database, afterOrderId: string, limit: number): Promise<readonly string[]> {
  const { results } = await db
    .prepare("SELECT order_id AS orderId FROM order_facts WHERE order_id > ? ORDER BY order_id LIMIT ?")
    .bind(afterOrderId, limit)
    .all<{ orderId: string }>();
  return results.map((row) => row.orderId);
}

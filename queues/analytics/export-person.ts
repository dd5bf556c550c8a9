/** What analytics keeps of a person's orders, to find their country and products again when one is refunded. */
import { moneyJson } from "../../workers/shared/money.ts";
import { type Person, type PersonPage, pageOf } from "../../workers/shared/privacy.ts";

interface FactRow {
  readonly orderId: string;
  readonly day: string;
  readonly country: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly refundedMinor: number;
}

const SELECT_FACTS = `
  SELECT order_id AS orderId, day, country, currency, total_minor AS totalMinor, refunded_minor AS refundedMinor
  FROM order_facts WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY order_id`;

export async function exportPerson(database: D1Database, { orderIds }: Person): Promise<PersonPage> {
  const { results } = await database.prepare(SELECT_FACTS).bind(JSON.stringify(orderIds)).all<FactRow>();
  const records = results.map(({ orderId, day, country, currency, totalMinor, refundedMinor }) => ({
    order_id: orderId,
    day,
    country,
    total: moneyJson(totalMinor, currency),
    refunded: moneyJson(refundedMinor, currency),
  }));
  return pageOf([{ name: "Facts for sales reports", records }]);
}

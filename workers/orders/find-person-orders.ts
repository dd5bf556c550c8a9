/** Which orders are a person's: those of the account, and guests' orders with an address that is proven to be theirs. */
import { and, asc, eq, gt, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { OPEN_STATUSES } from "../../durable-objects/checkout-partition/erase-order.ts";
import { type OpenOrder, PERSON_ORDERS_MAX } from "../shared/privacy.ts";
import type { PersonOrders } from "./contract.ts";
import { confirmedAddressesOf } from "./own-address.ts";
import { orders } from "./schema.ts";

/** With the addresses that the account had before: their guest orders are shown in it, too. */
export async function addressesOf(
  database: D1Database,
  customerId: string | null,
  emails: readonly string[],
): Promise<readonly string[]> {
  const confirmed = customerId === null ? [] : await confirmedAddressesOf(database, customerId);
  return [...new Set([...emails, ...confirmed])];
}

/** A page by order id. The list must be caught up with the logs before. */
export async function findPersonOrders(
  database: D1Database,
  customerId: string | null,
  emails: readonly string[],
  afterOrderId: string,
): Promise<PersonOrders> {
  const theirs = isTheirs(customerId, await addressesOf(database, customerId, emails));
  const rows = await drizzle(database)
    .select({ id: orders.orderId })
    .from(orders)
    .where(and(gt(orders.orderId, afterOrderId), theirs))
    .orderBy(asc(orders.orderId))
    .limit(PERSON_ORDERS_MAX + 1);
  const page = rows.slice(0, PERSON_ORDERS_MAX).map((row) => row.id);
  return { orderIds: page, next: rows.length > PERSON_ORDERS_MAX ? (page.at(-1) ?? null) : null };
}

/** The first of those that somebody still waits for. */
export async function findOpenOrders(
  database: D1Database,
  customerId: string | null,
  emails: readonly string[],
): Promise<readonly OpenOrder[]> {
  const theirs = isTheirs(customerId, await addressesOf(database, customerId, emails));
  return await drizzle(database)
    .select({ orderId: orders.orderId, number: orders.number, status: orders.status })
    .from(orders)
    .where(and(inArray(orders.status, [...OPEN_STATUSES]), theirs))
    .orderBy(asc(orders.orderId))
    .limit(PERSON_ORDERS_MAX);
}

function isTheirs(customerId: string | null, emails: readonly string[]): SQL | undefined {
  const asGuest = and(isNull(orders.customerId), inArray(sql`lower(${orders.email})`, [...emails]));
  return customerId === null ? asGuest : or(eq(orders.customerId, customerId), asGuest);
}

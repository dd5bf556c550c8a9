/** Lists of orders from the D1 projection, newest first, by a cursor over (created_at_ms, order_id). */
import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import * as z from "zod";
import { decodeCursor, encodeCursor } from "../shared/cursor.ts";
import { idSchema } from "../shared/identifiers.ts";
import type { OrderStatus, OrdersApi } from "./contract.ts";
import { orders } from "./schema.ts";

export type OrderRow = typeof orders.$inferSelect;

export interface OrderFilter {
  readonly status?: OrderStatus | undefined;
  readonly email?: string | undefined;
  readonly customerId?: string | undefined;
  /** With `customerId`: guest orders of these addresses, too. */
  readonly guestEmails?: readonly string[] | undefined;
  /** Inclusive. */
  readonly fromMs?: number | undefined;
  /** Exclusive. */
  readonly beforeMs?: number | undefined;
}

export interface OrderPage {
  readonly rows: readonly OrderRow[];
  readonly nextCursor: string | null;
}

const Position = z.tuple([z.int().min(0), idSchema("ord")]);

/** @throws ProblemError 400 `invalid_cursor` */
export async function listOrders(
  database: D1Database,
  filter: OrderFilter,
  cursor: string | undefined,
  limit: number,
): Promise<OrderPage> {
  const after = cursor === undefined ? undefined : decodeCursor(Position, cursor);
  const rows = await drizzle(database)
    .select()
    .from(orders)
    .where(and(...conditions(filter), after === undefined ? undefined : isAfter(after)))
    .orderBy(desc(orders.createdAtMs), desc(orders.orderId))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor([last.createdAtMs, last.orderId]) : null;
  return { rows: page, nextCursor };
}

function conditions(filter: OrderFilter): (SQL | undefined)[] {
  return [
    filter.status === undefined ? undefined : eq(orders.status, filter.status),
    filter.email === undefined ? undefined : sql`lower(${orders.email}) = ${filter.email.toLowerCase()}`,
    filter.customerId === undefined ? undefined : placedBy(filter.customerId, filter.guestEmails ?? []),
    filter.fromMs === undefined ? undefined : gte(orders.createdAtMs, filter.fromMs),
    filter.beforeMs === undefined ? undefined : lt(orders.createdAtMs, filter.beforeMs),
  ];
}

function placedBy(customerId: string, guestEmails: readonly string[]): SQL | undefined {
  const signedIn = eq(orders.customerId, customerId);
  if (guestEmails.length === 0) return signedIn;
  return or(signedIn, and(isNull(orders.customerId), inArray(sql`lower(${orders.email})`, [...guestEmails])));
}

function isAfter([createdAtMs, orderId]: z.infer<typeof Position>): SQL | undefined {
  return or(lt(orders.createdAtMs, createdAtMs), and(eq(orders.createdAtMs, createdAtMs), lt(orders.orderId, orderId)));
}

/** For the audit: by order id, a page at a time. */
export async function listProjectedOrders(
  database: D1Database,
  afterOrderId: string,
  limit: number,
): ReturnType<OrdersApi["listProjectedOrders"]> {
  return await drizzle(database)
    .select({
      orderId: orders.orderId,
      status: orders.status,
      totalMinor: orders.totalMinor,
      refundedMinor: orders.refundedMinor,
    })
    .from(orders)
    .where(gt(orders.orderId, afterOrderId))
    .orderBy(asc(orders.orderId))
    .limit(limit);
}

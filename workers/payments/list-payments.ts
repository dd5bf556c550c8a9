/** What operators read: payments and ledger entries, newest first, in pages. */
import { and, desc, eq, lt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import * as z from "zod";
import { decodeCursor, encodeCursor } from "../shared/cursor.ts";
import { ledgerEntries, type PaymentRow, payments } from "./schema.ts";

export interface PageQuestion {
  readonly orderId: string | undefined;
  readonly cursor: string | undefined;
  readonly limit: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const Position = z.strictObject({ row: z.int().min(1) });

function beforeRow(question: PageQuestion): number {
  return question.cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(Position, question.cursor).row;
}

function pageOf<T extends { readonly row: number }>(rows: readonly T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor({ row: last.row }) : null };
}

/** @throws ProblemError 400 `invalid_cursor` */
export async function listPayments(db: D1Database, question: PageQuestion): Promise<Page<PaymentRow>> {
  const row = sql<number>`${payments}.rowid`;
  const ofOrder = question.orderId === undefined ? undefined : eq(payments.orderId, question.orderId);
  const rows = await drizzle(db)
    .select({ row: row.as("row"), payment: payments })
    .from(payments)
    .where(and(sql`${row} < ${beforeRow(question)}`, ofOrder))
    .orderBy(desc(row))
    .limit(question.limit + 1);
  const page = pageOf(rows, question.limit);
  return { ...page, items: page.items.map((item) => item.payment) };
}

export type LedgerRow = typeof ledgerEntries.$inferSelect;

/** @throws ProblemError 400 `invalid_cursor` */
export async function listLedger(db: D1Database, question: PageQuestion): Promise<Page<LedgerRow>> {
  const ofOrder = question.orderId === undefined ? undefined : eq(ledgerEntries.orderId, question.orderId);
  const rows = await drizzle(db)
    .select()
    .from(ledgerEntries)
    .where(and(lt(ledgerEntries.id, beforeRow(question)), ofOrder))
    .orderBy(desc(ledgerEntries.id))
    .limit(question.limit + 1);
  return pageOf(
    rows.map((entry) => ({ ...entry, row: entry.id })),
    question.limit,
  );
}

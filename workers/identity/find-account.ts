/** Whose session a verified token belongs to, and whether it still stands. */
import { and, eq, gt, isNull } from "drizzle-orm";
import type { Database } from "./env.ts";
import { type CustomerRow, customers, type SessionRow, sessions } from "./schema.ts";

export interface Account {
  readonly customer: CustomerRow;
  readonly session: SessionRow;
}

/** @returns undefined when the session is revoked, expired or unknown, or the customer disabled. */
export async function findAccount(database: Database, sessionId: string, nowMs: number): Promise<Account | undefined> {
  return await database
    .select({ customer: customers, session: sessions })
    .from(sessions)
    .innerJoin(customers, eq(customers.id, sessions.customerId))
    .where(stands(sessionId, nowMs))
    .get();
}

/** Of sessions joined with their customers: neither revoked nor expired, and its customer not disabled. */
export function stands(sessionId: string, nowMs: number) {
  const isOpen = and(isNull(sessions.revokedAtMs), gt(sessions.expiresAtMs, nowMs));
  return and(eq(sessions.id, sessionId), isOpen, eq(customers.status, "active"));
}

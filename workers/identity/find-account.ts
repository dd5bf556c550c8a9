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
    .where(
      and(
        eq(sessions.id, sessionId),
        isNull(sessions.revokedAtMs),
        gt(sessions.expiresAtMs, nowMs),
        eq(customers.status, "active"),
      ),
    )
    .get();
}

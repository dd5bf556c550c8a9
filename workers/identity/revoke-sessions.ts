/** Ends sessions. Nothing un-revokes one: the first reason stays, and a trigger in the database guards it. */
import { and, eq, isNull, ne, type SQL, sql } from "drizzle-orm";
import type { Database } from "./env.ts";
import { type RevocationReason, sessions } from "./schema.ts";

/** Clocks differ between isolates: the end is never before a use that was written first. */
export function revocation(reason: RevocationReason, nowMs: number) {
  return { revokedAtMs: sql`max(${nowMs}, ${sessions.lastUsedAtMs})`, revokedReason: reason };
}

function revoking(database: Database, which: SQL | undefined, reason: RevocationReason, nowMs: number) {
  return database
    .update(sessions)
    .set(revocation(reason, nowMs))
    .where(and(which, isNull(sessions.revokedAtMs)));
}

/** Idempotent. */
export async function revokeSession(
  database: Database,
  sessionId: string,
  reason: RevocationReason,
  nowMs: number,
): Promise<void> {
  await revoking(database, eq(sessions.id, sessionId), reason, nowMs);
}

/** Idempotent. */
export async function revokeAllSessions(
  database: Database,
  customerId: string,
  reason: RevocationReason,
  nowMs: number,
): Promise<void> {
  await revokingAllSessions(database, customerId, reason, nowMs);
}

/** For the batch of a password reset. */
export function revokingAllSessions(database: Database, customerId: string, reason: RevocationReason, nowMs: number) {
  return revoking(database, eq(sessions.customerId, customerId), reason, nowMs);
}

/** For the batch of a password change: every session of the customer but the one it was made in. */
export function revokingOtherSessions(
  database: Database,
  customerId: string,
  sessionId: string,
  reason: RevocationReason,
  nowMs: number,
) {
  return revoking(database, and(eq(sessions.customerId, customerId), ne(sessions.id, sessionId)), reason, nowMs);
}

/** The devices a customer is signed in on, newest first, and signing one of them out. */
import { and, desc, eq, gt, isNull, lt } from "drizzle-orm";
import type { Database } from "./env.ts";
import { revocation } from "./revoke-sessions.ts";
import { type SessionRow, sessions } from "./schema.ts";

function ownActive(customerId: string, nowMs: number) {
  return [eq(sessions.customerId, customerId), isNull(sessions.revokedAtMs), gt(sessions.expiresAtMs, nowMs)];
}

/** @param beforeId ids sort by time: the page after this session. */
export async function listSessions(
  database: Database,
  customerId: string,
  page: { readonly limit: number; readonly beforeId: string | undefined },
  nowMs: number,
): Promise<SessionRow[]> {
  const after = page.beforeId === undefined ? [] : [lt(sessions.id, page.beforeId)];
  return await database
    .select()
    .from(sessions)
    .where(and(...ownActive(customerId, nowMs), ...after))
    .orderBy(desc(sessions.id))
    .limit(page.limit);
}

/** @returns false when there is no such session of this customer. */
export async function revokeOwnSession(
  database: Database,
  customerId: string,
  sessionId: string,
  nowMs: number,
): Promise<boolean> {
  const revoked = await database
    .update(sessions)
    .set(revocation("revoked", nowMs))
    .where(and(eq(sessions.id, sessionId), ...ownActive(customerId, nowMs)))
    .returning({ id: sessions.id });
  return revoked.length > 0;
}

/** Ends what an app was allowed. Nothing un-revokes a grant: the first reason stays, and a trigger in the database guards it. */
import { and, eq, isNull, type SQL } from "drizzle-orm";
import type { Database } from "../env.ts";
import { type GrantRevocationReason, oauthGrants } from "./schema.ts";

function revoking(database: Database, which: SQL | undefined, reason: GrantRevocationReason, nowMs: number) {
  return database
    .update(oauthGrants)
    .set({ revokedAtMs: nowMs, revokedReason: reason })
    .where(and(which, isNull(oauthGrants.revokedAtMs)));
}

/** Idempotent. Its tokens open nothing from here on: every one is looked up with its grant. */
export async function revokeGrant(database: Database, grantId: string, reason: GrantRevocationReason, nowMs: number) {
  await revoking(database, eq(oauthGrants.id, grantId), reason, nowMs);
}

/** @returns false when the app has nothing of this customer. */
export async function revokeApp(database: Database, customerId: string, clientId: string, nowMs: number): Promise<boolean> {
  const which = and(eq(oauthGrants.customerId, customerId), eq(oauthGrants.clientId, clientId));
  const revoked = await revoking(database, which, "revoked", nowMs).returning({ id: oauthGrants.id });
  return revoked.length > 0;
}

/** For a batch: whoever knew the password so far may have let an app in. */
export function revokingAllGrants(database: Database, customerId: string, reason: GrantRevocationReason, nowMs: number) {
  return revoking(database, eq(oauthGrants.customerId, customerId), reason, nowMs);
}

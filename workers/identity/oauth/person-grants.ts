/** What is kept of a customer's apps, for their archive and for their erasure. Tokens go with the grants that they follow from. */
import { asc, eq, inArray } from "drizzle-orm";
import { isoTime } from "../../shared/clock.ts";
import type { Database } from "../env.ts";
import { oauthAccessTokens, oauthClients, oauthGrants, oauthRefreshTokens } from "./schema.ts";
import { splitScope } from "./scopes.ts";

export async function grantRecords(database: Database, customerId: string) {
  const rows = await database
    .select({ grant: oauthGrants, app: oauthClients.name })
    .from(oauthGrants)
    .innerJoin(oauthClients, eq(oauthClients.id, oauthGrants.clientId))
    .where(eq(oauthGrants.customerId, customerId))
    .orderBy(asc(oauthGrants.id));
  return rows.map(({ grant, app }) => ({
    app,
    scopes: splitScope(grant.scope),
    allowed_at: isoTime(grant.createdAtMs),
    last_used_at: isoTime(grant.lastUsedAtMs),
    ended_at: grant.revokedAtMs === null ? null : isoTime(grant.revokedAtMs),
    ended_because: grant.revokedReason,
  }));
}

/** For the batch of an erasure, children first. The last answers the grants. */
export function erasingGrants(database: Database, customerId: string) {
  const own = database.select({ id: oauthGrants.id }).from(oauthGrants).where(eq(oauthGrants.customerId, customerId));
  return [
    database.delete(oauthAccessTokens).where(inArray(oauthAccessTokens.grantId, own)),
    database.delete(oauthRefreshTokens).where(inArray(oauthRefreshTokens.grantId, own)),
    database.delete(oauthGrants).where(eq(oauthGrants.customerId, customerId)).returning({ id: oauthGrants.id }),
  ] as const;
}

/** Whether an app's access token stands, and what it may: asked by the gateway for every call, never remembered there. */
import { and, eq, gt, isNull, or } from "drizzle-orm";
import type { AppAccess } from "../contract.ts";
import type { Database } from "../env.ts";
import { customers } from "../schema.ts";
import { oauthAccessTokens, oauthGrants } from "./schema.ts";
import { splitScope } from "./scopes.ts";

/** One indexed read. @returns null when the token is expired or revoked, its grant ended, or the customer disabled. */
export async function appAccess(database: Database, tokenId: string, nowMs: number): Promise<AppAccess | null> {
  const found = await database
    .select({
      clientId: oauthAccessTokens.clientId,
      grantId: oauthAccessTokens.grantId,
      customerId: oauthGrants.customerId,
      scope: oauthAccessTokens.scope,
    })
    .from(oauthAccessTokens)
    .leftJoin(oauthGrants, eq(oauthGrants.id, oauthAccessTokens.grantId))
    .leftJoin(customers, eq(customers.id, oauthGrants.customerId))
    .where(
      and(
        eq(oauthAccessTokens.id, tokenId),
        gt(oauthAccessTokens.expiresAtMs, nowMs),
        or(
          isNull(oauthAccessTokens.grantId),
          and(isNull(oauthGrants.revokedAtMs), gt(oauthGrants.expiresAtMs, nowMs), eq(customers.status, "active")),
        ),
      ),
    )
    .get();
  if (found === undefined) return null;
  return { clientId: found.clientId, customerId: found.customerId, scopes: splitScope(found.scope) };
}

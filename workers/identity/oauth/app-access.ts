/** Whether an app's access token stands, and what it may: asked by the gateway for every call, never remembered there. */
import { and, eq, gt, isNull, or } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { AppAccess } from "../contract.ts";
import type { Database } from "../env.ts";
import { scopesNow } from "../open-api-key.ts";
import { customers, staff } from "../schema.ts";
import { oauthAccessTokens, oauthClients, oauthGrants } from "./schema.ts";
import { splitScope } from "./scopes.ts";

const makers = alias(customers, "makers");

/**
 * One indexed read. @returns null when the token is expired or revoked, its grant ended, or the customer disabled; for a
 * server, when its maker has left the staff.
 */
export async function appAccess(database: Database, tokenId: string, nowMs: number): Promise<AppAccess | null> {
  const found = await database
    .select({
      clientId: oauthAccessTokens.clientId,
      grantId: oauthAccessTokens.grantId,
      customerId: oauthGrants.customerId,
      scope: oauthAccessTokens.scope,
      makerId: oauthClients.makerId,
      makerRole: staff.role,
    })
    .from(oauthAccessTokens)
    .innerJoin(oauthClients, eq(oauthClients.id, oauthAccessTokens.clientId))
    .leftJoin(makers, and(eq(makers.id, oauthClients.makerId), eq(makers.status, "active")))
    .leftJoin(staff, eq(staff.customerId, makers.id))
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
  const { clientId, customerId, makerId, makerRole } = found;
  const granted = splitScope(found.scope);
  if (customerId !== null) return { clientId, customerId, scopes: granted };
  const scopes = scopesNow({ makerId, scopes: granted }, makerRole);
  return scopes === null ? null : { clientId, customerId, scopes };
}

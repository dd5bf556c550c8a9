/** The apps that a customer lets in, each once however many devices it is on. */
import { and, asc, eq, gt, isNotNull, isNull, max, min, sql } from "drizzle-orm";
import type { CustomerScope } from "../../shared/principal.ts";
import type { Database } from "../env.ts";
import { oauthClients, oauthGrants } from "./schema.ts";
import { isCustomerScope, splitScope } from "./scopes.ts";

/** Apps beyond it are there after some of these are gone. */
export const APPS_SHOWN_MAX = 100;

export interface AllowedApp {
  readonly clientId: string;
  readonly name: string;
  readonly isVetted: boolean;
  readonly scopes: readonly CustomerScope[];
  readonly allowedAtMs: number;
  /** When it last fetched a token. */
  readonly lastUsedAtMs: number;
}

/** By name. A code that the app never fetched is no access. */
export async function listApps(database: Database, customerId: string, nowMs: number): Promise<AllowedApp[]> {
  const rows = await database
    .select({
      clientId: oauthClients.id,
      name: oauthClients.name,
      registeredBy: oauthClients.registeredBy,
      scope: sql<string>`group_concat(${oauthGrants.scope}, ' ')`,
      allowedAtMs: min(oauthGrants.createdAtMs),
      lastUsedAtMs: max(oauthGrants.lastUsedAtMs),
    })
    .from(oauthGrants)
    .innerJoin(oauthClients, eq(oauthClients.id, oauthGrants.clientId))
    .where(
      and(
        eq(oauthGrants.customerId, customerId),
        isNull(oauthGrants.revokedAtMs),
        gt(oauthGrants.expiresAtMs, nowMs),
        isNotNull(oauthGrants.codeUsedAtMs),
      ),
    )
    .groupBy(oauthClients.id)
    .orderBy(asc(oauthClients.name), asc(oauthClients.id))
    .limit(APPS_SHOWN_MAX);
  return rows.map(({ clientId, name, registeredBy, scope, allowedAtMs, lastUsedAtMs }) => ({
    clientId,
    name,
    isVetted: registeredBy === "operator",
    scopes: splitScope(scope).filter(isCustomerScope),
    allowedAtMs: allowedAtMs ?? 0,
    lastUsedAtMs: lastUsedAtMs ?? 0,
  }));
}

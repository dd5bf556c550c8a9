/** The authorization server's part of the tidy-up: what nothing can use any more, and apps that nobody has allowed anything. */
import { and, eq, isNotNull, isNull, lt, notExists, or } from "drizzle-orm";
import type { Database } from "../env.ts";
import { oauthAccessTokens, oauthClients, oauthGrants, oauthRefreshTokens } from "./schema.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** As for the shop's own sessions (`remove-expired.ts`). */
const ROTATED_TOKEN_RETENTION_MS = 7 * DAY_MS;
const ENDED_GRANT_RETENTION_MS = 30 * DAY_MS;
/** An app that registers itself has this long to find its first customer. */
export const UNUSED_APP_RETENTION_MS = 7 * DAY_MS;

export async function removeExpiredGrants(database: Database, nowMs: number): Promise<void> {
  const endedBefore = nowMs - ENDED_GRANT_RETENTION_MS;
  await database.batch([
    database.delete(oauthAccessTokens).where(lt(oauthAccessTokens.expiresAtMs, nowMs)),
    database
      .delete(oauthRefreshTokens)
      .where(
        or(
          lt(oauthRefreshTokens.expiresAtMs, nowMs),
          and(isNotNull(oauthRefreshTokens.rotatedAtMs), lt(oauthRefreshTokens.rotatedAtMs, nowMs - ROTATED_TOKEN_RETENTION_MS)),
        ),
      ),
    database.delete(oauthGrants).where(
      or(
        lt(oauthGrants.expiresAtMs, endedBefore),
        lt(oauthGrants.revokedAtMs, endedBefore),
        // A code that nobody fetched.
        and(isNull(oauthGrants.codeUsedAtMs), lt(oauthGrants.codeExpiresAtMs, nowMs - DAY_MS)),
      ),
    ),
    database
      .delete(oauthClients)
      .where(
        and(
          eq(oauthClients.registeredBy, "itself"),
          lt(oauthClients.createdAtMs, nowMs - UNUSED_APP_RETENTION_MS),
          notExists(database.select({ id: oauthGrants.id }).from(oauthGrants).where(eq(oauthGrants.clientId, oauthClients.id))),
        ),
      ),
  ]);
}

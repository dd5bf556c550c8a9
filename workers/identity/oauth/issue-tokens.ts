/**
 * Access and refresh tokens of apps. An access token is a capability token over its row's id: the gateway knows by itself
 * that it is ours, and asks whether it stands. Refresh tokens are a chain like the shop's own (`refresh-token.ts`).
 */
import { and, eq, gt, isNull, type SQL, sql } from "drizzle-orm";
import { issueCapabilityToken } from "../../shared/capability-token.ts";
import { newId } from "../../shared/identifiers.ts";
import { ACCESS_TOKEN_LIFETIME_SECONDS } from "../contract.ts";
import type { Database } from "../env.ts";
import { REFRESH_TOKEN_LIFETIME_MS } from "../refresh-token.ts";
import type { AuthorizationServer } from "./authorization-server.ts";
import { oauthAccessTokens, oauthClients, oauthGrants, oauthRefreshTokens } from "./schema.ts";

/** Tells an app's refresh tokens from the shop's own. */
export const APP_REFRESH_TOKEN_PREFIX = "hfo_";

/** The answer of the token endpoint (RFC 6749 §5.1). */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: "Bearer";
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token?: string;
}

export async function tokenAnswer(
  { tokenSecret }: AuthorizationServer,
  tokenId: string,
  scope: string,
  refreshToken?: string,
): Promise<TokenAnswer> {
  return {
    access_token: await issueCapabilityToken(tokenSecret, tokenId),
    token_type: "Bearer",
    expires_in: ACCESS_TOKEN_LIFETIME_SECONDS,
    scope,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
  };
}

export function newAccessTokenId(nowMs: number): string {
  return newId("oat", nowMs);
}

export function standingGrant(grantId: string, nowMs: number): SQL | undefined {
  return and(eq(oauthGrants.id, grantId), isNull(oauthGrants.revokedAtMs), gt(oauthGrants.expiresAtMs, nowMs));
}

/** Written only if the grant still stands. */
export function addingAccessToken(database: Database, standing: SQL | undefined, tokenId: string, scope: string, nowMs: number) {
  const token = database
    .select({
      id: sql<string>`${tokenId}`.as("id"),
      clientId: oauthGrants.clientId,
      grantId: oauthGrants.id,
      scope: sql<string>`${scope}`.as("scope"),
      expiresAtMs: expiry(nowMs),
    })
    .from(oauthGrants)
    .where(standing);
  return database.insert(oauthAccessTokens).select(token).returning({ id: oauthAccessTokens.id });
}

/** For a client that acts for the shop; written only while it exists. */
export function addingServerToken(database: Database, clientId: string, tokenId: string, scope: string, nowMs: number) {
  const token = database
    .select({
      id: sql<string>`${tokenId}`.as("id"),
      clientId: oauthClients.id,
      grantId: sql<string | null>`NULL`.as("grant_id"),
      scope: sql<string>`${scope}`.as("scope"),
      expiresAtMs: expiry(nowMs),
    })
    .from(oauthClients)
    .where(eq(oauthClients.id, clientId));
  return database.insert(oauthAccessTokens).select(token).returning({ id: oauthAccessTokens.id });
}

function expiry(nowMs: number) {
  return sql<number>`${nowMs + ACCESS_TOKEN_LIFETIME_SECONDS * 1000}`.as("expires_at_ms");
}

/** Written only if the grant still stands; the same token twice is once. */
export function addingRefreshToken(database: Database, standing: SQL | undefined, tokenSha256: string, nowMs: number) {
  const token = database
    .select({
      tokenSha256: sql<string>`${tokenSha256}`.as("token_sha256"),
      grantId: oauthGrants.id,
      createdAtMs: sql<number>`${nowMs}`.as("created_at_ms"),
      expiresAtMs: sql<number>`${nowMs + REFRESH_TOKEN_LIFETIME_MS}`.as("expires_at_ms"),
      rotatedAtMs: sql<number | null>`NULL`.as("rotated_at_ms"),
    })
    .from(oauthGrants)
    .where(standing);
  return database.insert(oauthRefreshTokens).select(token).onConflictDoNothing();
}

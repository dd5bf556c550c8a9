/** Exchanges an app's refresh token for its successor, or ends the grant when a copy is about. The decision is the shop's own. */
import { and, eq, isNull } from "drizzle-orm";
import { sha256Hex } from "../../shared/idempotency.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Database } from "../env.ts";
import { keyMaterial } from "../key-material.ts";
import { decideRefresh, isRefreshToken, successorOf } from "../refresh-token.ts";
import { customers } from "../schema.ts";
import type { AuthorizationServer } from "./authorization-server.ts";
import {
  APP_REFRESH_TOKEN_PREFIX,
  addingAccessToken,
  addingRefreshToken,
  newAccessTokenId,
  standingGrant,
  type TokenAnswer,
  tokenAnswer,
} from "./issue-tokens.ts";
import { type OAuthError, oauthError } from "./oauth-error.ts";
import { revokeGrant } from "./revoke-grants.ts";
import { type ClientRow, oauthGrants, oauthRefreshTokens } from "./schema.ts";
import { narrowScope } from "./scopes.ts";

const REFUSED = oauthError("invalid_grant", "The refresh token is not valid for this client any more. Ask the customer again.");

export async function refreshGrant(
  server: AuthorizationServer,
  client: ClientRow,
  parameters: ReadonlyMap<string, string>,
  nowMs: number,
): Promise<Result<TokenAnswer, OAuthError>> {
  const { database } = server;
  const presented = parameters.get("refresh_token");
  if (presented === undefined) return err(oauthError("invalid_request", "refresh_token is needed."));
  const found = await findRefreshToken(database, presented);
  if (found === undefined || found.grant.clientId !== client.id) return err(REFUSED);
  const { token, grant, customerStatus } = found;
  const family = { sessionExpiresAtMs: grant.expiresAtMs, sessionRevokedAtMs: grant.revokedAtMs, customerStatus };
  const decision = decideRefresh({ ...token, ...family }, nowMs);
  if (decision === "revoke_family") await revokeGrant(database, grant.id, "refresh_reused", nowMs);
  if (decision === "revoke_family" || decision === "refuse") return err(REFUSED);
  const scope = narrowScope(parameters.get("scope"), grant.scope);
  if (scope === undefined) return err(oauthError("invalid_scope", `The customer allowed: ${grant.scope}`));
  const successor = await successorOf(await keyMaterial(server.keySecret), presented);
  const tokenId = newAccessTokenId(nowMs);
  const standing = standingGrant(grant.id, nowMs);
  const [added] = await database.batch([
    addingAccessToken(database, standing, tokenId, scope, nowMs),
    database.update(oauthGrants).set({ lastUsedAtMs: nowMs }).where(standing),
    database
      .update(oauthRefreshTokens)
      .set({ rotatedAtMs: nowMs })
      .where(and(eq(oauthRefreshTokens.tokenSha256, token.tokenSha256), isNull(oauthRefreshTokens.rotatedAtMs))),
    addingRefreshToken(database, standing, await sha256Hex(successor), nowMs),
  ]);
  return added.length === 0 ? err(REFUSED) : ok(await tokenAnswer(server, tokenId, scope, successor));
}

export async function findRefreshToken(database: Database, presented: string) {
  if (!isRefreshToken(presented, APP_REFRESH_TOKEN_PREFIX)) return undefined;
  return await database
    .select({ token: oauthRefreshTokens, grant: oauthGrants, customerStatus: customers.status })
    .from(oauthRefreshTokens)
    .innerJoin(oauthGrants, eq(oauthGrants.id, oauthRefreshTokens.grantId))
    .innerJoin(customers, eq(customers.id, oauthGrants.customerId))
    .where(eq(oauthRefreshTokens.tokenSha256, await sha256Hex(presented)))
    .get();
}

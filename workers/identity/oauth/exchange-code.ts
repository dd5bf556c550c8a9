/**
 * A code for tokens, once. A code that comes again was seen by somebody else: everything that followed from it ends
 * (OAuth 2.1 §4.1.3). Only whoever started the request knows the verifier (RFC 7636).
 */
import { and, eq, isNull } from "drizzle-orm";
import { sha256Hex } from "../../shared/idempotency.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { newRefreshToken } from "../refresh-token.ts";
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
import { type ClientRow, type GrantRow, oauthGrants } from "./schema.ts";

const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;
const REFUSED = oauthError("invalid_grant", "The code is not valid for this client, redirect_uri and code_verifier.");

export async function exchangeCode(
  server: AuthorizationServer,
  client: ClientRow,
  parameters: ReadonlyMap<string, string>,
  nowMs: number,
): Promise<Result<TokenAnswer, OAuthError>> {
  const { database } = server;
  const [code, verifier] = [parameters.get("code"), parameters.get("code_verifier")];
  if (code === undefined || verifier === undefined)
    return err(oauthError("invalid_request", "code and code_verifier are needed."));
  const codeSha256 = await sha256Hex(code);
  const grant = await database.select().from(oauthGrants).where(eq(oauthGrants.codeSha256, codeSha256)).get();
  if (grant === undefined || grant.clientId !== client.id) return err(REFUSED);
  if (grant.codeUsedAtMs !== null) return await refuseCopy(server, grant, nowMs);
  const isRepeated = grant.codeRedirectUri === (parameters.get("redirect_uri") ?? null);
  if (!isRepeated || nowMs >= grant.codeExpiresAtMs || !(await isVerifierOf(verifier, grant.codeChallenge))) return err(REFUSED);
  // One of two at once wins this; the other is a copy.
  const isFirst = await markUsed(server, grant.id, nowMs);
  return isFirst ? await firstTokens(server, grant, nowMs) : await refuseCopy(server, grant, nowMs);
}

async function isVerifierOf(verifier: string, challenge: string): Promise<boolean> {
  if (!VERIFIER.test(verifier)) return false;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  return digest.toBase64({ alphabet: "base64url", omitPadding: true }) === challenge;
}

async function refuseCopy({ database }: AuthorizationServer, grant: GrantRow, nowMs: number) {
  await revokeGrant(database, grant.id, "code_reused", nowMs);
  return err(REFUSED);
}

async function markUsed({ database }: AuthorizationServer, grantId: string, nowMs: number): Promise<boolean> {
  const marked = await database
    .update(oauthGrants)
    .set({ codeUsedAtMs: nowMs, lastUsedAtMs: nowMs })
    .where(and(eq(oauthGrants.id, grantId), isNull(oauthGrants.codeUsedAtMs)))
    .returning({ id: oauthGrants.id });
  return marked.length > 0;
}

/** Nothing is written when the grant was revoked meanwhile. */
async function firstTokens(
  server: AuthorizationServer,
  grant: GrantRow,
  nowMs: number,
): Promise<Result<TokenAnswer, OAuthError>> {
  const { database } = server;
  const standing = standingGrant(grant.id, nowMs);
  const [tokenId, refreshToken] = [newAccessTokenId(nowMs), newRefreshToken(APP_REFRESH_TOKEN_PREFIX)];
  const [added] = await database.batch([
    addingAccessToken(database, standing, tokenId, grant.scope, nowMs),
    addingRefreshToken(database, standing, await sha256Hex(refreshToken), nowMs),
  ]);
  return added.length === 0 ? err(REFUSED) : ok(await tokenAnswer(server, tokenId, grant.scope, refreshToken));
}

/** The revocation endpoint (RFC 7009): a refresh token ends its whole grant, an access token itself. Unknown ones are no error. */
import { and, eq } from "drizzle-orm";
import { verifyCapabilityToken } from "../../shared/capability-token.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { authenticateClient } from "./authenticate-client.ts";
import type { AuthorizationServer } from "./authorization-server.ts";
import { type OAuthError, oauthError } from "./oauth-error.ts";
import { findRefreshToken } from "./refresh-grant.ts";
import { revokeGrant } from "./revoke-grants.ts";
import { oauthAccessTokens } from "./schema.ts";

const ANOTHERS = oauthError("invalid_grant", "The token was issued to another client.");

/** `token_type_hint` is not needed: the two kinds look different. */
export async function revokeToken(
  server: AuthorizationServer,
  authorization: string | undefined,
  parameters: ReadonlyMap<string, string>,
  nowMs: number,
): Promise<Result<null, OAuthError>> {
  const { database } = server;
  const authenticated = await authenticateClient(database, authorization, parameters, nowMs);
  if (!authenticated.ok) return authenticated;
  const { id: clientId } = authenticated.value;
  const token = parameters.get("token");
  if (token === undefined) return err(oauthError("invalid_request", "token is needed."));
  const refresh = await findRefreshToken(database, token);
  if (refresh !== undefined) {
    if (refresh.grant.clientId !== clientId) return err(ANOTHERS);
    await revokeGrant(database, refresh.grant.id, "revoked_by_app", nowMs);
    return ok(null);
  }
  const tokenId = await verifyCapabilityToken(server.tokenSecret, token);
  if (tokenId === undefined) return ok(null);
  const [found] = await database.select().from(oauthAccessTokens).where(eq(oauthAccessTokens.id, tokenId));
  if (found !== undefined && found.clientId !== clientId) return err(ANOTHERS);
  await database
    .delete(oauthAccessTokens)
    .where(and(eq(oauthAccessTokens.id, tokenId), eq(oauthAccessTokens.clientId, clientId)));
  return ok(null);
}

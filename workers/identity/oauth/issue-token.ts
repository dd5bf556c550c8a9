/** The token endpoint (RFC 6749 §3.2): who asks, then what for. */
import { err, ok, type Result } from "../../shared/result.ts";
import { authenticateClient } from "./authenticate-client.ts";
import { type AuthorizationServer, isOurResource } from "./authorization-server.ts";
import { exchangeCode } from "./exchange-code.ts";
import { addingServerToken, newAccessTokenId, type TokenAnswer, tokenAnswer } from "./issue-tokens.ts";
import { type OAuthError, oauthError } from "./oauth-error.ts";
import { refreshGrant } from "./refresh-grant.ts";
import type { ClientRow } from "./schema.ts";
import { joinScope, narrowScope } from "./scopes.ts";
import { serverScopes } from "./server-scopes.ts";

export async function issueToken(
  server: AuthorizationServer,
  authorization: string | undefined,
  parameters: ReadonlyMap<string, string>,
  nowMs: number,
): Promise<Result<TokenAnswer, OAuthError>> {
  const grantType = parameters.get("grant_type");
  if (grantType === undefined) return err(oauthError("invalid_request", "grant_type is needed."));
  const authenticated = await authenticateClient(server.database, authorization, parameters, nowMs);
  if (!authenticated.ok) return authenticated;
  const client = authenticated.value;
  if (!isOurResource(server.issuer, parameters.get("resource"))) {
    return err(oauthError("invalid_target", `The only resource is ${server.issuer}`));
  }
  switch (grantType) {
    case "authorization_code":
      return client.kind === "app" ? await exchangeCode(server, client, parameters, nowMs) : err(NOT_ITS_GRANT);
    case "refresh_token":
      return client.kind === "app" ? await refreshGrant(server, client, parameters, nowMs) : err(NOT_ITS_GRANT);
    case "client_credentials":
      return client.kind === "server" ? await serverToken(server, client, parameters, nowMs) : err(NOT_ITS_GRANT);
    default:
      return err(
        oauthError("unsupported_grant_type", "grant_type must be authorization_code, refresh_token or client_credentials."),
      );
  }
}

const NOT_ITS_GRANT = oauthError("unauthorized_client", "This client may not use this grant_type.");

const MAKER_LEFT = oauthError(
  "unauthorized_client",
  "Whoever made this client has left the staff; rotate its secret to make it yours.",
);

async function serverToken(
  server: AuthorizationServer,
  client: ClientRow,
  parameters: ReadonlyMap<string, string>,
  nowMs: number,
): Promise<Result<TokenAnswer, OAuthError>> {
  const held = await serverScopes(server.database, client);
  if (held === null) return err(MAKER_LEFT);
  const scope = narrowScope(parameters.get("scope"), joinScope(held));
  if (scope === undefined) return err(oauthError("invalid_scope", `This client may have: ${joinScope(held)}`));
  const tokenId = newAccessTokenId(nowMs);
  const added = await addingServerToken(server.database, client.id, tokenId, scope, nowMs);
  if (added.length === 0) return err(oauthError("invalid_client", "The client was deleted."));
  return ok(await tokenAnswer(server, tokenId, scope));
}

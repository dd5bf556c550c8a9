/**
 * What an app asks of a customer, checked in two steps: first whether there is anywhere to answer to, because a browser is
 * sent to registered addresses only; then everything else, whose refusal the app is told there. Pure.
 * Source: OAuth 2.1 §4.1, RFC 7636, RFC 8707, RFC 9207.
 */
import { err, ok, type Result } from "../../shared/result.ts";
import type { AuthorizationRefusal } from "../contract.ts";
import { isOurResource } from "./authorization-server.ts";
import { isRegistered, redirectAddress } from "./redirect-uri.ts";
import type { ClientRow } from "./schema.ts";
import { narrowScope } from "./scopes.ts";

/** The client's own; a browser's address has to hold it. */
const STATE_LENGTH_MAX = 1_024;
/** 32 bytes in base64url. */
const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

export interface AuthorizationRequest {
  readonly client: ClientRow;
  /** Where the answer goes. */
  readonly redirectUri: string;
  /** As the request said it, which the code's exchange must repeat; null when it left it out. */
  readonly statedRedirectUri: string | null;
  readonly state: string | undefined;
  readonly scope: string;
  readonly codeChallenge: string;
}

/** @param parameters undefined when one was sent twice. */
export function checkAuthorizationRequest(
  client: ClientRow | undefined,
  parameters: ReadonlyMap<string, string> | undefined,
  issuer: string,
): Result<AuthorizationRequest, AuthorizationRefusal> {
  if (parameters === undefined) return err({ code: "unusable_request", reason: "malformed" });
  if (client === undefined || client.kind !== "app") return err({ code: "unusable_request", reason: "unknown_client" });
  const stated = parameters.get("redirect_uri");
  const [onlyOne, another] = client.redirectUris;
  const redirectUri = stated ?? (another === undefined ? onlyOne : undefined);
  if (redirectUri === undefined || !isRegistered(client.redirectUris, redirectUri)) {
    return err({ code: "unusable_request", reason: "unregistered_redirect_uri" });
  }
  const state = parameters.get("state");
  const refuse = (error: string, description: string): Result<never, AuthorizationRefusal> => {
    const answer = { error, error_description: description, state: state?.slice(0, STATE_LENGTH_MAX), iss: issuer };
    return err({ code: "refused", redirectTo: redirectAddress(redirectUri, answer) });
  };
  if (state !== undefined && state.length > STATE_LENGTH_MAX) {
    return refuse("invalid_request", `state may have at most ${STATE_LENGTH_MAX} characters.`);
  }
  if (!parameters.has("response_type")) return refuse("invalid_request", "response_type is missing.");
  if (parameters.get("response_type") !== "code") return refuse("unsupported_response_type", "response_type must be code.");
  if ((parameters.get("response_mode") ?? "query") !== "query") return refuse("invalid_request", "response_mode must be query.");
  const codeChallenge = parameters.get("code_challenge");
  // Without a method RFC 7636 means plain, which protects nobody.
  if (parameters.get("code_challenge_method") !== "S256" || codeChallenge === undefined || !S256_CHALLENGE.test(codeChallenge)) {
    return refuse("invalid_request", "PKCE is needed: code_challenge with code_challenge_method S256.");
  }
  const scope = narrowScope(parameters.get("scope"), client.scope);
  if (scope === undefined) return refuse("invalid_scope", `This client may ask for: ${client.scope}`);
  if (!isOurResource(issuer, parameters.get("resource"))) return refuse("invalid_target", `The only resource is ${issuer}`);
  return ok({ client, redirectUri, statedRedirectUri: stated ?? null, state, scope, codeChallenge });
}

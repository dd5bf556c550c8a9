/** What peers may ask of identity: the keys that verify access tokens, and whether a session still stands. */
import type { JSONWebKeySet } from "jose";

/** `iss` and `aud` of our access tokens. */
export const TOKEN_ISSUER = "holdfast";
export const TOKEN_AUDIENCE = "holdfast-api";
/** Access tokens are ES256 and typed, so that no other token of ours passes as one (RFC 9068). */
export const ACCESS_TOKEN_TYPE = "at+jwt";
export const ACCESS_TOKEN_ALGORITHM = "ES256";

export interface IdentityApi {
  jwks(): Promise<JSONWebKeySet>;
}

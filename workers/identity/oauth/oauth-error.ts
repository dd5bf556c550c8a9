/** Every refusal of the authorization server, by the codes of RFC 6749 §5.2, 7009, 7591 and 8707, and how each looks. Pure. */

export type OAuthErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "invalid_scope"
  | "invalid_target"
  | "invalid_redirect_uri"
  | "invalid_client_metadata"
  | "temporarily_unavailable";

export interface OAuthError {
  readonly code: OAuthErrorCode;
  /** For the app's developer; says nothing that the sender does not know. ASCII without quotes (RFC 6749 §5.2). */
  readonly description: string;
  readonly retryAfterSeconds?: number;
}

export function oauthError(code: OAuthErrorCode, description: string): OAuthError {
  return { code, description };
}

/** For answers with tokens and secrets (RFC 6749 §5.1). */
export const NO_STORE = { "cache-control": "no-store", pragma: "no-cache" };

export function oauthErrorResponse(error: OAuthError): Response {
  const { code, description, retryAfterSeconds } = error;
  return Response.json(
    { error: code, error_description: description },
    {
      status: statusOf(code),
      headers: {
        ...NO_STORE,
        ...(code === "invalid_client" ? { "www-authenticate": 'Basic realm="holdfast"' } : {}),
        ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
      },
    },
  );
}

function statusOf(code: OAuthErrorCode): 400 | 401 | 429 {
  switch (code) {
    case "invalid_client":
      return 401;
    case "temporarily_unavailable":
      return 429;
    case "invalid_request":
    case "invalid_grant":
    case "unauthorized_client":
    case "unsupported_grant_type":
    case "invalid_scope":
    case "invalid_target":
    case "invalid_redirect_uri":
    case "invalid_client_metadata":
      return 400;
  }
}

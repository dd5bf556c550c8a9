/** Every expected refusal of identity, and the one place that says how each looks over HTTP. Pure. */
import { type Problem, ProblemError } from "../shared/problem.ts";

export type IdentityError =
  | { readonly code: "weak_password"; readonly field: string; readonly message: string }
  /** Unknown address, wrong password and disabled account alike. */
  | { readonly code: "invalid_credentials" }
  /** Unknown, expired, used before, or of an ended session: alike. */
  | { readonly code: "invalid_refresh_token" }
  /** Of this secret, from this network or in all: alike. */
  | { readonly code: "too_many_attempts"; readonly retryAfterSeconds: number }
  /** Forged, used, replaced, too late, or of another account: alike. */
  | { readonly code: "invalid_link" }
  /** Only whoever has the mailbox and the account hears this. */
  | { readonly code: "email_in_use" }
  | { readonly code: "session_ended" }
  | { readonly code: "wrong_password" }
  /** Neither a code of the app nor a recovery code, or used before: alike. */
  | { readonly code: "wrong_code" }
  /** Forged, used, too late, or of a password that was changed: alike. */
  | { readonly code: "invalid_challenge" }
  | { readonly code: "authenticator_in_use" }
  /** None, or none that waits for its first code. */
  | { readonly code: "no_authenticator" }
  /** At sign-in: unknown, removed, of another site, replayed or too late: alike. */
  | { readonly code: "passkey_refused" }
  /** At registration: of another site or session, replayed, too late, or known already: alike. */
  | { readonly code: "passkey_not_accepted" }
  | { readonly code: "passkey_limit_reached"; readonly limit: number }
  | { readonly code: "address_limit_reached"; readonly limit: number };

const CHALLENGE = { "www-authenticate": 'Bearer realm="holdfast"' };

export function identityProblem(error: IdentityError): Problem {
  switch (error.code) {
    case "weak_password":
      return {
        status: 422,
        code: error.code,
        detail: "Choose another password; see `errors`.",
        errors: [{ path: error.field, message: error.message }],
      };
    case "invalid_credentials":
      return {
        status: 401,
        code: error.code,
        detail: "The e-mail address and the password do not belong together.",
        headers: CHALLENGE,
      };
    case "invalid_refresh_token":
      return {
        status: 401,
        code: error.code,
        detail: "The refresh token is not valid any more. Sign in again.",
        headers: CHALLENGE,
      };
    case "too_many_attempts":
      return {
        status: 429,
        code: error.code,
        detail: "Too many attempts. Wait for as long as `retry-after` says; a device that signed in before need not wait.",
        extensions: { retry_after_seconds: error.retryAfterSeconds },
        headers: { "retry-after": String(error.retryAfterSeconds) },
      };
    case "invalid_link":
      return { status: 410, code: error.code, detail: "This link does not work any more. Ask for another mail." };
    case "email_in_use":
      return { status: 409, code: error.code, detail: "Another account has confirmed this address. Sign in to that one." };
    case "session_ended":
      return { status: 401, code: error.code, detail: "This session has ended. Sign in again.", headers: CHALLENGE };
    case "wrong_password":
      return { status: 403, code: error.code, detail: "The current password is not right; nothing was changed." };
    case "wrong_code":
      return { status: 403, code: error.code, detail: "This code is not right, or it was used before. Wait for the next one." };
    case "invalid_challenge":
      return { status: 410, code: error.code, detail: "This sign-in took too long or was finished before. Start again." };
    case "authenticator_in_use":
      return { status: 409, code: error.code, detail: "An authenticator app is set up. Switch it off first." };
    case "no_authenticator":
      return { status: 409, code: error.code, detail: "No authenticator app is set up, or its set-up took too long." };
    case "passkey_refused":
      return {
        status: 401,
        code: error.code,
        detail: "This passkey does not open an account here, or the sign-in took too long. Start again.",
        headers: CHALLENGE,
      };
    case "passkey_not_accepted":
      return { status: 422, code: error.code, detail: "This passkey was not added. Start again with fresh options." };
    case "passkey_limit_reached":
      return {
        status: 409,
        code: error.code,
        detail: `An account keeps at most ${error.limit} passkeys. Remove one first.`,
      };
    case "address_limit_reached":
      return {
        status: 409,
        code: error.code,
        detail: `An account keeps at most ${error.limit} addresses. Delete one first.`,
      };
  }
}

/** Ends an HTTP handler with the error's problem. */
export function refusal(error: IdentityError): ProblemError {
  return new ProblemError(identityProblem(error));
}

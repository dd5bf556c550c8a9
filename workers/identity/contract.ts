/** What peers may ask of identity: the keys that verify access tokens, whose session it is, and a session for a browser. */
import type { JSONWebKeySet } from "jose";
import type { FieldError } from "../shared/problem.ts";
import type { Result } from "../shared/result.ts";

/** `iss` and `aud` of our access tokens. */
export const TOKEN_ISSUER = "holdfast";
export const TOKEN_AUDIENCE = "holdfast-api";
/** Access tokens are ES256 and typed, so that no other token of ours passes as one (RFC 9068). */
export const ACCESS_TOKEN_TYPE = "at+jwt";
export const ACCESS_TOKEN_ALGORITHM = "ES256";
/** Claims are `iss aud sub sid iat exp jti`: `sub` is the customer's id, `sid` the session's. */
export const ACCESS_TOKEN_LIFETIME_SECONDS = 600;

/** How long a verifier may keep the key set. A key is published at least twice as long before it signs. */
export const JWKS_CACHE_SECONDS = 300;

export interface RevocationReport {
  /** Revoked sessions that were looked at: all that are kept. */
  readonly checked: number;
  readonly violations: readonly { readonly sessionId: string; readonly detail: string }[];
}

/** A session of the shop's pages. */
export interface BrowserSession {
  /** The cookie's value: a capability token over the session's id. Kept by the browser alone. */
  readonly token: string;
  readonly expiresAtMs: number;
  /** For a second cookie that outlives the session: the browser is no stranger when it signs in again. Opens nothing. */
  readonly deviceToken: string;
  readonly customerId: string;
  readonly name: string | null;
}

export type BrowserSignInError =
  /** Unknown address, wrong password and disabled account alike. */
  | { readonly code: "invalid_credentials" }
  /** The password was not looked at. */
  | { readonly code: "too_many_attempts"; readonly retryAfterSeconds: number }
  | SecondFactorRequired;

/** The password is right and opens nothing yet: `completeSignInBrowser` with the token and a code does. */
export interface SecondFactorRequired {
  readonly code: "second_factor_required";
  /** Works once, for this account and password. */
  readonly challengeToken: string;
  readonly expiresAtMs: number;
}

export type BrowserSecondFactorError =
  /** Neither a code of the app nor a recovery code, or one that was used. */
  | { readonly code: "wrong_code" }
  /** Forged, used or too late: the sign-in starts again. */
  | { readonly code: "invalid_challenge" }
  | { readonly code: "too_many_attempts"; readonly retryAfterSeconds: number };

/** Unknown, removed, of another site, replayed or too late: alike. */
export type BrowserPasskeyError = { readonly code: "passkey_refused" };

export type BrowserRegisterError =
  | BrowserSignInError
  /** Too easy to guess. */
  | { readonly code: "weak_password" }
  /** `path` is `email`, `password` or `name`. */
  | { readonly code: "invalid_registration"; readonly errors: readonly FieldError[] };

export interface BrowserOrigin {
  /** The `user-agent` header, for the list of devices. */
  readonly userAgent: string | null;
  /** What `CLIENT_ADDRESS_HEADER` said; null without it. */
  readonly network: string | null;
  /** What an earlier sign-in gave this browser; null on a new one. */
  readonly deviceToken: string | null;
}

export interface BrowserCredentials extends BrowserOrigin {
  readonly email: string;
  readonly password: string;
}

export interface BrowserSecondFactor extends BrowserOrigin {
  readonly challengeToken: string;
  /** Six digits of the app, or a recovery code. */
  readonly code: string;
}

export interface BrowserPasskey extends BrowserOrigin {
  /** What the browser answered to the options of `/v1/auth/passkey/options`: a `PublicKeyCredential` as JSON text. */
  readonly credential: string;
}

export interface BrowserRegistration extends BrowserCredentials {
  readonly name: string | null;
}

export const ACCOUNT_MESSAGE_KINDS = [
  "confirm_email",
  "reset_password",
  "change_email",
  /** To the old address, after the change. */
  "email_changed",
  /** After the reset. */
  "password_reset",
  "two_factor_on",
  "two_factor_off",
  "recovery_code_used",
  "passkey_added",
  "passkey_removed",
] as const;
export type AccountMessageKind = (typeof ACCOUNT_MESSAGE_KINDS)[number];

/** What a mail about an account needs, at the moment it is sent. Never stored by whoever sends it. */
export interface AccountMessage {
  readonly kind: AccountMessageKind;
  readonly email: string;
  readonly name: string | null;
  /** For the mail's link; null for mails without one. */
  readonly token: string | null;
  readonly expiresAtMs: number;
}

export type MessageNotWanted = { readonly code: "message_not_wanted" };

export interface IdentityApi {
  /** Refused when the message is used, replaced, expired or unknown: it is not sent then. */
  readAccountMessage(messageId: string): Promise<Result<AccountMessage, MessageNotWanted>>;
  /** Ids of messages that nobody has said to be sent, oldest first. */
  listUnsentMessages(limit: number): Promise<readonly string[]>;
  /** Sent, or given up. Idempotent. */
  markMessagesSent(messageIds: readonly string[]): Promise<void>;
  /** Public keys of every token that may still be valid, and of the next signer. Never empty. */
  jwks(): Promise<JSONWebKeySet>;
  /** False for sessions that are signed out, revoked, expired, unknown, or of a disabled customer. One indexed read. */
  isSessionActive(sessionId: string): Promise<boolean>;
  /** The customer of a session that stands; null when `isSessionActive` would say false. One indexed read. */
  sessionOwner(sessionId: string): Promise<string | null>;
  /** Signs a browser in. The password has been proven when this answers ok. Not idempotent: each call opens a session. */
  signInBrowser(credentials: BrowserCredentials): Promise<Result<BrowserSession, BrowserSignInError>>;
  /** The second step of a sign-in or registration that asked for it. Not idempotent: code and challenge work once. */
  completeSignInBrowser(step: BrowserSecondFactor): Promise<Result<BrowserSession, BrowserSecondFactorError>>;
  /** Signs a browser in by a passkey, which is two factors at once. Not idempotent. */
  signInBrowserByPasskey(presented: BrowserPasskey): Promise<Result<BrowserSession, BrowserPasskeyError>>;
  /** Opens an account, or finds the one of this very address and password, and signs the browser in. */
  registerBrowser(registration: BrowserRegistration): Promise<Result<BrowserSession, BrowserRegisterError>>;
  /** Looks for sessions that were used after they had been revoked (invariant I9); `violations` is empty when none was. */
  checkRevocations(): Promise<RevocationReport>;
  /**
   * Publishes a new signing key now; the schedule makes it the signer once every verifier can know it, and drops the old
   * one after its last token has expired. Idempotent while a rotation is under way.
   */
  rotateSigningKey(): Promise<{ readonly kid: string }>;
}

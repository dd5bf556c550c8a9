/** What peers may ask of identity: the keys that verify access tokens, whose session it is, and a session for a browser. */
import type { JSONWebKeySet } from "jose";
import type { Locale } from "../shared/locales.ts";
import type { CustomerScope } from "../shared/principal.ts";
import type { PersonalData } from "../shared/privacy.ts";
import type { PrivilegedAttempt, PrivilegedOutcome } from "../shared/privileged-act.ts";
import type { FieldError } from "../shared/problem.ts";
import type { Result } from "../shared/result.ts";
import type { StaffRole } from "../shared/staff-roles.ts";

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
  /** Of the page: the account is written to in it from now on. */
  readonly language: Locale;
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
  "app_allowed",
  /** By the staff, for somebody who lost phone and recovery codes. */
  "two_factor_reset",
  /** To whoever is to join the staff; maybe nobody's account yet. */
  "staff_invitation",
] as const;
export type AccountMessageKind = (typeof ACCOUNT_MESSAGE_KINDS)[number];

/** Mails to an address that may have no account: a link that proves the mailbox, and word that its data is being erased. */
export const ADDRESS_MESSAGE_KINDS = ["confirm_export", "confirm_erasure", "erasure_begun"] as const;
export type AddressMessageKind = (typeof ADDRESS_MESSAGE_KINDS)[number];
export type PrivacyPurpose = "export" | "erasure";

/** What a mail about an account needs, at the moment it is sent. Never stored by whoever sends it. */
export interface AccountMessage {
  readonly kind: AccountMessageKind | AddressMessageKind;
  readonly language: Locale;
  readonly email: string;
  readonly name: string | null;
  /** For the mail's link; null for mails without one. */
  readonly token: string | null;
  readonly expiresAtMs: number;
}

export type MessageNotWanted = { readonly code: "message_not_wanted" };

/** Who acts in a session that stands, as of now. */
export interface SessionStanding {
  readonly customerId: string;
  /** Null for customers who are not of the staff. */
  readonly role: StaffRole | null;
}

/** What an API key opens, as of now. */
export interface ApiKeyStanding {
  readonly keyId: string;
  /** Those of the key that its maker still has. */
  readonly scopes: readonly string[];
}

/** What an app asks of a customer, for the page on which the customer decides. */
export interface AuthorizationQuestion {
  /** The app's own word; only an operator's is vouched for. */
  readonly clientName: string;
  /** An operator registered it; else it registered itself. */
  readonly isVetted: boolean;
  /** Where the browser goes with the answer. */
  readonly redirectUri: string;
  readonly target: { readonly kind: "site" | "program"; readonly name: string } | { readonly kind: "this_computer" };
  readonly scopes: readonly CustomerScope[];
}

export type AuthorizationRefusal =
  /** There is nowhere to answer to: the customer is told, and no browser is sent anywhere. */
  | { readonly code: "unusable_request"; readonly reason: "malformed" | "unknown_client" | "unregistered_redirect_uri" }
  /** The app is told, at an address that it registered. */
  | { readonly code: "refused"; readonly redirectTo: string };

export type ConsentRefusal = AuthorizationRefusal | { readonly code: "session_ended" };

export interface Consent {
  readonly query: string;
  readonly customerId: string;
  readonly sessionId: string;
  readonly isAllowed: boolean;
}

/** What an app's access token opens. */
export interface AppAccess {
  readonly clientId: string;
  /** Whom it acts for; null when it acts for the shop itself, with an operator's scopes. */
  readonly customerId: string | null;
  readonly scopes: readonly string[];
}

/** What only the owner of an account has. */
export interface OwnersProof {
  readonly password: string;
  /** Six digits of the app, or a recovery code; null when none was given. */
  readonly code: string | null;
}

export type OwnersProofRefused =
  | { readonly code: "wrong_password" }
  /** The password is right, and an authenticator app protects the account. */
  | { readonly code: "code_required" }
  | { readonly code: "wrong_code" }
  | { readonly code: "too_many_attempts"; readonly retryAfterSeconds: number };

/** An account, or an address without one, as identity knows it. */
export interface KnownPerson {
  readonly customerId: string | null;
  /** Proven to be theirs, normalized. */
  readonly emails: readonly string[];
  readonly messageIds: readonly string[];
}

/** A person who has proven an address by a mailed link. */
export interface LinkHolder {
  /** Of the link: the same however often it is used. */
  readonly messageId: string;
  readonly person: KnownPerson;
}

export type InvalidLink = { readonly code: "invalid_link" };

/** @param network as the gateway says it; null when it is not known */
export interface CouponAttempt {
  readonly cartId: string;
  readonly network: string | null;
}

export interface IdentityApi extends PersonalData {
  /** @param query of `/oauth/authorize`, as the browser came with it. */
  readAuthorization(query: string): Promise<Result<AuthorizationQuestion, AuthorizationRefusal>>;
  /** The customer's yes or no to the same query. Not idempotent: each yes makes a code. */
  answerAuthorization(consent: Consent): Promise<Result<{ readonly redirectTo: string }, ConsentRefusal>>;
  /** @param tokenId of an access token whose MAC was verified. Null when it does not stand. One indexed read. */
  appAccess(tokenId: string): Promise<AppAccess | null>;
  /** Null for whoever is not of the staff. */
  staffRole(customerId: string): Promise<StaffRole | null>;
  /** Null: there is no such account. */
  describePerson(customerId: string): Promise<KnownPerson | null>;
  /** Password and, where an app protects the account, a code: asked again. Attempts are counted; a code counts once. */
  proveOwner(customerId: string, proof: OwnersProof): Promise<Result<null, OwnersProofRefused>>;
  /**
   * The first step of an erasure: nobody signs in any more, every session ends, and a mail says so. The rest is `erasePerson`.
   * Idempotent; false when there is no such account.
   */
  closeAccount(customerId: string): Promise<boolean>;
  /** Mails a link, whether anything is known of the address or not. The address is normalized and its attempts are counted. */
  mailPrivacyLink(
    email: string,
    purpose: PrivacyPurpose,
    asked: { readonly network: string | null; readonly language: Locale },
  ): Promise<Result<null, { readonly code: "too_many_attempts"; readonly retryAfterSeconds: number }>>;
  /** Counts a guess at a coupon's code, before the code is looked at. */
  takeCouponAttempt(
    attempt: CouponAttempt,
  ): Promise<Result<null, { readonly code: "too_many_attempts"; readonly retryAfterSeconds: number }>>;
  /** The code was right: it was no guess. */
  giveCouponAttemptBack(attempt: CouponAttempt): Promise<void>;
  /** Works until the link is too old: what it opens is safe to repeat. */
  openPrivacyLink(token: string, purpose: PrivacyPurpose): Promise<Result<LinkHolder, InvalidLink>>;
  /**
   * Null for sessions that are signed out, revoked, expired, unknown, or of a disabled customer. One indexed read of the one
   * copy that is written to, so that what it says was true after the question came.
   */
  sessionStanding(sessionId: string): Promise<SessionStanding | null>;
  /** Null for keys that are unknown, revoked or expired, or whose maker left the staff. One indexed read, as above. */
  apiKeyStanding(keySha256: string): Promise<ApiKeyStanding | null>;
  /** Writes down what is about to be tried. Idempotent by the attempt's id. Throws when it cannot be written: do not try then. */
  recordAttempt(attempt: PrivilegedAttempt): Promise<void>;
  /** Writes down what became of it. Idempotent. */
  recordOutcome(attemptId: string, outcome: PrivilegedOutcome): Promise<void>;
  /** An attempt that was refused before it began, by somebody who is no operator. Of one actor only so many are kept. */
  recordRefusal(attempt: PrivilegedAttempt, outcome: PrivilegedOutcome): Promise<void>;
  /** Refused when the message is used, replaced, expired or unknown: it is not sent then. */
  readAccountMessage(messageId: string): Promise<Result<AccountMessage, MessageNotWanted>>;
  /** Ids of messages that nobody has said to be sent, oldest first. */
  listUnsentMessages(limit: number): Promise<readonly string[]>;
  /** Sent, or given up. Idempotent. */
  markMessagesSent(messageIds: readonly string[]): Promise<void>;
  /** Public keys of every token that may still be valid, and of the next signer. Never empty. */
  jwks(): Promise<JSONWebKeySet>;
  /** The customer of a session that stands; null when `sessionStanding` would be. One indexed read. */
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

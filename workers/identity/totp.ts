/**
 * Codes of authenticator apps: RFC 6238 with what every app understands (SHA-1, six digits, thirty seconds). A code is
 * known by its time step, so that whoever accepts one can refuse it, and all before it, from then on. Pure but for the
 * random secret.
 */
import { Secret, TOTP } from "otpauth";

/** RFC 4226 §4, R6 recommends 160 bits. */
const SECRET_BYTES = 20;
const PERIOD_SECONDS = 30;
/** Steps before and after now: clocks differ, people type slowly (RFC 6238 §5.2). */
const WINDOW = 1;

/** Base32, as people type it when there is no camera. */
export function newTotpSecret(): string {
  return new Secret({ buffer: crypto.getRandomValues(new Uint8Array(SECRET_BYTES)).buffer }).base32;
}

/** The `otpauth:` address that an app reads, from a picture or as a link. */
export function totpUri(secret: string, issuer: string, account: string): string {
  return totp(secret, issuer, account).toString();
}

/** The time step that the code is of, when that is now or a neighbour. @param code six digits. */
export function stepOf(secret: string, code: string, nowMs: number): number | undefined {
  const delta = totp(secret).validate({ token: code, timestamp: nowMs, window: WINDOW });
  return delta === null ? undefined : Math.floor(nowMs / (PERIOD_SECONDS * 1_000)) + delta;
}

function totp(secret: string, issuer = "", label = ""): TOTP {
  return new TOTP({ issuer, label, secret: Secret.fromBase32(secret), algorithm: "SHA1", digits: 6, period: PERIOD_SECONDS });
}

/**
 * Refresh tokens: random at the start of a session, then each one the HMAC of the one before. So a client that lost an
 * answer and asks again gets the same successor, and the database holds hashes only. The decision is pure.
 * Source: OAuth 2.1 §4.3.1 (rotation), RFC 9700 §4.14.2 (reuse revokes the family).
 */
import type { KeyMaterial } from "./key-material.ts";

export const REFRESH_TOKEN_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;
/** However often it is refreshed, a session ends after this long. */
export const SESSION_LIFETIME_MS = 180 * 24 * 60 * 60 * 1000;
/** A rotated token presented again this soon is a lost answer or a second tab; later it is a stolen copy. */
export const REUSE_GRACE_MS = 10_000;

/** Of the shop's own sessions; an app's tokens have another, so that neither passes as the other. */
const PREFIX = "hfr_";
const PREFIX_LENGTH = PREFIX.length;
const RANDOM_PART = /^[A-Za-z0-9_-]{43}$/;
const TOKEN_BYTES = 32;

function format(prefix: string, bytes: Uint8Array): string {
  return prefix + bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** @param prefix of four characters. */
export function isRefreshToken(text: string, prefix = PREFIX): boolean {
  return text.startsWith(prefix) && RANDOM_PART.test(text.slice(prefix.length));
}

export function newRefreshToken(prefix = PREFIX): string {
  return format(prefix, crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
}

/** The one successor of a token; without the server's key nobody can compute it. */
export async function successorOf(material: KeyMaterial, token: string): Promise<string> {
  const mac = await crypto.subtle.sign("HMAC", material.refreshChain, new TextEncoder().encode(token));
  return format(token.slice(0, PREFIX_LENGTH), new Uint8Array(mac));
}

/** What the database knows about a presented token. */
export interface PresentedToken {
  readonly rotatedAtMs: number | null;
  readonly expiresAtMs: number;
  readonly sessionExpiresAtMs: number;
  readonly sessionRevokedAtMs: number | null;
  readonly customerStatus: "active" | "disabled";
}

export type RefreshDecision =
  /** First use: the successor becomes the token. */
  | "rotate"
  /** The answer was lost: the same successor again. */
  | "repeat"
  /** Somebody has a copy: the session ends for both. */
  | "revoke_family"
  | "refuse";

export function decideRefresh(token: PresentedToken, nowMs: number): RefreshDecision {
  if (token.sessionRevokedAtMs !== null || token.customerStatus !== "active") return "refuse";
  if (token.rotatedAtMs !== null && nowMs - token.rotatedAtMs > REUSE_GRACE_MS) return "revoke_family";
  if (nowMs >= token.expiresAtMs || nowMs >= token.sessionExpiresAtMs) return "refuse";
  return token.rotatedAtMs === null ? "rotate" : "repeat";
}

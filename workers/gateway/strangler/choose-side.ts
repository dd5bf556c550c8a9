/**
 * Which side a client is on while a path is moved for a part of them. The same client is always on the same side of a
 * percentage, of every rule alike, and raising it moves clients one way only. What a client claims to be is not verified
 * here: choosing a side opens nothing. Pure.
 */
import { Buffer } from "node:buffer";
import { CART_COOKIE, SESSION_COOKIE, SIDE_COOKIE } from "../../shared/page-cookies.ts";

/** Hundredths of a percent. */
export const BUCKETS = 10_000;

export interface Client {
  readonly bucket: number;
  /** A browser that was given its place before keeps it, whoever it becomes. */
  readonly remembered: boolean;
}

/** @param network undefined where it is not known. */
export function clientOf(headers: Headers, network: string | undefined): Client {
  const cookies = cookiePairs(headers.get("cookie"));
  const remembered = /^\d{1,4}$/.exec(cookies.get(SIDE_COOKIE) ?? "")?.[0];
  if (remembered !== undefined) return { bucket: Number(remembered), remembered: true };
  const claim =
    idOf(headers.get("cart-token")) ??
    idOf(cookies.get(CART_COOKIE)) ??
    subjectOf(headers.get("authorization")) ??
    idOf(cookies.get(SESSION_COOKIE)) ??
    network ??
    "nobody";
  return { bucket: bucketOf(claim), remembered: false };
}

/** @param percent of the clients that stay with the legacy origin */
export function staysWithLegacy(bucket: number, percent: number): boolean {
  return bucket < Math.round(percent * (BUCKETS / 100));
}

/** Evenly spread, the same at every isolate: FNV-1a, then mixed so that similar texts part. */
export function bucketOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % BUCKETS;
}

/** The first pair of a name counts, as with the parser that opens carts. */
export function cookiePairs(header: string | null): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    const name = part.slice(0, at).trim();
    if (at > 0 && !pairs.has(name)) pairs.set(name, part.slice(at + 1).trim());
  }
  return pairs;
}

/** A capability token is `id.signature`; the id stays the same. */
function idOf(token: string | null | undefined): string | undefined {
  return token?.split(".")[0] || undefined;
}

/** Access tokens change every ten minutes, their subject does not. */
function subjectOf(authorization: string | null): string | undefined {
  if (authorization === null) return undefined;
  const { sub } = unverifiedClaims(authorization);
  return typeof sub === "string" ? sub : authorization;
}

/** What a bearer claims to be; empty when it is no JWT. */
export function unverifiedClaims(authorization: string): Readonly<Record<string, unknown>> {
  const payload = /^Bearer +[^.\s]+\.([^.\s]+)\.[^.\s]+$/i.exec(authorization)?.[1];
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload ?? "", "base64url").toString());
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

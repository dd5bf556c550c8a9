/**
 * The Idempotency-Key protocol as a pure decision, used by the gateway's key objects and by the checkout partition:
 * first use runs; in flight → 409; another body → 422; finished → the stored answer again.
 * Source: draft-ietf-httpapi-idempotency-key-header and Stripe's behaviour.
 */
import * as z from "zod";

/** How long an answer is kept for replay. */
export const IDEMPOTENCY_RETENTION_MS = 24 * 60 * 60 * 1000;
/** A request that never finished (its isolate died) frees its key after this long. */
export const IDEMPOTENCY_LEASE_MS = 60_000;

/** 1–255 visible ASCII characters. */
export const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 visible ASCII characters");

export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
}

export interface IdempotencyRecord {
  readonly bodySha256: string;
  readonly startedAtMs: number;
  readonly answer: StoredAnswer | null;
}

export type IdempotencyDecision =
  | { readonly kind: "run" }
  | { readonly kind: "replay"; readonly answer: StoredAnswer }
  | { readonly kind: "in_flight"; readonly retryAfterSeconds: number }
  | { readonly kind: "other_body" };

export function decideIdempotency(record: IdempotencyRecord | undefined, bodySha256: string, nowMs: number): IdempotencyDecision {
  if (record === undefined || nowMs - record.startedAtMs >= IDEMPOTENCY_RETENTION_MS) return { kind: "run" };
  if (record.bodySha256 !== bodySha256) return { kind: "other_body" };
  if (record.answer !== null) return { kind: "replay", answer: record.answer };
  if (nowMs - record.startedAtMs >= IDEMPOTENCY_LEASE_MS) return { kind: "run" };
  return { kind: "in_flight", retryAfterSeconds: 1 };
}

export async function sha256Hex(body: string | ArrayBuffer): Promise<string> {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * When signing keys come and go: published before they sign, kept after they signed, so that no valid token ever meets a
 * verifier without its key. Pure.
 */
import { ACCESS_TOKEN_LIFETIME_SECONDS, JWKS_CACHE_SECONDS } from "./contract.ts";

export interface KeyState {
  readonly kid: string;
  readonly state: "pending" | "active" | "retiring";
  readonly createdAtMs: number;
  readonly stateSinceMs: number;
}

export type KeyStep =
  | { readonly kind: "publish_next" }
  | { readonly kind: "promote"; readonly kid: string }
  | { readonly kind: "drop"; readonly kid: string };

/** A signer serves this long, then the next one is published. */
export const SIGNER_AGE_MAX_MS = 90 * 24 * 60 * 60 * 1000;
/** Every cached key set is older than this by the time the new key signs. */
export const PUBLISH_AHEAD_MS = 2 * JWKS_CACHE_SECONDS * 1000;
/** An isolate looks for a new signer this often. */
export const SIGNER_CACHE_MS = 60_000;
/** The last token of an old key: signed by an isolate that had not looked again, then valid for a whole lifetime. Twice, for skew. */
export const RETIRE_AFTER_MS = 2 * (SIGNER_CACHE_MS + ACCESS_TOKEN_LIFETIME_SECONDS * 1000);

export function planKeyRotation(keys: readonly KeyState[], nowMs: number): KeyStep[] {
  const active = keys.find((key) => key.state === "active");
  const pending = keys.find((key) => key.state === "pending");
  const steps: KeyStep[] = keys
    .filter((key) => key.state === "retiring" && nowMs - key.stateSinceMs >= RETIRE_AFTER_MS)
    .map((key) => ({ kind: "drop", kid: key.kid }));
  if (pending !== undefined && nowMs - pending.stateSinceMs >= PUBLISH_AHEAD_MS) {
    steps.push({ kind: "promote", kid: pending.kid });
  }
  if (pending === undefined && active !== undefined && nowMs - active.createdAtMs >= SIGNER_AGE_MAX_MS) {
    steps.push({ kind: "publish_next" });
  }
  return steps;
}

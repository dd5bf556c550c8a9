/**
 * The chain of records: each hash covers the one before, so that a record that is changed, left out or slipped in later breaks
 * every hash that follows. Pure.
 */
import { createHash } from "node:crypto";

export const GENESIS_HASH = "0".repeat(64);

export interface LogRecord {
  readonly sequence: number;
  readonly kind: "attempt" | "outcome";
  readonly entry: string;
  readonly atMs: number;
  readonly actor: string;
  readonly resource: string;
  readonly body: string;
}

export function hashOf(previousHash: string, record: LogRecord): string {
  const { sequence, kind, entry, atMs, actor, resource, body } = record;
  const text = JSON.stringify([previousHash, sequence, kind, entry, atMs, actor, resource, body]);
  return createHash("sha256").update(text).digest("hex");
}

export interface Link {
  readonly sequence: number;
  readonly hash: string;
}

/** @returns the last good link, and the first record that does not follow from the one before; null when all do. */
export function followChain(
  from: Link,
  records: readonly (LogRecord & { readonly hash: string })[],
): { readonly last: Link; readonly brokenAt: number | null } {
  let last = from;
  for (const record of records) {
    const follows = record.sequence === last.sequence + 1 && record.hash === hashOf(last.hash, record);
    if (!follows) return { last, brokenAt: last.sequence + 1 };
    last = { sequence: record.sequence, hash: record.hash };
  }
  return { last, brokenAt: null };
}

/** What identity needs to know of the objects that count attempts: how buckets are spread, and what a bucket holds. */

/** Objects that share the buckets; a bucket's object is found from its name alone. */
const SHARDS = 32;

/** `burst` attempts at once, then one per `refillMs`. */
export interface Quota {
  readonly burst: number;
  readonly refillMs: number;
}

export type AttemptDecision = { readonly allowed: true } | { readonly allowed: false; readonly retryAfterMs: number };

/** @param bucket hex digits, evenly spread. */
export function shardOf(bucket: string): string {
  return `attempts-${Number.parseInt(bucket.slice(0, 4), 16) % SHARDS}`;
}

/** What the gateway needs to know of the objects that keep idempotency keys: how they are spread, and what they hold. */

/** Objects that share the keys; a key's object is found from its record id alone. */
export const SHARDS = 16;

/** Longer answers are not kept for replay. */
export const ANSWER_CHARACTERS_MAX = 65_536;

/** @param recordId hex digits, evenly spread. */
export function shardOf(recordId: string): string {
  return `keys-${Number.parseInt(recordId.slice(0, 2), 16) % SHARDS}`;
}

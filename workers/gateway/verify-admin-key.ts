/** Compares a presented bearer value with the admin key in constant time, by digests of equal length. Pure. */
import { createHash, timingSafeEqual } from "node:crypto";

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** @returns a check against one key, whose digest is taken once. */
export function adminKeyCheck(adminKey: string): (presented: string) => boolean {
  const expected = digestOf(adminKey);
  return (presented) => timingSafeEqual(digestOf(presented), expected);
}

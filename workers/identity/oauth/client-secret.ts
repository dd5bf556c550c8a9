/** Secrets of clients: 256 random bits, of which the database holds the hash, compared in constant time. Pure but for chance. */
import { timingSafeEqual } from "node:crypto";
import { sha256Hex } from "../../shared/idempotency.ts";
import type { ClientRow } from "./schema.ts";

const SECRET_BYTES = 32;
const PREFIX = "hfs_";
/** What an unknown client is compared with: nothing hashes to it. */
const NO_HASH = "0".repeat(64);

export async function newClientSecret(): Promise<{ readonly secret: string; readonly sha256: string }> {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  const secret = PREFIX + bytes.toBase64({ alphabet: "base64url", omitPadding: true });
  return { secret, sha256: await sha256Hex(secret) };
}

/** Takes the same time for an unknown client and a wrong secret. */
export async function isSecretOf(client: ClientRow | undefined, presented: string, nowMs: number): Promise<boolean> {
  const sha256 = await sha256Hex(presented);
  const isCurrent = isSameHash(sha256, client?.secretSha256 ?? NO_HASH);
  const isPrevious = isSameHash(sha256, client?.previousSecretSha256 ?? NO_HASH);
  return isCurrent || (isPrevious && nowMs < (client?.previousSecretUntilMs ?? 0));
}

function isSameHash(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(left, "hex"), Buffer.from(right, "hex"));
}

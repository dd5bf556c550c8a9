/**
 * What an API key opens, as of now: one indexed read by the hash of the whole key, alike for keys that are unknown, revoked,
 * expired or rotated away. A key never has more than its maker has at this moment.
 */
import { and, eq, gt, isNull, lt, or } from "drizzle-orm";
import { covers, type StaffRole, scopesOf } from "../shared/staff-roles.ts";
import type { ApiKeyStanding } from "./contract.ts";
import type { Database } from "./env.ts";
import { apiKeySecrets, apiKeys, customers, staff } from "./schema.ts";

/** How exact the last use is: a busy key is written once in a while. */
export const LAST_USE_PRECISION_MS = 60_000;

const SHA256_HEX = /^[0-9a-f]{64}$/;

/** @param later runs what the caller need not wait for. */
export async function openApiKey(
  database: Database,
  keySha256: string,
  nowMs: number,
  later: (work: Promise<unknown>) => void,
): Promise<ApiKeyStanding | null> {
  if (!SHA256_HEX.test(keySha256)) return null;
  const found = await database
    .select({ key: apiKeys, makerRole: staff.role })
    .from(apiKeySecrets)
    .innerJoin(apiKeys, eq(apiKeys.id, apiKeySecrets.keyId))
    .leftJoin(customers, and(eq(customers.id, apiKeys.makerId), eq(customers.status, "active")))
    .leftJoin(staff, eq(staff.customerId, customers.id))
    .where(
      and(
        eq(apiKeySecrets.secretSha256, keySha256),
        or(isNull(apiKeySecrets.expiresAtMs), gt(apiKeySecrets.expiresAtMs, nowMs)),
        isNull(apiKeys.revokedAtMs),
        or(isNull(apiKeys.expiresAtMs), gt(apiKeys.expiresAtMs, nowMs)),
      ),
    )
    .get();
  if (found === undefined) return null;
  const scopes = scopesNow(found.key, found.makerRole);
  if (scopes === null) return null;
  if ((found.key.lastUsedAtMs ?? 0) <= nowMs - LAST_USE_PRECISION_MS) later(noteUse(database, found.key.id, nowMs));
  return { keyId: found.key.id, scopes };
}

/** Pure. @returns null when the maker is of the staff no more. */
export function scopesNow(
  key: { readonly makerId: string | null; readonly scopes: readonly string[] },
  makerRole: StaffRole | null,
): readonly string[] | null {
  if (key.makerId === null) return key.scopes;
  if (makerRole === null) return null;
  const held = scopesOf(makerRole);
  return key.scopes.filter((scope) => covers(held, [scope]));
}

async function noteUse(database: Database, keyId: string, nowMs: number): Promise<void> {
  await database
    .update(apiKeys)
    .set({ lastUsedAtMs: nowMs })
    .where(and(eq(apiKeys.id, keyId), or(isNull(apiKeys.lastUsedAtMs), lt(apiKeys.lastUsedAtMs, nowMs))));
}

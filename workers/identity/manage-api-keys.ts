/**
 * Keys of integrations: made, listed, rotated, revoked. The key itself leaves in the one answer that made it; the database
 * holds its SHA-256, which is enough for 190 random bits. Whoever makes or rotates a key lends it their scopes.
 */
import { and, count, desc, eq, gt, inArray, isNull, lt, or, sql } from "drizzle-orm";
import { newApiKey } from "../shared/api-key.ts";
import { sha256Hex } from "../shared/idempotency.ts";
import { newId } from "../shared/identifiers.ts";
import type { OperatorScope, Principal } from "../shared/principal.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { covers, type StaffRole } from "../shared/staff-roles.ts";
import type { Database } from "./env.ts";
import type { OperatorError } from "./operator-errors.ts";
import { type ApiKeyRow, type ApiKeySecretRow, apiKeySecrets, apiKeys, staff } from "./schema.ts";

const KEYS_MAX = 200;
const HINT_LENGTH = 4;

export interface ListedKey {
  readonly key: ApiKeyRow;
  readonly makerRole: StaffRole | null;
  /** Those that still open it, the newest first. */
  readonly secrets: readonly ApiKeySecretRow[];
}

/** The one time that the key is known. */
export interface MadeKey {
  readonly listed: ListedKey;
  readonly secret: string;
}

export interface NewKey {
  readonly name: string;
  readonly scopes: readonly OperatorScope[];
  readonly expiresAtMs: number | null;
}

export type MakeKeyError = Extract<OperatorError, { code: "beyond_own_scopes" | "key_limit_reached" | "person_required" }>;

export async function makeApiKey(
  database: Database,
  actor: Principal,
  { name, scopes, expiresAtMs }: NewKey,
  nowMs: number,
): Promise<Result<MadeKey, MakeKeyError>> {
  if (actor.client !== null) return err({ code: "person_required" });
  if (!covers(actor.scopes, scopes)) return err({ code: "beyond_own_scopes" });
  const standing = await database.select({ count: count() }).from(apiKeys).where(stands(nowMs)).get();
  if ((standing?.count ?? 0) >= KEYS_MAX) return err({ code: "key_limit_reached", limit: KEYS_MAX });
  const key: ApiKeyRow = {
    id: newId("key", nowMs),
    name,
    scopes: [...scopes],
    makerId: actor.subject,
    createdAtMs: nowMs,
    expiresAtMs,
    revokedAtMs: null,
    lastUsedAtMs: null,
  };
  const { secret, row } = await newSecret(key.id, nowMs);
  await database.batch([database.insert(apiKeys).values(key), database.insert(apiKeySecrets).values(row)]);
  return await made(database, key.id, secret, nowMs);
}

export type RotateKeyError = Extract<OperatorError, { code: "beyond_own_scopes" | "person_required" | "key_ended" }>;

/** The key gets a new secret; those of before go on for the overlap. Whoever rotates it is its maker from then on. */
export async function rotateApiKey(
  database: Database,
  actor: Principal,
  { key }: ListedKey,
  overlapMs: number,
  nowMs: number,
): Promise<Result<MadeKey, RotateKeyError>> {
  if (actor.client !== null) return err({ code: "person_required" });
  if (!covers(actor.scopes, key.scopes)) return err({ code: "beyond_own_scopes" });
  const { secret, row } = await newSecret(key.id, nowMs);
  const until = nowMs + overlapMs;
  const [taken] = await database.batch([
    database
      .update(apiKeys)
      .set({ makerId: actor.subject })
      .where(and(eq(apiKeys.id, key.id), stands(nowMs)))
      .returning({ id: apiKeys.id }),
    database
      .update(apiKeySecrets)
      .set({ expiresAtMs: sql`min(coalesce(${apiKeySecrets.expiresAtMs}, ${until}), ${until})` })
      .where(eq(apiKeySecrets.keyId, key.id)),
    database.insert(apiKeySecrets).values(row),
  ]);
  if (taken.length === 0) return err({ code: "key_ended" });
  return await made(database, key.id, secret, nowMs);
}

/** Idempotent; whoever may write keys may end any. @returns false when there is no such key. */
export async function revokeApiKey(database: Database, id: string, nowMs: number): Promise<boolean> {
  const [, known] = await database.batch([
    database
      .update(apiKeys)
      .set({ revokedAtMs: nowMs })
      .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAtMs))),
    database.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.id, id)),
  ]);
  return known.length > 0;
}

/** Newest first. */
export async function listApiKeys(
  database: Database,
  which: { readonly limit: number; readonly beforeId: string | undefined } | { readonly id: string },
  nowMs: number,
): Promise<readonly ListedKey[]> {
  const one = "id" in which ? eq(apiKeys.id, which.id) : undefined;
  const page = "id" in which || which.beforeId === undefined ? one : lt(apiKeys.id, which.beforeId);
  const rows = await database
    .select({ key: apiKeys, makerRole: staff.role })
    .from(apiKeys)
    .leftJoin(staff, eq(staff.customerId, apiKeys.makerId))
    .where(page)
    .orderBy(desc(apiKeys.id))
    .limit("id" in which ? 1 : which.limit);
  const ids = sql`(SELECT value FROM json_each(${JSON.stringify(rows.map(({ key }) => key.id))}))`;
  const secrets = await database
    .select()
    .from(apiKeySecrets)
    .where(and(inArray(apiKeySecrets.keyId, ids), or(isNull(apiKeySecrets.expiresAtMs), gt(apiKeySecrets.expiresAtMs, nowMs))))
    .orderBy(desc(apiKeySecrets.createdAtMs));
  return rows.map((row) => ({ ...row, secrets: secrets.filter(({ keyId }) => keyId === row.key.id) }));
}

async function made(database: Database, id: string, secret: string, nowMs: number): Promise<Result<MadeKey, never>> {
  const [listed] = await listApiKeys(database, { id }, nowMs);
  if (listed === undefined) throw new Error("the key was not written");
  return ok({ listed, secret });
}

async function newSecret(keyId: string, nowMs: number): Promise<{ readonly secret: string; readonly row: ApiKeySecretRow }> {
  const secret = newApiKey();
  const hint = secret.slice(-HINT_LENGTH);
  return { secret, row: { secretSha256: await sha256Hex(secret), keyId, hint, createdAtMs: nowMs, expiresAtMs: null } };
}

function stands(nowMs: number) {
  return and(isNull(apiKeys.revokedAtMs), or(isNull(apiKeys.expiresAtMs), gt(apiKeys.expiresAtMs, nowMs)));
}

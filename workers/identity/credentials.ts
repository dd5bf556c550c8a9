/**
 * Where a password meets an address. Every check costs one salt read, one Argon2id hash and one indexed lookup, whether the
 * address is known or not. Sign-in, registration and password change can all guess: the limits on guesses count the three.
 */
import { and, eq, gt, isNotNull, isNull, notExists, type SQL } from "drizzle-orm";
import type { Database } from "./env.ts";
import { type HashSetting, newHashSetting } from "./password-hash.ts";
import { accountMessages, type CustomerRow, customers, passwordSalts } from "./schema.ts";

/** The setting of an address; a new one when nobody claimed the address yet. */
export async function claimHashSetting(database: Database, emailNormalized: string, nowMs: number): Promise<HashSetting> {
  const [, rows] = await database.batch([
    database
      .insert(passwordSalts)
      .values({ emailNormalized, ...newHashSetting(), createdAtMs: nowMs })
      .onConflictDoNothing(),
    database.select().from(passwordSalts).where(eq(passwordSalts.emailNormalized, emailNormalized)),
  ]);
  const setting = rows[0];
  if (setting === undefined) throw new Error("the salt of an address was not written");
  return setting;
}

/** The setting of an address, or a throw-away one that costs the same. */
export async function readHashSetting(database: Database, emailNormalized: string): Promise<HashSetting> {
  const known = await database.select().from(passwordSalts).where(eq(passwordSalts.emailNormalized, emailNormalized)).get();
  return known ?? newHashSetting();
}

/** The account that an address and a password's hash open; `startSession` refuses it when it is disabled. */
export async function findByHash(
  database: Database,
  emailNormalized: string,
  passwordHash: string,
): Promise<CustomerRow | undefined> {
  return await database
    .select()
    .from(customers)
    .where(and(eq(customers.emailNormalized, emailNormalized), eq(customers.passwordHash, passwordHash)))
    .get();
}

/** A salt of an address that no account claims, and that no change of address is under way to, is an address kept for nothing. */
export function removingUnclaimedSalts(database: Database, which: SQL | undefined, nowMs: number) {
  const claims = database
    .select({ id: customers.id })
    .from(customers)
    .where(eq(customers.emailNormalized, passwordSalts.emailNormalized));
  const changes = database
    .select({ id: accountMessages.id })
    .from(accountMessages)
    .where(
      and(
        eq(accountMessages.emailNormalized, passwordSalts.emailNormalized),
        isNotNull(accountMessages.nextPasswordHash),
        isNull(accountMessages.closedAtMs),
        gt(accountMessages.expiresAtMs, nowMs),
      ),
    );
  return database.delete(passwordSalts).where(and(which, notExists(claims), notExists(changes)));
}

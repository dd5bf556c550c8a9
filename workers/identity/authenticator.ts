/** The authenticator app of an account: whether one protects it, its sealed secret, and how many recovery codes are left. */
import { and, count, eq, isNotNull, sql } from "drizzle-orm";
import type { Database } from "./env.ts";
import { type AuthenticatorRow, authenticators, customers, recoveryCodes } from "./schema.ts";

/** What a secret is sealed for: in another customer's row it opens nothing. */
export function sealLabel(customerId: string): string {
  return `authenticator of ${customerId}`;
}

/** The confirmed one. */
export async function readAuthenticator(database: Database, customerId: string): Promise<AuthenticatorRow | undefined> {
  return await database
    .select()
    .from(authenticators)
    .where(and(eq(authenticators.customerId, customerId), isNotNull(authenticators.confirmedAtMs)))
    .get();
}

/** For statements on `customers`: a password alone does not open this account. */
export const IS_PROTECTED = sql`EXISTS (SELECT 1 FROM ${authenticators}
  WHERE ${authenticators.customerId} = ${customers.id} AND ${authenticators.confirmedAtMs} IS NOT NULL)`;

export interface AuthenticatorState {
  readonly confirmedAtMs: number | null;
  readonly recoveryCodesLeft: number;
}

export async function authenticatorState(database: Database, customerId: string): Promise<AuthenticatorState> {
  const [rows, left] = await database.batch([
    database.select().from(authenticators).where(eq(authenticators.customerId, customerId)),
    database.select({ count: count() }).from(recoveryCodes).where(eq(recoveryCodes.customerId, customerId)),
  ]);
  return { confirmedAtMs: rows[0]?.confirmedAtMs ?? null, recoveryCodesLeft: left[0]?.count ?? 0 };
}

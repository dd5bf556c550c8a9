/**
 * Opens an account. An address is only a claim until it is confirmed, so several accounts may claim one; the answer never
 * tells whether somebody else does (docs/decisions/005-registration.md). The same address with the same password is the
 * same account: a repeated registration signs in.
 */
import { and, eq } from "drizzle-orm";
import { newId } from "../shared/identifiers.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { claimHashSetting } from "./credentials.ts";
import type { EmailAddress } from "./email-address.ts";
import type { Database } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { hashPassword } from "./password-hash.ts";
import { findPasswordWeakness } from "./password-strength.ts";
import { type CustomerRow, customers } from "./schema.ts";

export interface Registration {
  readonly email: EmailAddress;
  readonly password: string;
  readonly name: string | null;
}

export type RegisterError = Extract<IdentityError, { code: "weak_password" }>;

export async function registerCustomer(
  database: Database,
  { email, password, name }: Registration,
  nowMs: number,
): Promise<Result<CustomerRow, RegisterError>> {
  const weakness = findPasswordWeakness(password, email.normalized);
  if (weakness !== undefined) return err({ code: "weak_password", field: "password", message: weakness });
  const passwordHash = hashPassword(password, await claimHashSetting(database, email.normalized, nowMs));
  const account = {
    id: newId("cus", nowMs),
    email: email.original,
    emailNormalized: email.normalized,
    emailConfirmedAtMs: null,
    passwordHash,
    name,
    status: "active" as const,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  const [, rows] = await database.batch([
    database
      .insert(customers)
      .values(account)
      .onConflictDoNothing({ target: [customers.emailNormalized, customers.passwordHash] }),
    database
      .select()
      .from(customers)
      .where(and(eq(customers.emailNormalized, email.normalized), eq(customers.passwordHash, passwordHash))),
  ]);
  const customer = rows[0];
  if (customer === undefined) throw new Error("the account was not written");
  return ok(customer);
}

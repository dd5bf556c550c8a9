/**
 * Opens an account. An address is only a claim until it is confirmed, so several accounts may claim one; the answer never
 * tells whether somebody else does (docs/decisions/005-registration.md). The same address with the same password is the
 * same account: a repeated registration signs in.
 */
import { and, eq } from "drizzle-orm";
import { newId } from "../shared/identifiers.ts";
import type { Locale } from "../shared/locales.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { askToConfirm } from "./confirm-email.ts";
import { claimHashSetting } from "./credentials.ts";
import type { EmailAddress } from "./email-address.ts";
import type { Database, Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { strangersAttempts, takeAttempts } from "./guess-quotas.ts";
import { hashPassword } from "./password-hash.ts";
import { findPasswordWeakness } from "./password-strength.ts";
import { type CustomerRow, customers } from "./schema.ts";

export interface Registration {
  readonly email: EmailAddress;
  readonly password: string;
  readonly name: string | null;
  readonly language: Locale;
  /** Where it comes from; null when nothing is known. */
  readonly network: string | null;
}

export type RegisterError = Extract<IdentityError, { code: "weak_password" | "too_many_attempts" }>;

export async function registerCustomer(
  store: Store,
  { email, password, name, language, network }: Registration,
  nowMs: number,
): Promise<Result<CustomerRow, RegisterError>> {
  const weakness = await findPasswordWeakness(password, email.normalized);
  if (weakness !== undefined) return err({ code: "weak_password", field: "password", message: weakness });
  // The pair may be somebody's: a registration is a guess, and nobody can tell from outside whether it was right.
  const taken = await takeAttempts(store, strangersAttempts(email.normalized, network, "registration_by_network"));
  if (!taken.ok) return taken;
  const { database } = store;
  const passwordHash = hashPassword(password, await claimHashSetting(database, email.normalized, nowMs));
  const claim = { email: email.original, emailNormalized: email.normalized, passwordHash, name, language };
  return ok(await openAccount(database, claim, nowMs));
}

/** The account of this address and password, whose claim it is until the address is confirmed; a new one when there is none. */
export async function openAccount(
  database: Database,
  claim: Pick<CustomerRow, "email" | "emailNormalized" | "passwordHash" | "name" | "language">,
  nowMs: number,
): Promise<CustomerRow> {
  const account = {
    id: newId("cus", nowMs),
    ...claim,
    emailConfirmedAtMs: null,
    status: "active" as const,
    devicesSinceMs: 0,
    ordersToldAtMs: null,
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
      .where(and(eq(customers.emailNormalized, claim.emailNormalized), eq(customers.passwordHash, claim.passwordHash))),
  ]);
  const customer = rows[0];
  if (customer === undefined) throw new Error("the account was not written");
  return customer;
}

/** For after the answer: the mail that confirms the address, unless its mailbox has had enough of them. */
export async function welcome(store: Store, customer: CustomerRow, nowMs: number): Promise<void> {
  const allowed = await takeAttempts(store, [{ quota: "mail_by_account", of: customer.emailNormalized }]);
  if (allowed.ok) await askToConfirm(store, customer, nowMs);
}

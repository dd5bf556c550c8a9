/** Sets a new password for whoever knows the current one, and signs every other device and app out in the same transaction. */
import { and, eq, ne } from "drizzle-orm";
import { err, ok, type Result } from "../shared/result.ts";
import { closingMessages } from "./account-message.ts";
import type { Database, Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import type { Account } from "./find-account.ts";
import { revokingAllGrants } from "./oauth/revoke-grants.ts";
import { hashPassword } from "./password-hash.ts";
import { findPasswordWeakness } from "./password-strength.ts";
import { type OwnPasswordError, proveOwnPassword } from "./prove-own-password.ts";
import { revokingOtherSessions } from "./revoke-sessions.ts";
import { customers } from "./schema.ts";

export type ChangePasswordError = OwnPasswordError | Extract<IdentityError, { code: "weak_password" }>;

export async function changePassword(
  store: Store,
  { customer, session }: Account,
  passwords: { readonly current: string; readonly next: string },
  nowMs: number,
): Promise<Result<null, ChangePasswordError>> {
  const { database } = store;
  const proven = await proveOwnPassword(store, customer, passwords.current);
  if (!proven.ok) return proven;
  const weakness = await findPasswordWeakness(passwords.next, customer.emailNormalized);
  if (weakness !== undefined) return err({ code: "weak_password", field: "new", message: weakness });
  const passwordHash = hashPassword(passwords.next, proven.value);
  if (await isTaken(database, customer.id, customer.emailNormalized, passwordHash)) {
    return err({ code: "weak_password", field: "new", message: "cannot be used for this address, choose another" });
  }
  await database.batch([
    database.update(customers).set({ passwordHash, updatedAtMs: nowMs }).where(eq(customers.id, customer.id)),
    closingMessages(database, customer.id, ["reset_password", "change_email"], nowMs),
    revokingOtherSessions(database, customer.id, session.id, "password_changed", nowMs),
    revokingAllGrants(database, customer.id, "password_changed", nowMs),
  ]);
  return ok(null);
}

/** Another account that claims the same address has this password: the pair would open two accounts. */
async function isTaken(database: Database, customerId: string, emailNormalized: string, passwordHash: string): Promise<boolean> {
  const other = await database
    .select({ id: customers.id })
    .from(customers)
    .where(
      and(eq(customers.emailNormalized, emailNormalized), eq(customers.passwordHash, passwordHash), ne(customers.id, customerId)),
    )
    .get();
  return other !== undefined;
}

/**
 * The end of an account. Its password is asked again before; closing it is at once and for everybody, so that nothing new comes
 * about while the services forget the rest.
 */
import { eq } from "drizzle-orm";
import { err, ok, type Result } from "../shared/result.ts";
import { announceMessage, closingMessages } from "./account-message.ts";
import { writingAddressMessage } from "./address-message.ts";
import { ACCOUNT_MESSAGE_KINDS, type PasswordRefused } from "./contract.ts";
import type { Database, Store } from "./env.ts";
import { proveOwnPassword } from "./prove-own-password.ts";
import { revokingAllSessions } from "./revoke-sessions.ts";
import { type CustomerRow, customers } from "./schema.ts";

export async function provePasswordOf(
  store: Store,
  customerId: string,
  password: string,
): Promise<Result<null, PasswordRefused>> {
  const customer = await findCustomer(store.database, customerId);
  if (customer === undefined) return err({ code: "wrong_password" });
  const proven = await proveOwnPassword(store, customer, password);
  return proven.ok ? ok(null) : proven;
}

/** @returns false when there is no such account */
export async function closeAccount(store: Store, customerId: string, nowMs: number): Promise<boolean> {
  const { database } = store;
  const customer = await findCustomer(database, customerId);
  if (customer === undefined) return false;
  if (customer.status === "disabled") return true;
  const email = { original: customer.email, normalized: customer.emailNormalized };
  const notice = writingAddressMessage(database, "erasure_begun", email, nowMs);
  await database.batch([
    database.update(customers).set({ status: "disabled", updatedAtMs: nowMs }).where(eq(customers.id, customerId)),
    revokingAllSessions(database, customerId, "revoked", nowMs),
    closingMessages(database, customerId, ACCOUNT_MESSAGE_KINDS, nowMs),
    notice.statement,
  ]);
  await announceMessage(store, notice.id);
  return true;
}

async function findCustomer(database: Database, customerId: string): Promise<CustomerRow | undefined> {
  return await database.select().from(customers).where(eq(customers.id, customerId)).get();
}

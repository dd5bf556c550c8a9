/**
 * The end of an account: at once and for everybody, so that nothing new comes about while the services forget the rest. Its
 * owner has proven before that they are (`prove-owner.ts`).
 */
import { eq } from "drizzle-orm";
import { announceMessage, closingMessages } from "./account-message.ts";
import { writingAddressMessage } from "./address-message.ts";
import { ACCOUNT_MESSAGE_KINDS } from "./contract.ts";
import type { Store } from "./env.ts";
import { revokingAllSessions } from "./revoke-sessions.ts";
import { customers } from "./schema.ts";

/** @returns false when there is no such account */
export async function closeAccount(store: Store, customerId: string, nowMs: number): Promise<boolean> {
  const { database } = store;
  const customer = await database.select().from(customers).where(eq(customers.id, customerId)).get();
  if (customer === undefined) return false;
  if (customer.status === "disabled") return true;
  const email = { original: customer.email, normalized: customer.emailNormalized };
  const notice = writingAddressMessage(database, { kind: "erasure_begun", email, language: customer.language }, nowMs);
  await database.batch([
    database.update(customers).set({ status: "disabled", updatedAtMs: nowMs }).where(eq(customers.id, customerId)),
    revokingAllSessions(database, customerId, "revoked", nowMs),
    closingMessages(database, customerId, ACCOUNT_MESSAGE_KINDS, nowMs),
    notice.statement,
  ]);
  await announceMessage(store, notice.id);
  return true;
}

/** The passkeys of an account: listed, named and removed by their owner. */
import { and, asc, eq } from "drizzle-orm";
import type { Database, Store } from "./env.ts";
import { tellingOwner } from "./notify-owner.ts";
import { type CustomerRow, type PasskeyRow, passkeys } from "./schema.ts";

/** More than anybody has devices. */
export const PASSKEYS_MAX = 20;

function own(customerId: string, passkeyId: string) {
  return and(eq(passkeys.id, passkeyId), eq(passkeys.customerId, customerId));
}

/** Oldest first; all of them. */
export async function listPasskeys(database: Database, customerId: string): Promise<PasskeyRow[]> {
  return await database.select().from(passkeys).where(eq(passkeys.customerId, customerId)).orderBy(asc(passkeys.id));
}

/** @returns undefined when there is no such passkey of this customer. */
export async function renamePasskey(
  database: Database,
  customerId: string,
  passkeyId: string,
  name: string,
): Promise<PasskeyRow | undefined> {
  const [renamed] = await database.update(passkeys).set({ name }).where(own(customerId, passkeyId)).returning();
  return renamed;
}

/** Sessions that it opened stay. @returns false when there is no such passkey of this customer. */
export async function removePasskey(store: Store, customer: CustomerRow, passkeyId: string, nowMs: number): Promise<boolean> {
  const { database } = store;
  const itself = own(customer.id, passkeyId);
  if ((await database.select({ id: passkeys.id }).from(passkeys).where(itself).get()) === undefined) return false;
  const notice = await tellingOwner(store, customer, "passkey_removed", nowMs);
  const [removed] = await database.batch([
    database.delete(passkeys).where(itself).returning({ id: passkeys.id }),
    ...notice.statements,
  ]);
  await notice.announce();
  return removed.length > 0;
}

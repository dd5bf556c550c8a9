/**
 * Guest orders of a confirmed address: whose they are is looked up by the address, so that no order, log or partition has to
 * change, and a later guest order of the same address is the customer's, too.
 */
import { desc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Order } from "./contract.ts";
import { confirmedAddresses } from "./schema.ts";

/** Whoever changes the address more often than this sees the guest orders of the latest. */
const ADDRESSES_MAX = 20;

/** The last who proved an address has it: a mailbox that changed hands takes its orders along, as it does their mails. */
export async function ownAddress(
  database: D1Database,
  customerId: string,
  emailNormalized: string,
  nowMs: number,
): Promise<void> {
  await drizzle(database)
    .insert(confirmedAddresses)
    .values({ emailNormalized, customerId, confirmedAtMs: nowMs })
    .onConflictDoUpdate({ target: confirmedAddresses.emailNormalized, set: { customerId, confirmedAtMs: nowMs } });
}

/** Addresses that the customer has confirmed, newest first: the present one, and those of before. */
export async function confirmedAddressesOf(database: D1Database, customerId: string): Promise<readonly string[]> {
  const rows = await drizzle(database)
    .select({ email: confirmedAddresses.emailNormalized })
    .from(confirmedAddresses)
    .where(eq(confirmedAddresses.customerId, customerId))
    .orderBy(desc(confirmedAddresses.confirmedAtMs))
    .limit(ADDRESSES_MAX);
  return rows.map((row) => row.email);
}

/** For one order that a guest placed. One indexed read. */
export async function ownsGuestOrder(
  database: D1Database,
  customerId: string,
  order: Pick<Order, "customerId" | "email">,
): Promise<boolean> {
  if (order.customerId !== null || order.email === "") return false;
  const owner = await drizzle(database)
    .select({ customerId: confirmedAddresses.customerId })
    .from(confirmedAddresses)
    .where(eq(confirmedAddresses.emailNormalized, order.email.toLowerCase()))
    .get();
  return owner?.customerId === customerId;
}

/** What customers may change of themselves: the name. Address and password have their own ways. */
import { eq } from "drizzle-orm";
import type { Database } from "./env.ts";
import { type CustomerRow, customers } from "./schema.ts";

export interface ProfileChange {
  /** undefined leaves it, null removes it. */
  readonly name: string | null | undefined;
}

export async function updateProfile(
  database: Database,
  customer: CustomerRow,
  change: ProfileChange,
  nowMs: number,
): Promise<CustomerRow> {
  if (change.name === undefined || change.name === customer.name) return customer;
  const changed = { name: change.name, updatedAtMs: nowMs };
  await database.update(customers).set(changed).where(eq(customers.id, customer.id));
  return { ...customer, ...changed };
}

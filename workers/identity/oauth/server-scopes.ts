/** What a server's client may do at this moment: what it was registered with, and never more than its maker has. */
import { and, eq } from "drizzle-orm";
import type { StaffRole } from "../../shared/staff-roles.ts";
import type { Database } from "../env.ts";
import { scopesNow } from "../open-api-key.ts";
import { customers, staff } from "../schema.ts";
import type { ClientRow } from "./schema.ts";
import { splitScope } from "./scopes.ts";

/** @returns null when its maker is of the staff no more. */
export async function serverScopes(
  database: Database,
  { makerId, scope }: Pick<ClientRow, "makerId" | "scope">,
): Promise<readonly string[] | null> {
  const role = makerId === null ? null : await roleOf(database, makerId);
  return scopesNow({ makerId, scopes: splitScope(scope) }, role);
}

async function roleOf(database: Database, customerId: string): Promise<StaffRole | null> {
  const found = await database
    .select({ role: staff.role })
    .from(staff)
    .innerJoin(customers, and(eq(customers.id, staff.customerId), eq(customers.status, "active")))
    .where(eq(staff.customerId, customerId))
    .get();
  return found?.role ?? null;
}

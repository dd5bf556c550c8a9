/** Who acts in a session, as of now: whose it is and what their role on the staff is. One indexed read; nothing is remembered. */
import { eq } from "drizzle-orm";
import type { StaffRole } from "../shared/staff-roles.ts";
import type { SessionStanding } from "./contract.ts";
import type { Database } from "./env.ts";
import { stands } from "./find-account.ts";
import { customers, sessions, staff } from "./schema.ts";

/** @returns null when the session is revoked, expired or unknown, or the customer disabled. */
export async function sessionStanding(database: Database, sessionId: string, nowMs: number): Promise<SessionStanding | null> {
  const found = await database
    .select({ customerId: customers.id, role: staff.role })
    .from(sessions)
    .innerJoin(customers, eq(customers.id, sessions.customerId))
    .leftJoin(staff, eq(staff.customerId, customers.id))
    .where(stands(sessionId, nowMs))
    .get();
  return found ?? null;
}

export async function staffRole(database: Database, customerId: string): Promise<StaffRole | null> {
  const found = await database.select({ role: staff.role }).from(staff).where(eq(staff.customerId, customerId)).get();
  return found?.role ?? null;
}

/**
 * Who is of the staff, and as what. Nobody grants, changes or takes away more than they have, nobody touches their own role,
 * and a trigger keeps the last owner. A change is in force with the next call, because every call looks the role up.
 */
import { and, count, desc, eq, isNotNull, lt, or } from "drizzle-orm";
import type { Principal } from "../shared/principal.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { covers, type StaffRole, scopesOf } from "../shared/staff-roles.ts";
import type { EmailAddress } from "./email-address.ts";
import type { Database, Store } from "./env.ts";
import type { OperatorError } from "./operator-errors.ts";
import { type CustomerRow, customers, type StaffRow, staff } from "./schema.ts";
import { writeInvitation } from "./staff-invitation.ts";

/** Members and open invitations. */
const STAFF_MAX = 500;

export interface StaffMember {
  readonly member: StaffRow;
  /** Null while invited. */
  readonly account: Pick<CustomerRow, "email" | "name"> | null;
}

function selectStaff(database: Database) {
  return database
    .select({ member: staff, account: { email: customers.email, name: customers.name } })
    .from(staff)
    .leftJoin(customers, eq(customers.id, staff.customerId));
}

/** Null for whoever is not of the staff. */
export async function staffRole(database: Database, customerId: string): Promise<StaffRole | null> {
  const member = await database.select({ role: staff.role }).from(staff).where(eq(staff.customerId, customerId)).get();
  return member?.role ?? null;
}

/** Newest first. */
export async function listStaff(
  database: Database,
  { limit, beforeId }: { readonly limit: number; readonly beforeId: string | undefined },
): Promise<readonly StaffMember[]> {
  return await selectStaff(database)
    .where(beforeId === undefined ? undefined : lt(staff.id, beforeId))
    .orderBy(desc(staff.id))
    .limit(limit);
}

export async function readStaff(database: Database, id: string): Promise<StaffMember | undefined> {
  return await selectStaff(database).where(eq(staff.id, id)).get();
}

export type InviteError = Extract<OperatorError, { code: "beyond_own_scopes" | "already_staff" | "staff_limit_reached" }>;

export async function inviteStaff(
  store: Store,
  actor: Principal,
  { email, role }: { readonly email: EmailAddress; readonly role: StaffRole },
  nowMs: number,
): Promise<Result<StaffMember, InviteError>> {
  const { database } = store;
  const [[total], known] = await database.batch([
    database.select({ count: count() }).from(staff),
    selectStaff(database)
      .where(
        or(
          eq(staff.emailNormalized, email.normalized),
          and(eq(customers.emailNormalized, email.normalized), isNotNull(customers.emailConfirmedAtMs)),
        ),
      )
      .limit(2),
  ]);
  const replaced = known.map(({ member }) => member.role);
  if (![role, ...replaced].every((each) => mayHandOut(actor, each))) return err({ code: "beyond_own_scopes" });
  if (known.some(({ account }) => account !== null)) return err({ code: "already_staff" });
  if ((total?.count ?? 0) >= STAFF_MAX) return err({ code: "staff_limit_reached", limit: STAFF_MAX });
  return ok({ member: await writeInvitation(store, email, role, nowMs), account: null });
}

export type ChangeStaffError = Extract<OperatorError, { code: "beyond_own_scopes" | "own_role" | "last_owner" }>;

/** @returns the member as changed. */
export async function changeRole(
  database: Database,
  actor: Principal,
  { member, account }: StaffMember,
  role: StaffRole,
  nowMs: number,
): Promise<Result<StaffMember, ChangeStaffError>> {
  const refused = refuseChange(actor, member, [member.role, role]);
  if (refused !== undefined) return err(refused);
  // The role that was judged is the one that is replaced: two changes at once are not one unnoticed.
  const changing = database
    .update(staff)
    .set({ role, updatedAtMs: nowMs })
    .where(and(eq(staff.id, member.id), eq(staff.role, member.role)))
    .returning();
  const changed = await unlessLastOwner(changing);
  if (changed === "last_owner") return err({ code: "last_owner" });
  return ok({ member: changed[0] ?? member, account });
}

/** Withdraws an invitation, or takes somebody off the staff: the account stays, as a customer's. */
export async function removeStaff(
  database: Database,
  actor: Principal,
  { member }: StaffMember,
): Promise<Result<null, ChangeStaffError>> {
  const refused = refuseChange(actor, member, [member.role]);
  if (refused !== undefined) return err(refused);
  const removed = await unlessLastOwner(database.delete(staff).where(and(eq(staff.id, member.id), eq(staff.role, member.role))));
  return removed === "last_owner" ? err({ code: "last_owner" }) : ok(null);
}

function mayHandOut(actor: Principal, role: StaffRole): boolean {
  return covers(actor.scopes, scopesOf(role));
}

function refuseChange(actor: Principal, member: StaffRow, roles: readonly StaffRole[]): ChangeStaffError | undefined {
  if (member.customerId !== null && member.customerId === actor.subject) return { code: "own_role" };
  return roles.every((role) => mayHandOut(actor, role)) ? undefined : { code: "beyond_own_scopes" };
}

/** The trigger's word, as a value. */
async function unlessLastOwner<T>(change: PromiseLike<T>): Promise<T | "last_owner"> {
  try {
    return await change;
  } catch (error) {
    if (/the last owner stays/.test(messagesOf(error))) return "last_owner";
    throw error;
  }
}

/** Drizzle wraps what the database said. */
function messagesOf(error: unknown): string {
  return error instanceof Error ? `${error.message} ${messagesOf(error.cause)}` : "";
}

/**
 * Joining the staff, by the link of the mail. Whoever has the mailbox has the address: an address without a confirmed account
 * gets one with the password that is sent along. A confirmed account stays as it is and joins with its own password, so that
 * a link that lies in a mailbox for days replaces no password and passes no second factor.
 */
import { and, eq, inArray, isNotNull, sql } from "drizzle-orm";
import { LOCALE_DEFAULT } from "../shared/locales.ts";
import type { PrivilegedAttempt } from "../shared/privileged-act.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { closingMessages } from "./account-message.ts";
import { closingOtherClaims } from "./confirm-email.ts";
import { claimHashSetting } from "./credentials.ts";
import type { Database, Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { hashPassword } from "./password-hash.ts";
import { findPasswordWeakness } from "./password-strength.ts";
import { proveOwnPassword } from "./prove-own-password.ts";
import { openAccount } from "./register-customer.ts";
import { revokingAllSessions } from "./revoke-sessions.ts";
import { type CustomerRow, customers, type StaffRow, staff } from "./schema.ts";
import { findInvitation, openInvitation } from "./staff-invitation.ts";

export type AcceptError = Extract<
  IdentityError,
  { code: "invalid_link" | "weak_password" | "wrong_password" | "too_many_attempts" }
>;

export interface Acceptance {
  readonly token: string;
  readonly password: string;
  readonly name: string | null;
}

/** @param writeDown is told who becomes what before it happens; when it throws, nothing happens. */
export async function acceptInvitation(
  store: Store,
  { token, password, name }: Acceptance,
  writeDown: (member: Pick<StaffRow, "id" | "role">, customerId: string) => Promise<void>,
  nowMs: number,
): Promise<Result<{ readonly customerId: string; readonly member: StaffRow }, AcceptError>> {
  const invitation = await findInvitation(store, token, nowMs);
  if (invitation?.email == null || invitation.emailNormalized === null) return err({ code: "invalid_link" });
  const owner = await confirmedAccount(store.database, invitation.emailNormalized);
  const account =
    owner === undefined
      ? await accountWithPassword(store, invitation.email, invitation.emailNormalized, { password, name }, nowMs)
      : await proveOwner(store, owner, password);
  if (!account.ok) return account;
  const customerId = account.value.id;
  await writeDown(invitation, customerId);
  const joined = await join(store.database, invitation, account.value, nowMs);
  return joined === undefined ? err({ code: "invalid_link" }) : ok({ customerId, member: joined });
}

async function confirmedAccount(database: Database, emailNormalized: string): Promise<CustomerRow | undefined> {
  return await database
    .select()
    .from(customers)
    .where(and(eq(customers.emailNormalized, emailNormalized), isNotNull(customers.emailConfirmedAtMs)))
    .get();
}

async function proveOwner(store: Store, owner: CustomerRow, password: string): Promise<Result<CustomerRow, AcceptError>> {
  const proven = await proveOwnPassword(store, owner, password);
  return proven.ok ? ok(owner) : proven;
}

async function accountWithPassword(
  store: Store,
  email: string,
  emailNormalized: string,
  { password, name }: Pick<Acceptance, "password" | "name">,
  nowMs: number,
): Promise<Result<CustomerRow, AcceptError>> {
  const weakness = await findPasswordWeakness(password, emailNormalized);
  if (weakness !== undefined) return err({ code: "weak_password", field: "password", message: weakness });
  const passwordHash = hashPassword(password, await claimHashSetting(store.database, emailNormalized, nowMs));
  return ok(await openAccount(store.database, { email, emailNormalized, passwordHash, name, language: LOCALE_DEFAULT }, nowMs));
}

/**
 * One batch, of which nothing happens once the link is used. An unconfirmed claim becomes its mailbox's: whoever else knew
 * its password is signed out of it, on every device.
 */
async function join(database: Database, invitation: StaffRow, account: CustomerRow, nowMs: number) {
  const { id, emailNormalized } = account;
  const stillOpen = sql`EXISTS (SELECT 1 FROM ${staff} WHERE ${openInvitation(invitation.messageId, nowMs)})`;
  const confirming = [
    database
      .update(customers)
      .set({ emailConfirmedAtMs: nowMs, devicesSinceMs: nowMs, updatedAtMs: nowMs })
      .where(and(eq(customers.id, id), eq(customers.status, "active"), stillOpen)),
    ...closingOtherClaims(database, id, emailNormalized, nowMs),
    revokingAllSessions(database, id, "revoked", nowMs),
    closingMessages(database, id, ["confirm_email", "change_email", "reset_password"], nowMs),
  ] as const;
  const standing = database
    .select({ id: customers.id })
    .from(customers)
    .where(and(eq(customers.id, id), eq(customers.status, "active"), isNotNull(customers.emailConfirmedAtMs)));
  const joining = database
    .update(staff)
    .set({ customerId: id, email: null, emailNormalized: null, acceptedAtMs: nowMs, updatedAtMs: nowMs })
    .where(and(openInvitation(invitation.messageId, nowMs), inArray(sql`${id}`, standing), isNoMember(id)))
    .returning();
  const results =
    account.emailConfirmedAtMs === null ? await database.batch([...confirming, joining]) : await database.batch([joining]);
  return (results.at(-1) as readonly StaffRow[])[0];
}

/** Whoever changed to this address since it was invited is a member already. */
function isNoMember(customerId: string) {
  return sql`NOT EXISTS (SELECT 1 FROM staff AS member WHERE member.customer_id = ${customerId})`;
}

/** What the log says of it: the only way to a role that is no call of an operator. */
export function joiningAct(
  member: Pick<StaffRow, "id" | "role">,
  customerId: string,
  call: Pick<PrivilegedAttempt, "id" | "requestId" | "network">,
): PrivilegedAttempt {
  return {
    ...call,
    actor: { kind: "staff", id: customerId, client: null, role: member.role },
    method: "POST",
    path: "/v1/auth/accept-invitation",
    resource: `staff/${member.id}`,
    asked: null,
  };
}

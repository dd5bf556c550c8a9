/**
 * An invitation to the staff is a row of `staff` that nobody has accepted: outbox and one-time token like an account message,
 * with the same kind of link. Inviting an address again replaces the invitation that is open, and its link.
 */
import { and, asc, eq, gt, inArray, isNull } from "drizzle-orm";
import { newId } from "../shared/identifiers.ts";
import { LOCALE_DEFAULT } from "../shared/locales.ts";
import type { StaffRole } from "../shared/staff-roles.ts";
import { announceMessage, LIFETIMES_MS, linkToken, messageOfLink } from "./account-message.ts";
import type { AccountMessage } from "./contract.ts";
import type { EmailAddress } from "./email-address.ts";
import type { Database, Store } from "./env.ts";
import { keyMaterial } from "./key-material.ts";
import { type StaffRow, staff } from "./schema.ts";

const LIFETIME_MS = LIFETIMES_MS.staff_invitation;

export async function writeInvitation(store: Store, email: EmailAddress, role: StaffRole, nowMs: number): Promise<StaffRow> {
  const row: StaffRow = {
    id: newId("stf", nowMs),
    role,
    customerId: null,
    email: email.original,
    emailNormalized: email.normalized,
    messageId: newId("msg", nowMs),
    expiresAtMs: nowMs + LIFETIME_MS,
    sentAtMs: null,
    acceptedAtMs: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  await store.database.batch([
    store.database.delete(staff).where(and(isNull(staff.customerId), eq(staff.emailNormalized, email.normalized))),
    store.database.insert(staff).values(row),
  ]);
  await announceMessage(store, row.messageId);
  return row;
}

/** The condition of every statement that uses an invitation's link. */
export function openInvitation(messageId: string, nowMs: number) {
  return and(eq(staff.messageId, messageId), isNull(staff.customerId), gt(staff.expiresAtMs, nowMs));
}

/** @returns undefined when the link is forged, used, replaced, withdrawn or too late: alike. */
export async function findInvitation(store: Store, token: string, nowMs: number): Promise<StaffRow | undefined> {
  const messageId = await messageOfLink(store, token);
  return messageId === undefined
    ? undefined
    : await store.database.select().from(staff).where(openInvitation(messageId, nowMs)).get();
}

/** For whoever sends the mail, at the moment of sending. Which language they speak nobody has said yet. */
export async function readInvitationMail(store: Store, messageId: string, nowMs: number): Promise<AccountMessage | undefined> {
  const found = await store.database.select().from(staff).where(openInvitation(messageId, nowMs)).get();
  if (found?.email == null) return undefined;
  const token = await linkToken(await keyMaterial(store.keySecret), messageId);
  return {
    kind: "staff_invitation",
    language: LOCALE_DEFAULT,
    email: found.email,
    name: null,
    token,
    expiresAtMs: found.expiresAtMs,
  };
}

export async function listUnsentInvitations(database: Database, limit: number): Promise<readonly string[]> {
  const rows = await database
    .select({ id: staff.messageId })
    .from(staff)
    .where(and(isNull(staff.sentAtMs), isNull(staff.customerId)))
    .orderBy(asc(staff.messageId))
    .limit(limit);
  return rows.map((row) => row.id);
}

export async function markInvitationsSent(database: Database, messageIds: readonly string[], nowMs: number): Promise<void> {
  if (messageIds.length === 0) return;
  await database
    .update(staff)
    .set({ sentAtMs: nowMs })
    .where(and(inArray(staff.messageId, [...messageIds]), isNull(staff.sentAtMs)));
}

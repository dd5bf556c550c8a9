/**
 * Mails to an address that may have no account: links that prove the mailbox of whoever asks for their data or its erasure, and
 * word that an erasure has begun. Rows live for a day at most; the word of an erasure only until it is sent, because it is all
 * that is left of its account.
 */
import { and, asc, eq, gt, inArray, isNull, lt } from "drizzle-orm";
import { newId } from "../shared/identifiers.ts";
import type { Locale } from "../shared/locales.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { announceMessage, linkToken, messageOfLink } from "./account-message.ts";
import type { AccountMessage, AddressMessageKind, InvalidLink, MessageNotWanted, PrivacyPurpose } from "./contract.ts";
import type { EmailAddress } from "./email-address.ts";
import type { Database, Store } from "./env.ts";
import { keyMaterial } from "./key-material.ts";
import { addressMessages } from "./schema.ts";

const LIFETIME_MS = 24 * 60 * 60 * 1000;
const KIND_OF_LINK: Readonly<Record<PrivacyPurpose, AddressMessageKind>> = {
  export: "confirm_export",
  erasure: "confirm_erasure",
};

/** For a batch. */
export function writingAddressMessage(
  database: Database,
  { kind, email, language }: { readonly kind: AddressMessageKind; readonly email: EmailAddress; readonly language: Locale },
  nowMs: number,
) {
  const id = newId("msg", nowMs);
  const row = { id, kind, language, email: email.original, emailNormalized: email.normalized, createdAtMs: nowMs };
  const statement = database.insert(addressMessages).values({ ...row, expiresAtMs: nowMs + LIFETIME_MS, sentAtMs: null });
  return { id, statement };
}

export async function mailPrivacyLink(
  store: Store,
  { purpose, ...to }: { readonly email: EmailAddress; readonly purpose: PrivacyPurpose; readonly language: Locale },
  nowMs: number,
): Promise<void> {
  const { id, statement } = writingAddressMessage(store.database, { kind: KIND_OF_LINK[purpose], ...to }, nowMs);
  await statement;
  await announceMessage(store, id);
}

/** Forged, too late, or for another purpose: alike. @returns the address that the link proves */
export async function openPrivacyLink(
  store: Store,
  token: string,
  purpose: PrivacyPurpose,
  nowMs: number,
): Promise<Result<{ readonly messageId: string; readonly emailNormalized: string }, InvalidLink>> {
  const messageId = await messageOfLink(store, token);
  if (messageId === undefined) return err({ code: "invalid_link" });
  const row = await store.database
    .select()
    .from(addressMessages)
    .where(
      and(
        eq(addressMessages.id, messageId),
        eq(addressMessages.kind, KIND_OF_LINK[purpose]),
        gt(addressMessages.expiresAtMs, nowMs),
      ),
    )
    .get();
  return row === undefined ? err({ code: "invalid_link" }) : ok({ messageId, emailNormalized: row.emailNormalized });
}

/** For whoever sends the mail. */
export async function readAddressMessage(
  store: Store,
  messageId: string,
  nowMs: number,
): Promise<Result<AccountMessage, MessageNotWanted>> {
  const row = await store.database
    .select()
    .from(addressMessages)
    .where(and(eq(addressMessages.id, messageId), gt(addressMessages.expiresAtMs, nowMs)))
    .get();
  if (row === undefined) return err({ code: "message_not_wanted" });
  const { kind, language, email, expiresAtMs } = row;
  const token = kind === "erasure_begun" ? null : await linkToken(await keyMaterial(store.keySecret), messageId);
  return ok({ kind, language, email, name: null, token, expiresAtMs });
}

export async function listUnsentAddressMessages(database: Database, limit: number): Promise<readonly string[]> {
  const rows = await database
    .select({ id: addressMessages.id })
    .from(addressMessages)
    .where(isNull(addressMessages.sentAtMs))
    .orderBy(asc(addressMessages.id))
    .limit(limit);
  return rows.map((row) => row.id);
}

export async function markAddressMessagesSent(database: Database, ids: readonly string[], nowMs: number): Promise<void> {
  if (ids.length === 0) return;
  const these = inArray(addressMessages.id, [...ids]);
  await database.batch([
    database.delete(addressMessages).where(and(these, eq(addressMessages.kind, "erasure_begun"))),
    database
      .update(addressMessages)
      .set({ sentAtMs: nowMs })
      .where(and(these, isNull(addressMessages.sentAtMs))),
  ]);
}

/** For the batch of the schedule. */
export function removingExpiredAddressMessages(database: Database, nowMs: number) {
  return database.delete(addressMessages).where(lt(addressMessages.expiresAtMs, nowMs));
}

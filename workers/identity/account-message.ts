/**
 * Mails about an account. A row of `account_messages` is the outbox and the one-time token: its link's secret is a keyed hash
 * of the row's id, made when the mail is sent and when the link is used, so that no database, queue or log ever holds it.
 */
import { and, asc, eq, gt, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { idSchema, newId } from "../shared/identifiers.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { logger } from "../shared/telemetry.ts";
import type { AccountMessage, AccountMessageKind, MessageNotWanted } from "./contract.ts";
import type { Database, Store } from "./env.ts";
import { type KeyMaterial, keyMaterial } from "./key-material.ts";
import { type AccountMessageRow, accountMessages, type CustomerRow, customers } from "./schema.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a link works, or a message without one is worth sending. */
export const LIFETIMES_MS: Readonly<Record<AccountMessageKind, number>> = {
  confirm_email: 72 * HOUR_MS,
  reset_password: 30 * MINUTE_MS,
  change_email: 24 * HOUR_MS,
  email_changed: 72 * HOUR_MS,
  password_reset: 72 * HOUR_MS,
  two_factor_on: 72 * HOUR_MS,
  two_factor_off: 72 * HOUR_MS,
  recovery_code_used: 72 * HOUR_MS,
  passkey_added: 72 * HOUR_MS,
  passkey_removed: 72 * HOUR_MS,
  app_allowed: 72 * HOUR_MS,
  two_factor_reset: 72 * HOUR_MS,
  staff_invitation: 72 * HOUR_MS,
};
const LINK_KINDS: readonly AccountMessageKind[] = ["confirm_email", "reset_password", "change_email"];
export type LinkKind = "confirm_email" | "reset_password" | "change_email";

const TOKEN = /^(msg_[0-9a-z]{26})\.([A-Za-z0-9_-]{43})$/;
export const LINK_TOKEN_LENGTH_MAX = 100;
const MessageId = idSchema("msg");
const encoder = new TextEncoder();

export interface NewMessage {
  readonly customerId: string;
  readonly kind: AccountMessageKind;
  readonly email: string;
  readonly emailNormalized: string;
  readonly nextPasswordHash?: string;
}

/**
 * For a batch: the message takes the place of the open one of its kind, whose link is void from then on.
 * @param onlyIf of the database as the batch has changed it so far: what the message tells about has come about.
 */
export function writingMessage(database: Database, message: NewMessage, nowMs: number, onlyIf: SQL = sql`true`) {
  const { customerId, kind, email, emailNormalized, nextPasswordHash = null } = message;
  const id = newId("msg", nowMs);
  const row = database
    .select({
      id: sql<string>`${id}`.as("id"),
      customerId: customers.id,
      kind: sql<AccountMessageKind>`${kind}`.as("kind"),
      email: sql<string>`${email}`.as("email"),
      emailNormalized: sql<string>`${emailNormalized}`.as("email_normalized"),
      nextPasswordHash: sql<string | null>`${nextPasswordHash}`.as("next_password_hash"),
      createdAtMs: sql<number>`${nowMs}`.as("created_at_ms"),
      expiresAtMs: sql<number>`${nowMs + LIFETIMES_MS[kind]}`.as("expires_at_ms"),
      closedAtMs: sql<null>`NULL`.as("closed_at_ms"),
      sentAtMs: sql<null>`NULL`.as("sent_at_ms"),
    })
    .from(customers)
    .where(and(eq(customers.id, customerId), onlyIf));
  const statements = [
    closingMessages(database, customerId, [kind], nowMs, onlyIf),
    database.insert(accountMessages).select(row),
  ] as const;
  return { id, statements };
}

/** For a batch: links of these kinds open nothing any more. */
export function closingMessages(
  database: Database,
  customerId: string,
  kinds: readonly AccountMessageKind[],
  nowMs: number,
  onlyIf?: SQL,
) {
  return database
    .update(accountMessages)
    .set({ closedAtMs: nowMs })
    .where(
      and(
        eq(accountMessages.customerId, customerId),
        inArray(accountMessages.kind, [...kinds]),
        isNull(accountMessages.closedAtMs),
        onlyIf,
      ),
    );
}

export async function writeMessage(store: Store, message: NewMessage, nowMs: number): Promise<void> {
  const { id, statements } = writingMessage(store.database, message, nowMs);
  await store.database.batch([...statements]);
  await announceMessage(store, id);
}

/** A wake-up that is lost is made up for by the consumer's schedule. */
export async function announceMessage(store: Store, messageId: string): Promise<void> {
  await store.messages
    .send({ messageId })
    .catch((error: unknown) => logger("identity").warn("message_not_announced", { messageId, reason: String(error) }));
}

export async function linkToken(material: KeyMaterial, messageId: string): Promise<string> {
  const mac = await crypto.subtle.sign("HMAC", material.links, encoder.encode(messageId));
  return `${messageId}.${new Uint8Array(mac).toBase64({ alphabet: "base64url", omitPadding: true })}`;
}

/** The message that a link of ours names. @returns undefined when it is forged. */
export async function messageOfLink(store: Store, token: string): Promise<string | undefined> {
  const [, messageId, mac] = TOKEN.exec(token) ?? [];
  if (messageId === undefined || mac === undefined) return undefined;
  const { links } = await keyMaterial(store.keySecret);
  const bytes = Uint8Array.fromBase64(mac, { alphabet: "base64url" });
  return (await crypto.subtle.verify("HMAC", links, bytes, encoder.encode(messageId))) ? messageId : undefined;
}

/** The open message that a link belongs to. @returns undefined when it is forged, used, replaced or too late: alike. */
export async function findByLink(
  store: Store,
  token: string,
  kinds: readonly LinkKind[],
  nowMs: number,
): Promise<{ readonly message: AccountMessageRow; readonly customer: CustomerRow } | undefined> {
  const messageId = await messageOfLink(store, token);
  if (messageId === undefined) return undefined;
  return await store.database
    .select({ message: accountMessages, customer: customers })
    .from(accountMessages)
    .innerJoin(customers, eq(customers.id, accountMessages.customerId))
    .where(and(open(messageId, nowMs), inArray(accountMessages.kind, [...kinds]), eq(customers.status, "active")))
    .get();
}

/** The row while its link works; the condition of every statement that uses it. */
export function open(messageId: string, nowMs: number) {
  return and(eq(accountMessages.id, messageId), isNull(accountMessages.closedAtMs), gt(accountMessages.expiresAtMs, nowMs));
}

/** For whoever sends the mail, at the moment of sending. Invitations to the staff are asked for in the same way. */
export async function readAccountMessage(
  store: Store,
  messageId: string,
  nowMs: number,
): Promise<Result<AccountMessage, MessageNotWanted>> {
  const found = MessageId.safeParse(messageId).success
    ? await store.database
        .select({ message: accountMessages, name: customers.name, language: customers.language })
        .from(accountMessages)
        .innerJoin(customers, eq(customers.id, accountMessages.customerId))
        .where(open(messageId, nowMs))
        .get()
    : undefined;
  if (found === undefined) return err({ code: "message_not_wanted" });
  const { kind, email, expiresAtMs } = found.message;
  const token = LINK_KINDS.includes(kind) ? await linkToken(await keyMaterial(store.keySecret), messageId) : null;
  return ok({ kind, language: found.language, email, name: found.name, token, expiresAtMs });
}

export async function listUnsentMessages(database: Database, limit: number): Promise<readonly string[]> {
  const rows = await database
    .select({ id: accountMessages.id })
    .from(accountMessages)
    .where(isNull(accountMessages.sentAtMs))
    .orderBy(asc(accountMessages.id))
    .limit(limit);
  return rows.map((row) => row.id);
}

export async function markMessagesSent(database: Database, ids: readonly string[], nowMs: number): Promise<void> {
  if (ids.length === 0) return;
  await database
    .update(accountMessages)
    .set({ sentAtMs: nowMs })
    .where(and(inArray(accountMessages.id, [...ids]), isNull(accountMessages.sentAtMs)));
}

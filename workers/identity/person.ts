/**
 * What identity knows about a person, and forgetting it. A table that is about customers and is missing here is found by
 * `test/architecture/personal-data.test.ts`, which wants every table classified.
 */
import { and, asc, eq, inArray, or } from "drizzle-orm";
import { isoTime } from "../shared/clock.ts";
import { type ErasedPage, erasedOf, type Person, type PersonPage, pageOf } from "../shared/privacy.ts";
import { listAddresses } from "./address-book.ts";
import type { KnownPerson } from "./contract.ts";
import { removingUnclaimedSalts } from "./credentials.ts";
import type { Database } from "./env.ts";
import { erasingGrants, grantRecords } from "./oauth/person-grants.ts";
import { addressJson, customerJson, passkeyJson } from "./representations.ts";
import {
  accountMessages,
  addresses,
  addressMessages,
  authenticators,
  customers,
  passkeys,
  passwordSalts,
  recoveryCodes,
  refreshTokens,
  sessions,
  staff,
} from "./schema.ts";

/** More mails than an account can have in the month that they are kept. */
const MESSAGES_MAX = 2_000;
const FORMER_ADDRESSES_MAX = 40;

export async function describePerson(database: Database, customerId: string): Promise<KnownPerson | null> {
  const [[customer], messages] = await database.batch([
    database.select().from(customers).where(eq(customers.id, customerId)),
    database
      .select({ id: accountMessages.id })
      .from(accountMessages)
      .where(eq(accountMessages.customerId, customerId))
      .limit(MESSAGES_MAX),
  ]);
  if (customer === undefined) return null;
  const emails = customer.emailConfirmedAtMs === null ? [] : [customer.emailNormalized];
  return { customerId, emails, messageIds: messages.map((row) => row.id) };
}

/** The account that has confirmed the address, else the address alone. */
export async function describeAddress(database: Database, emailNormalized: string): Promise<KnownPerson> {
  const owners = await database.select().from(customers).where(eq(customers.emailNormalized, emailNormalized));
  const owner = owners.find((customer) => customer.emailConfirmedAtMs !== null);
  const known = owner === undefined ? null : await describePerson(database, owner.id);
  return known ?? { customerId: null, emails: [emailNormalized], messageIds: [] };
}

export async function exportPerson(database: Database, { customerId, emails }: Person): Promise<PersonPage> {
  const mailed = await database
    .select()
    .from(addressMessages)
    .where(inArray(addressMessages.emailNormalized, [...emails]))
    .orderBy(asc(addressMessages.id));
  const links = { name: "Mails about your data", records: mailed.map(messageRecord) };
  const positions = await database.select().from(staff).where(ofStaff(customerId, emails));
  const work = { name: "Positions on the staff", records: positions.map(staffRecord) };
  if (customerId === null) return pageOf([work, links]);
  const [accounts, devices, messages, phones, keys] = await database.batch([
    database.select().from(customers).where(eq(customers.id, customerId)),
    database.select().from(sessions).where(eq(sessions.customerId, customerId)).orderBy(asc(sessions.id)),
    database.select().from(accountMessages).where(eq(accountMessages.customerId, customerId)).orderBy(asc(accountMessages.id)),
    database.select().from(authenticators).where(eq(authenticators.customerId, customerId)),
    database.select().from(passkeys).where(eq(passkeys.customerId, customerId)).orderBy(asc(passkeys.id)),
  ]);
  const [book, apps] = await Promise.all([listAddresses(database, customerId), grantRecords(database, customerId)]);
  return pageOf([
    { name: "Account", records: accounts.map((account) => ({ ...customerJson(account), language: account.language })) },
    { name: "Address book", records: book.map(addressJson) },
    { name: "Devices that signed in", records: devices.map(deviceRecord) },
    { name: "Apps with access", records: apps },
    { name: "Authenticator app", records: phones.map(authenticatorRecord) },
    { name: "Passkeys", records: keys.map(passkeyJson) },
    { name: "Mails sent by the account", records: messages.map(messageRecord) },
    work,
    links,
  ]);
}

function deviceRecord(session: typeof sessions.$inferSelect) {
  return {
    device: session.userAgentFamily,
    signed_in_at: isoTime(session.createdAtMs),
    last_used_at: isoTime(session.lastUsedAtMs),
    ended_at: session.revokedAtMs === null ? null : isoTime(session.revokedAtMs),
    ended_because: session.revokedReason,
  };
}

/** The secret stays sealed: whoever reads the archive must not be able to sign in by it. */
function authenticatorRecord({ createdAtMs, confirmedAtMs }: typeof authenticators.$inferSelect) {
  return {
    set_up_at: isoTime(createdAtMs),
    switched_on_at: confirmedAtMs === null ? null : isoTime(confirmedAtMs),
  };
}

/** As a member, or invited at an address. */
function ofStaff(customerId: string | null, emails: readonly string[]) {
  const invited = inArray(staff.emailNormalized, [...emails]);
  return customerId === null ? invited : or(invited, eq(staff.customerId, customerId));
}

function staffRecord({ role, createdAtMs, acceptedAtMs }: typeof staff.$inferSelect) {
  return { role, invited_at: isoTime(createdAtMs), joined_at: acceptedAtMs === null ? null : isoTime(acceptedAtMs) };
}

function messageRecord(message: { kind: string; email: string; createdAtMs: number; sentAtMs: number | null }) {
  return {
    kind: message.kind,
    to: message.email,
    created_at: isoTime(message.createdAtMs),
    sent_at: message.sentAtMs === null ? null : isoTime(message.sentAtMs),
  };
}

/** All or nothing, children first. Word that the erasure has begun stays until it is sent. */
export async function erasePerson(database: Database, { customerId, emails }: Person, nowMs: number): Promise<ErasedPage> {
  const links = await eraseLinks(database, emails);
  const positions = await database.delete(staff).where(ofStaff(customerId, emails)).returning({ id: staff.id });
  const common = { privacy_links: links, staff_positions: positions.length };
  if (customerId === null) return erasedOf(common);
  const claimed = await claimedAddresses(database, customerId);
  const own = database.select({ id: sessions.id }).from(sessions).where(eq(sessions.customerId, customerId));
  const [, , apps, , , , keys, devices, book, messages, accounts] = await database.batch([
    ...erasingGrants(database, customerId),
    database.delete(refreshTokens).where(inArray(refreshTokens.sessionId, own)),
    database.delete(authenticators).where(eq(authenticators.customerId, customerId)),
    database.delete(recoveryCodes).where(eq(recoveryCodes.customerId, customerId)),
    database.delete(passkeys).where(eq(passkeys.customerId, customerId)).returning({ id: passkeys.id }),
    database.delete(sessions).where(eq(sessions.customerId, customerId)).returning({ id: sessions.id }),
    database.delete(addresses).where(eq(addresses.customerId, customerId)).returning({ id: addresses.id }),
    database.delete(accountMessages).where(eq(accountMessages.customerId, customerId)).returning({ id: accountMessages.id }),
    database.delete(customers).where(eq(customers.id, customerId)).returning({ id: customers.id }),
  ]);
  await removingUnclaimedSalts(database, inArray(passwordSalts.emailNormalized, [...emails, ...claimed]), nowMs);
  return erasedOf({
    ...common,
    apps: apps.length,
    devices: devices.length,
    passkeys: keys.length,
    addresses: book.length,
    account_messages: messages.length,
    accounts: accounts.length,
  });
}

async function eraseLinks(database: Database, emails: readonly string[]): Promise<number> {
  const links = await database
    .delete(addressMessages)
    .where(
      and(
        inArray(addressMessages.emailNormalized, [...emails]),
        inArray(addressMessages.kind, ["confirm_export", "confirm_erasure"]),
      ),
    )
    .returning({ id: addressMessages.id });
  return links.length;
}

/** Addresses that were never proven, or given up, have a salt, too. Far fewer than a statement may have parameters. */
async function claimedAddresses(database: Database, customerId: string): Promise<readonly string[]> {
  const [claims, mailed] = await database.batch([
    database.select({ email: customers.emailNormalized }).from(customers).where(eq(customers.id, customerId)),
    database
      .selectDistinct({ email: accountMessages.emailNormalized })
      .from(accountMessages)
      .where(eq(accountMessages.customerId, customerId))
      .limit(FORMER_ADDRESSES_MAX),
  ]);
  return [...claims, ...mailed].map((row) => row.email);
}

/**
 * A lost password, by mail. Asking answers alike for known and unknown addresses and looks the account up after the answer;
 * the link sets a new password and makes every session and device of before a stranger's. Whoever has the mailbox has the
 * address: a reset confirms it, too.
 */
import { and, asc, eq, ne, sql } from "drizzle-orm";
import { err, ok, type Result } from "../shared/result.ts";
import { announceMessage, closingMessages, findByLink, open, writeMessage, writingMessage } from "./account-message.ts";
import { closingOtherClaims } from "./confirm-email.ts";
import { readHashSetting } from "./credentials.ts";
import { findDeviceOwner, issueDeviceToken, readDeviceToken } from "./device-token.ts";
import type { EmailAddress } from "./email-address.ts";
import type { Database, Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { type TooManyAttempts, takeAttempts } from "./guess-quotas.ts";
import { keyMaterial } from "./key-material.ts";
import { revokingAllGrants } from "./oauth/revoke-grants.ts";
import { hashPassword } from "./password-hash.ts";
import { findPasswordWeakness } from "./password-strength.ts";
import type { Origin } from "./prove-password.ts";
import { revokingAllSessions } from "./revoke-sessions.ts";
import { accountMessages, type CustomerRow, customers } from "./schema.ts";

/** Counts the request. Strangers who use up an address's mails do not keep a known device from asking. */
export async function allowMail(
  store: Store,
  email: EmailAddress,
  { network, deviceToken }: Origin,
  nowMs: number,
): Promise<Result<null, TooManyAttempts>> {
  const device = deviceToken === null ? undefined : await readDeviceToken(await keyMaterial(store.keySecret), deviceToken, nowMs);
  const owner = device === undefined ? undefined : await findDeviceOwner(store.database, device, email.normalized);
  if (device !== undefined && owner !== undefined)
    return await takeAttempts(store, [{ quota: "mail_by_device", of: device.deviceId }]);
  const byAccount = { quota: "mail_by_account", of: email.normalized } as const;
  return await takeAttempts(store, network === null ? [byAccount] : [byAccount, { quota: "mail_by_network", of: network }]);
}

/** For after the answer. */
export async function mailPasswordReset(store: Store, email: EmailAddress, nowMs: number): Promise<void> {
  const customer = await accountOf(store.database, email.normalized);
  if (customer === undefined) return;
  const { id: customerId, email: to, emailNormalized } = customer;
  await writeMessage(store, { customerId, kind: "reset_password", email: to, emailNormalized }, nowMs);
}

/** The confirmed account of an address; while nobody has confirmed it, the first that claimed it. */
async function accountOf(database: Database, emailNormalized: string): Promise<CustomerRow | undefined> {
  return await database
    .select()
    .from(customers)
    .where(and(eq(customers.emailNormalized, emailNormalized), eq(customers.status, "active")))
    .orderBy(sql`${customers.emailConfirmedAtMs} IS NULL`, asc(customers.id))
    .limit(1)
    .get();
}

export type ResetError = Extract<IdentityError, { code: "invalid_link" | "weak_password" }>;

export interface PasswordReset {
  readonly customerId: string;
  /** The browser that has the mail is no stranger: it can sign in, whatever strangers are trying. */
  readonly deviceToken: string;
}

export async function resetPassword(
  store: Store,
  { token, password }: { readonly token: string; readonly password: string },
  nowMs: number,
): Promise<Result<PasswordReset, ResetError>> {
  const { database } = store;
  const found = await findByLink(store, token, ["reset_password"], nowMs);
  if (found === undefined || found.message.emailNormalized !== found.customer.emailNormalized)
    return err({ code: "invalid_link" });
  const { customer, message } = found;
  const weakness = await findPasswordWeakness(password, customer.emailNormalized);
  if (weakness !== undefined) return err({ code: "weak_password", field: "password", message: weakness });
  const passwordHash = hashPassword(password, await readHashSetting(database, customer.emailNormalized));
  if (await isAnothers(database, customer, passwordHash)) {
    return err({ code: "weak_password", field: "password", message: "cannot be used for this address, choose another" });
  }
  const { id: customerId, email, emailNormalized } = customer;
  const notice = writingMessage(database, { customerId, kind: "password_reset", email, emailNormalized }, nowMs);
  const [changed] = await database.batch([
    database
      .update(customers)
      .set({
        passwordHash,
        emailConfirmedAtMs: sql`coalesce(${customers.emailConfirmedAtMs}, ${nowMs})`,
        devicesSinceMs: nowMs,
        updatedAtMs: nowMs,
      })
      .where(and(eq(customers.id, customerId), sql`EXISTS (SELECT 1 FROM ${accountMessages} WHERE ${open(message.id, nowMs)})`))
      .returning({ id: customers.id }),
    ...closingOtherClaims(database, customerId, emailNormalized, nowMs),
    revokingAllSessions(database, customerId, "password_changed", nowMs),
    revokingAllGrants(database, customerId, "password_changed", nowMs),
    closingMessages(database, customerId, ["confirm_email", "change_email", "reset_password"], nowMs),
    ...notice.statements,
  ]);
  if (changed.length === 0) return err({ code: "invalid_link" });
  await announceMessage(store, notice.id);
  return ok({ customerId, deviceToken: await issueDeviceToken(await keyMaterial(store.keySecret), customerId, nowMs) });
}

/** Another account that claims the same address has this password: the pair would open two accounts. */
async function isAnothers(database: Database, customer: CustomerRow, passwordHash: string): Promise<boolean> {
  const other = await database
    .select({ id: customers.id })
    .from(customers)
    .where(
      and(
        eq(customers.emailNormalized, customer.emailNormalized),
        eq(customers.passwordHash, passwordHash),
        ne(customers.id, customer.id),
      ),
    )
    .get();
  return other !== undefined;
}

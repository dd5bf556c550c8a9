/**
 * Mails that tell an owner who gets into the account from now on: by second factors, passkeys and apps. Whoever is signed in can cause them, and the
 * address may be somebody else's until it is confirmed: after a few in a row no more are written.
 */
import type { SQL } from "drizzle-orm";
import { announceMessage, writingMessage } from "./account-message.ts";
import type { AccountMessageKind } from "./contract.ts";
import type { Store } from "./env.ts";
import { takeAttempts } from "./guess-quotas.ts";
import type { CustomerRow } from "./schema.ts";

export type NoticeKind = Extract<
  AccountMessageKind,
  "two_factor_on" | "two_factor_off" | "recovery_code_used" | "passkey_added" | "passkey_removed" | "app_allowed"
>;

/** For a batch: the statements of what it tells about; `announce` follows it. @param onlyIf as `writingMessage` has it */
export async function tellingOwner(store: Store, customer: CustomerRow, kind: NoticeKind, nowMs: number, onlyIf?: SQL) {
  const allowed = await takeAttempts(store, [{ quota: "notice_by_customer", of: customer.id }]);
  if (!allowed.ok) return { statements: [], announce: async () => undefined };
  const { id: customerId, email, emailNormalized } = customer;
  const { id, statements } = writingMessage(store.database, { customerId, kind, email, emailNormalized }, nowMs, onlyIf);
  return { statements, announce: () => announceMessage(store, id) };
}

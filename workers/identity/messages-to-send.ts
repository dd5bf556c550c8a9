/** Every mail that identity wants sent, for notifications: of accounts, of addresses that may have none, and invitations to the staff. */
import { ok, type Result } from "../shared/result.ts";
import { listUnsentMessages, markMessagesSent, readAccountMessage } from "./account-message.ts";
import { listUnsentAddressMessages, markAddressMessagesSent, readAddressMessage } from "./address-message.ts";
import type { AccountMessage, MessageNotWanted } from "./contract.ts";
import type { Database, Store } from "./env.ts";
import { listUnsentInvitations, markInvitationsSent, readInvitationMail } from "./staff-invitation.ts";

export async function readMessage(
  store: Store,
  messageId: string,
  nowMs: number,
): Promise<Result<AccountMessage, MessageNotWanted>> {
  const ofAccount = await readAccountMessage(store, messageId, nowMs);
  if (ofAccount.ok) return ofAccount;
  const invitation = await readInvitationMail(store, messageId, nowMs);
  return invitation === undefined ? await readAddressMessage(store, messageId, nowMs) : ok(invitation);
}

/** Oldest first. */
export async function listUnsent(database: Database, limit: number): Promise<readonly string[]> {
  const lists = [listUnsentMessages, listUnsentAddressMessages, listUnsentInvitations];
  const ids = await Promise.all(lists.map((list) => list(database, limit)));
  return ids.flat().sort().slice(0, limit);
}

/** Idempotent. */
export async function markSent(database: Database, messageIds: readonly string[], nowMs: number): Promise<void> {
  await Promise.all(
    [markMessagesSent, markAddressMessagesSent, markInvitationsSent].map((mark) => mark(database, messageIds, nowMs)),
  );
}

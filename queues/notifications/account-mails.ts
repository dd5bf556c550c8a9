/**
 * Mails about accounts. The row says only that a message is to be sent; who gets it and its link are asked of identity at the
 * moment of sending and kept nowhere. A message comes by queue, or by the schedule when the queue lost it; once it is a row it
 * is claimed by a lease, sent, and marked. A crash between the delivery and the mark repeats one mail.
 */
import * as z from "zod";
import type { IdentityApi } from "../../workers/identity/contract.ts";
import { callPeer } from "../../workers/shared/call-peer.ts";
import type { EpochMs } from "../../workers/shared/clock.ts";
import { type DeadLetterQueue, retryOrGiveUp } from "../../workers/shared/give-up.ts";
import type { Logger } from "../../workers/shared/telemetry.ts";
import { AccountMessageWakeUp } from "../contracts/account-messages.ts";
import type { NotificationChannelSender } from "./channels/channel-sender.ts";
import { ATTEMPTS_MAX, backoffMs, LEASE_MS } from "./outbox.ts";
import { accountMail } from "./templates/account-mail.tsx";

export interface AccountMailDependencies {
  readonly database: D1Database;
  readonly identity: Pick<IdentityApi, "readAccountMessage" | "listUnsentMessages" | "markMessagesSent">;
  readonly mail: Pick<NotificationChannelSender, "send">;
  readonly shopName: string;
  readonly publicUrl: string;
  readonly deadLetters: DeadLetterQueue;
  readonly log: Logger;
  now(): EpochMs;
}

const MAILS_PER_RUN = 20;
const POLICY = { service: "identity", deadlineMs: 5_000, retries: 1 } as const;

/** A message that does not parse ends in the dead letters with its reason. */
export async function consumeAccountMessages(batch: MessageBatch, dependencies: AccountMailDependencies): Promise<void> {
  const wakeUps: { readonly message: Message; readonly messageId: string }[] = [];
  for (const message of batch.messages) {
    const parsed = AccountMessageWakeUp.safeParse(message.body);
    if (parsed.success) wakeUps.push({ message, messageId: parsed.data.messageId });
    else await retryOrGiveUp(message, { queue: batch.queue, reason: z.prettifyError(parsed.error) }, dependencies);
  }
  await queueMails(
    dependencies,
    wakeUps.map(({ messageId }) => messageId),
  );
  for (const { message } of wakeUps) message.ack();
  await sendDueMails(dependencies).catch((error: unknown) => dependencies.log.error("account_mails_failed", error));
}

/** What the queue lost, and what is due again. */
export async function catchUpAccountMails(dependencies: AccountMailDependencies): Promise<void> {
  await queueMails(dependencies, await dependencies.identity.listUnsentMessages(MAILS_PER_RUN));
  await sendDueMails(dependencies);
  await reportEnded(dependencies, await dependencies.identity.listUnsentMessages(MAILS_PER_RUN));
}

async function queueMails({ database, now }: AccountMailDependencies, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await database
    .prepare(
      `INSERT INTO account_mails (message_id, status, attempts, next_attempt_at_ms, created_at_ms)
       SELECT value, 'queued', 0, ?2, ?2 FROM json_each(?1) WHERE true ON CONFLICT (message_id) DO NOTHING`,
    )
    .bind(JSON.stringify(messageIds), now())
    .run();
}

interface Claimed {
  readonly messageId: string;
  /** Counts this attempt. */
  readonly attempts: number;
}

export async function sendDueMails(dependencies: AccountMailDependencies): Promise<void> {
  const claimed = await claim(dependencies);
  await Promise.all(claimed.map((mail) => sendOne(dependencies, mail)));
  await reportEnded(
    dependencies,
    claimed.map(({ messageId }) => messageId),
  );
}

async function claim({ database, now }: AccountMailDependencies): Promise<readonly Claimed[]> {
  const { results } = await database
    .prepare(
      `UPDATE account_mails SET attempts = attempts + 1, next_attempt_at_ms = ?1 + ?2
       WHERE message_id IN (
         SELECT message_id FROM account_mails WHERE status = 'queued' AND next_attempt_at_ms <= ?1
         ORDER BY next_attempt_at_ms, message_id LIMIT ?3)
       RETURNING message_id AS messageId, attempts`,
    )
    .bind(now(), LEASE_MS, MAILS_PER_RUN)
    .all<Claimed>();
  return results;
}

interface Outcome {
  readonly status: "queued" | "sent" | "failed" | "skipped";
  readonly error: string | null;
}

async function sendOne(dependencies: AccountMailDependencies, mail: Claimed): Promise<void> {
  const outcome = await deliver(dependencies, mail);
  if (outcome.status === "failed" || outcome.status === "queued")
    dependencies.log.warn("account_mail_not_sent", { message: mail.messageId, attempts: mail.attempts, error: outcome.error });
  await mark(dependencies, mail, outcome);
}

async function deliver(dependencies: AccountMailDependencies, { messageId, attempts }: Claimed): Promise<Outcome> {
  const { identity, mail, shopName, publicUrl } = dependencies;
  const missed = (error: string): Outcome => ({ status: attempts >= ATTEMPTS_MAX ? "failed" : "queued", error });
  const message = await callPeer(POLICY, () => identity.readAccountMessage(messageId));
  if (!message.ok) {
    return message.error.code === "message_not_wanted" ? { status: "skipped", error: null } : missed("identity: unavailable");
  }
  const { email } = message.value;
  const content = accountMail({ shopName, publicUrl, message: message.value });
  const sent = await mail.send({ address: email, label: email }, { key: messageId, url: publicUrl, ...content });
  if (sent.ok) return { status: "sent", error: null };
  // What the provider says may repeat the address: only its code is kept.
  return sent.error.code === "delivery_refused" ? { status: "failed", error: sent.error.code } : missed(sent.error.code);
}

async function mark({ database, now }: AccountMailDependencies, mail: Claimed, { status, error }: Outcome): Promise<void> {
  const nowMs = now();
  await database
    .prepare(
      `UPDATE account_mails SET status = ?2, error = ?3, sent_at_ms = ?4, next_attempt_at_ms = ?5
       WHERE message_id = ?1 AND status = 'queued' AND (?2 = 'sent' OR attempts = ?6)`,
    )
    .bind(mail.messageId, status, error, status === "sent" ? nowMs : null, nowMs + backoffMs(mail.attempts), mail.attempts)
    .run();
}

/** Tells identity which messages need nothing more. When that is lost, the schedule says it again. */
async function reportEnded({ database, identity, log }: AccountMailDependencies, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  const { results } = await database
    .prepare(
      `SELECT message_id AS messageId FROM account_mails
       WHERE status <> 'queued' AND message_id IN (SELECT value FROM json_each(?))`,
    )
    .bind(JSON.stringify(messageIds))
    .all<{ messageId: string }>();
  if (results.length === 0) return;
  await identity
    .markMessagesSent(results.map(({ messageId }) => messageId))
    .catch((error: unknown) => log.warn("identity_not_told", { reason: String(error) }));
}

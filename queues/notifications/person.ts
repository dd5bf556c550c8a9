/**
 * What notifications knows about a person: whom mails about their orders went to, and browsers that asked for push. Forgetting
 * leaves that a message was sent, because the order's log says that one is due; the log's copy has lost the same words.
 */
import { isoTime } from "../../workers/shared/clock.ts";
import { type ErasedPage, erasedOf, type Person, type PersonPage, pageOf } from "../../workers/shared/privacy.ts";

interface SentRow {
  readonly orderId: string;
  readonly template: string;
  readonly channel: string;
  readonly status: string;
  readonly recipient: string | null;
  readonly subject: string | null;
  readonly details: string;
  readonly createdAtMs: number;
  readonly sentAtMs: number | null;
}

interface PushRow {
  readonly orderId: string;
  readonly endpoint: string;
  readonly createdAtMs: number;
}

interface MailRow {
  readonly messageId: string;
  readonly status: string;
  readonly createdAtMs: number;
  readonly sentAtMs: number | null;
}

const OF_ORDERS = "order_id IN (SELECT value FROM json_each(?))";
const OF_MESSAGES = "message_id IN (SELECT value FROM json_each(?))";

const SELECT_SENT = `
  SELECT order_id AS orderId, template, channel, status, recipient, subject, details, created_at_ms AS createdAtMs, sent_at_ms AS sentAtMs
  FROM notifications WHERE ${OF_ORDERS} ORDER BY id`;
const SELECT_PUSH = `SELECT order_id AS orderId, endpoint, created_at_ms AS createdAtMs FROM push_subscriptions WHERE ${OF_ORDERS}`;
const SELECT_MAILS = `
  SELECT message_id AS messageId, status, created_at_ms AS createdAtMs, sent_at_ms AS sentAtMs
  FROM account_mails WHERE ${OF_MESSAGES} ORDER BY message_id`;

export async function exportPerson(database: D1Database, { orderIds, messageIds }: Person): Promise<PersonPage> {
  const orders = JSON.stringify(orderIds);
  const [sent, push, mails] = await Promise.all([
    database.prepare(SELECT_SENT).bind(orders).all<SentRow>(),
    database.prepare(SELECT_PUSH).bind(orders).all<PushRow>(),
    database.prepare(SELECT_MAILS).bind(JSON.stringify(messageIds)).all<MailRow>(),
  ]);
  return pageOf([
    { name: "Messages about orders", records: sent.results.map(sentRecord) },
    {
      name: "Browsers that asked to be told",
      records: push.results.map((row) => ({ order_id: row.orderId, endpoint: row.endpoint, since: isoTime(row.createdAtMs) })),
    },
    { name: "Mails about the account", records: mails.results.map(mailRecord) },
  ]);
}

function sentRecord(row: SentRow) {
  return {
    order_id: row.orderId,
    message: row.template,
    channel: row.channel,
    status: row.status,
    to: row.recipient,
    subject: row.subject,
    details: JSON.parse(row.details) as unknown,
    created_at: isoTime(row.createdAtMs),
    sent_at: row.sentAtMs === null ? null : isoTime(row.sentAtMs),
  };
}

function mailRecord(row: MailRow) {
  return {
    message_id: row.messageId,
    status: row.status,
    created_at: isoTime(row.createdAtMs),
    sent_at: row.sentAtMs === null ? null : isoTime(row.sentAtMs),
  };
}

/** What the log's event says after erasing, byte for byte: the audit compares them. */
const BLANK_DETAILS = `
  details = CASE template WHEN 'order_shipped' THEN json_set(details, '$.carrier', NULL, '$.trackingNumber', NULL) ELSE details END`;

const HAS_WORDS = "coalesce(details ->> 'carrier', details ->> 'trackingNumber') IS NOT NULL";

export async function erasePerson(database: D1Database, { orderIds, messageIds }: Person): Promise<ErasedPage> {
  const orders = JSON.stringify(orderIds);
  const [messages, push, mails] = await database.batch([
    database
      .prepare(
        `UPDATE notifications SET recipient = NULL, subject = NULL, error = NULL, ${BLANK_DETAILS}
         WHERE ${OF_ORDERS} AND (recipient IS NOT NULL OR subject IS NOT NULL OR error IS NOT NULL OR ${HAS_WORDS})`,
      )
      .bind(orders),
    database.prepare(`DELETE FROM push_subscriptions WHERE ${OF_ORDERS}`).bind(orders),
    database.prepare(`DELETE FROM account_mails WHERE ${OF_MESSAGES}`).bind(JSON.stringify(messageIds)),
    // A rebuild under way has read the log before it lost these words.
    database.prepare(`UPDATE rebuilt_notifications SET ${BLANK_DETAILS} WHERE ${OF_ORDERS}`).bind(orders),
  ]);
  return erasedOf({
    messages: messages?.meta.changes ?? 0,
    push_subscriptions: push?.meta.changes ?? 0,
    account_mails: mails?.meta.changes ?? 0,
  });
}

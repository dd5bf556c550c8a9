/** Mails about accounts: sent once, to whom identity says, with a link that rests nowhere; whatever the queue loses. */
import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { type DeadLetterNotice, RETRIES_MAX } from "../../../queues/contracts/dead-letters.ts";
import {
  type AccountMailDependencies,
  catchUpAccountMails,
  consumeAccountMessages,
  sendDueMails,
} from "../../../queues/notifications/account-mails.ts";
import type { Recipient, RenderedMessage } from "../../../queues/notifications/channels/channel-sender.ts";
import type { Env } from "../../../queues/notifications/env.ts";
import { accountMail } from "../../../queues/notifications/templates/account-mail.tsx";
import { ACCOUNT_MESSAGE_KINDS, type AccountMessage, ADDRESS_MESSAGE_KINDS } from "../../../workers/identity/contract.ts";
import { newId } from "../../../workers/shared/identifiers.ts";
import { LOCALES, type Locale } from "../../../workers/shared/locales.ts";
import type { Result } from "../../../workers/shared/result.ts";
import { logger } from "../../../workers/shared/telemetry.ts";
import type { FakeIdentity } from "./fakes/identity.ts";

const { DATABASE, IDENTITY } = env as unknown as Env & { readonly IDENTITY: FakeIdentity };
const HOUR_MS = 3_600_000;
const SECRET = "s".repeat(43);

let nowMs = Date.now();
let sent: { to: string; message: RenderedMessage }[] = [];
let letters: DeadLetterNotice[] = [];
let refusals: ("delivery_failed" | "delivery_refused")[] = [];

function dependencies(): AccountMailDependencies {
  return {
    database: DATABASE,
    identity: IDENTITY,
    mail: {
      send: async (recipient: Recipient, message: RenderedMessage) => {
        const refusal = refusals.shift();
        if (refusal !== undefined) return { ok: false, error: { code: refusal, message: `no mail for ${recipient.address}` } };
        sent.push({ to: recipient.address, message });
        return { ok: true, value: { providerId: null } } satisfies Result<{ providerId: null }, never>;
      },
    },
    shopName: "Shop",
    publicUrl: "https://shop.example",
    deadLetters: { send: async (letter) => ({ metadata: { metrics: { backlogCount: letters.push(letter), backlogBytes: 0 } } }) },
    log: logger("notifications"),
    now: () => nowMs,
  };
}

beforeEach(async () => {
  nowMs = Date.now();
  sent = [];
  letters = [];
  refusals = [];
  await IDENTITY.breakDown(false);
  await catchUpAccountMails(dependencies());
  sent = [];
});

function reset(id: string, email: string): AccountMessage {
  return { kind: "reset_password", language: "en", email, name: "Ada", token: `${id}.${SECRET}`, expiresAtMs: nowMs + HOUR_MS };
}

async function prepared(email = "ada@example.com"): Promise<string> {
  const id = newId("msg", nowMs);
  await IDENTITY.prepareMessage(id, reset(id, email));
  return id;
}

function consume(...bodies: readonly unknown[]) {
  const messages = bodies.map((body, index) => ({ id: `m${index}`, timestamp: new Date(), attempts: 1, body }));
  return consumeAccountMessages(createMessageBatch("account-messages", messages), dependencies());
}

async function rowOf(id: string) {
  return await DATABASE.prepare("SELECT * FROM account_mails WHERE message_id = ?").bind(id).first();
}

describe("a mail about an account", () => {
  it("goes once, however often its wake-up comes, and identity hears that it went", async () => {
    const messageId = await prepared();
    await consume({ messageId }, { messageId });
    await consume({ messageId });
    await Promise.all([sendDueMails(dependencies()), sendDueMails(dependencies())]);
    expect(sent.map(({ to, message }) => [to, message.key])).toEqual([["ada@example.com", messageId]]);
    expect(sent[0]?.message.text).toContain(`https://shop.example/account/reset-password?token=${messageId}.${SECRET}`);
    expect(await IDENTITY.listUnsentMessages(50)).not.toContain(messageId);
  });

  it("goes without its wake-up, by the schedule", async () => {
    await prepared("lost@example.com");
    await catchUpAccountMails(dependencies());
    expect(sent.map(({ to }) => to)).toEqual(["lost@example.com"]);
    await catchUpAccountMails(dependencies());
    expect(sent).toHaveLength(1);
  });

  it("waits while identity is away or the provider fails, and then goes once", async () => {
    const messageId = await prepared();
    await IDENTITY.breakDown(true);
    await consume({ messageId });
    expect(sent).toEqual([]);
    await IDENTITY.breakDown(false);
    refusals = ["delivery_failed"];
    nowMs += HOUR_MS;
    await sendDueMails(dependencies());
    expect(await rowOf(messageId)).toMatchObject({ status: "queued", attempts: 2, error: "delivery_failed" });
    nowMs += HOUR_MS;
    await catchUpAccountMails(dependencies());
    expect(sent).toHaveLength(1);
    expect(await rowOf(messageId)).toMatchObject({ status: "sent", attempts: 3 });
  });

  it("does not go when its link was used or replaced meanwhile, nor when the provider refuses the address", async () => {
    const unwanted = newId("msg", nowMs);
    await IDENTITY.prepareMessage(unwanted, null);
    await consume({ messageId: unwanted });
    expect(await rowOf(unwanted)).toMatchObject({ status: "skipped" });
    const refused = await prepared();
    refusals = ["delivery_refused"];
    await consume({ messageId: refused });
    expect(await rowOf(refused)).toMatchObject({ status: "failed", error: "delivery_refused" });
    expect(sent).toEqual([]);
    expect(await IDENTITY.listUnsentMessages(50)).toEqual([]);
  });

  it("leaves neither its link nor its address in the database", async () => {
    await consume({ messageId: await prepared("canary@example.com") });
    refusals = ["delivery_refused"];
    await consume({ messageId: await prepared("canary@example.com") });
    const { results } = await DATABASE.prepare("SELECT * FROM account_mails").all();
    expect(JSON.stringify(results)).not.toContain(SECRET);
    expect(JSON.stringify(results)).not.toContain("canary");
  });

  it("ends in the dead letters with its reason when its wake-up does not parse", async () => {
    const bodies = [null, {}, { messageId: "msg_1" }, { messageId: 7 }, { messageId: newId("msg", nowMs), to: "x" }];
    const delivered = (attempts: number) =>
      createMessageBatch(
        "account-messages",
        bodies.map((body, index) => ({ id: `m${index}`, timestamp: new Date(), attempts, body })),
      );
    const batch = delivered(1);
    const retried: string[] = [];
    for (const message of batch.messages) message.retry = () => void retried.push(message.id);
    await consumeAccountMessages(batch, dependencies());
    expect(retried).toEqual(bodies.map((_, index) => `m${index}`));
    expect(letters).toEqual([]);
    await consumeAccountMessages(delivered(RETRIES_MAX + 1), dependencies());
    expect(letters.map(({ messageId, queue }) => `${queue} ${messageId}`)).toEqual(retried.map((id) => `account-messages ${id}`));
    expect(letters[1]?.reason).toContain("messageId");
  });
});

/** Where the links of mails lead, in English. */
const PAGES: Readonly<Partial<Record<AccountMessage["kind"], string>>> = {
  confirm_email: "/account/confirm-email",
  change_email: "/account/confirm-email",
  reset_password: "/account/reset-password",
  staff_invitation: "/account/accept-invitation",
  confirm_export: "/privacy/export",
  confirm_erasure: "/privacy/erasure",
};
const KINDS = [...ACCOUNT_MESSAGE_KINDS, ...ADDRESS_MESSAGE_KINDS];

function mailOf(kind: AccountMessage["kind"], language: Locale, name: string | null = null) {
  const token = PAGES[kind] === undefined ? null : "msg_x.token";
  const message = { kind, language, email: "a@b.example", name, token, expiresAtMs: 0 };
  return accountMail({ shopName: "Mug<i>s", publicUrl: "https://shop.example", message });
}

describe("the words", () => {
  it.each(KINDS)("of %s say the same in HTML and in text, and let no name write markup or lines, in every language", (kind) => {
    for (const language of LOCALES) {
      const { html, text, subject } = mailOf(kind, language, "<b>Ada</b>\nX: y");
      expect(subject).not.toMatch(/[\r\n]/);
      for (const hostile of ["<b>Ada", "Mug<i>s"]) expect(html).not.toContain(hostile);
      expect(text).toContain("<b>Ada</b> X: y");
      expect(html).toContain(`<html lang="${language}">`);
      const page = PAGES[kind];
      const prefix = language === "en" ? "" : `/${language}`;
      const link = page === undefined ? undefined : `https://shop.example${prefix}${page}?token=msg_x.token`;
      for (const form of [html, text]) expect(/https:\/\/shop\.example[^\s"]*/.exec(form)?.[0]).toBe(link);
    }
  });

  it.each(KINDS)("of %s are other words in every language", (kind) => {
    const texts = LOCALES.map((language) => mailOf(kind, language).text.split("\n\n").slice(0, -1));
    const [english = [], german = [], japanese = []] = texts;
    expect(german).toHaveLength(english.length);
    expect(japanese).toHaveLength(english.length);
    for (const [at, words] of english.entries()) expect(new Set([words, german[at], japanese[at]]).size).toBe(3);
    for (const words of japanese) expect(words).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
  });

  it.each([
    ["en", "Hello Ada,", "Choose a new password", "Somebody, hopefully you, asked for a new password."],
    ["de", "Guten Tag, Ada,", "Wählen Sie ein neues Passwort", "Jemand, hoffentlich Sie, hat um ein neues Passwort gebeten."],
    ["ja", "Ada 様", "新しいパスワードの設定", "新しいパスワードの設定が求められました。"],
  ] as const)("of a reset in %s are what its reader understands", (language, greeting, title, sentence) => {
    const { subject, text } = mailOf("reset_password", language, "Ada");
    expect(subject).toBe(title);
    for (const words of [greeting, sentence]) expect(text).toContain(words);
  });
});

/**
 * Turns the structured message of a `send_email` binding into a MIME message. Nothing that a message says, such as a name
 * with a line break, becomes a header or a recipient of its own. Pure.
 * https://developers.cloudflare.com/email-service/api/send-emails/workers-api/
 */
import { createHash } from "node:crypto";
import { domainToASCII } from "node:url";
import MailComposer from "nodemailer/lib/mail-composer";
import * as z from "zod";
import { err, ok, type Result } from "../../../workers/shared/result.ts";
import type { ComposedMail, MailRefusal } from "./mail-transport.ts";

/** https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1 */
const ADDRESS_CHARACTERS_MAX = 254;
const HEADER_CHARACTERS_MAX = 900;
const ID_HEX_DIGITS = 32;

/** One address that no header or command can read as two. */
const Address = z
  .string()
  .max(ADDRESS_CHARACTERS_MAX)
  .regex(/^[^\s\p{C}<>(),;:"\\[\]@]+@[^\s\p{C}<>(),;:"\\[\]@]+$/u, "is no plain address");
const Line = z.string().max(HEADER_CHARACTERS_MAX);
/** The part of the form that the shop uses; the rest, such as attachments, is refused. */
const MailMessage = z.strictObject({
  from: z.union([Address, z.strictObject({ name: Line, email: Address })]),
  to: Address,
  subject: Line,
  html: z.string().optional(),
  text: z.string().optional(),
  headers: z.record(z.string(), Line.regex(/^\P{Cc}*$/u, "has a line break")).default({}),
});

/** As at the platform, which keeps the others to itself (it lets some more pass that the shop has no use for). */
const CUSTOM_HEADER = /^x-[a-z0-9-]{1,100}$/i;
/** The senders' key of a message, the same for each attempt. */
const KEY_HEADER = "x-entity-ref-id";

/** @param uniqueKey stands in for the key of a message that has none */
export async function composeMail(
  message: unknown,
  uniqueKey: string,
  nowMs: number,
): Promise<Result<ComposedMail, MailRefusal>> {
  const parsed = MailMessage.safeParse(message);
  if (!parsed.success) return err({ code: "E_VALIDATION_ERROR", message: z.prettifyError(parsed.error) });
  const { from, to, subject, headers, ...bodies } = parsed.data;
  if (bodies.html === undefined && bodies.text === undefined)
    return err({ code: "E_VALIDATION_ERROR", message: "a mail needs html or text" });
  const foreign = Object.keys(headers).find((name) => !CUSTOM_HEADER.test(name));
  if (foreign !== undefined) return err({ code: "E_HEADER_NOT_ALLOWED", message: `${JSON.stringify(foreign)} is not X-…` });

  const sender = typeof from === "string" ? { name: "", email: from } : from;
  const id = idOf([keyOf(headers) ?? uniqueKey, to, subject]);
  const messageId = `<${id}@${domainToASCII(sender.email.slice(sender.email.lastIndexOf("@") + 1)) || "localhost"}>`;
  const raw = await new MailComposer({
    from: { name: oneLine(sender.name), address: sender.email },
    to: { name: "", address: to },
    subject: oneLine(subject),
    ...bodies,
    headers,
    messageId,
    date: new Date(nowMs),
  })
    .compile()
    .build();
  return ok({ id, messageId, from: sender.email, to, raw });
}

/**
 * A repeat after a lost answer has the same Message-ID, so that mailboxes can drop it. A key alone would not do: a log that
 * was restored counts the same numbers again.
 */
function idOf(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, ID_HEX_DIGITS);
}

function keyOf(headers: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === KEY_HEADER)?.[1];
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

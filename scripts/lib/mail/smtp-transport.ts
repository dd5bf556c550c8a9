/** Sends mails by SMTP over a few connections that stay open. A refusal keeps the server's words, a failed login does not. */
import { createTransport } from "nodemailer";
import type { NodemailerError } from "nodemailer/lib/errors";
import { err, ok } from "../../../workers/shared/result.ts";
import type { ComposedMail, MailRefusal, MailTransport } from "./mail-transport.ts";
import type { SmtpServer } from "./smtp-url.ts";

const CONNECTIONS_MAX = 4;
const MAILS_PER_CONNECTION_MAX = 100;
/** Below the ten seconds after which the sender counts the attempt as failed: what it repeats must not go out afterwards. */
const DELIVERY_DEADLINE_MS = 8_000;

export function smtpTransport(server: SmtpServer, deadlineMs = DELIVERY_DEADLINE_MS): MailTransport {
  const mailer = createTransport({
    pool: true,
    maxConnections: CONNECTIONS_MAX,
    maxMessages: MAILS_PER_CONNECTION_MAX,
    host: server.host,
    port: server.port,
    secure: server.encryption === "tls",
    requireTLS: server.encryption === "starttls",
    ignoreTLS: server.encryption === "none",
    tls: { rejectUnauthorized: true },
    ...(server.login === null ? {} : { auth: { user: server.login.user, pass: server.login.password } }),
    dnsTimeout: deadlineMs,
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
  });
  return {
    description: `sent by ${server.host}:${server.port}`,
    async check() {
      return await mailer.verify().then(() => ok(undefined), refused);
    },
    async deliver({ from, to, raw }: ComposedMail) {
      const signal = AbortSignal.timeout(deadlineMs);
      return await mailer.sendMail({ envelope: { from, to }, raw, signal }).then(() => ok(undefined), refused);
    },
    close: () => mailer.close({ force: true }),
  };
}

function refused(error: NodemailerError) {
  return err(refusalOf(error));
}

/** Only what the server says about this recipient or this text is final: all else may be the server's or the operator's fault. */
function refusalOf({ code, command, message, permanent, response = "", responseCode }: NodemailerError): MailRefusal {
  // Its answer may repeat what it was told.
  if (code === "EAUTH")
    return { code: "E_DELIVERY_FAILED", message: `${responseCode ?? ""} the login of SMTP_URL was refused`.trim() };
  if (code === "EABORT") return { code: "E_DELIVERY_FAILED", message: "the mail server took too long" };
  const isPolicy = responseCode === 530 || /^5\d\d[ -]5\.7\./.test(response);
  if (permanent !== true || isPolicy) return { code: "E_DELIVERY_FAILED", message };
  if (command === "MAIL FROM") return { code: "E_SENDER_NOT_VERIFIED", message };
  if (command === "RCPT TO") return { code: "E_RECIPIENT_NOT_ALLOWED", message };
  if (responseCode === 552) return { code: "E_CONTENT_TOO_LARGE", message };
  return { code: command === "DATA" ? "E_VALIDATION_ERROR" : "E_DELIVERY_FAILED", message };
}

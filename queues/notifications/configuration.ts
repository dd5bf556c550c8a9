/**
 * Text bindings of the notifications worker. SMS and web push are off until all of their variables are set; half of them is
 * a mistake that stops the worker.
 */
import * as z from "zod";
import { integerVariable, parseConfiguration, UrlVariable } from "../../workers/shared/configuration.ts";
import type { MailHorizon } from "./mail-horizon.ts";

const Optional = z.string().min(1).optional();

/** Longer than an outage of this worker should last, shorter than queues keep a message. */
const MAIL_HORIZON_HOURS_DEFAULT = 72;

const Variables = z.object({
  PUBLIC_URL: UrlVariable,
  SHOP_NAME: z.string().min(1).max(100),
  MAIL_FROM: z.email(),
  /** Twilio's REST API, or one of its shape. */
  SMS_API_URL: UrlVariable.optional(),
  MAIL_HORIZON_HOURS: integerVariable(1, 24 * 365).default(MAIL_HORIZON_HOURS_DEFAULT),
  MAILS_NOT_BEFORE: z.iso.datetime("must be a UTC time such as 2026-11-21T12:00:00Z").optional(),
  SMS_ACCOUNT_ID: Optional,
  SMS_AUTH_TOKEN: Optional,
  SMS_FROM: Optional,
  /** VAPID keys, base64url: https://www.rfc-editor.org/rfc/rfc8292 */
  PUSH_PUBLIC_KEY: Optional,
  PUSH_PRIVATE_KEY: Optional,
  PUSH_SUBJECT: Optional,
});

const SMS_API_URL_DEFAULT = "https://api.twilio.com";

export interface SmsAccount {
  readonly apiUrl: string;
  readonly accountId: string;
  readonly authToken: string;
  readonly from: string;
}

export interface PushKeys {
  readonly publicKey: string;
  readonly privateKey: string;
  /** `mailto:` or https address of the shop. */
  readonly subject: string;
}

export interface Configuration {
  readonly publicUrl: string;
  readonly shopName: string;
  readonly mailFrom: string;
  readonly horizon: MailHorizon;
  readonly sms: SmsAccount | null;
  readonly push: PushKeys | null;
}

/** @throws when a variable is bad, or a channel is half configured. */
export function readConfiguration(env: object): Configuration {
  const variables = parseConfiguration("notifications", Variables, env);
  const sms = allOrNone("SMS_ACCOUNT_ID, SMS_AUTH_TOKEN and SMS_FROM", [
    variables.SMS_ACCOUNT_ID,
    variables.SMS_AUTH_TOKEN,
    variables.SMS_FROM,
  ]);
  const push = allOrNone("PUSH_PUBLIC_KEY, PUSH_PRIVATE_KEY and PUSH_SUBJECT", [
    variables.PUSH_PUBLIC_KEY,
    variables.PUSH_PRIVATE_KEY,
    variables.PUSH_SUBJECT,
  ]);
  const [accountId = "", authToken = "", from = ""] = sms;
  const [publicKey = "", privateKey = "", subject = ""] = push;
  return {
    publicUrl: variables.PUBLIC_URL.replace(/\/+$/, ""),
    shopName: variables.SHOP_NAME,
    mailFrom: variables.MAIL_FROM,
    horizon: {
      hours: variables.MAIL_HORIZON_HOURS,
      notBeforeMs: variables.MAILS_NOT_BEFORE === undefined ? null : Date.parse(variables.MAILS_NOT_BEFORE),
    },
    sms: sms.length === 0 ? null : { apiUrl: variables.SMS_API_URL ?? SMS_API_URL_DEFAULT, accountId, authToken, from },
    push: push.length === 0 ? null : { publicKey, privateKey, subject },
  };
}

/** The values when all are set, nothing when none is. */
function allOrNone(names: string, values: readonly (string | undefined)[]): readonly string[] {
  const present = values.filter((value) => value !== undefined);
  if (present.length === 0 || present.length === values.length) return present;
  throw new Error(`notifications cannot start, its configuration is wrong:\n  ${names} must be set together, or none of them`);
}

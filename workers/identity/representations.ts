/** What identity's resources look like over HTTP, and the bodies they accept. Bodies are strict: nothing else gets in. */
import { z } from "@hono/zod-openapi";
import { isoTime } from "../shared/clock.ts";
import { idSchema } from "../shared/identifiers.ts";
import { STAFF_ROLES, type StaffRole, scopesOf } from "../shared/staff-roles.ts";
import { LINK_TOKEN_LENGTH_MAX } from "./account-message.ts";
import type { AddressFields } from "./address-book.ts";
import type { SecondFactorRequired } from "./contract.ts";
import { DEVICE_TOKEN_LENGTH_MAX } from "./device-token.ts";
import { EMAIL_LENGTH_MAX, parseEmailAddress } from "./email-address.ts";
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "./password-strength.ts";
import type { AddressRow, CustomerRow, PasskeyRow, SessionRow } from "./schema.ts";
import type { TokenPair } from "./start-session.ts";

/** For answers about a person or with tokens: no cache on the way may keep them. */
export const PRIVATE = { "cache-control": "private, no-store" };

/** One line of text that people typed: trimmed, without control characters. */
function line(maxLength: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .regex(/^[^\p{Cc}]*$/u, "must not contain control characters");
}

export const CustomerName = line(100);
export const PasskeyName = line(100);

/** Spellings differ, addresses do not: the parsed form carries both. */
export const Email = z
  .string()
  .max(EMAIL_LENGTH_MAX)
  .transform((text, context) => {
    const parsed = parseEmailAddress(text);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: "custom", message: "must be an e-mail address" });
    return z.NEVER;
  })
  .openapi({ type: "string", format: "email", example: "ada@example.com" });

const WELL_FORMED = (text: string) => text.isWellFormed() && !/\p{Cc}/u.test(text);

export const NewPassword = z
  .string()
  .max(2 * PASSWORD_LENGTH_MAX)
  .refine((text) => [...text].length >= PASSWORD_LENGTH_MIN, `must have at least ${PASSWORD_LENGTH_MIN} characters`)
  .refine((text) => [...text].length <= PASSWORD_LENGTH_MAX, `must have at most ${PASSWORD_LENGTH_MAX} characters`)
  .refine(WELL_FORMED, "must not contain control characters")
  .openapi({ minLength: PASSWORD_LENGTH_MIN, maxLength: PASSWORD_LENGTH_MAX, format: "password" });

/** No policy: whoever has an older, shorter password must still get in. */
export const PresentedPassword = z
  .string()
  .min(1)
  .max(2 * PASSWORD_LENGTH_MAX)
  .openapi({ format: "password" });

export const LinkToken = z
  .string()
  .min(1)
  .max(LINK_TOKEN_LENGTH_MAX)
  .openapi({ description: "The `token` of the link in the mail." });

export const CustomerJson = z
  .strictObject({
    id: idSchema("cus"),
    email: z.string(),
    email_confirmed: z.boolean(),
    name: z.string().nullable(),
    created_at: z.iso.datetime(),
  })
  .openapi("Customer");

export function customerJson(customer: CustomerRow): z.infer<typeof CustomerJson> {
  return {
    id: customer.id,
    email: customer.email,
    email_confirmed: customer.emailConfirmedAtMs !== null,
    name: customer.name,
    created_at: isoTime(customer.createdAtMs),
  };
}

export const MeJson = CustomerJson.extend({
  staff: z
    .strictObject({ role: z.enum(STAFF_ROLES), scopes: z.array(z.string()) })
    .optional()
    .openapi({ description: "What this account may do in `/v1/admin`; absent for everybody who is not of the staff." }),
}).openapi("Me");

export function meJson(customer: CustomerRow, role: StaffRole | null): z.infer<typeof MeJson> {
  return { ...customerJson(customer), ...(role === null ? {} : { staff: { role, scopes: [...scopesOf(role)] } }) };
}

const tokens = {
  customer: CustomerJson,
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal("Bearer"),
  /** Seconds that the access token is valid. */
  expires_in: z.int(),
};

export const TokensJson = z.strictObject(tokens).openapi("Tokens");

export const SignedInJson = z
  .strictObject({
    ...tokens,
    device_token: z.string().openapi({
      description: "Send it with the next sign-in: a device that is known has attempts of its own. It opens nothing.",
    }),
  })
  .openapi("SignedIn");

/** An app shows six digits, with or without a space; recovery codes have four groups of four. */
export const SecondFactorCode = z
  .string()
  .min(1)
  .max(60)
  .openapi({ description: "Six digits of the authenticator app, or a recovery code. Each counts once.", example: "123456" });

/** Whatever is no mark of ours is a stranger's, not an error. */
export const DeviceToken = z
  .string()
  .max(DEVICE_TOKEN_LENGTH_MAX)
  .openapi({ description: "The `device_token` of an earlier sign-in on this device." });

export function tokensJson(customer: CustomerRow, tokens: TokenPair): z.infer<typeof TokensJson> {
  return {
    customer: customerJson(customer),
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    token_type: "Bearer",
    expires_in: tokens.expiresInSeconds,
  };
}

export const SecondFactorJson = z
  .strictObject({
    next_step: z.literal("second_factor"),
    challenge_token: z.string().openapi({ description: "For `POST /v1/auth/second-factor`, once. It opens nothing by itself." }),
    expires_at: z.iso.datetime(),
  })
  .openapi("SecondFactorRequired");

export function secondFactorJson({ challengeToken, expiresAtMs }: SecondFactorRequired): z.infer<typeof SecondFactorJson> {
  return { next_step: "second_factor", challenge_token: challengeToken, expires_at: isoTime(expiresAtMs) };
}

export const SessionJson = z
  .strictObject({
    id: idSchema("ses"),
    /** `Firefox on Linux`. */
    device: z.string(),
    current: z.boolean(),
    created_at: z.iso.datetime(),
    last_used_at: z.iso.datetime(),
  })
  .openapi("Session");

export function sessionJson(session: SessionRow, currentId: string): z.infer<typeof SessionJson> {
  return {
    id: session.id,
    device: session.userAgentFamily,
    current: session.id === currentId,
    created_at: isoTime(session.createdAtMs),
    last_used_at: isoTime(session.lastUsedAtMs),
  };
}

export const PasskeyJson = z
  .strictObject({
    id: idSchema("pky"),
    name: z.string(),
    created_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().nullable(),
  })
  .openapi("Passkey");

export function passkeyJson({ id, name, createdAtMs, lastUsedAtMs }: PasskeyRow): z.infer<typeof PasskeyJson> {
  return { id, name, created_at: isoTime(createdAtMs), last_used_at: lastUsedAtMs === null ? null : isoTime(lastUsedAtMs) };
}

const countryNames = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });

const Country = z
  .string()
  .regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 code such as GB")
  .refine((code) => !/^[A-Z]{2}$/.test(code) || countryNames.of(code) !== undefined, "is not a known country");

const required = {
  name: line(200),
  line1: line(200),
  city: line(100),
  postal_code: line(20),
  country: Country,
};
const optional = {
  line2: line(200).nullable().optional(),
  region: line(100).nullable().optional(),
  phone: line(30).nullable().optional(),
  label: line(50).nullable().optional(),
  default_shipping: z.boolean().optional(),
  default_billing: z.boolean().optional(),
};

export const NewAddress = z.strictObject({ ...required, ...optional }).openapi("NewAddress");
export const AddressChangeBody = z.strictObject(required).partial().extend(optional).openapi("AddressChange");

export function newAddressFields(body: z.infer<typeof NewAddress>): AddressFields {
  return {
    label: body.label ?? null,
    name: body.name,
    line1: body.line1,
    line2: body.line2 ?? null,
    city: body.city,
    region: body.region ?? null,
    postalCode: body.postal_code,
    country: body.country,
    phone: body.phone ?? null,
    defaultShipping: body.default_shipping ?? false,
    defaultBilling: body.default_billing ?? false,
  };
}

/** Absent members stay absent. */
export function changedAddressFields(body: z.infer<typeof AddressChangeBody>) {
  const { postal_code, default_shipping, default_billing, ...same } = body;
  return { ...same, postalCode: postal_code, defaultShipping: default_shipping, defaultBilling: default_billing };
}

export const AddressJson = z
  .strictObject({
    id: idSchema("addr"),
    label: z.string().nullable(),
    name: z.string(),
    line1: z.string(),
    line2: z.string().nullable(),
    city: z.string(),
    region: z.string().nullable(),
    postal_code: z.string(),
    country: z.string(),
    phone: z.string().nullable(),
    default_shipping: z.boolean(),
    default_billing: z.boolean(),
  })
  .openapi("CustomerAddress");

export function addressJson(address: AddressRow): z.infer<typeof AddressJson> {
  return {
    id: address.id,
    label: address.label,
    name: address.name,
    line1: address.line1,
    line2: address.line2,
    city: address.city,
    region: address.region,
    postal_code: address.postalCode,
    country: address.country,
    phone: address.phone,
    default_shipping: address.defaultShipping,
    default_billing: address.defaultBilling,
  };
}

/** What the page for sign-in and security asks of identity, as the signed-in customer. */
import * as z from "zod";
import { ok } from "../../shared/result.ts";
import { type Answer, type Asker, ask } from "./ask.ts";

const Anything = z.unknown();

const Authenticator = z.object({ enabled: z.boolean(), enabled_at: z.string().nullable(), recovery_codes_left: z.int() });
export type Authenticator = z.infer<typeof Authenticator>;

const Enrolment = z.object({ secret: z.string(), otpauth_uri: z.string() });
export type Enrolment = z.infer<typeof Enrolment>;

const Confirmed = z.object({ recovery_codes: z.array(z.string()), device_token: z.string() });
const RecoveryCodes = z.object({ recovery_codes: z.array(z.string()) });

const Passkey = z.object({ id: z.string(), name: z.string(), created_at: z.string(), last_used_at: z.string().nullable() });
export type Passkey = z.infer<typeof Passkey>;
const PasskeyList = z.object({ items: z.array(Passkey) });

export interface Factors {
  readonly password: string;
  readonly code: string;
}

export function readAuthenticator(page: Asker): Answer<Authenticator> {
  return ask(page, "IDENTITY", { path: "/v1/me/authenticator" }, Authenticator);
}

/** Refused by `wrong_password`, `too_many_attempts`, `authenticator_in_use` and `invalid_body`. */
export function enrolAuthenticator(page: Asker, password: string): Answer<Enrolment> {
  return ask(page, "IDENTITY", { method: "POST", path: "/v1/me/authenticator", body: { password } }, Enrolment);
}

/** Refused by `wrong_code`, `no_authenticator`, `authenticator_in_use` and `invalid_body`. */
export function confirmAuthenticator(page: Asker, code: string): Answer<z.infer<typeof Confirmed>> {
  return ask(page, "IDENTITY", { method: "POST", path: "/v1/me/authenticator/confirm", body: { code } }, Confirmed);
}

/** Refused by `wrong_password`, `wrong_code`, `too_many_attempts`, `no_authenticator` and `invalid_body`. */
export function disableAuthenticator(page: Asker, factors: Factors): Answer<unknown> {
  return ask(page, "IDENTITY", { method: "POST", path: "/v1/me/authenticator/disable", body: factors }, Anything);
}

/** Refused like `disableAuthenticator`. */
export async function renewRecoveryCodes(page: Asker, factors: Factors): Answer<readonly string[]> {
  const renewed = await ask(page, "IDENTITY", { method: "POST", path: "/v1/me/recovery-codes", body: factors }, RecoveryCodes);
  return renewed.ok ? ok(renewed.value.recovery_codes) : renewed;
}

/** Oldest first. */
export async function listPasskeys(page: Asker): Answer<readonly Passkey[]> {
  const list = await ask(page, "IDENTITY", { path: "/v1/me/passkeys" }, PasskeyList);
  return list.ok ? ok(list.value.items) : list;
}

/** For the browser as it is. Refused by `wrong_password`, `too_many_attempts`, `passkey_limit_reached` and `invalid_body`. */
export function startPasskey(page: Asker, password: string): Answer<unknown> {
  return ask(page, "IDENTITY", { method: "POST", path: "/v1/me/passkey-options", body: { password } }, Anything);
}

/** Refused by `passkey_not_accepted`, `passkey_limit_reached` and `invalid_body`. */
export function addPasskey(page: Asker, credential: unknown, name: string | undefined): Answer<Passkey> {
  const body = { credential, ...(name === undefined ? {} : { name }) };
  return ask(page, "IDENTITY", { method: "POST", path: "/v1/me/passkeys", body }, Passkey);
}

/** Refused by `invalid_body`. */
export function renamePasskey(page: Asker, id: string, name: string): Answer<unknown> {
  return ask(page, "IDENTITY", { method: "PATCH", path: passkeyPath(id), body: { name } }, Anything);
}

export function removePasskey(page: Asker, id: string): Answer<unknown> {
  return ask(page, "IDENTITY", { method: "DELETE", path: passkeyPath(id) }, Anything);
}

function passkeyPath(id: string): string {
  return `/v1/me/passkeys/${encodeURIComponent(id)}`;
}

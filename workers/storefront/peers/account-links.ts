/** What the links in account mails ask of identity. */
import * as z from "zod";
import { type Answer, type Asker, ask } from "./ask.ts";

const Anything = z.unknown();
const PasswordReset = z.object({ device_token: z.string() });

/** Refused by `too_many_attempts` and `invalid_body` only: the answer tells nothing about the address. */
export function requestPasswordReset(page: Asker, email: string, deviceToken: string | undefined): Answer<unknown> {
  const body = { email, ...(deviceToken === undefined ? {} : { device_token: deviceToken }) };
  return ask(page, "IDENTITY", { method: "POST", path: "/v1/auth/request-password-reset", body }, Anything);
}

/** Refused by `invalid_link`, `weak_password` and `invalid_body`. */
export function resetPassword(page: Asker, token: string, password: string): Answer<z.infer<typeof PasswordReset>> {
  const body = { token, password };
  return ask(page, "IDENTITY", { method: "POST", path: "/v1/auth/reset-password", body }, PasswordReset);
}

/** Refused by `invalid_link`, `weak_password`, `wrong_password`, `too_many_attempts` and `invalid_body`. */
export function acceptInvitation(page: Asker, token: string, password: string): Answer<unknown> {
  const body = { token, password };
  return ask(page, "IDENTITY", { method: "POST", path: "/v1/auth/accept-invitation", body }, Anything);
}

/** Refused by `invalid_link` and `email_in_use`. */
export function confirmEmail(page: Asker, token: string): Answer<unknown> {
  return ask(page, "IDENTITY", { method: "POST", path: "/v1/me/email/confirm", body: { token } }, Anything);
}

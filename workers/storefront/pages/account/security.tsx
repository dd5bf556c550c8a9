/** `/account/security`: the authenticator app and the passkeys of the account. */
import type { Context } from "hono";
import { Notice } from "../../components/notice.tsx";
import type { StorefrontHono } from "../../env.ts";
import { listPasskeys, readAuthenticator } from "../../peers/account-security.ts";
import type { PeerProblem } from "../../peers/ask.ts";
import { renderPage } from "../../render-page.tsx";
import { accountTexts } from "../../texts/account.ts";
import { securityTexts } from "../../texts/security.ts";
import { AccountFrame } from "./account-frame.tsx";
import { AuthenticatorCard } from "./authenticator-card.tsx";
import { refused } from "./customer-only.ts";
import { PasskeysCard } from "./passkeys-card.tsx";
import { tooManyAttempts, waitOf } from "./password-error.ts";

export const SECURITY_PATH = "/account/security";

/** The form of this page that comes back, and what is wrong with it. */
export interface RefusedForm {
  readonly form: "set-up" | "renew" | "switch-off" | "passkey" | "rename";
  readonly passwordError?: string;
  readonly codeError?: string;
  readonly passkeyId?: string;
}

export async function showSecurity(c: Context<StorefrontHono>): Promise<Response> {
  return await securityPage(c);
}

export async function securityPage(c: Context<StorefrontHono>, refusedForm?: RefusedForm, status = 422): Promise<Response> {
  const { page } = c.var;
  const texts = securityTexts(page.locale);
  const [authenticator, passkeys] = await Promise.all([readAuthenticator(page), listPasskeys(page)]);
  if (!authenticator.ok) return await refused(c, authenticator.error);
  if (!passkeys.ok) return await refused(c, passkeys.error);
  return await renderPage(
    c,
    { title: texts.title, noindex: true, status: refusedForm === undefined ? 200 : status },
    <AccountFrame page={page} title={texts.title} lead={texts.lead}>
      {refusedForm === undefined ? null : <Notice tone="error">{accountTexts(page.locale).formRefused}</Notice>}
      <AuthenticatorCard page={page} authenticator={authenticator.value} refused={refusedForm} />
      <PasskeysCard page={page} passkeys={passkeys.value} refused={refusedForm} />
    </AccountFrame>,
  );
}

/** What identity says about a password or a code, at the field that it is about; anything else is the whole page's. */
export async function refusedForm(
  c: Context<StorefrontHono>,
  form: RefusedForm["form"],
  problem: PeerProblem,
): Promise<Response> {
  const { page } = c.var;
  const texts = accountTexts(page.locale);
  switch (problem.code) {
    case "wrong_password":
      return await securityPage(c, { form, passwordError: texts.profile.wrongPassword });
    case "wrong_code":
      return await securityPage(c, { form, codeError: securityTexts(page.locale).wrongCode });
    case "too_many_attempts":
      return await securityPage(c, { form, passwordError: tooManyAttempts(texts, { retryAfterSeconds: waitOf(problem) }) }, 429);
    case "invalid_body":
      return await securityPage(c, { form, passwordError: texts.enterPassword });
    default:
      return await refused(c, problem);
  }
}

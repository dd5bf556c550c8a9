/** `/account/forgot-password` and, by the mail's link, `/account/reset-password`. Neither tells whether an address is known. */
import type { Context } from "hono";
import { CsrfField } from "../../components/csrf-field.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import { COOKIE_AGE_MAX_SECONDS, DEVICE_COOKIE, readCookie, setCookie } from "../../cookies.ts";
import type { StorefrontHono } from "../../env.ts";
import { unavailablePage } from "../../error-pages.tsx";
import { link } from "../../page-context.ts";
import { requestPasswordReset, resetPassword } from "../../peers/account-links.ts";
import { renderPage } from "../../render-page.tsx";
import { accountTexts } from "../../texts/account.ts";
import { seeOther } from "./customer-only.ts";
import { deadLinkPage } from "./dead-link.tsx";
import { EmailField, PasswordField } from "./door-fields.tsx";
import { readForm } from "./form-text.ts";
import { passwordError, tooManyAttempts, waitOf } from "./password-error.ts";

export async function showForgotPassword(c: Context<StorefrontHono>): Promise<Response> {
  return await forgotPage(c, { email: "", error: undefined, status: 200 });
}

export async function askForReset(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const texts = accountTexts(page.locale);
  const email = (await readForm(c)).text("email");
  const asked = await requestPasswordReset(page, email, readCookie(c, DEVICE_COOKIE));
  if (asked.ok) return seeOther(c, "/account/sign-in", texts.lostPassword.mailed);
  switch (asked.error.code) {
    case "invalid_body":
      return await forgotPage(c, { email, error: texts.enterEmail, status: 422 });
    case "too_many_attempts":
      return await forgotPage(c, {
        email,
        error: tooManyAttempts(texts, { retryAfterSeconds: waitOf(asked.error) }),
        status: 429,
      });
    default:
      return await unavailablePage(c, asked.error);
  }
}

interface ForgotForm {
  readonly email: string;
  readonly error: string | undefined;
  readonly status: number;
}

async function forgotPage(c: Context<StorefrontHono>, form: ForgotForm): Promise<Response> {
  const { page } = c.var;
  const { lostPassword: texts } = accountTexts(page.locale);
  return await renderPage(
    c,
    { title: texts.forgotTitle, noindex: true, status: form.status },
    <section class="door">
      <h1>{texts.forgotTitle}</h1>
      <p class="door-lead">{texts.forgotLead}</p>
      <form class="door-form" method="post" action={link(page, "/account/forgot-password")}>
        <CsrfField page={page} />
        <EmailField page={page} value={form.email} error={form.error} />
        <SubmitButton wide>{texts.forgotSubmit}</SubmitButton>
      </form>
    </section>,
  );
}

export async function showResetPassword(c: Context<StorefrontHono>): Promise<Response> {
  return await resetPage(c, { token: c.req.query("token") ?? "", error: undefined });
}

export async function saveNewPassword(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const texts = accountTexts(page.locale);
  const form = await readForm(c);
  const [token, password] = [form.raw("token"), form.raw("password")];
  const done = await resetPassword(page, token, password);
  if (done.ok) {
    setCookie(c, DEVICE_COOKIE, done.value.device_token, COOKIE_AGE_MAX_SECONDS);
    return seeOther(c, "/account/sign-in", texts.lostPassword.done);
  }
  switch (done.error.code) {
    case "weak_password":
      return await resetPage(c, { token, error: texts.passwordTooEasy });
    case "invalid_body":
      return token === "" ? await deadLink(c) : await resetPage(c, { token, error: passwordError(texts, password) });
    case "invalid_link":
      return await deadLink(c);
    default:
      return await unavailablePage(c, done.error);
  }
}

async function resetPage(
  c: Context<StorefrontHono>,
  { token, error }: { readonly token: string; readonly error: string | undefined },
): Promise<Response> {
  const { page } = c.var;
  const { lostPassword: texts } = accountTexts(page.locale);
  return await renderPage(
    c,
    { title: texts.resetTitle, noindex: true, status: error === undefined ? 200 : 422 },
    <section class="door">
      <h1>{texts.resetTitle}</h1>
      <p class="door-lead">{texts.resetLead}</p>
      <form class="door-form" method="post" action={link(page, "/account/reset-password")}>
        <CsrfField page={page} />
        <input type="hidden" name="token" value={token} />
        <PasswordField page={page} error={error} isNew={true} />
        <SubmitButton wide>{texts.resetSubmit}</SubmitButton>
      </form>
    </section>,
  );
}

/** For whichever link does not work any more. */
export async function deadLink(c: Context<StorefrontHono>): Promise<Response> {
  const { lostPassword: texts } = accountTexts(c.var.page.locale);
  return await deadLinkPage(c, texts, { path: "/account/forgot-password", label: texts.forgotTitle });
}

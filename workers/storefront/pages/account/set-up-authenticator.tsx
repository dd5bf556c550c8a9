/**
 * Setting the authenticator app up, step by step, and what its owner does with it later. The key and the recovery codes are
 * in the answer to a form and nowhere else: no address, cookie or later page has them.
 */
import type { Context } from "hono";
import { CsrfField } from "../../components/csrf-field.tsx";
import { Field } from "../../components/field.tsx";
import { Notice } from "../../components/notice.tsx";
import { QrCode } from "../../components/qr-code.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import { COOKIE_AGE_MAX_SECONDS, DEVICE_COOKIE, setCookie } from "../../cookies.ts";
import type { StorefrontHono } from "../../env.ts";
import { setFlash } from "../../flash.tsx";
import { link, type PageContext } from "../../page-context.ts";
import {
  confirmAuthenticator,
  disableAuthenticator,
  type Enrolment,
  enrolAuthenticator,
  renewRecoveryCodes,
} from "../../peers/account-security.ts";
import { renderPage } from "../../render-page.tsx";
import { securityTexts } from "../../texts/security.ts";
import { AccountFrame } from "./account-frame.tsx";
import { refused, seeOther } from "./customer-only.ts";
import { readForm } from "./form-text.ts";
import { refusedForm, SECURITY_PATH } from "./security.tsx";

export async function startSetUp(c: Context<StorefrontHono>): Promise<Response> {
  const enrolled = await enrolAuthenticator(c.var.page, (await readForm(c)).raw("password"));
  if (enrolled.ok) return await setUpPage(c, { enrolment: enrolled.value, error: undefined });
  if (enrolled.error.code === "authenticator_in_use") return seeOther(c, SECURITY_PATH);
  return await refusedForm(c, "set-up", enrolled.error);
}

export async function confirmSetUp(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const texts = securityTexts(page.locale);
  const confirmed = await confirmAuthenticator(page, (await readForm(c)).text("code"));
  if (confirmed.ok) {
    setCookie(c, DEVICE_COOKIE, confirmed.value.device_token, COOKIE_AGE_MAX_SECONDS);
    return await recoveryCodesPage(c, confirmed.value.recovery_codes);
  }
  switch (confirmed.error.code) {
    case "wrong_code":
    case "invalid_body":
      return await setUpPage(c, { enrolment: undefined, error: texts.wrongCode });
    case "no_authenticator":
      setFlash(c, "warning", texts.app.tooLate);
      return seeOther(c, SECURITY_PATH);
    case "authenticator_in_use":
      return seeOther(c, SECURITY_PATH);
    default:
      return await refused(c, confirmed.error);
  }
}

export async function renewCodes(c: Context<StorefrontHono>): Promise<Response> {
  const form = await readForm(c);
  const renewed = await renewRecoveryCodes(c.var.page, { password: form.raw("password"), code: form.text("code") });
  if (renewed.ok) return await recoveryCodesPage(c, renewed.value);
  if (renewed.error.code === "no_authenticator") return seeOther(c, SECURITY_PATH);
  return await refusedForm(c, "renew", renewed.error);
}

export async function switchOff(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const form = await readForm(c);
  const disabled = await disableAuthenticator(page, { password: form.raw("password"), code: form.text("code") });
  // Off already is what was wanted.
  if (disabled.ok || disabled.error.code === "no_authenticator")
    return seeOther(c, SECURITY_PATH, securityTexts(page.locale).app.switchedOff);
  return await refusedForm(c, "switch-off", disabled.error);
}

interface SetUp {
  /** Shown once; a second try goes without. */
  readonly enrolment: Enrolment | undefined;
  readonly error: string | undefined;
}

async function setUpPage(c: Context<StorefrontHono>, { enrolment, error }: SetUp): Promise<Response> {
  const { page } = c.var;
  const { app: texts } = securityTexts(page.locale);
  return await renderPage(
    c,
    { title: texts.setUpTitle, noindex: true, status: error === undefined ? 200 : 422 },
    <AccountFrame page={page} title={texts.setUpTitle} lead={enrolment === undefined ? texts.tryAgain : texts.setUpLead}>
      {enrolment === undefined ? null : <Key page={page} enrolment={enrolment} />}
      <form class="account-form" method="post" action={link(page, "/account/security/authenticator/confirm")}>
        <CsrfField page={page} />
        <Field
          page={page}
          name="code"
          label={texts.firstCode}
          hint={texts.firstCodeHint}
          error={error}
          autocomplete="one-time-code"
          inputmode="numeric"
          maxlength={10}
          required
        />
        <p class="account-note">{texts.confirmLead}</p>
        <SubmitButton>{texts.confirm}</SubmitButton>
      </form>
      <p class="account-more">
        <a href={link(page, SECURITY_PATH)}>{texts.startAgain}</a>
      </p>
    </AccountFrame>,
  );
}

const GROUP = /.{1,4}/g;

function Key({ page, enrolment }: { readonly page: PageContext; readonly enrolment: Enrolment }) {
  const { app: texts } = securityTexts(page.locale);
  return (
    <div class="account-key">
      <p>{texts.scan}</p>
      <QrCode text={enrolment.otpauth_uri} label={texts.picture} />
      <p class="account-more">
        <a href={enrolment.otpauth_uri}>{texts.open}</a>
      </p>
      <p>{texts.key}</p>
      <p>
        <code class="key">{enrolment.secret.match(GROUP)?.join(" ")}</code>
      </p>
      <p class="account-note">{texts.keyFacts}</p>
    </div>
  );
}

async function recoveryCodesPage(c: Context<StorefrontHono>, codes: readonly string[]): Promise<Response> {
  const { page } = c.var;
  const { app: texts } = securityTexts(page.locale);
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`${codes.join("\n")}\n`)}`;
  return await renderPage(
    c,
    { title: texts.codesTitle, noindex: true },
    <AccountFrame page={page} title={texts.codesTitle}>
      <Notice tone="warning">{texts.codesLead}</Notice>
      <ol class="recovery-codes" id="recovery-codes" tabindex={-1}>
        {codes.map((code) => (
          <li>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <p class="account-form-ways">
        <button
          type="button"
          class="button button-secondary"
          data-island="copy-text"
          data-from="recovery-codes"
          data-copied={texts.copied}
          hidden
        >
          {texts.copy}
        </button>
        <a class="button button-secondary" href={file} download={texts.fileName}>
          {texts.download}
        </a>
        <a class="button button-primary" href={link(page, SECURITY_PATH)}>
          {texts.kept}
        </a>
      </p>
    </AccountFrame>,
  );
}

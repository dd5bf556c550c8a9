/** `/account/profile`: name, password, and where the customer is signed in. */
import type { Context } from "hono";
import { CsrfField } from "../../components/csrf-field.tsx";
import { Field } from "../../components/field.tsx";
import { Notice } from "../../components/notice.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import type { StorefrontHono } from "../../env.ts";
import { link, type PageContext } from "../../page-context.ts";
import { type Customer, changePassword, listDevices, readCustomer, renameCustomer, signDeviceOut } from "../../peers/account.ts";
import { renderPage } from "../../render-page.tsx";
import { accountTexts } from "../../texts/account.ts";
import { AccountCard, AccountFrame } from "./account-frame.tsx";
import { refused, seeOther } from "./customer-only.ts";
import { Devices } from "./devices.tsx";
import { EmailText } from "./email-text.tsx";
import { readForm } from "./form-text.ts";
import { passwordError } from "./password-error.ts";

const PROFILE_PATH = "/account/profile";

interface Marks {
  /** As typed, when it was refused. */
  readonly name?: string;
  readonly nameError?: string;
  readonly currentError?: string;
  readonly nextError?: string;
}

export async function showProfile(c: Context<StorefrontHono>): Promise<Response> {
  return await profilePage(c, {});
}

export async function rename(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const texts = accountTexts(page.locale);
  const name = (await readForm(c)).text("name");
  const renamed = await renameCustomer(page, name === "" ? null : name);
  if (renamed.ok) return seeOther(c, PROFILE_PATH, texts.profile.saved);
  if (renamed.error.code === "invalid_body") return await profilePage(c, { name, nameError: texts.enterName });
  return await refused(c, renamed.error);
}

export async function setPassword(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const texts = accountTexts(page.locale);
  const form = await readForm(c);
  const [current, next] = [form.raw("current"), form.raw("new")];
  const empty = {
    ...(current === "" ? { currentError: texts.enterPassword } : {}),
    ...(next === "" ? { nextError: texts.passwordTooShort } : {}),
  };
  if (Object.keys(empty).length > 0) return await profilePage(c, empty);
  const changed = await changePassword(page, current, next);
  if (changed.ok) return seeOther(c, PROFILE_PATH, texts.profile.passwordChanged);
  switch (changed.error.code) {
    case "wrong_password":
      return await profilePage(c, { currentError: texts.profile.wrongPassword });
    case "weak_password":
      return await profilePage(c, { nextError: texts.passwordTooEasy });
    case "invalid_body":
      return await profilePage(c, { nextError: passwordError(texts, next) });
    default:
      return await refused(c, changed.error);
  }
}

export async function endDevice(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const ended = await signDeviceOut(page, (await readForm(c)).text("session"));
  // Gone already is what was wanted.
  if (!ended.ok && ended.error.status !== 404) return await refused(c, ended.error);
  return seeOther(c, PROFILE_PATH, accountTexts(page.locale).profile.deviceSignedOut);
}

async function profilePage(c: Context<StorefrontHono>, marks: Marks): Promise<Response> {
  const { page } = c.var;
  const texts = accountTexts(page.locale);
  const [customer, devices] = await Promise.all([readCustomer(page), listDevices(page)]);
  if (!customer.ok) return await refused(c, customer.error);
  const isRefused = Object.keys(marks).length > 0;
  return await renderPage(
    c,
    { title: texts.profile.title, noindex: true, status: isRefused ? 422 : 200 },
    <AccountFrame page={page} title={texts.profile.title}>
      {isRefused ? <Notice tone="error">{texts.formRefused}</Notice> : null}
      <NameForm page={page} customer={customer.value} marks={marks} />
      <PasswordForm page={page} email={customer.value.email} marks={marks} />
      {devices.ok ? <Devices page={page} devices={devices.value} /> : null}
    </AccountFrame>,
  );
}

interface FormProps {
  readonly page: PageContext;
  readonly marks: Marks;
}

function NameForm({ page, customer, marks }: FormProps & { readonly customer: Customer }) {
  const texts = accountTexts(page.locale);
  return (
    <AccountCard title={texts.profile.details} id="details">
      <p class="account-lines">
        <EmailText email={customer.email} />
      </p>
      <p class="account-note">{texts.profile.emailFixed}</p>
      <form class="account-form" method="post" action={link(page, PROFILE_PATH)}>
        <CsrfField page={page} />
        <Field
          page={page}
          name="name"
          label={texts.name}
          hint={texts.profile.nameHint}
          value={marks.name ?? customer.name ?? ""}
          error={marks.nameError}
          autocomplete="name"
          maxlength={100}
        />
        <SubmitButton>{texts.save}</SubmitButton>
      </form>
    </AccountCard>
  );
}

function PasswordForm({ page, email, marks }: FormProps & { readonly email: string }) {
  const texts = accountTexts(page.locale);
  return (
    <AccountCard title={texts.profile.passwordTitle} id="password">
      <p class="account-note">{texts.profile.passwordLead}</p>
      <form class="account-form" method="post" action={link(page, "/account/password")}>
        <CsrfField page={page} />
        {/* For password managers: whose password this is. */}
        <input type="hidden" name="username" value={email} autocomplete="username" />
        <Field
          page={page}
          name="current"
          type="password"
          label={texts.profile.current}
          error={marks.currentError}
          autocomplete="current-password"
          maxlength={400}
          required
        />
        <Field
          page={page}
          name="new"
          type="password"
          label={texts.profile.next}
          hint={texts.passwordHint}
          error={marks.nextError}
          autocomplete="new-password"
          maxlength={400}
          required
        />
        <SubmitButton>{texts.profile.changePassword}</SubmitButton>
      </form>
    </AccountCard>
  );
}

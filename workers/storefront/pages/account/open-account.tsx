/** `/account/register`. The answer is the same whether or not somebody else has claimed the address before. */
import type { Context } from "hono";
import type { BrowserRegisterError, SecondFactorRequired } from "../../../identity/contract.ts";
import { CsrfField } from "../../components/csrf-field.tsx";
import { Field } from "../../components/field.tsx";
import { Notice } from "../../components/notice.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import type { StorefrontHono } from "../../env.ts";
import { unavailablePage } from "../../error-pages.tsx";
import { setFlash } from "../../flash.tsx";
import { link, type PageContext } from "../../page-context.ts";
import { registerBrowser } from "../../peers/browser-session.ts";
import { renderPage } from "../../render-page.tsx";
import { type AccountTexts, accountTexts } from "../../texts/account.ts";
import { EmailField, PasswordField } from "./door-fields.tsx";
import { readForm } from "./form-text.ts";
import { browserOf, identityAway, keepSession } from "./keep-session.ts";
import { passwordError, tooManyAttempts } from "./password-error.ts";
import { carriedReturn, RETURN_FIELD, returnAddress, returnQuery } from "./return-address.ts";
import { askForCode } from "./second-step.tsx";

interface Marked {
  readonly email?: string;
  readonly password?: string;
  readonly name?: string;
}

interface RegisterForm {
  readonly email: string;
  readonly name: string;
  readonly back: string;
  readonly errors: Marked;
}

export async function showRegister(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const back = c.req.query(RETURN_FIELD);
  if (page.principal.kind === "customer") return c.redirect(returnAddress(page, back), 303);
  return await registerPage(c, { email: "", name: "", back: carriedReturn(back), errors: {} });
}

export async function register(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const texts = accountTexts(page.locale);
  const form = await readForm(c);
  const [email, name, password, back] = [
    form.text("email"),
    form.text("name"),
    form.raw("password"),
    carriedReturn(form.text(RETURN_FIELD)),
  ];
  const opened = await registerBrowser(page, {
    email,
    password,
    name: name === "" ? null : name,
    ...browserOf(c),
  });
  if (!opened.ok) {
    if (opened.error.code === "unavailable") return await unavailablePage(c, identityAway());
    // The very address and password of an account that wants more than a password.
    if (opened.error.code === "second_factor_required")
      return await askForCode(c, { challenge: opened.error.challengeToken, back, refusal: null });
    return await registerPage(c, { email, name, back, errors: marks(texts, opened.error, password) });
  }
  await keepSession(c, opened.value);
  setFlash(c, "success", texts.register.done);
  return c.redirect(returnAddress(page, back), 303);
}

function marks(texts: AccountTexts, error: Exclude<BrowserRegisterError, SecondFactorRequired>, password: string): Marked {
  switch (error.code) {
    case "weak_password":
      return { password: texts.passwordTooEasy };
    case "too_many_attempts":
      return { email: tooManyAttempts(texts, error) };
    case "invalid_credentials":
      return { email: texts.signIn.wrong };
    case "invalid_registration": {
      const refused = new Set(error.errors.map(({ path }) => path));
      return {
        ...(refused.has("email") ? { email: texts.enterEmail } : {}),
        ...(refused.has("password") ? { password: passwordError(texts, password) } : {}),
        ...(refused.has("name") ? { name: texts.enterName } : {}),
      };
    }
  }
}

async function registerPage(c: Context<StorefrontHono>, form: RegisterForm): Promise<Response> {
  const { page } = c.var;
  const texts = accountTexts(page.locale);
  const status = Object.keys(form.errors).length === 0 ? 200 : 422;
  return await renderPage(c, { title: texts.register.title, noindex: true, status }, <Register page={page} form={form} />);
}

function Register({ page, form }: { readonly page: PageContext; readonly form: RegisterForm }) {
  const texts = accountTexts(page.locale);
  return (
    <section class="door">
      <h1>{texts.register.title}</h1>
      <p class="door-lead">{texts.register.lead}</p>
      {Object.keys(form.errors).length === 0 ? null : <Notice tone="error">{texts.formRefused}</Notice>}
      <RegisterFields page={page} form={form} />
      <div class="door-ways">
        <p>
          {texts.register.known} <a href={link(page, `/account/sign-in${returnQuery(form.back)}`)}>{texts.register.signIn}</a>
        </p>
        <p class="door-note">
          {texts.register.privacy} <a href={link(page, "/pages/privacy")}>{texts.register.privacyLink}</a>
        </p>
      </div>
    </section>
  );
}

function RegisterFields({ page, form }: { readonly page: PageContext; readonly form: RegisterForm }) {
  const texts = accountTexts(page.locale);
  return (
    <form class="door-form" method="post" action={link(page, "/account/register")}>
      <CsrfField page={page} />
      <input type="hidden" name={RETURN_FIELD} value={form.back} />
      <Field
        page={page}
        name="name"
        label={texts.name}
        value={form.name}
        error={form.errors.name}
        autocomplete="name"
        maxlength={100}
      />
      <EmailField page={page} value={form.email} error={form.errors.email} />
      <PasswordField page={page} error={form.errors.password} isNew={true} />
      <SubmitButton wide>{texts.register.submit}</SubmitButton>
    </form>
  );
}

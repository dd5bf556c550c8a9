/** `/account/sign-in`. The answer is the same for an unknown address and a wrong password. */
import type { Context } from "hono";
import { CsrfField } from "../../components/csrf-field.tsx";
import { Notice } from "../../components/notice.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import type { StorefrontHono } from "../../env.ts";
import { unavailablePage } from "../../error-pages.tsx";
import { link, type PageContext } from "../../page-context.ts";
import { signInBrowser, signInBrowserByPasskey } from "../../peers/browser-session.ts";
import { renderPage } from "../../render-page.tsx";
import { accountTexts } from "../../texts/account.ts";
import { securityTexts } from "../../texts/security.ts";
import { EmailField, PasswordField } from "./door-fields.tsx";
import { readForm } from "./form-text.ts";
import { browserOf, identityAway } from "./keep-session.ts";
import { PasskeySignIn } from "./passkey-forms.tsx";
import { tooManyAttempts } from "./password-error.ts";
import { carriedReturn, RETURN_FIELD, returnAddress, returnQuery } from "./return-address.ts";
import { askForCode, signedIn } from "./second-step.tsx";

interface SignInForm {
  readonly email: string;
  readonly back: string;
  readonly errors: { readonly email?: string; readonly password?: string };
  /** Shown above the form. */
  readonly refusal: string | null;
}

export async function showSignIn(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const back = c.req.query(RETURN_FIELD);
  if (page.principal.kind === "customer") return c.redirect(returnAddress(page, back), 303);
  return await signInPage(c, { email: "", back: carriedReturn(back), errors: {}, refusal: null });
}

export async function signIn(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const texts = accountTexts(page.locale);
  const form = await readForm(c);
  const [email, password, back] = [form.text("email"), form.raw("password"), carriedReturn(form.text(RETURN_FIELD))];
  const errors = {
    ...(email === "" ? { email: texts.enterEmail } : {}),
    ...(password === "" ? { password: texts.enterPassword } : {}),
  };
  if (Object.keys(errors).length > 0) return await signInPage(c, { email, back, errors, refusal: texts.formRefused });
  const opened = await signInBrowser(page, { email, password, ...browserOf(c) });
  if (opened.ok) return await signedIn(c, opened.value, back);
  switch (opened.error.code) {
    case "unavailable":
      return await unavailablePage(c, identityAway());
    case "too_many_attempts":
      c.header("retry-after", String(opened.error.retryAfterSeconds));
      return await signInPage(c, { email, back, errors: {}, refusal: tooManyAttempts(texts, opened.error) }, 429);
    case "second_factor_required":
      return await askForCode(c, { challenge: opened.error.challengeToken, back, refusal: null });
    case "invalid_credentials": {
      const marked = { email: texts.signIn.wrongHint, password: texts.signIn.wrongHint };
      return await signInPage(c, { email, back, errors: marked, refusal: texts.signIn.wrong });
    }
  }
}

/** The browser's own dialog has chosen the passkey, and with it the account. */
export async function signInByPasskey(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const form = await readForm(c);
  const back = carriedReturn(form.text(RETURN_FIELD));
  const opened = await signInBrowserByPasskey(page, { credential: form.raw("credential"), ...browserOf(c) });
  if (opened.ok) return await signedIn(c, opened.value, back);
  if (opened.error.code === "unavailable") return await unavailablePage(c, identityAway());
  return await signInPage(c, { email: "", back, errors: {}, refusal: securityTexts(page.locale).signIn.passkeyRefused });
}

async function signInPage(
  c: Context<StorefrontHono>,
  form: SignInForm,
  status = form.refusal === null ? 200 : 422,
): Promise<Response> {
  const texts = accountTexts(c.var.page.locale);
  return await renderPage(c, { title: texts.signIn.title, noindex: true, status }, <SignIn page={c.var.page} form={form} />);
}

function SignIn({ page, form }: { readonly page: PageContext; readonly form: SignInForm }) {
  const texts = accountTexts(page.locale);
  return (
    <section class="door">
      <h1>{texts.signIn.title}</h1>
      <p class="door-lead">{texts.signIn.lead}</p>
      {form.refusal === null ? null : <Notice tone="error">{form.refusal}</Notice>}
      <form class="door-form" method="post" action={link(page, "/account/sign-in")}>
        <CsrfField page={page} />
        <input type="hidden" name={RETURN_FIELD} value={form.back} />
        <EmailField page={page} value={form.email} error={form.errors.email} />
        <PasswordField page={page} error={form.errors.password} isNew={false} />
        <SubmitButton wide>{texts.signIn.submit}</SubmitButton>
      </form>
      <PasskeySignIn page={page} back={form.back} />
      <SignInWays page={page} back={form.back} />
    </section>
  );
}

function SignInWays({ page, back }: { readonly page: PageContext; readonly back: string }) {
  const { signIn: texts, lostPassword } = accountTexts(page.locale);
  return (
    <div class="door-ways">
      <p>
        <a href={link(page, "/account/forgot-password")}>{lostPassword.link}</a>
      </p>
      <p>
        {texts.newHere} <a href={link(page, `/account/register${returnQuery(back)}`)}>{texts.register}</a>
      </p>
      {/^(?:\/[a-z]{2})?\/checkout(?:$|[?])/.test(back) ? (
        <p>
          <a href={link(page, "/checkout")}>{texts.asGuest}</a>
        </p>
      ) : null}
      <p class="door-note">{texts.keepsCart}</p>
    </div>
  );
}

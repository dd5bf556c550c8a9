/** The second step of a sign-in: a code of the app, or a recovery code. The first step's challenge travels in the form. */
import type { Context } from "hono";
import type { BrowserSession } from "../../../identity/contract.ts";
import { CsrfField } from "../../components/csrf-field.tsx";
import { Field } from "../../components/field.tsx";
import { Notice } from "../../components/notice.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import type { StorefrontHono } from "../../env.ts";
import { unavailablePage } from "../../error-pages.tsx";
import { setFlash } from "../../flash.tsx";
import { link, type PageContext } from "../../page-context.ts";
import { completeSignInBrowser } from "../../peers/browser-session.ts";
import { renderPage } from "../../render-page.tsx";
import { accountTexts } from "../../texts/account.ts";
import { securityTexts } from "../../texts/security.ts";
import { readForm } from "./form-text.ts";
import { browserOf, identityAway, keepSession } from "./keep-session.ts";
import { tooManyAttempts } from "./password-error.ts";
import { carriedReturn, RETURN_FIELD, returnAddress, returnQuery } from "./return-address.ts";

interface CodeForm {
  readonly challenge: string;
  readonly back: string;
  readonly refusal: string | null;
}

export async function signedIn(c: Context<StorefrontHono>, session: BrowserSession, back: string): Promise<Response> {
  const { page } = c.var;
  await keepSession(c, session);
  setFlash(c, "success", accountTexts(page.locale).signIn.done);
  return c.redirect(returnAddress(page, back), 303);
}

export async function finishSignIn(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const texts = securityTexts(page.locale);
  const form = await readForm(c);
  const [challenge, back] = [form.raw("challenge"), carriedReturn(form.text(RETURN_FIELD))];
  const opened = await completeSignInBrowser(page, { challengeToken: challenge, code: form.text("code"), ...browserOf(c) });
  if (opened.ok) return await signedIn(c, opened.value, back);
  switch (opened.error.code) {
    case "unavailable":
      return await unavailablePage(c, identityAway());
    case "too_many_attempts":
      c.header("retry-after", String(opened.error.retryAfterSeconds));
      return await askForCode(c, { challenge, back, refusal: tooManyAttempts(accountTexts(page.locale), opened.error) }, 429);
    case "wrong_code":
      return await askForCode(c, { challenge, back, refusal: texts.wrongCode });
    case "invalid_challenge":
      setFlash(c, "warning", texts.signIn.expired);
      return c.redirect(link(page, `/account/sign-in${returnQuery(back)}`), 303);
  }
}

export async function askForCode(
  c: Context<StorefrontHono>,
  form: CodeForm,
  status = form.refusal === null ? 200 : 422,
): Promise<Response> {
  const { page } = c.var;
  const { signIn: texts } = securityTexts(page.locale);
  return await renderPage(
    c,
    { title: texts.title, noindex: true, status },
    <section class="door">
      <h1>{texts.title}</h1>
      <p class="door-lead">{texts.lead}</p>
      {form.refusal === null ? null : <Notice tone="error">{form.refusal}</Notice>}
      <form class="door-form" method="post" action={link(page, "/account/sign-in/code")}>
        <CsrfField page={page} />
        <input type="hidden" name={RETURN_FIELD} value={form.back} />
        <input type="hidden" name="challenge" value={form.challenge} />
        <CodeField page={page} id="code" error={undefined} />
        <SubmitButton wide>{texts.submit}</SubmitButton>
      </form>
      <div class="door-ways">
        <p class="door-note">{texts.lost}</p>
        <p>
          <a href={link(page, `/account/sign-in${returnQuery(form.back)}`)}>{texts.again}</a>
        </p>
      </div>
    </section>,
  );
}

interface CodeFieldProps {
  readonly page: PageContext;
  readonly id: string;
  readonly error: string | undefined;
}

/** As phones and password managers fill it in. No numeric keyboard: a recovery code has letters. */
export function CodeField({ page, id, error }: CodeFieldProps) {
  const texts = securityTexts(page.locale);
  return (
    <Field
      page={page}
      id={id}
      name="code"
      label={texts.code}
      hint={texts.codeHint}
      error={error}
      autocomplete="one-time-code"
      maxlength={60}
      required
    />
  );
}

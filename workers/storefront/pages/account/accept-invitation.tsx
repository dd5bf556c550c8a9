/** `/account/accept-invitation`, by the link of an invitation to the staff: a password, and then to sign in as always. */
import type { Context } from "hono";
import { CsrfField } from "../../components/csrf-field.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import type { StorefrontHono } from "../../env.ts";
import { unavailablePage } from "../../error-pages.tsx";
import { link } from "../../page-context.ts";
import { acceptInvitation } from "../../peers/account-links.ts";
import { renderPage } from "../../render-page.tsx";
import { accountTexts } from "../../texts/account.ts";
import { seeOther } from "./customer-only.ts";
import { PasswordField } from "./door-fields.tsx";
import { readForm } from "./form-text.ts";
import { deadLink } from "./lost-password.tsx";
import { passwordError, tooManyAttempts, waitOf } from "./password-error.ts";

interface InvitationForm {
  readonly token: string;
  readonly error: string | undefined;
  readonly status: number;
}

export async function showStaffInvitation(c: Context<StorefrontHono>): Promise<Response> {
  return await invitationPage(c, { token: c.req.query("token") ?? "", error: undefined, status: 200 });
}

export async function joinStaff(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const texts = accountTexts(page.locale);
  const form = await readForm(c);
  const [token, password] = [form.raw("token"), form.raw("password")];
  const joined = await acceptInvitation(page, token, password);
  if (joined.ok) return seeOther(c, "/account/sign-in", texts.staffInvitation.done);
  const refuse = (error: string, status = 422) => invitationPage(c, { token, error, status });
  switch (joined.error.code) {
    case "weak_password":
      return await refuse(texts.passwordTooEasy);
    case "wrong_password":
      return await refuse(texts.staffInvitation.wrongPassword);
    case "too_many_attempts":
      return await refuse(tooManyAttempts(texts, { retryAfterSeconds: waitOf(joined.error) }), 429);
    case "invalid_body":
      return token === "" ? await deadLink(c) : await refuse(passwordError(texts, password));
    case "invalid_link":
      return await deadLink(c);
    default:
      return await unavailablePage(c, joined.error);
  }
}

async function invitationPage(c: Context<StorefrontHono>, { token, error, status }: InvitationForm): Promise<Response> {
  const { page } = c.var;
  const { staffInvitation: texts } = accountTexts(page.locale);
  return await renderPage(
    c,
    { title: texts.title, noindex: true, status },
    <section class="door">
      <h1>{texts.title}</h1>
      <p class="door-lead">{texts.lead}</p>
      <form class="door-form" method="post" action={link(page, "/account/accept-invitation")}>
        <CsrfField page={page} />
        <input type="hidden" name="token" value={token} />
        <PasswordField page={page} error={error} isNew={true} />
        <SubmitButton wide>{texts.submit}</SubmitButton>
      </form>
    </section>,
  );
}

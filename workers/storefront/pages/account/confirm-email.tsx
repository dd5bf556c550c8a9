/**
 * `/account/confirm-email`, where the mail's link leads. Opening it changes nothing, because mail programs open links
 * themselves; the button does, for whoever is signed in to the account.
 */
import type { Context } from "hono";
import { CsrfField } from "../../components/csrf-field.tsx";
import { Notice } from "../../components/notice.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import type { StorefrontHono } from "../../env.ts";
import { link } from "../../page-context.ts";
import { confirmEmail } from "../../peers/account-links.ts";
import { renderPage } from "../../render-page.tsx";
import { accountTexts } from "../../texts/account.ts";
import { refused, seeOther } from "./customer-only.ts";
import { readForm } from "./form-text.ts";
import { deadLink } from "./lost-password.tsx";

export async function showConfirmEmail(c: Context<StorefrontHono>): Promise<Response> {
  return await confirmPage(c, c.req.query("token") ?? "", null);
}

export async function saveConfirmation(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const { lostPassword: texts } = accountTexts(page.locale);
  const token = (await readForm(c)).raw("token");
  const confirmed = await confirmEmail(page, token);
  if (confirmed.ok) return seeOther(c, "/account/profile", texts.confirmed);
  switch (confirmed.error.code) {
    case "invalid_link":
    case "invalid_body":
      return await deadLink(c);
    case "email_in_use":
      return await confirmPage(c, token, texts.inUse);
    default:
      return await refused(c, confirmed.error);
  }
}

async function confirmPage(c: Context<StorefrontHono>, token: string, refusal: string | null): Promise<Response> {
  const { page } = c.var;
  const { lostPassword: texts } = accountTexts(page.locale);
  return await renderPage(
    c,
    { title: texts.confirmTitle, noindex: true, status: refusal === null ? 200 : 409 },
    <section class="door">
      <h1>{texts.confirmTitle}</h1>
      <p class="door-lead">{texts.confirmLead}</p>
      {refusal === null ? null : <Notice tone="error">{refusal}</Notice>}
      <form class="door-form" method="post" action={link(page, "/account/confirm-email")}>
        <CsrfField page={page} />
        <input type="hidden" name="token" value={token} />
        <SubmitButton wide>{texts.confirmSubmit}</SubmitButton>
      </form>
    </section>,
  );
}

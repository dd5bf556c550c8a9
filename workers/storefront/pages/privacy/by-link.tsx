/**
 * `/privacy/request`, `/privacy/export` and `/privacy/erasure`: for shoppers without an account. Opening the mail's link changes
 * nothing, because mail programs open links themselves; the button does.
 */
import type { Context } from "hono";
import { CsrfField } from "../../components/csrf-field.tsx";
import { Field } from "../../components/field.tsx";
import { Notice } from "../../components/notice.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import type { StorefrontHono } from "../../env.ts";
import { unavailablePage } from "../../error-pages.tsx";
import { link } from "../../page-context.ts";
import type { PeerProblem } from "../../peers/ask.ts";
import { downloadByLink, mailLink, openLink, type Purpose } from "../../peers/privacy.ts";
import { renderPage } from "../../render-page.tsx";
import { privacyTexts } from "../../texts/privacy.ts";
import { seeOther } from "../account/customer-only.ts";
import { deadLinkPage } from "../account/dead-link.tsx";
import { readForm } from "../account/form-text.ts";

const REQUEST_PATH = "/privacy/request";

export async function showRequest(c: Context<StorefrontHono>): Promise<Response> {
  return await requestPage(c, 200, "", null);
}

export async function sendLink(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const { link: texts } = privacyTexts(page.locale);
  const form = await readForm(c);
  const email = form.text("email");
  const mailed = await mailLink(page, email, form.text("purpose") === "erasure" ? "erasure" : "export");
  if (mailed.ok) return seeOther(c, REQUEST_PATH, texts.mailed);
  switch (mailed.error.code) {
    case "invalid_body":
      return await requestPage(c, 422, email, texts.enterEmail);
    case "too_many_attempts":
      return await requestPage(c, 429, email, texts.tooMany);
    default:
      return await unavailablePage(c, mailed.error);
  }
}

export async function showExportLink(c: Context<StorefrontHono>): Promise<Response> {
  return await linkPage(c, "export", c.req.query("token") ?? "", "ask");
}

export async function showErasureLink(c: Context<StorefrontHono>): Promise<Response> {
  return await linkPage(c, "erasure", c.req.query("token") ?? "", "ask");
}

/** The first press collects, the next one downloads what is ready. */
export async function exportByLink(c: Context<StorefrontHono>): Promise<Response> {
  const token = (await readForm(c)).raw("token");
  const file = await downloadByLink(c.var.page, token);
  if (file.ok) return file.value;
  if (file.error.status !== 404 && file.error.status !== 409) return await linkRefused(c, file.error, "export", token);
  const begun = await openLink(c.var.page, token, "export");
  if (!begun.ok) return await linkRefused(c, begun.error, "export", token);
  return await linkPage(c, "export", token, begun.value.state === "completed" ? "ready" : "collecting");
}

export async function eraseByLink(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const token = (await readForm(c)).raw("token");
  const begun = await openLink(page, token, "erasure");
  if (begun.ok) return seeOther(c, "/", privacyTexts(page.locale).link.erased);
  return await linkRefused(c, begun.error, "erasure", token);
}

async function linkRefused(c: Context<StorefrontHono>, problem: PeerProblem, purpose: Purpose, token: string) {
  if (problem.code === "orders_open") return await linkPage(c, purpose, token, "orders_open");
  return problem.status === 410 || problem.code === "invalid_body" ? await deadLink(c) : await unavailablePage(c, problem);
}

async function requestPage(c: Context<StorefrontHono>, status: 200 | 422 | 429, email: string, error: string | null) {
  const { page } = c.var;
  const { link: texts } = privacyTexts(page.locale);
  return await renderPage(
    c,
    { title: texts.title, noindex: true, status },
    <section class="door">
      <h1>{texts.title}</h1>
      <p class="door-lead">{texts.lead}</p>
      <form class="door-form" method="post" action={link(page, REQUEST_PATH)}>
        <CsrfField page={page} />
        <Field
          page={page}
          name="email"
          type="email"
          label={texts.email}
          value={email}
          error={error ?? undefined}
          autocomplete="email"
          maxlength={254}
          required
        />
        <fieldset class="door-choice">
          <legend>{texts.purpose}</legend>
          <label class="choice">
            <input type="radio" name="purpose" value="export" checked /> {texts.export}
          </label>
          <label class="choice">
            <input type="radio" name="purpose" value="erasure" /> {texts.erasure}
          </label>
        </fieldset>
        <SubmitButton wide>{texts.submit}</SubmitButton>
      </form>
    </section>,
  );
}

type Moment = "ask" | "collecting" | "ready" | "orders_open";

async function linkPage(c: Context<StorefrontHono>, purpose: Purpose, token: string, moment: Moment) {
  const { page } = c.var;
  const texts = privacyTexts(page.locale);
  const erases = purpose === "erasure";
  const title = erases ? texts.link.erasureTitle : texts.link.exportTitle;
  const submit = erases ? texts.link.erasureSubmit : moment === "ask" ? texts.copy.collect : texts.copy.download;
  return await renderPage(
    c,
    { title, noindex: true, status: moment === "orders_open" ? 409 : 200 },
    <section class="door">
      <h1>{title}</h1>
      <p class="door-lead">{erases ? texts.link.erasureLead : texts.link.exportLead}</p>
      {moment === "orders_open" ? <Notice tone="error">{texts.erase.ordersOpen}</Notice> : null}
      {moment === "collecting" ? <Notice tone="info">{texts.copy.collecting}</Notice> : null}
      {moment === "ready" ? <Notice tone="success">{texts.copy.ready}</Notice> : null}
      <form class="door-form" method="post" action={link(page, `/privacy/${purpose}`)}>
        <CsrfField page={page} />
        <input type="hidden" name="token" value={token} />
        <SubmitButton wide>{submit}</SubmitButton>
      </form>
    </section>,
  );
}

async function deadLink(c: Context<StorefrontHono>): Promise<Response> {
  const { link: texts } = privacyTexts(c.var.page.locale);
  return await deadLinkPage(c, texts, { path: REQUEST_PATH, label: texts.title });
}

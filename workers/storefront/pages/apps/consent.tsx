/**
 * `/oauth/authorize`, where an app sends the customer to ask for access. It says who asks, where it leads and what for, and
 * nothing happens before the customer presses a button of it, which only this page's own form can do. The answer goes where
 * identity says: to an address that the app registered, or nowhere.
 */
import type { Context } from "hono";
import type { AuthorizationRefusal, ConsentRefusal } from "../../../identity/contract.ts";
import type { Unavailable } from "../../../shared/call-peer.ts";
import { clearCookie, SESSION_COOKIE } from "../../cookies.ts";
import type { StorefrontHono } from "../../env.ts";
import { unavailablePage } from "../../error-pages.tsx";
import { readCustomer } from "../../peers/account.ts";
import { answerAuthorization, readAuthorization } from "../../peers/apps.ts";
import { renderPage } from "../../render-page.tsx";
import { pagePolicy } from "../../security-policy.ts";
import { appTexts } from "../../texts/apps.ts";
import { refused, toSignIn } from "../account/customer-only.ts";
import { readForm } from "../account/form-text.ts";
import { identityAway } from "../account/keep-session.ts";
import { Consent } from "./consent-form.tsx";
import { formTarget } from "./form-target.ts";

export async function showConsent(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const asked = await readAuthorization(page, page.search);
  if (!asked.ok) return await refusedRequest(c, asked.error);
  if (page.principal.kind !== "customer") return toSignIn(c);
  const customer = await readCustomer(page);
  if (!customer.ok) return await refused(c, customer.error);
  const question = asked.value;
  return await renderPage(
    c,
    {
      title: appTexts(page.locale).consent.title(question.clientName),
      noindex: true,
      hideNavigation: true,
      // Browsers hold a form's redirects to the same rule as the form.
      headers: { "content-security-policy": pagePolicy(page.nonce, formTarget(question.redirectUri)) },
    },
    <Consent page={page} question={question} email={customer.value.email} request={page.search} />,
  );
}

export async function answerConsent(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const { kind, subject: customerId, sessionId } = page.principal;
  if (kind !== "customer" || customerId === null || sessionId === null) return toSignIn(c);
  const form = await readForm(c);
  const consent = { query: form.raw("request"), customerId, sessionId, isAllowed: form.raw("answer") === "allow" };
  const answered = await answerAuthorization(page, consent);
  return answered.ok ? c.redirect(answered.value.redirectTo, 303) : await refusedRequest(c, answered.error);
}

async function refusedRequest(
  c: Context<StorefrontHono>,
  error: AuthorizationRefusal | ConsentRefusal | Unavailable,
): Promise<Response> {
  switch (error.code) {
    case "refused":
      return c.redirect(error.redirectTo, 303);
    case "session_ended":
      clearCookie(c, SESSION_COOKIE);
      return toSignIn(c);
    case "unavailable":
      return await unavailablePage(c, identityAway());
    case "unusable_request":
      return await brokenRequestPage(c, error.reason);
  }
}

async function brokenRequestPage(c: Context<StorefrontHono>, reason: string): Promise<Response> {
  const { consent: texts } = appTexts(c.var.page.locale);
  return await renderPage(
    c,
    { title: texts.brokenTitle, status: 400, noindex: true },
    <section class="door">
      <h1>{texts.brokenTitle}</h1>
      <p class="door-lead">{texts.brokenLead}</p>
      <p>
        <code>{reason}</code>
      </p>
    </section>,
  );
}

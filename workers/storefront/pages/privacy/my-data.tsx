/** `/account/data`: a copy of everything that the shop knows about the customer, and the end of the account. */
import type { Context } from "hono";
import { CsrfField } from "../../components/csrf-field.tsx";
import { Field } from "../../components/field.tsx";
import { Notice } from "../../components/notice.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import { CART_COOKIE, clearCookie, DEVICE_COOKIE, ORDER_COOKIE, SESSION_COOKIE } from "../../cookies.ts";
import type { StorefrontHono } from "../../env.ts";
import { link, type PageContext } from "../../page-context.ts";
import { readAuthenticator } from "../../peers/account-security.ts";
import type { PeerProblem } from "../../peers/ask.ts";
import { collectMyData, downloadMyData, eraseMe, type PrivacyRequest, readMyExport } from "../../peers/privacy.ts";
import { renderPage } from "../../render-page.tsx";
import { accountTexts } from "../../texts/account.ts";
import { privacyTexts } from "../../texts/privacy.ts";
import { securityTexts } from "../../texts/security.ts";
import { AccountCard, AccountFrame } from "../account/account-frame.tsx";
import { refused, seeOther } from "../account/customer-only.ts";
import { readForm } from "../account/form-text.ts";
import { CodeField } from "../account/second-step.tsx";

export const DATA_PATH = "/account/data";

interface Refusal {
  readonly status: number;
  readonly passwordError?: string;
  readonly codeError?: string;
  readonly notice?: string;
}

export async function showMyData(c: Context<StorefrontHono>): Promise<Response> {
  return await dataPage(c, { status: 200 });
}

export async function collect(c: Context<StorefrontHono>): Promise<Response> {
  const begun = await collectMyData(c.var.page);
  return begun.ok ? seeOther(c, DATA_PATH) : await refused(c, begun.error);
}

export async function download(c: Context<StorefrontHono>): Promise<Response> {
  const file = await downloadMyData(c.var.page);
  if (file.ok) return file.value;
  // Not ready yet, or gone again: the page says which.
  return file.error.status === 409 || file.error.status === 404 ? seeOther(c, DATA_PATH) : await refused(c, file.error);
}

export async function deleteAccount(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const { erase: texts } = privacyTexts(page.locale);
  const form = await readForm(c);
  const [password, code] = [form.raw("password"), form.text("code")];
  if (password === "") return await dataPage(c, { status: 422, passwordError: texts.enterPassword });
  const erased = await eraseMe(page, { password, ...(code === "" ? {} : { code }) });
  if (!erased.ok) return await notDeleted(c, erased.error);
  for (const cookie of [SESSION_COOKIE, CART_COOKIE, ORDER_COOKIE, DEVICE_COOKIE] as const) clearCookie(c, cookie);
  return seeOther(c, "/", texts.done);
}

async function notDeleted(c: Context<StorefrontHono>, problem: PeerProblem): Promise<Response> {
  const { page } = c.var;
  const { erase: texts } = privacyTexts(page.locale);
  switch (problem.code) {
    case "wrong_password":
    case "invalid_body":
      return await dataPage(c, { status: 422, passwordError: texts.wrongPassword });
    case "code_required":
      return await dataPage(c, { status: 422, codeError: texts.enterCode });
    case "wrong_code":
      return await dataPage(c, { status: 422, codeError: securityTexts(page.locale).wrongCode });
    case "orders_open":
      return await dataPage(c, { status: 409, notice: texts.ordersOpen });
    case "too_many_attempts": {
      const minutes = Math.ceil(Number(problem.problem["retry_after_seconds"] ?? 60) / 60);
      return await dataPage(c, { status: 429, notice: accountTexts(page.locale).tooManyAttempts(minutes) });
    }
    default:
      return await refused(c, problem);
  }
}

async function dataPage(c: Context<StorefrontHono>, refusal: Refusal): Promise<Response> {
  const { page } = c.var;
  const texts = privacyTexts(page.locale);
  const [copy, authenticator] = await Promise.all([readMyExport(page), readAuthenticator(page)]);
  if (!copy.ok && copy.error.status === 401) return await refused(c, copy.error);
  return await renderPage(
    c,
    { title: texts.title, noindex: true, status: refusal.status },
    <AccountFrame page={page} title={texts.title} lead={texts.lead}>
      {refusal.notice === undefined ? null : <Notice tone="error">{refusal.notice}</Notice>}
      <CopyCard page={page} state={copy.ok ? copy.value.state : "expired"} />
      <EraseCard page={page} refusal={refusal} asksForCode={authenticator.ok && authenticator.value.enabled} />
    </AccountFrame>,
  );
}

function CopyCard({ page, state }: { readonly page: PageContext; readonly state: PrivacyRequest["state"] }) {
  const { copy: texts } = privacyTexts(page.locale);
  const isCollecting = state === "running" || state === "waiting";
  return (
    <AccountCard title={texts.title} id="copy">
      <p class="account-note">{texts.what}</p>
      {isCollecting ? <Notice tone="info">{texts.collecting}</Notice> : null}
      {state === "failed" ? <Notice tone="error">{texts.failed}</Notice> : null}
      {state === "completed" ? (
        <>
          <Notice tone="success">{texts.ready}</Notice>
          <p>
            <a class="button button-primary" href={link(page, `${DATA_PATH}/archive`)} download="my-data.json">
              {texts.download}
            </a>
          </p>
        </>
      ) : null}
      {isCollecting ? null : (
        <form class="account-form" method="post" action={link(page, `${DATA_PATH}/copy`)}>
          <CsrfField page={page} />
          <SubmitButton variant={state === "completed" ? "secondary" : "primary"}>
            {state === "completed" ? texts.collectAgain : texts.collect}
          </SubmitButton>
        </form>
      )}
    </AccountCard>
  );
}

interface EraseProps {
  readonly page: PageContext;
  readonly refusal: Refusal;
  /** An authenticator app protects the account. */
  readonly asksForCode: boolean;
}

function EraseCard({ page, refusal: { passwordError, codeError }, asksForCode }: EraseProps) {
  const { erase: texts } = privacyTexts(page.locale);
  return (
    <AccountCard title={texts.title} id="erase">
      <ul class="point-list">
        {texts.consequences.map((consequence) => (
          <li>{consequence}</li>
        ))}
      </ul>
      <form class="account-form" method="post" action={link(page, `${DATA_PATH}/delete`)}>
        <CsrfField page={page} />
        <Field
          page={page}
          name="password"
          type="password"
          label={texts.password}
          error={passwordError}
          autocomplete="current-password"
          maxlength={400}
          required
        />
        {asksForCode || codeError !== undefined ? <CodeField page={page} id="code" error={codeError} /> : null}
        <SubmitButton variant="secondary">{texts.submit}</SubmitButton>
      </form>
    </AccountCard>
  );
}

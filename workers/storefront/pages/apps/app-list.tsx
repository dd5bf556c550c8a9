/** `/account/apps`: the apps that may act for the customer, with a way to end each. */
import type { Context } from "hono";
import { CsrfField } from "../../components/csrf-field.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import type { StorefrontHono } from "../../env.ts";
import { formatDate } from "../../format-date.ts";
import { link, type PageContext } from "../../page-context.ts";
import { type AllowedApp, endApp, listApps } from "../../peers/apps.ts";
import { renderPage } from "../../render-page.tsx";
import { appTexts } from "../../texts/apps.ts";
import { AccountFrame } from "../account/account-frame.tsx";
import { refused, seeOther } from "../account/customer-only.ts";
import { readForm } from "../account/form-text.ts";
import { ScopeList } from "./scope-list.tsx";

const PATH = "/account/apps";

export async function showApps(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const { list: texts } = appTexts(page.locale);
  const apps = await listApps(page);
  if (!apps.ok) return await refused(c, apps.error);
  const isEmpty = apps.value.length === 0;
  return await renderPage(
    c,
    { title: texts.title, noindex: true },
    <AccountFrame page={page} title={texts.title} lead={isEmpty ? texts.none : texts.lead}>
      {isEmpty ? null : (
        <ul class="app-list">
          {apps.value.map((app) => (
            <AppCard page={page} app={app} />
          ))}
        </ul>
      )}
    </AccountFrame>,
  );
}

function AppCard({ page, app }: { readonly page: PageContext; readonly app: AllowedApp }) {
  const { list: texts } = appTexts(page.locale);
  const dates = [texts.since(formatDate(page, app.allowed_at)), texts.lastUsed(formatDate(page, app.last_used_at))];
  return (
    <li class="account-card">
      <h2>{app.name}</h2>
      <p class="account-note">{dates.join(" · ")}</p>
      <ScopeList page={page} scopes={app.scopes} />
      <form method="post" action={link(page, PATH)}>
        <CsrfField page={page} />
        <input type="hidden" name="app" value={app.id} />
        <SubmitButton variant="secondary" label={texts.endOne(app.name)}>
          {texts.end}
        </SubmitButton>
      </form>
    </li>
  );
}

export async function endAccess(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const ended = await endApp(page, (await readForm(c)).text("app"));
  // Gone already is what was wanted.
  if (!ended.ok && ended.error.status !== 404) return await refused(c, ended.error);
  return seeOther(c, PATH, appTexts(page.locale).list.ended);
}

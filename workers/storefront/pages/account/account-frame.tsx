/** What the account's pages share: the way between them, the heading, and the sign-out. Pure. */
import type { Child } from "hono/jsx";
import { CsrfField } from "../../components/csrf-field.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import { link, type PageContext } from "../../page-context.ts";
import { accountTexts } from "../../texts/account.ts";
import { appTexts } from "../../texts/apps.ts";
import { privacyTexts } from "../../texts/privacy.ts";
import { securityTexts } from "../../texts/security.ts";

interface AccountFrameProps {
  readonly page: PageContext;
  readonly title: string;
  readonly lead?: string | undefined;
  readonly children?: Child;
}

export function AccountFrame({ page, title, lead, children }: AccountFrameProps) {
  return (
    <div class="account">
      <AccountNav page={page} />
      <div class="account-main">
        <header class="account-head">
          <h1>{title}</h1>
          {lead === undefined ? null : <p class="account-lead">{lead}</p>}
        </header>
        {children}
      </div>
      <form class="account-sign-out" method="post" action={link(page, "/account/sign-out")}>
        <CsrfField page={page} />
        <SubmitButton variant="secondary">{accountTexts(page.locale).signOut.submit}</SubmitButton>
      </form>
    </div>
  );
}

function AccountNav({ page }: { readonly page: PageContext }) {
  const { nav } = accountTexts(page.locale);
  const entries = [
    ["/account", nav.home],
    ["/account/orders", nav.orders],
    ["/account/addresses", nav.addresses],
    ["/account/profile", nav.profile],
    ["/account/security", securityTexts(page.locale).nav],
    ["/account/apps", appTexts(page.locale).nav],
    ["/account/data", privacyTexts(page.locale).title],
  ] as const;
  const current = entries.findLast(([path]) => page.path === path || page.path.startsWith(`${path}/`))?.[0];
  return (
    <nav class="account-side" aria-label={nav.label}>
      <ul class="account-nav">
        {entries.map(([path, label]) => (
          <li>
            <a href={link(page, path)} aria-current={path === current ? "page" : undefined}>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A framed part of an account page. */
export function AccountCard({ title, id, children }: { readonly title: string; readonly id: string; readonly children?: Child }) {
  return (
    <section class="account-card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

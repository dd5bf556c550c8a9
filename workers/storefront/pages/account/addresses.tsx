/** `/account/addresses`: the address book. */
import type { Context } from "hono";
import { CsrfField } from "../../components/csrf-field.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import type { StorefrontHono } from "../../env.ts";
import { link, type PageContext } from "../../page-context.ts";
import { type AccountAddress, listAddresses } from "../../peers/account.ts";
import { renderPage } from "../../render-page.tsx";
import { accountTexts } from "../../texts/account.ts";
import { AccountFrame } from "./account-frame.tsx";
import { AddressText, shortAddress } from "./address-text.tsx";
import { refused } from "./customer-only.ts";

export async function showAddresses(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const list = await listAddresses(page);
  if (!list.ok) return await refused(c, list.error);
  const { addresses: texts } = accountTexts(page.locale);
  const isEmpty = list.value.length === 0;
  return await renderPage(
    c,
    { title: texts.title, noindex: true },
    <AccountFrame page={page} title={texts.title} lead={isEmpty ? texts.none : texts.lead}>
      {isEmpty ? null : (
        <ul class="address-list">
          {list.value.map((address) => (
            <AddressCard page={page} address={address} />
          ))}
        </ul>
      )}
      <p>
        <a class="button button-primary" href={link(page, "/account/addresses/new")}>
          {texts.add}
        </a>
      </p>
    </AccountFrame>,
  );
}

function AddressCard({ page, address }: { readonly page: PageContext; readonly address: AccountAddress }) {
  const { addresses: texts } = accountTexts(page.locale);
  const name = shortAddress(address);
  const path = `/account/addresses/${address.id}`;
  return (
    <li class="address-card">
      {address.label === null && !address.default_shipping ? null : (
        <p class="address-card-head">
          {address.label === null ? null : <strong>{address.label}</strong>}
          {address.default_shipping ? <span class="badge-quiet">{texts.isDefault}</span> : null}
        </p>
      )}
      <AddressText page={page} address={address} />
      <div class="address-card-actions">
        <a class="button button-quiet" href={link(page, path)} aria-label={texts.editOne(name)}>
          {texts.edit}
        </a>
        {address.default_shipping ? null : (
          <AddressAction page={page} path={`${path}/default`} label={texts.makeDefaultOne(name)} text={texts.makeDefault} />
        )}
        <AddressAction page={page} path={`${path}/delete`} label={texts.deleteOne(name)} text={texts.delete} />
      </div>
    </li>
  );
}

interface AddressActionProps {
  readonly page: PageContext;
  readonly path: string;
  readonly label: string;
  readonly text: string;
}

function AddressAction({ page, path, label, text }: AddressActionProps) {
  return (
    <form method="post" action={link(page, path)}>
      <CsrfField page={page} />
      <SubmitButton variant="quiet" label={label}>
        {text}
      </SubmitButton>
    </form>
  );
}

/** `/account`: the latest orders, where parcels go, and who is signed in. */

import type { Context } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { formatDate } from "../../format-date.ts";
import { link, type PageContext } from "../../page-context.ts";
import { type AccountAddress, type Customer, listAddresses, listOrders, readCustomer } from "../../peers/account.ts";
import { renderPage } from "../../render-page.tsx";
import { accountTexts } from "../../texts/account.ts";
import { AccountCard, AccountFrame } from "./account-frame.tsx";
import { AddressText } from "./address-text.tsx";
import { refused } from "./customer-only.ts";
import { EmailText } from "./email-text.tsx";
import { NoOrders, OrderList, worthShowing } from "./order-list.tsx";

const ORDERS_SHOWN = 3;
/** Failed attempts in between are left out. */
const ORDERS_ASKED = 10;

export async function showHome(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const [customer, orders, addresses] = await Promise.all([
    readCustomer(page),
    listOrders(page, ORDERS_ASKED),
    listAddresses(page),
  ]);
  for (const answer of [customer, orders, addresses]) if (!answer.ok) return await refused(c, answer.error);
  if (!customer.ok || !orders.ok || !addresses.ok) throw new Error("a refusal was answered above");
  const { home: texts } = accountTexts(page.locale);
  const { name, email } = customer.value;
  const latest = worthShowing(orders.value.items).slice(0, ORDERS_SHOWN);
  return await renderPage(
    c,
    { title: texts.title, noindex: true },
    <AccountFrame page={page} title={texts.greeting(name ?? email)}>
      <AccountCard title={texts.recentOrders} id="recent-orders">
        {latest.length === 0 ? <NoOrders page={page} /> : <OrderList page={page} orders={latest} />}
        {latest.length === 0 ? null : (
          <p class="account-more">
            <a href={link(page, "/account/orders")}>{texts.allOrders}</a>
          </p>
        )}
      </AccountCard>
      <div class="account-pair">
        <DefaultAddress page={page} address={addresses.value[0]} />
        <Details page={page} customer={customer.value} />
      </div>
    </AccountFrame>,
  );
}

function DefaultAddress({ page, address }: { readonly page: PageContext; readonly address: AccountAddress | undefined }) {
  const { home: texts } = accountTexts(page.locale);
  return (
    <AccountCard title={texts.defaultAddress} id="default-address">
      {address === undefined ? <p>{texts.noAddress}</p> : <AddressText page={page} address={address} />}
      <p class="account-more">
        {address === undefined ? (
          <a href={link(page, "/account/addresses/new")}>{texts.addAddress}</a>
        ) : (
          <a href={link(page, "/account/addresses")}>{texts.editAddresses}</a>
        )}
      </p>
    </AccountCard>
  );
}

function Details({ page, customer }: { readonly page: PageContext; readonly customer: Customer }) {
  const { home: texts } = accountTexts(page.locale);
  return (
    <AccountCard title={texts.details} id="details">
      <p class="account-lines">
        {customer.name === null ? null : (
          <>
            {customer.name}
            <br />
          </>
        )}
        <EmailText email={customer.email} />
      </p>
      <p class="account-note">{texts.memberSince(formatDate(page, customer.created_at))}</p>
      <p class="account-more">
        <a href={link(page, "/account/profile")}>{texts.editDetails}</a>
      </p>
    </AccountCard>
  );
}

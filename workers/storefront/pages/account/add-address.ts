/** `/account/addresses/new`. */
import type { Context } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { addAddress, readCustomer } from "../../peers/account.ts";
import { accountTexts } from "../../texts/account.ts";
import { addressPage, emptyForm, takeAddressForm } from "./address-form.tsx";
import { refused, seeOther } from "./customer-only.ts";

export async function showNewAddress(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const customer = await readCustomer(page);
  if (!customer.ok) return await refused(c, customer.error);
  return await addressPage(c, null, emptyForm(page, customer.value.name ?? ""));
}

export async function saveNewAddress(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const texts = accountTexts(page.locale);
  const sent = await takeAddressForm(c);
  if (sent.kind === "show") return await addressPage(c, null, sent.form);
  const added = await addAddress(page, sent.change);
  if (added.ok) return seeOther(c, "/account/addresses", texts.addresses.saved);
  switch (added.error.code) {
    case "address_limit_reached":
      return await addressPage(c, null, { ...sent.form, refusal: texts.addresses.full });
    case "invalid_body":
      return await addressPage(c, null, { ...sent.form, refusal: texts.formRefused });
    default:
      return await refused(c, added.error);
  }
}

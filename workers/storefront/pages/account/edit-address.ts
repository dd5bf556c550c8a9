/** `/account/addresses/{id}`: change it, make it the default, delete it. What is gone or somebody else's is 404. */
import type { Context } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { notFoundPage } from "../../error-pages.tsx";
import { changeAddress, deleteAddress, listAddresses } from "../../peers/account.ts";
import type { PeerProblem } from "../../peers/ask.ts";
import { accountTexts } from "../../texts/account.ts";
import { addressPage, formOf, takeAddressForm } from "./address-form.tsx";
import { refused, seeOther } from "./customer-only.ts";

const LIST_PATH = "/account/addresses";

export async function showAddress(c: Context<StorefrontHono>): Promise<Response> {
  const list = await listAddresses(c.var.page);
  if (!list.ok) return await refused(c, list.error);
  const address = list.value.find(({ id }) => id === c.req.param("id"));
  return address === undefined ? await gone(c) : await addressPage(c, address.id, formOf(address));
}

export async function saveAddress(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const texts = accountTexts(page.locale);
  const id = c.req.param("id") ?? "";
  const sent = await takeAddressForm(c);
  if (sent.kind === "show") return await addressPage(c, id, sent.form);
  const changed = await changeAddress(page, id, sent.change);
  if (changed.ok) return seeOther(c, LIST_PATH, texts.addresses.saved);
  if (changed.error.code === "invalid_body") return await addressPage(c, id, { ...sent.form, refusal: texts.formRefused });
  return await refusedAddress(c, changed.error);
}

export async function makeDefault(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const change = { default_shipping: true, default_billing: true };
  const changed = await changeAddress(page, c.req.param("id") ?? "", change);
  if (!changed.ok) return await refusedAddress(c, changed.error);
  return seeOther(c, LIST_PATH, accountTexts(page.locale).addresses.defaultChanged);
}

/** Deleting what is gone already is what was wanted. */
export async function removeAddress(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const deleted = await deleteAddress(page, c.req.param("id") ?? "");
  if (!deleted.ok && deleted.error.status !== 404) return await refused(c, deleted.error);
  return seeOther(c, LIST_PATH, accountTexts(page.locale).addresses.deleted);
}

async function refusedAddress(c: Context<StorefrontHono>, problem: PeerProblem): Promise<Response> {
  return problem.status === 404 ? await gone(c) : await refused(c, problem);
}

async function gone(c: Context<StorefrontHono>): Promise<Response> {
  const { addresses: texts } = accountTexts(c.var.page.locale);
  return await notFoundPage(c, { lead: texts.gone, links: [{ path: LIST_PATH, label: texts.title }] });
}

/** What the account pages ask of identity and orders, by the public contract and as the signed-in customer. */
import * as z from "zod";
import { ok } from "../../shared/result.ts";
import { type Answer, type Asker, ask } from "./ask.ts";
import { MoneyView, OrderView } from "./orders.ts";

const Customer = z.object({ id: z.string(), email: z.string(), name: z.string().nullable(), created_at: z.string() });
export type Customer = z.infer<typeof Customer>;

const AccountAddress = z.object({
  id: z.string(),
  label: z.string().nullable(),
  name: z.string(),
  line1: z.string(),
  line2: z.string().nullable(),
  city: z.string(),
  region: z.string().nullable(),
  postal_code: z.string(),
  country: z.string(),
  phone: z.string().nullable(),
  default_shipping: z.boolean(),
  default_billing: z.boolean(),
});
export type AccountAddress = z.infer<typeof AccountAddress>;
const AddressList = z.object({ items: z.array(AccountAddress) });

/** What a form may change of an address; null empties an optional member. */
export type AddressChange = Partial<Omit<AccountAddress, "id">>;

const OrderSummary = OrderView.pick({ id: true, number: true, status: true }).extend({
  units: z.int(),
  total: MoneyView,
  refunded: MoneyView,
  created_at: z.string(),
});
export type OrderSummary = z.infer<typeof OrderSummary>;
const OrderPage = z.object({ items: z.array(OrderSummary), next_cursor: z.string().nullable() });
export type OrderPage = z.infer<typeof OrderPage>;

const Device = z.object({ id: z.string(), device: z.string(), current: z.boolean(), last_used_at: z.string() });
export type Device = z.infer<typeof Device>;
const DeviceList = z.object({ items: z.array(Device) });
const DEVICES_SHOWN_MAX = 20;

/** Answers of 204 and answers nobody reads. */
const Anything = z.unknown();

export function readCustomer(page: Asker): Answer<Customer> {
  return ask(page, "IDENTITY", { path: "/v1/me" }, Customer);
}

export function renameCustomer(page: Asker, name: string | null): Answer<Customer> {
  return ask(page, "IDENTITY", { method: "PATCH", path: "/v1/me", body: { name } }, Customer);
}

/** Refused by `wrong_password`, `weak_password` and `invalid_body`. Signs every other device out. */
export function changePassword(page: Asker, current: string, next: string): Answer<unknown> {
  return ask(page, "IDENTITY", { method: "POST", path: "/v1/me/password", body: { current, new: next } }, Anything);
}

/** The default for shipping first, then oldest first. */
export async function listAddresses(page: Asker): Answer<AccountAddress[]> {
  const list = await ask(page, "IDENTITY", { path: "/v1/me/addresses" }, AddressList);
  if (!list.ok) return list;
  return ok(list.value.items.toSorted((a, b) => Number(b.default_shipping) - Number(a.default_shipping)));
}

/** Refused by `address_limit_reached` and `invalid_body`. */
export function addAddress(page: Asker, body: AddressChange): Answer<AccountAddress> {
  return ask(page, "IDENTITY", { method: "POST", path: "/v1/me/addresses", body }, AccountAddress);
}

export function changeAddress(page: Asker, id: string, body: AddressChange): Answer<AccountAddress> {
  return ask(page, "IDENTITY", { method: "PATCH", path: addressPath(id), body }, AccountAddress);
}

export function deleteAddress(page: Asker, id: string): Answer<unknown> {
  return ask(page, "IDENTITY", { method: "DELETE", path: addressPath(id) }, Anything);
}

function addressPath(id: string): string {
  return `/v1/me/addresses/${encodeURIComponent(id)}`;
}

/** Newest first. */
export function listOrders(page: Asker, limit: number, cursor?: string): Answer<OrderPage> {
  const query = new URLSearchParams({ limit: String(limit), ...(cursor === undefined ? {} : { cursor }) });
  return ask(page, "ORDERS", { path: `/v1/orders?${query}` }, OrderPage);
}

/** Newest first; whoever has more devices signs out everywhere. */
export async function listDevices(page: Asker): Answer<Device[]> {
  const list = await ask(page, "IDENTITY", { path: `/v1/me/sessions?limit=${DEVICES_SHOWN_MAX}` }, DeviceList);
  return list.ok ? ok(list.value.items) : list;
}

export function signDeviceOut(page: Asker, sessionId: string): Answer<unknown> {
  const path = `/v1/me/sessions/${encodeURIComponent(sessionId)}`;
  return ask(page, "IDENTITY", { method: "DELETE", path }, Anything);
}

/** This session, or every session of the customer. */
export function signOut(page: Asker, everywhere: boolean): Answer<unknown> {
  const path = everywhere ? "/v1/auth/sign-out-everywhere" : "/v1/auth/sign-out";
  return ask(page, "IDENTITY", { method: "POST", path }, Anything);
}

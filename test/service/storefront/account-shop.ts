/** What identity and orders answer about one customer, for the tests of the account's pages. */
import { GUEST, principalFromHeaders } from "../../../workers/shared/principal.ts";
import { type Browser, formToken, openBrowser, peer } from "./client.ts";
import type { Received } from "./fakes/peer.ts";

export const CUSTOMER_ID = "cus_01h455vb4pex5vsknk084sn02q";
export const SESSION_ID = "ses_01h455vb4pex5vsknk084sn02q";
export const SESSION_TOKEN = `${SESSION_ID}.${"s".repeat(43)}`;
export const ADDRESS_ID = "addr_01h455vb4pex5vsknk084sn02q";

export const ADDRESS = {
  id: ADDRESS_ID,
  label: "Home",
  name: "Ada Lovelace",
  line1: "4 Harbour Row",
  line2: null,
  city: "London",
  region: null,
  postal_code: "SW1A 1AA",
  country: "GB",
  phone: null,
  default_shipping: true,
  default_billing: true,
};

export const CUSTOMER = {
  id: CUSTOMER_ID,
  email: "ada@example.com",
  email_confirmed: false,
  name: "Ada <b>Lovelace</b>",
  created_at: "2026-11-01T08:00:00.000Z",
};

export const ORDER = {
  id: "ord_01h455vb4pex5vsknk084sn02q",
  number: "261121-001-0001",
  status: "placed",
  email: "ada@example.com",
  country: "GB",
  units: 2,
  total: { amount_minor: 4_499, currency: "GBP" },
  refunded: { amount_minor: 0, currency: "GBP" },
  created_at: "2026-11-21T08:00:00.000Z",
  placed_at: "2026-11-21T08:00:01.000Z",
};

const DEVICES = [
  {
    id: SESSION_ID,
    device: "Firefox on Linux",
    current: true,
    created_at: "2026-11-21T08:00:00.000Z",
    last_used_at: "2026-11-21T08:00:00.000Z",
  },
  {
    id: "ses_other",
    device: "Safari on iOS",
    current: false,
    created_at: "2026-11-01T08:00:00.000Z",
    last_used_at: "2026-11-02T08:00:00.000Z",
  },
];

export async function prepareCustomer(): Promise<void> {
  await peer("IDENTITY").prepare({
    "GET /v1/me": { json: CUSTOMER },
    "GET /v1/me/addresses": { json: { items: [ADDRESS], next_cursor: null } },
    "GET /v1/me/sessions": { json: { items: DEVICES, next_cursor: null } },
  });
  await peer("ORDERS").prepare({ "GET /v1/orders": { json: { items: [ORDER], next_cursor: null } } });
}

export function signedIn(capabilities: readonly string[] = []): Browser {
  return openBrowser({
    principal: { ...GUEST, kind: "customer", subject: CUSTOMER_ID, sessionId: SESSION_ID, capabilities: [...capabilities] },
  });
}

/** A form of the page at `path`, sent to `to`, with the page's token. */
export async function send(browser: Browser, path: string, form: Record<string, string>, to = path): Promise<Response> {
  const token = formToken(await (await browser.get(path)).text());
  return await browser.post(to, { form_token: token, ...form });
}

/** Calls of one kind that the peer received, newest last. */
export async function received(name: "IDENTITY" | "ORDERS", method: string, path: string): Promise<Received[]> {
  return (await peer(name).received()).filter((call) => call.method === method && call.path === path);
}

export function principalOf(call: Received | undefined) {
  return principalFromHeaders(new Headers(call?.headers));
}

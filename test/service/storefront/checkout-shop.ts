/** Carts and orders as the peers of the storefront answer them, and the forms of its pages as a browser would send them. */
import { GUEST } from "../../../workers/shared/principal.ts";
import { money } from "./catalog-shop.ts";
import { type Browser, CART_ID, openBrowser, peer } from "./client.ts";

export const ORDER_ID = "ord_01h455vb4pex5vsknk084sn02q";
export const ORDER_TOKEN = `${ORDER_ID}.${"a".repeat(43)}`;
export const CART_TOKEN = `${CART_ID}.${"b".repeat(43)}`;
export const CART_PATH = `/v1/carts/${CART_ID}`;
export const ORDER_PATH = `/v1/orders/${ORDER_ID}`;
export const CART_COOKIE = "__Host-holdfast-cart";
export const ORDER_COOKIE = "__Host-holdfast-order";

export const ADDRESS = { name: "Ada Canary", line1: "1 Quay", city: "Whitby", postal_code: "YO22 4DE", country: "GB" };
export const TYPED = { ...ADDRESS, email: "ada@canary.test", line2: "", phone: "", payment_method: "pm_card_visa" };

export function line(sku: string, quantity: number, members: Record<string, unknown> = {}) {
  const unit = 2_000;
  return {
    sku,
    product_id: `prod_${sku}`,
    handle: sku.toLowerCase(),
    title: `Lamp ${sku}`,
    image: null,
    quantity,
    unit_price: money(unit),
    total: money(unit * quantity),
    ...members,
  };
}

export function cart(members: Record<string, unknown> = {}, lines: readonly ReturnType<typeof line>[] = [line("A", 2)]) {
  const subtotal = lines.reduce((sum, { total }) => sum + total.amount_minor, 0);
  return {
    id: CART_ID,
    state: "open",
    currency: "GBP",
    email: null,
    lines,
    shipping_address: null,
    shipping_option_id: null,
    totals: {
      subtotal: money(subtotal),
      discount: money(0),
      shipping: money(0),
      tax: money(0),
      total: money(subtotal),
    },
    order_id: null,
    order_token: null,
    expires_at: new Date(Date.now() + 86_400_000).toISOString(),
    ...members,
  };
}

/** What the cart is once the form of `TYPED` has been saved. */
export function savedCart(members: Record<string, unknown> = {}) {
  const saved = cart();
  const total = saved.totals.subtotal.amount_minor + 399;
  return {
    ...saved,
    email: TYPED.email,
    shipping_address: ADDRESS,
    shipping_option_id: "uk-standard",
    totals: { ...saved.totals, shipping: money(399), tax: money(733), total: money(total) },
    ...members,
  };
}

export function order(members: Record<string, unknown> = {}) {
  const { totals, lines } = savedCart();
  return {
    id: ORDER_ID,
    number: "261121-003-0042",
    status: "placed",
    email: TYPED.email,
    currency: "GBP",
    lines: lines.map(({ sku, title, quantity, unit_price, total }) => ({ sku, title, quantity, unit_price, total })),
    totals,
    tax_included: true,
    tax_rate_basis_points: 2_000,
    shipping_address: ADDRESS,
    shipping_option: { id: "uk-standard", name: "Standard delivery" },
    payment: { status: "captured", amount: totals.total, refunded: money(0) },
    refunds: [],
    shipments: [],
    timeline: [{ type: "order.placed", at: "2026-11-21T09:30:00.000Z" }],
    cart_id: CART_ID,
    failure_reason: null,
    hold_expires_at: null,
    next_action: null,
    created_at: "2026-11-21T09:30:00.000Z",
    ...members,
  };
}

export const AWAITING = {
  status: "awaiting_payment",
  hold_expires_at: "2099-01-01T00:00:00.000Z",
  next_action: { type: "redirect", url: "http://localhost:8787/payment-sandbox/authenticate/pi_1?client_secret=s" },
};

const OPTIONS = [
  { id: "uk-standard", name: "Standard delivery", price: money(399), estimated_days: 3 },
  { id: "uk-express", name: "Next-day delivery", price: money(799), estimated_days: 1 },
  { id: "parcel", name: "Tracked parcel, by weight", price: money(1_200), estimated_days: 10 },
];

export async function prepareOrders(answers: Parameters<ReturnType<typeof peer>["prepare"]>[0]): Promise<void> {
  await peer("ORDERS").prepare(answers);
}

export async function prepareStock(levels: Readonly<Record<string, number>>): Promise<void> {
  const items = Object.entries(levels).map(([sku, available]) => ({ sku, available, backorderable: false }));
  await peer("INVENTORY").prepare({ "GET /v1/availability": { json: { items } } });
}

/** A shopper with this cart, in stock, that can be sent. */
export async function prepareCheckout(found: object = savedCart()): Promise<Browser> {
  await prepareOrders({
    [`GET ${CART_PATH}`]: { json: found },
    [`GET ${CART_PATH}/shipping-options`]: { json: { items: OPTIONS, next_cursor: null } },
    [`PATCH ${CART_PATH}`]: { json: savedCart() },
  });
  await prepareStock({ A: 10 });
  return shopper();
}

/** With the cookies and what the gateway makes of them. */
export function shopper(...capabilities: string[]): Browser {
  const browser = openBrowser({ principal: { ...GUEST, capabilities: [CART_ID, ...capabilities] } });
  browser.cookies.set(CART_COOKIE, CART_TOKEN);
  return browser;
}

export function holder(...capabilities: string[]): Browser {
  return openBrowser({ principal: { ...GUEST, capabilities } });
}

/** Hidden fields of the checkout's form as they stand in the page. */
export function hiddenFields(html: string): Record<string, string> {
  const form = html.slice(html.indexOf('class="checkout-form"'));
  return Object.fromEntries(
    [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
}

/** Opens the checkout and sends its form with what is typed. */
export async function sendCheckout(
  browser: Browser,
  typed: Record<string, string> = TYPED,
  path = "/checkout",
): Promise<Response> {
  const html = await (await browser.get(path)).text();
  return await browser.post(path, { shipping_option_id: "uk-standard", ...hiddenFields(html), ...typed, action: "pay" });
}

export async function asked(
  method: string,
  path: string,
): Promise<readonly { readonly body: string; readonly headers: Readonly<Record<string, string>> }[]> {
  const received = await peer("ORDERS").received();
  return received.filter((request) => request.method === method && request.path === path);
}

export function problem(status: number, code: string, members: Record<string, unknown> = {}) {
  return { status, json: { type: `urn:holdfast:problem:${code}`, title: code, status, code, detail: code, ...members } };
}

/** What the flash cookie says. */
export function flashOf(browser: Browser): string {
  const value = browser.cookies.get("__Host-holdfast-flash");
  return value === undefined ? "" : (JSON.parse(decodeURIComponent(value)) as { text: string }).text;
}

export function location(response: Response): [number, string | null] {
  return [response.status, response.headers.get("location")];
}

/** What the orders tests share: the service as the gateway reaches it, products with stock in the real peers, tokens. */
import { env, exports } from "cloudflare:workers";
import type { Order, OrdersApi } from "../../../workers/orders/contract.ts";
import { verifyCapabilityToken } from "../../../workers/shared/capability-token.ts";
import { encodePrincipal, GUEST, PRINCIPAL_HEADER, type Principal } from "../../../workers/shared/principal.ts";
import type { CallContext } from "../../../workers/shared/telemetry.ts";
import { TEST_SECRETS } from "../../secrets.ts";

export const ORIGIN = "http://localhost:8787";
export const orders = (exports as unknown as { default: OrdersApi & Fetcher }).default;
export const bindings = env as unknown as {
  readonly DATABASE: D1Database;
  readonly CATALOG: Fetcher;
  readonly INVENTORY: Fetcher;
};

export const CONTEXT: CallContext = {
  requestId: "test-request",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
};

export const OPERATOR: Principal = { ...GUEST, kind: "operator", scopes: ["*"] };
export const ADDRESS = { name: "Ada Canary", line1: "1 Secret Street", city: "London", postal_code: "N1 1AA", country: "GB" };

export function customer(subject: string, capabilities: readonly string[] = []): Principal {
  return { ...GUEST, kind: "customer", subject, sessionId: "ses_1", capabilities: [...capabilities] };
}

/** A guest who presented the tokens of these carts and orders. */
export function holding(...capabilities: string[]): Principal {
  return { ...GUEST, capabilities };
}

// biome-ignore lint/suspicious/noExplicitAny: tests read into any answer; an absent member fails their assertion
export type Body = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Call {
  readonly as?: Principal;
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function send(service: Fetcher, method: string, path: string, call: Call): Promise<Answer> {
  const headers = new Headers({ [PRINCIPAL_HEADER]: encodePrincipal(call.as ?? GUEST), ...call.headers });
  const body = call.rawBody ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
  if (body !== undefined && !headers.has("content-type")) headers.set("content-type", "application/json");
  if (headers.get("content-type") === "none") headers.delete("content-type");
  const response = await service.fetch(ORIGIN + path, {
    method,
    headers,
    redirect: "manual",
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

export async function request(method: string, path: string, call: Call = {}): Promise<Answer> {
  return await send(orders, method, path, call);
}

let counter = 0;

export function fresh(prefix: string): string {
  counter += 1;
  return `${prefix}-${crypto.randomUUID().slice(0, 8)}-${counter}`;
}

export interface ProductOptions {
  readonly priceMinor?: number;
  readonly stock?: number;
  readonly currency?: string;
  readonly status?: "active" | "draft";
  readonly sku?: string;
}

/** A product of one variant, created through catalog, with its stock opened in inventory. */
export async function product(options: ProductOptions = {}): Promise<string> {
  const { priceMinor = 1_000, stock = 10, currency = "GBP", status = "active", sku = fresh("SKU") } = options;
  const prices = [{ amount_minor: priceMinor, currency }];
  const created = await send(bindings.CATALOG, "POST", "/v1/admin/products", {
    as: OPERATOR,
    body: { title: sku, status, variants: [{ sku, prices, weight_grams: 500, inventory_quantity: stock }] },
  });
  if (created.status !== 201) throw new Error(`catalog answered ${created.status}: ${JSON.stringify(created.body)}`);
  productIds.set(sku, created.body.id);
  return sku;
}

const productIds = new Map<string, string>();

export async function setPrice(sku: string, priceMinor: number): Promise<void> {
  const path = `/v1/admin/products/${productIds.get(sku)}`;
  const found = await send(bindings.CATALOG, "GET", path, { as: OPERATOR });
  const changed = await send(bindings.CATALOG, "PATCH", `${path}/variants/${found.body.variants[0].id}`, {
    as: OPERATOR,
    body: { prices: [{ amount_minor: priceMinor, currency: "GBP" }] },
  });
  if (changed.status !== 200) throw new Error(`catalog answered ${changed.status}: ${JSON.stringify(changed.body)}`);
}

export async function available(sku: string): Promise<number> {
  const answer = await send(bindings.INVENTORY, "GET", `/v1/availability?sku=${encodeURIComponent(sku)}`, {});
  return answer.body.items[0].available;
}

export interface TestCart {
  readonly id: string;
  readonly as: Principal;
  readonly path: string;
}

export async function newCart(body: object = {}, as: Principal = GUEST): Promise<TestCart> {
  const created = await request("POST", "/v1/carts", { as, body });
  if (created.status !== 201) throw new Error(`orders answered ${created.status}: ${JSON.stringify(created.body)}`);
  const id = await verifyCapabilityToken(TEST_SECRETS.CAPABILITY_SECRET, created.body.token);
  if (id === undefined || id !== created.body.id) throw new Error("the token does not open the cart");
  return { id, as: { ...as, capabilities: [id] }, path: `/v1/carts/${id}` };
}

/** A cart that lacks nothing, with one line of each SKU. */
export async function filledCart(lines: Readonly<Record<string, number>>, as: Principal = GUEST): Promise<TestCart> {
  const cart = await newCart({ email: "ada@canary.test" }, as);
  const wanted = Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity }));
  const put = await request("PUT", `${cart.path}/lines`, { as: cart.as, body: { lines: wanted } });
  if (put.status !== 200) throw new Error(`orders answered ${put.status}: ${JSON.stringify(put.body)}`);
  const patch = { shipping_address: ADDRESS, shipping_option_id: "uk-standard" };
  const patched = await request("PATCH", cart.path, { as: cart.as, body: patch });
  if (patched.status !== 200) throw new Error(`orders answered ${patched.status}: ${JSON.stringify(patched.body)}`);
  return cart;
}

export async function checkout(cart: TestCart, key: string, body: object = {}): Promise<Answer> {
  return await request("POST", `${cart.path}/checkout`, {
    as: cart.as,
    body: { payment_method: "pm_card_visa", ...body },
    headers: { "idempotency-key": key },
  });
}

export async function placedOrder(lines: Readonly<Record<string, number>>, as: Principal = GUEST): Promise<Body> {
  const answer = await checkout(await filledCart(lines, as), crypto.randomUUID());
  if (answer.status !== 201) throw new Error(`checkout answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.order;
}

export async function readOrder(orderId: string): Promise<Order> {
  const found = await orders.readOrder(orderId, CONTEXT);
  if (!found.ok) throw new Error(found.error.code);
  return found.value;
}

/** One right request for each operation, about the victim's things: what is refused is refused for who asks, not for how. */
import { randomUUID } from "node:crypto";
import { type ApiDocument, type DescribedOperation, type Parameter, resolve } from "../system/published-api.ts";
import { addressOf, CANARY, type Headers, PASSWORD, type Scene } from "./scene.ts";

export function nameOf({ method, path }: DescribedOperation): string {
  return `${method} ${path}`;
}

/** By operation; one that takes JSON and is missing here fails the suites that use it. */
export function bodies({ victim, other, product, settings }: Scene): Readonly<Record<string, unknown>> {
  const line = { sku: "REAL", quantity: 2 };
  const price = { amount_minor: 100, currency: "GBP" };
  return {
    "POST /v1/auth/register": { email: `new-${randomUUID()}@shop.example`, password: PASSWORD, name: "New" },
    "POST /v1/auth/sign-in": { email: other.email, password: PASSWORD },
    "POST /v1/auth/refresh": { refresh_token: other.refreshToken },
    "POST /v1/auth/request-password-reset": { email: other.email },
    "POST /v1/auth/reset-password": { token: "x".repeat(100), password: PASSWORD },
    // Nobody can have the key of this credential: it is of no form, so that it is refused for how, not for who.
    "POST /v1/auth/passkey": { credential: {} },
    "POST /v1/auth/second-factor": { challenge_token: "x".repeat(100), code: "123456" },
    "POST /v1/me/authenticator": { password: PASSWORD },
    "POST /v1/me/authenticator/confirm": { code: "" },
    "POST /v1/me/authenticator/disable": { password: PASSWORD, code: "123456" },
    "POST /v1/me/recovery-codes": { password: PASSWORD, code: "123456" },
    "POST /v1/me/passkey-options": { password: PASSWORD },
    "POST /v1/me/passkeys": { credential: { id: "AA" }, name: "Another name" },
    "PATCH /v1/me/passkeys/{id}": { name: "Another name" },
    "POST /v1/auth/accept-invitation": { token: "x".repeat(100), password: PASSWORD },
    "PATCH /v1/me": { name: "Another name" },
    "POST /v1/me/password": { current: PASSWORD, new: PASSWORD },
    "POST /v1/me/erasure": { password: PASSWORD },
    "POST /v1/me/email": { email: `new-${randomUUID()}@shop.example`, password: PASSWORD },
    "POST /v1/me/email/confirm": { token: "x".repeat(100) },
    "POST /v1/me/addresses": addressOf("new"),
    "PATCH /v1/me/addresses/{id}": { name: "Another name" },
    "POST /v1/carts": { currency: "GBP", email: "new@shop.example" },
    "PATCH /v1/carts/{id}": { email: "new@shop.example", shipping_address: addressOf("new") },
    "PUT /v1/carts/{id}/lines": { lines: [line] },
    "PUT /v1/carts/{id}/lines/{sku}": { quantity: 2 },
    "POST /v1/carts/{id}/checkout": { payment_method: "pm_card_visa" },
    "POST /oauth/register": { redirect_uris: ["https://app.example/back"], client_name: "App" },
    "POST /v1/admin/oauth-clients": {
      kind: "app",
      name: "App",
      redirect_uris: ["https://app.example/back"],
      scopes: ["profile:read"],
      confidential: false,
    },
    "POST /v1/admin/oauth-clients/{id}/rotate-secret": { overlap_seconds: 0 },
    "POST /v1/privacy/links": { email: other.email, purpose: "export" },
    "POST /v1/privacy/links/open": { token: "x".repeat(100), purpose: "export" },
    "POST /v1/privacy/links/archive": { token: "x".repeat(100) },
    "POST /v1/webhooks/stripe": { id: "evt_1", type: "payment_intent.succeeded", data: { object: { id: victim.order.id } } },
    "POST /v1/admin/categories": { title: "New", handle: `new-${randomUUID()}` },
    "PATCH /v1/admin/categories/{handle}": { title: "New" },
    "POST /v1/admin/products": {
      title: "New",
      handle: `new-${randomUUID()}`,
      variants: [{ sku: randomUUID(), prices: [price] }],
      media: [{ url: "https://shop.example/a.png" }],
    },
    "PATCH /v1/admin/products/{id}": { title: "Another title" },
    "POST /v1/admin/products/{id}/variants": { sku: `${product.sku}-2`, prices: [price] },
    "PATCH /v1/admin/products/{id}/variants/{variant_id}": { prices: [price] },
    "POST /v1/admin/orders/{id}/cancel": { reason: "because" },
    "POST /v1/admin/orders/{id}/refunds": { lines: [{ sku: "REAL", quantity: 1 }], restock: false },
    "POST /v1/admin/orders/{id}/shipments": { lines: [{ sku: "REAL", quantity: 1 }] },
    "POST /v1/admin/staff": { email: `staff-${randomUUID()}@shop.example`, role: "analyst" },
    "PATCH /v1/admin/staff/{id}": { role: "analyst" },
    "POST /v1/admin/api-keys": { name: "New", scopes: ["stock:read"] },
    "POST /v1/admin/api-keys/{id}/rotate": {},
    "POST /v1/admin/stock/{sku}/receipts": { quantity: 1, location: "main" },
    "POST /v1/admin/stock/{sku}/adjustments": { quantity: 1, reason: "counted" },
    "PUT /v1/admin/stock/{sku}/policy": { backorderable: true },
    // Longer ago than any history goes back: nothing is set back.
    "POST /v1/admin/recovery/partition/{name}": { to: "2020-01-01T00:00:00Z" },
    "POST /v1/admin/recovery/sku/{sku}": { to: "2020-01-01T00:00:00Z" },
    "PUT /v1/admin/shipping-rates": settings.shippingRates,
    "PUT /v1/admin/tax-rates": settings.taxRates,
  };
}

export function takesJson({ operation }: DescribedOperation): boolean {
  return operation.requestBody?.content["application/json"] !== undefined;
}

const UPLOADS: Readonly<Record<string, string>> = {
  "text/csv": "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty,Status\n",
  "image/jpeg": "no picture",
  "application/x-www-form-urlencoded": "grant_type=client_credentials&token=none",
};

/** The operation's path with the victim's things, and well-formed ids of nothing where the victim has none. */
export function pathOf(document: ApiDocument, { path, operation }: DescribedOperation, scene: Scene): string {
  const parameters = (operation.parameters ?? []).map((parameter) => resolve(document, parameter));
  const known = things(scene);
  const filled = path.replace(/[^/]+\/\{[^}]+\}|\{[^}]+\}/g, (part) => {
    const [collection, place] = part.startsWith("{") ? ["", part] : part.split("/");
    const value = known[part] ?? known[place ?? ""] ?? anything(parameters.find(({ name }) => `{${name}}` === place));
    return collection === "" ? value : `${collection}/${value}`;
  });
  const query = parameters.filter(({ in: place, required }) => place === "query" && required === true);
  return query.length === 0
    ? filled
    : `${filled}?${query.map(({ name }) => `${name}=${name === "country" ? "GB" : "REAL"}`).join("&")}`;
}

function things({ victim, spareSessionId, app, product }: Scene): Readonly<Record<string, string>> {
  return {
    "carts/{id}": victim.cart.id,
    "orders/{id}": victim.order.id,
    "addresses/{id}": victim.addressId,
    "sessions/{id}": spareSessionId,
    "apps/{id}": app.id,
    "customers/{id}": victim.customerId,
    "products/{id}": product.id,
    "variants/{variant_id}": product.variantId,
    "products/{handle}": "real",
    "categories/{handle}": product.category,
    "stock/{sku}": product.sku,
    "{sku}": "REAL",
    "partition/{name}": "1-0",
    "{key}": `${CANARY}.jpg`,
  };
}

function anything(parameter: Parameter | undefined): string {
  const { pattern, enum: values } = (parameter?.schema ?? {}) as { pattern?: string; enum?: readonly string[] };
  const prefix = /^\^([a-z]+)_/.exec(pattern ?? "")?.[1];
  return values?.[0] ?? (prefix === undefined ? "nothing" : `${prefix}_01h455vb4pex5vsknk084sn02q`);
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: globalThis.Headers;
}

/** Sends the right request of an operation as somebody. */
export async function send(
  origin: string,
  document: ApiDocument,
  target: DescribedOperation,
  scene: Scene,
  headers: Headers,
  body: unknown = bodies(scene)[nameOf(target)],
): Promise<Reply> {
  const [type] = Object.keys(target.operation.requestBody?.content ?? {});
  const text = takesJson(target) ? JSON.stringify(body) : type === undefined ? undefined : (UPLOADS[type] ?? "");
  const response = await fetch(origin + pathOf(document, target, scene), {
    method: target.method,
    redirect: "manual",
    headers: {
      ...(target.method === "POST" ? { "idempotency-key": randomUUID() } : {}),
      ...(text === undefined || type === undefined ? {} : { "content-type": type }),
      ...headers,
    },
    ...(text === undefined ? {} : { body: text }),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/**
 * For every privileged route that changes something one act that succeeds, and what the log has to say of it. The test that
 * uses them holds the list against the published routes: a route that leaves no trace of what it changed fails it.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Secret, TOTP } from "otpauth";
import { expect } from "vitest";
import { ROOT } from "../../scripts/workers.ts";
import type { AttackedSystem } from "./global-setup.ts";
import { CANARY, PASSWORD, type Scene, withBearer } from "./scene.ts";

/**
 * `changed`: the members that differ, before and after. `made`: all of it, after. `removed`: all of it, before. `begun`: a run,
 * and where it stands, after. `same`: what others need as it is was put again, so nothing differs.
 */
export type Trace = "changed" | "made" | "removed" | "begun" | "same";

interface Act {
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
}

/** Each with why it is not tried here. */
export const UNTRIED: Readonly<Record<string, string>> = {
  "POST /v1/admin/recovery/partition/{name}": "local runs keep no history; test/service/orders/recovery.test.ts has a stand-in",
  "POST /v1/admin/recovery/sku/{sku}": "local runs keep no history; test/service/inventory/recovery.test.ts has a stand-in",
};

const price = { amount_minor: 100, currency: "GBP" };

export function privilegedChanges(attacked: AttackedSystem, scene: Scene) {
  const { shop, settings } = scene;
  const [replayed, discarded] = attacked.deadLetters;

  async function made<T>(path: string, body: unknown): Promise<T> {
    const answer = await shop.admin<T>("POST", path, { body });
    expect([path, answer.status]).toEqual([path, 201]);
    return answer.body;
  }
  async function product(): Promise<{ readonly path: string; readonly variant: string }> {
    const sku = `LOG-${randomUUID()}`;
    const variants = [sku, `${sku}-2`].map((each) => ({ sku: each, option_values: [each], prices: [price] }));
    const body = { title: "Logged thing", handle: sku.toLowerCase(), options: ["Kind"], variants };
    const { id, variants: known } = await made<{ id: string; variants: { id: string }[] }>("/v1/admin/products", body);
    const path = `/v1/admin/products/${id}`;
    return { path, variant: `${path}/variants/${known[0]?.id}` };
  }
  async function category(): Promise<string> {
    const handle = `log-${randomUUID()}`;
    await made("/v1/admin/categories", { title: "Logged", handle });
    return `/v1/admin/categories/${handle}`;
  }
  async function order(): Promise<string> {
    return `/v1/admin/orders/${(await shop.buy({ REAL: 2 })).order.id}`;
  }
  async function shippedOrder(): Promise<string> {
    const path = await order();
    expect((await shop.admin("POST", `${path}/shipments`, { body: {} })).status).toBe(200);
    return path;
  }
  async function member(): Promise<string> {
    const body = { email: `log-${randomUUID()}@shop.example`, role: "analyst" };
    return `/v1/admin/staff/${(await made<{ id: string }>("/v1/admin/staff", body)).id}`;
  }
  async function apiKey(): Promise<string> {
    const { api_key: key } = await made<{ api_key: { id: string } }>("/v1/admin/api-keys", {
      name: "Log",
      scopes: ["stock:read"],
    });
    return `/v1/admin/api-keys/${key.id}`;
  }
  async function server(): Promise<string> {
    const body = { kind: "server", name: "Log", scopes: ["stock:read"] };
    return `/v1/admin/oauth-clients/${(await made<{ id: string }>("/v1/admin/oauth-clients", body)).id}`;
  }
  async function picture(): Promise<string> {
    const path = `/v1/admin/media/log/${randomUUID()}.png`;
    const body = readFileSync(PICTURE);
    const headers = { ...withBearer(attacked.adminKey), "content-type": "image/png" };
    expect((await fetch(attacked.url + path, { method: "PUT", headers, body })).status).toBe(201);
    return path;
  }
  async function customer(): Promise<{ readonly path: string; readonly headers: Record<string, string> }> {
    const body = { email: `log-${randomUUID()}@shop.example`, password: PASSWORD, name: "Log" };
    const { status, body: signedIn } = await shop.call<SignedIn>("POST", "/v1/auth/register", { body });
    expect(status).toBe(201);
    return { path: `/v1/admin/customers/${signedIn.customer.id}`, headers: { ...withBearer(signedIn.access_token) } };
  }
  async function protectedCustomer(): Promise<string> {
    const { path, headers } = await customer();
    const enrolled = await shop.call<{ secret: string }>("POST", "/v1/me/authenticator", {
      headers,
      body: { password: PASSWORD },
    });
    const code = new TOTP({ secret: Secret.fromBase32(enrolled.body.secret) }).generate();
    expect((await shop.call("POST", "/v1/me/authenticator/confirm", { headers, body: { code } })).status).toBe(200);
    return path;
  }
  async function erasure(): Promise<string> {
    const answer = await shop.admin<{ id: string }>("POST", `${(await customer()).path}/erasure`);
    expect(answer.status).toBe(202);
    return answer.body.id;
  }
  async function sentNotification(): Promise<string> {
    const { order: bought } = await shop.buy({ REAL: 1 });
    type Listed = { items: { id: string; status: string }[] };
    const sent = await shop.until(
      () => shop.admin<Listed>("GET", `/v1/admin/notifications?order_id=${bought.id}`),
      ({ body }) => body.items[0] !== undefined && body.items[0].status !== "queued",
    );
    return `/v1/admin/notifications/${sent.body.items[0]?.id}`;
  }
  const stock = `/v1/admin/stock/${scene.product.sku}`;
  const act = (path: string, body?: unknown): Act => ({ path, ...(body === undefined ? {} : { body }) });

  const acts: Readonly<Record<string, readonly [Trace, () => Promise<Act>]>> = {
    "POST /v1/admin/categories": [
      "made",
      async () => act("/v1/admin/categories", { title: "New", handle: `log-${randomUUID()}` }),
    ],
    "PATCH /v1/admin/categories/{handle}": ["changed", async () => act(await category(), { title: "Another title" })],
    "DELETE /v1/admin/categories/{handle}": ["removed", async () => act(await category())],
    "POST /v1/admin/products": ["made", async () => act("/v1/admin/products", newProduct())],
    "PATCH /v1/admin/products/{id}": ["changed", async () => act((await product()).path, { title: "Another title" })],
    "DELETE /v1/admin/products/{id}": ["changed", async () => act((await product()).path)],
    "POST /v1/admin/products/{id}/variants": [
      "changed",
      async () => act(`${(await product()).path}/variants`, { sku: randomUUID(), option_values: ["new"], prices: [price] }),
    ],
    "PATCH /v1/admin/products/{id}/variants/{variant_id}": [
      "changed",
      async () => act((await product()).variant, { prices: [{ ...price, amount_minor: 200 }] }),
    ],
    "DELETE /v1/admin/products/{id}/variants/{variant_id}": ["changed", async () => act((await product()).variant)],
    "POST /v1/admin/imports": ["begun", async () => ({ path: "/v1/admin/imports", body: newImport(), type: "text/csv" })],
    "PUT /v1/admin/media/{key}": [
      "made",
      async () => ({ path: `/v1/admin/media/${randomUUID()}.png`, body: readFileSync(PICTURE), type: "image/png" }),
    ],
    "DELETE /v1/admin/media/{key}": ["removed", async () => act(await picture())],
    "POST /v1/admin/stock/{sku}/receipts": ["changed", async () => act(`${stock}/receipts`, { quantity: 1, reference: CANARY })],
    "POST /v1/admin/stock/{sku}/adjustments": [
      "changed",
      async () => act(`${stock}/adjustments`, { quantity: 3, reason: CANARY }),
    ],
    "PUT /v1/admin/stock/{sku}/policy": ["changed", async () => act(`${stock}/policy`, { backorderable: true })],
    "POST /v1/admin/orders/{id}/cancel": ["changed", async () => act(`${await order()}/cancel`, { reason: CANARY })],
    "POST /v1/admin/orders/{id}/refunds": ["changed", async () => act(`${await order()}/refunds`, { amount_minor: 1 })],
    "POST /v1/admin/orders/{id}/shipments": ["changed", async () => act(`${await order()}/shipments`, { carrier: CANARY })],
    "POST /v1/admin/orders/{id}/complete": ["changed", async () => act(`${await shippedOrder()}/complete`)],
    "PUT /v1/admin/shipping-rates": ["same", async () => act("/v1/admin/shipping-rates", settings.shippingRates)],
    "PUT /v1/admin/tax-rates": ["same", async () => act("/v1/admin/tax-rates", settings.taxRates)],
    "POST /v1/admin/staff": ["made", async () => act("/v1/admin/staff", newMember())],
    "PATCH /v1/admin/staff/{id}": ["changed", async () => act(await member(), { role: "support" })],
    "DELETE /v1/admin/staff/{id}": ["removed", async () => act(await member())],
    "POST /v1/admin/api-keys": ["made", async () => act("/v1/admin/api-keys", { name: "Log", scopes: ["stock:read"] })],
    "POST /v1/admin/api-keys/{id}/rotate": ["changed", async () => act(`${await apiKey()}/rotate`, { overlap_seconds: 60 })],
    "DELETE /v1/admin/api-keys/{id}": ["changed", async () => act(await apiKey())],
    "POST /v1/admin/oauth-clients": [
      "made",
      async () => act("/v1/admin/oauth-clients", { kind: "server", name: "Log", scopes: ["stock:read"] }),
    ],
    "POST /v1/admin/oauth-clients/{id}/rotate-secret": [
      "changed",
      async () => act(`${await server()}/rotate-secret`, { overlap_seconds: 60 }),
    ],
    "DELETE /v1/admin/oauth-clients/{id}": ["removed", async () => act(await server())],
    "DELETE /v1/admin/customers/{id}/authenticator": ["changed", async () => act(`${await protectedCustomer()}/authenticator`)],
    "POST /v1/admin/customers/{id}/export": ["begun", async () => act(`${(await customer()).path}/export`)],
    "POST /v1/admin/customers/{id}/erasure": ["begun", async () => act(`${(await customer()).path}/erasure`)],
    "POST /v1/admin/privacy-requests/{id}/repeat": [
      "begun",
      async () => act(`/v1/admin/privacy-requests/${await erasure()}/repeat`),
    ],
    "POST /v1/admin/payments/reconcile": ["begun", async () => act("/v1/admin/payments/reconcile")],
    "POST /v1/admin/projections/{name}/rebuild": ["begun", async () => act("/v1/admin/projections/sales/rebuild")],
    "POST /v1/admin/notifications/{id}/resend": ["changed", async () => act(`${await sentNotification()}/resend`)],
    "POST /v1/admin/dead-letters/{id}/replay": ["changed", async () => act(`/v1/admin/dead-letters/${replayed}/replay`)],
    "POST /v1/admin/dead-letters/{id}/discard": ["changed", async () => act(`/v1/admin/dead-letters/${discarded}/discard`)],
  };
  return acts;
}

/** As the admin key. @returns status and body. */
export async function perform(
  attacked: AttackedSystem,
  name: string,
  { path, body, type }: Act,
  requestId: string,
): Promise<string> {
  const response = await fetch(attacked.url + path, {
    method: name.split(" ")[0] ?? "",
    headers: {
      ...withBearer(attacked.adminKey),
      "x-request-id": requestId,
      "idempotency-key": requestId,
      ...(body === undefined ? {} : { "content-type": type ?? "application/json" }),
    },
    ...(body === undefined ? {} : { body: type === undefined ? JSON.stringify(body) : (body as BodyInit) }),
  });
  return `${response.status} ${await response.text()}`;
}

interface SignedIn {
  readonly customer: { readonly id: string };
  readonly access_token: string;
}

const PICTURE = join(ROOT, "workers/storefront/icons/icon-192.png");

function newProduct() {
  const sku = `LOG-${randomUUID()}`;
  // As much as a note may hold, in letters that cost most on the way.
  const description = "長い説明です。".repeat(450);
  return { title: "New", handle: sku.toLowerCase(), description, variants: [{ sku, prices: [price] }] };
}

function newMember() {
  return { email: `log-${randomUUID()}@shop.example`, role: "analyst" };
}

function newImport(): string {
  const sku = `LOG-${randomUUID()}`;
  const header = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty,Status\n";
  return `${header}${sku.toLowerCase()},Imported,${sku},1.00,1,active\n`;
}

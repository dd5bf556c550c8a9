/** For every published operation: whatever is sent, the answer is a problem with a code, and never a 500. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HOSTILE_TEXTS, MALFORMED, NOT_AN_OBJECT, WRONG_VALUES } from "./hostile-input.ts";
import { pooled } from "./pooled.ts";
import {
  type ApiDocument,
  type DescribedOperation,
  operations,
  type Parameter,
  publishedDocument,
  resolve,
} from "./published-api.ts";
import { startSystem, type TestSystem } from "./serve-system.ts";
import { ADDRESS, type CartView, type CheckoutView, Shop } from "./shop.ts";

let system: TestSystem;
let shop: Shop;
let document: ApiDocument;
let cart: CartView;
let checkout: CheckoutView;
let customer: string;

beforeAll(async () => {
  system = await startSystem();
  document = await publishedDocument(system);
  shop = new Shop(system);
  await shop.importProducts([{ sku: "REAL", priceMinor: 1000, stock: 1_000 }]);
  checkout = await shop.buy({ REAL: 2 });
  cart = await shop.fillCart({ REAL: 1 });
  const account = { email: "sweep@shop.example", password: "a long and unusual passphrase 7", name: "Sweep" };
  const registered = await shop.call<{ access_token: string }>("POST", "/v1/auth/register", { body: account });
  expect(registered.status).toBe(201);
  customer = registered.body.access_token;
});
afterAll(() => system?.stop());

/** Bodies that are right, so that one wrong field at a time gets past the others. */
const SAMPLES: Readonly<Record<string, object>> = {
  "POST /v1/carts": { currency: "GBP", email: "a@shop.example" },
  "PUT /v1/carts/{id}/lines/{sku}": { quantity: 1 },
  "PUT /v1/carts/{id}/lines": { lines: [{ sku: "REAL", quantity: 1 }] },
  "PATCH /v1/carts/{id}": { email: "a@shop.example", shipping_address: ADDRESS },
  "POST /v1/admin/stock/{sku}/receipts": { quantity: 1, location: "main", reference: "r" },
  "POST /v1/admin/orders/{id}/refunds": { lines: [{ sku: "REAL", quantity: 1 }], restock: true },
  // Last: it ends the cart that the others need.
  "POST /v1/carts/{id}/checkout": { payment_method: "pm_card_visa" },
};
/** Never a number or text that any of these fields takes. */
const REFUSED_VALUES = [true, -1, 0.5, 1e308, 2 ** 53, "\u0000", "x".repeat(70_000), [], [[]], { a: 1 }];
const PRIVILEGES = {
  price: 1,
  unit_price: 1,
  total: 0,
  totals: {},
  status: "placed",
  role: "admin",
  customer_id: "cus_1",
  id: "x",
  payment: {},
};

/** The one spoiled body that means something: a cart's lines replaced by none. */
const EMPTIED_CART = '{"lines":[]}';

/** The body with the value in each of its places in turn, nested ones too. */
function spoiled(body: unknown, value: unknown): unknown[] {
  if (Array.isArray(body)) return body.flatMap((entry, index) => spoiled(entry, value).map((each) => body.with(index, each)));
  if (body === null || typeof body !== "object") return [value];
  return Object.entries(body).flatMap(([key, entry]) =>
    (typeof entry === "object" ? [...spoiled(entry, value), value] : [value]).map((each) => ({ ...body, [key]: each })),
  );
}

interface Attempt {
  readonly what: string;
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

interface Sent {
  readonly path?: string;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Real values, so that the refusal is about what was sent and not about what does not exist. */
function filledPath(path: string): string {
  return path
    .replace("/v1/carts/{id}", `/v1/carts/${cart.id}`)
    .replace("/v1/orders/{id}", `/v1/orders/${checkout.order.id}`)
    .replace("/v1/admin/orders/{id}", `/v1/admin/orders/${checkout.order.id}`)
    .replace("{sku}", "REAL")
    .replace("{handle}", "real")
    .replace(/\{[^}]+\}/g, "unknown");
}

function credentials(path: string): Record<string, string> {
  if (path.startsWith("/v1/admin/")) return { authorization: `Bearer ${system.adminKey}` };
  if (path.startsWith("/v1/me") || path === "/v1/orders") return { authorization: `Bearer ${customer}` };
  return { "cart-token": cart.token, "order-token": checkout.token };
}

async function send(target: DescribedOperation, sent: Sent, what: string): Promise<Attempt> {
  const type = Object.keys(target.operation.requestBody?.content ?? {})[0];
  const response = await fetch(system.url + (sent.path ?? filledPath(target.path)), {
    method: target.method,
    redirect: "manual",
    headers: {
      ...credentials(target.path),
      ...(target.method === "POST" ? { "idempotency-key": randomUUID() } : {}),
      ...(sent.body === undefined || type === undefined ? {} : { "content-type": type }),
      ...sent.headers,
    },
    ...(sent.body === undefined ? {} : { body: sent.body }),
  });
  const text = await response.text();
  return { what, status: response.status, type: response.headers.get("content-type") ?? "", text };
}

/** What is wrong with an answer: a 5xx always; a refusal that is no problem with a code; a success where none may be. */
function fault(attempt: Attempt, mayAccept: boolean): string | undefined {
  const said = `${attempt.what.slice(0, 120)} → ${attempt.status} ${attempt.text.slice(0, 200)}`;
  if (attempt.status >= 500) return said;
  if (attempt.status < 400) return mayAccept ? undefined : said;
  if (attempt.what.startsWith("POST /oauth/") && attempt.type === "application/json") return oauthFault(attempt, said);
  if (attempt.type !== "application/problem+json") return `${said} (${attempt.type})`;
  const problem = JSON.parse(attempt.text) as { code?: unknown; status?: unknown };
  return typeof problem.code === "string" && problem.status === attempt.status ? undefined : said;
}

/** Its clients read errors as RFC 6749 §5.2 has them. */
function oauthFault(attempt: Attempt, said: string): string | undefined {
  const { error, error_description: description } = JSON.parse(attempt.text) as Record<string, unknown>;
  return typeof error === "string" && typeof description === "string" ? undefined : said;
}

function takesJson(target: DescribedOperation): boolean {
  return target.operation.requestBody?.content["application/json"] !== undefined && !target.path.startsWith("/v1/webhooks/");
}

async function faults(
  select: (target: DescribedOperation) => boolean,
  attempts: (
    target: DescribedOperation,
  ) => readonly { readonly sent: Sent; readonly what: string; readonly mayAccept?: boolean }[],
): Promise<string[]> {
  const found: string[] = [];
  let tried = 0;
  for (const target of operations(document).filter(select)) {
    const wrong = await pooled(attempts(target), async ({ sent, what, mayAccept }) => {
      tried += 1;
      return fault(await send(target, sent, `${target.method} ${target.path}: ${what}`), mayAccept ?? true);
    });
    found.push(...wrong.filter((each) => each !== undefined));
  }
  expect(tried).toBeGreaterThan(0);
  return found;
}

function propertiesOf(target: DescribedOperation): string[] {
  const schema = target.operation.requestBody?.content["application/json"]?.schema;
  const resolved = schema === undefined ? undefined : resolve(document, schema as { $ref?: string });
  return Object.keys((resolved as { properties?: object } | undefined)?.properties ?? {});
}

function parametersOf(target: DescribedOperation, place: string): Parameter[] {
  return (target.operation.parameters ?? [])
    .map((parameter) => resolve(document, parameter))
    .filter((parameter) => parameter.in === place);
}

describe("every operation", () => {
  // First: the sweeps below also send what is right by chance, such as a shop without shipping rates.
  it("of the main job refuses one wrong value among right ones, and every field that would be a privilege", async () => {
    const sampleOf = (target: DescribedOperation) => SAMPLES[`${target.method} ${target.path}`];
    const found = await faults(
      (target) => sampleOf(target) !== undefined,
      (target) => {
        const sample = sampleOf(target) ?? {};
        const bodies = [
          ...REFUSED_VALUES.flatMap((value) => spoiled(sample, value)),
          ...Object.entries(PRIVILEGES).map(([field, value]) => ({ ...sample, [field]: value })),
        ];
        const texts = bodies
          .map((body) => JSON.stringify(body))
          .filter((text) => text !== JSON.stringify(sample) && text !== EMPTIED_CART);
        return texts.map((body) => ({ sent: { body }, what: body, mayAccept: false }));
      },
    );
    expect(found).toEqual([]);
    // A sample that was wrong itself would have made all of the above true for nothing.
    for (const target of Object.keys(SAMPLES).flatMap((name) =>
      operations(document).filter((each) => `${each.method} ${each.path}` === name),
    )) {
      const attempt = await send(target, { body: JSON.stringify(sampleOf(target)) }, target.operation.operationId);
      expect(attempt).toMatchObject({ status: expect.toSatisfy((status: number) => status < 300) });
    }
    cart = await shop.fillCart({ REAL: 1 });
  });

  it("refuses bodies that are not JSON", async () => {
    const found = await faults(takesJson, () =>
      MALFORMED.map((body) => ({ sent: { body }, what: `malformed ${JSON.stringify(body)}`, mayAccept: body === "" })),
    );
    expect(found).toEqual([]);
  });

  it("refuses JSON that is not an object, and fields that nobody knows", async () => {
    const bodies = [
      ...NOT_AN_OBJECT,
      '{"unknown_field":1}',
      '{"__proto__":{"role":"admin"}}',
      '{"constructor":{"prototype":{"role":"admin"}}}',
      '{"toString":1,"hasOwnProperty":1}',
    ];
    const found = await faults(takesJson, () => bodies.map((body) => ({ sent: { body }, what: body, mayAccept: false })));
    expect(found).toEqual([]);
  });

  it("survives every wrong value in every field", async () => {
    const found = await faults(takesJson, (target) =>
      propertiesOf(target).flatMap((field) =>
        WRONG_VALUES.map((value) => ({
          sent: { body: JSON.stringify({ [field]: value }) },
          what: `${field} = ${JSON.stringify(value)}`,
        })),
      ),
    );
    expect(found).toEqual([]);
  });

  it("survives hostile text in every query parameter and unknown ones", async () => {
    const found = await faults(
      () => true,
      (target) =>
        [...parametersOf(target, "query").map((parameter) => parameter.name), "unknown"].flatMap((name) =>
          HOSTILE_TEXTS.map((text) => ({
            sent: { path: `${filledPath(target.path)}?${name}=${encodeURIComponent(text)}` },
            what: `?${name}=${JSON.stringify(text)}`,
          })),
        ),
    );
    expect(found).toEqual([]);
  });

  it("survives hostile text in every path parameter", async () => {
    const found = await faults(
      (target) => target.path.includes("{"),
      (target) =>
        HOSTILE_TEXTS.filter((text) => text.trim() !== "").map((text) => ({
          sent: { path: target.path.replace(/\{[^}]+\}/g, encodeURIComponent(text)), body: takesJson(target) ? "{}" : undefined },
          what: `path ${JSON.stringify(text)}`,
        })),
    );
    expect(found).toEqual([]);
  });

  it("refuses keys that are none, other content types, and tokens that are no tokens", async () => {
    const found = await faults(
      (target) => target.method === "POST" && takesJson(target),
      () => [
        { sent: { body: "{}", headers: { "idempotency-key": "x".repeat(300) } }, what: "long key", mayAccept: false },
        { sent: { body: "{}", headers: { "content-type": "text/plain" } }, what: "text/plain", mayAccept: false },
        { sent: { body: "{}", headers: { authorization: "Bearer x.y.z" } }, what: "bad bearer", mayAccept: false },
      ],
    );
    expect(found).toEqual([]);
  });

  it("refuses other methods", async () => {
    const found: string[] = [];
    for (const path of Object.keys(document.paths).filter((each) => each.startsWith("/v1/"))) {
      for (const method of ["PUT", "DELETE", "PATCH", "POST"].filter(
        (each) => document.paths[path]?.[each.toLowerCase()] === undefined,
      )) {
        const response = await fetch(system.url + filledPath(path), { method, headers: credentials(path) });
        const { code } = (await response.json()) as { code: string };
        if (response.status !== 405 || code !== "method_not_allowed" || response.headers.get("allow") === null)
          found.push(`${method} ${path} → ${response.status}`);
      }
    }
    expect(found).toEqual([]);
  });
});

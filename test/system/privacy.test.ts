/**
 * A person with words that nobody else has goes through every flow, takes a copy of their data, and is erased: afterwards no
 * table of any database or object holds one of the words, no log ever did, not even with a trace of every call, and the
 * books are as they were.
 */
import { createHmac, hkdfSync, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TEST_SECRETS } from "../secrets.ts";
import { ADDRESS, BROWSER, CARD, EMAIL, PASSWORD, WORDS, words } from "./canary-person.ts";
import { publishedDocument } from "./published-api.ts";
import { startSystem, type TestSystem } from "./serve-system.ts";
import { type Answer, type CartView, type CheckoutView, type Problem, Shop } from "./shop.ts";
import { findStoredWords } from "./stored-words.ts";

interface RequestView {
  readonly id: string;
  readonly state: string;
  readonly erased: Readonly<Record<string, number>>;
}
type Sections = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
interface Archive {
  readonly services: Readonly<Record<string, Sections>>;
}
interface SignedIn {
  readonly access_token: string;
  readonly customer: { readonly id: string };
}

const logs: string[] = [];
let system: TestSystem;
let shop: Shop;

beforeAll(async () => {
  system = await startSystem({ LOG_LEVEL: "debug", TRACE_SAMPLE: "1" }, { onLog: (line) => logs.push(line) });
  shop = new Shop(system, await publishedDocument(system));
  await shop.importProducts([{ sku: "QUILL", priceMinor: 1_500, stock: 100 }]);
});
afterAll(() => system?.stop());

/** What the mail holds: its secret is derived from the message's id. */
function linkOf(messageId: string): string {
  const key = hkdfSync("sha256", TEST_SECRETS.KEY_ENCRYPTION_SECRET, "", "holdfast identity links in mails", 32);
  return `${messageId}.${createHmac("sha256", Buffer.from(key)).update(messageId).digest("base64url")}`;
}

async function messageFor(table: "account_messages" | "address_messages", kind: string): Promise<string> {
  const identity = await system.database("holdfast-identity");
  const query = identity
    .prepare(`SELECT id FROM ${table} WHERE kind = ? AND email_normalized = ? ORDER BY id DESC`)
    .bind(kind, EMAIL);
  const row = await shop.until(
    () => query.first<{ id: string }>(),
    (found) => found !== null,
  );
  return row?.id ?? "";
}

async function cartOf(headers: Readonly<Record<string, string>>): Promise<CartView> {
  const created = await shop.call<CartView>("POST", "/v1/carts", { body: { currency: "GBP", email: EMAIL }, headers });
  const { id, token } = created.body;
  const owner = { ...headers, "cart-token": token };
  await shop.call("PUT", `/v1/carts/${id}/lines/QUILL`, { body: { quantity: 2 }, headers: owner });
  await shop.call("PATCH", `/v1/carts/${id}`, { body: { shipping_address: ADDRESS }, headers: owner });
  const options = await shop.call<{ items: { id: string }[] }>("GET", `/v1/carts/${id}/shipping-options`, { headers: owner });
  const option = { shipping_option_id: options.body.items[0]?.id };
  const cart = await shop.call<CartView>("PATCH", `/v1/carts/${id}`, { body: option, headers: owner });
  expect(cart.status).toBe(200);
  return { ...cart.body, token };
}

async function order(headers: Readonly<Record<string, string>>): Promise<CheckoutView> {
  const cart = await cartOf(headers);
  const ordered = await shop.call<CheckoutView>("POST", `/v1/carts/${cart.id}/checkout`, {
    body: { payment_method: "pm_card_visa" },
    headers: { ...headers, "cart-token": cart.token, "idempotency-key": randomUUID() },
  });
  expect(ordered).toMatchObject({ status: 201, body: { order: { status: "placed" } } });
  return ordered.body;
}

async function operate(orderId: string, action: string, body: object): Promise<void> {
  const done = await shop.admin("POST", `/v1/admin/orders/${orderId}/${action}`, {
    body,
    headers: { "idempotency-key": randomUUID() },
  });
  expect(done.status, JSON.stringify(done.body)).toBeLessThan(300);
}

/** An account with a proven address, and nothing else. */
async function register(): Promise<SignedIn> {
  const body = { email: EMAIL, password: PASSWORD, name: ADDRESS.name };
  const registered = await shop.call<SignedIn>("POST", "/v1/auth/register", { body, headers: BROWSER });
  expect(registered.status).toBe(201);
  const token = linkOf(await messageFor("account_messages", "confirm_email"));
  const headers = bearer(registered.body);
  expect((await shop.call("POST", "/v1/me/email/confirm", { body: { token }, headers })).status).toBe(200);
  return registered.body;
}

function bearer({ access_token: token }: SignedIn): Record<string, string> {
  return { ...BROWSER, authorization: `Bearer ${token}` };
}

async function completed(ask: () => Promise<Answer<RequestView>>): Promise<RequestView> {
  return (await shop.until(ask, ({ body }) => body.state === "completed")).body;
}

async function report(): Promise<unknown> {
  const today = new Date().toISOString().slice(0, 10);
  return (await shop.admin("GET", `/v1/admin/reports/sales?from=${today}&to=${today}&group_by=day`)).body["items"];
}

async function rebuild(name: string): Promise<void> {
  await shop.until(
    () => shop.admin("POST", `/v1/admin/projections/${name}/rebuild`),
    ({ status }) => status === 200,
  );
}

async function putDeadLetter(): Promise<void> {
  const letters = await system.database("holdfast-dead-letters");
  await letters
    .prepare(
      `INSERT INTO dead_letters (id, queue, body, body_sha256, state, reason, attempts, deaths, received_at_ms, died_at_ms, changed_at_ms)
       VALUES ('dlq_1', 'order-events-analytics', ?, 'x', 'dead', '', 1, 1, 1, 1, ?)`,
    )
    .bind(JSON.stringify({ typed: `by hand, about ${EMAIL} of ${WORDS.street}` }), Date.now())
    .run();
}

describe("a person's data", () => {
  let me: SignedIn;
  let open: CheckoutView;
  let guest: CheckoutView;

  it("is all in the archive, whichever service has it", async () => {
    guest = await order(BROWSER);
    await operate(guest.order.id, "shipments", { carrier: "Post", tracking_number: WORDS.tracking });
    await operate(guest.order.id, "refunds", { amount_minor: 500, restock: false });
    me = await register();
    const address = await shop.call("POST", "/v1/me/addresses", { body: ADDRESS, headers: bearer(me) });
    expect(address.status).toBe(201);
    const cancelled = await order(bearer(me));
    await operate(cancelled.order.id, "cancel", { reason: `${WORDS.name} rang us up` });
    open = await order(bearer(me));
    await cartOf(bearer(me));
    await shop.call("POST", "/v1/auth/request-password-reset", { body: { email: EMAIL }, headers: BROWSER });
    const refused = await shop.call<Problem>("POST", `/v1/carts/${(await cartOf(BROWSER)).id}/checkout`, {
      body: { payment_method: CARD, card_number: CARD },
      headers: { ...BROWSER, "idempotency-key": randomUUID() },
    });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    await putDeadLetter();
    await shop.until(
      () => shop.admin<{ items: { status: string }[] }>("GET", `/v1/admin/notifications?order_id=${open.order.id}`),
      ({ body }) => body.items.some(({ status }) => status === "sent"),
    );

    const asked = await shop.call<RequestView>("POST", "/v1/me/export", { headers: bearer(me) });
    expect(asked.status).toBe(202);
    await completed(() => shop.call<RequestView>("GET", "/v1/me/export", { headers: bearer(me) }));
    const archive = await shop.call<Archive>("GET", "/v1/me/export/archive", { headers: bearer(me) });
    expect(archive.status).toBe(200);
    const text = JSON.stringify(archive.body);
    for (const word of [WORDS.name, EMAIL, WORDS.street, WORDS.town, WORDS.postcode, WORDS.phone, WORDS.tracking]) {
      expect(text).toContain(word);
    }
    const sections = Object.entries(archive.body.services).map(([service, parts]) => [service, Object.keys(parts)]);
    expect(Object.fromEntries(sections)).toEqual({
      analytics: ["Facts for sales reports"],
      "dead-letters": ["Messages between services that could not be processed"],
      identity: expect.arrayContaining(["Account", "Address book", "Devices that signed in", "Mails sent by the account"]),
      notifications: expect.arrayContaining(["Messages about orders", "Mails about the account"]),
      orders: ["Addresses whose guest orders are shown in the account", "Carts", "Orders"],
      payments: ["Entries in the ledger", "Payments"],
    });
    expect(archive.body.services["orders"]?.["Orders"]).toHaveLength(3);
  });

  it("is not erased while an order is open", async () => {
    const refused = await shop.call<Problem & { open_orders: { order_id: string }[] }>("POST", "/v1/me/erasure", {
      body: { password: PASSWORD },
      headers: bearer(me),
    });
    expect(refused).toMatchObject({ status: 409, body: { code: "orders_open" } });
    expect(refused.body.open_orders.map((each) => each.order_id)).toEqual([open.order.id]);
    expect((await shop.call("GET", "/v1/me", { headers: bearer(me) })).status).toBe(200);
  });

  it("is in no table, file or log after the erasure, and the books are as they were", async () => {
    await operate(open.order.id, "shipments", { tracking_number: WORDS.tracking });
    const before = await report();
    const stored = new Set(findStoredWords(system.stateDirectory, words()).map(({ word }) => word));
    // The scan sees what is there; what never rests anywhere is not.
    expect([...stored].sort()).toEqual(
      words()
        .filter((word) => word !== WORDS.network && word !== WORDS.browser)
        .sort(),
    );

    const erase = (password: string) =>
      shop.call<RequestView>("POST", "/v1/me/erasure", { body: { password }, headers: bearer(me) });
    expect(await erase("not-the-password")).toMatchObject({ status: 403, body: { code: "wrong_password" } });
    const asked = await erase(PASSWORD);
    expect(asked.status).toBe(202);
    const path = `/v1/admin/customers/${me.customer.id}/erasure`;
    const done = await completed(() => shop.admin<RequestView>("GET", path));
    expect(done.erased).toMatchObject({ orders: 3, accounts: 1, addresses: 1, dead_letters: 1 });
    // As after a restore that brought orders back and the account not (regression: 404 for whoever identity had forgotten).
    expect((await shop.admin("POST", path)).status).toBe(202);
    expect((await completed(() => shop.admin<RequestView>("GET", path))).erased).toEqual({});
    expect((await shop.admin("POST", "/v1/admin/customers/cus_01h455vb4pex5vsknk084sn02q/erasure")).status).toBe(404);
    expect((await shop.call("GET", "/v1/me", { headers: bearer(me) })).status).toBe(401);
    const headers = { "order-token": guest.token };
    expect((await shop.call("GET", `/v1/orders/${guest.order.id}`, { headers })).status).toBe(404);

    // The last mail says so, and takes the address along.
    const identity = await system.database("holdfast-identity");
    await shop.until(
      () => identity.prepare("SELECT count(*) AS mails FROM address_messages").first<{ mails: number }>(),
      (row) => row?.mails === 0,
    );
    expect(findStoredWords(system.stateDirectory, [...words(), CARD])).toEqual([]);
    expect(await shop.violations()).toEqual([]);
    for (const projection of ["orders", "notifications", "ledger", "sales"]) await rebuild(projection);
    expect(findStoredWords(system.stateDirectory, [...words(), CARD])).toEqual([]);
    expect(await shop.violations()).toEqual([]);
    expect(await report()).toEqual(before);
    expect(logs.filter((line) => line.includes('"event":"span"')).length).toBeGreaterThan(200);
    expect(logs.filter((line) => [...words(), CARD].some((word) => line.includes(word)))).toEqual([]);
  });
});

describe("a guest's data", () => {
  const repeat = (id: string) => shop.admin<RequestView & Problem>("POST", `/v1/admin/privacy-requests/${id}/repeat`);

  it("is theirs by a mailed link, and erased by one", async () => {
    const guest = await order(BROWSER);
    await operate(guest.order.id, "shipments", { tracking_number: WORDS.tracking });
    const ask = (purpose: string) => shop.call("POST", "/v1/privacy/links", { body: { email: EMAIL, purpose } });
    const openLink = (token: string, purpose: string) =>
      shop.call<RequestView>("POST", "/v1/privacy/links/open", { body: { token, purpose } });

    expect((await ask("export")).status).toBe(202);
    const token = linkOf(await messageFor("address_messages", "confirm_export"));
    expect((await openLink(token, "erasure")).status).toBe(410);
    expect((await openLink(`${token.slice(0, -2)}xx`, "export")).status).toBe(410);
    const collected = await completed(() => openLink(token, "export"));
    // Regression: asking how far it is began a new request each time, which nobody ever saw completed.
    expect((await openLink(token, "export")).body).toMatchObject({ id: collected.id, state: "completed" });
    const archive = await shop.call<Archive>("POST", "/v1/privacy/links/archive", { body: { token } });
    expect(archive.body.services["orders"]?.["Orders"]).toMatchObject([{ id: guest.order.id, email: EMAIL }]);

    expect((await ask("erasure")).status).toBe(202);
    const erasing = linkOf(await messageFor("address_messages", "confirm_erasure"));
    expect((await openLink(erasing, "erasure")).status).toBe(202);
    const path = `/v1/admin/privacy-requests?kind=erasure&subject=${erasing.split(".")[0]}`;
    const listed = await shop.until(
      () => shop.admin<{ items: RequestView[] }>("GET", path),
      ({ body }) => body.items.some(({ state }) => state === "completed"),
    );
    expect(listed.body.items).toMatchObject([{ erased: { orders: 1 } }]);
    // The copy that they asked for lives for its day.
    const left = findStoredWords(system.stateDirectory, [WORDS.street]);
    expect(left.filter(({ place }) => !place.includes("PrivacyRun"))).toEqual([]);
    const headers = { "order-token": guest.token };
    expect((await shop.call("POST", `/v1/orders/${guest.order.id}/export`, { headers })).status).toBe(404);
    expect(await shop.violations()).toEqual([]);
    // The link named an address, which is forgotten now.
    const refused = await repeat(listed.body.items[0]?.id ?? "");
    expect(refused).toMatchObject({ status: 409, body: { code: "not_repeatable" } });
  });

  it("is erased again by the request's id alone after a restore, without the order's token", async () => {
    const { order: bought, token } = await order(BROWSER);
    await operate(bought.id, "shipments", { tracking_number: WORDS.tracking });
    const headers = { "order-token": token };
    const path = `/v1/orders/${bought.id}/erasure`;
    const asked = await shop.call<RequestView>("POST", path, { headers });
    expect(asked.status).toBe(202);
    await completed(() => shop.call<RequestView>("GET", path, { headers }));
    const orders = await system.database("holdfast-orders");
    await orders.prepare("UPDATE orders SET email = ? WHERE order_id = ?").bind(EMAIL, bought.id).run();
    expect(findStoredWords(system.stateDirectory, [EMAIL])).not.toEqual([]);

    const repeated = await repeat(asked.body.id);
    expect(repeated).toMatchObject({ status: 202, body: { kind: "erasure" } });
    expect(repeated.body.id).not.toBe(asked.body.id);
    await completed(() => shop.call<RequestView>("GET", path, { headers }));
    expect(await orders.prepare("SELECT email FROM orders WHERE order_id = ?").bind(bought.id).first("email")).toBe("");
    expect((await repeat("prv_01h455vb4pex5vsknk084sn02q")).status).toBe(404);
  });
});

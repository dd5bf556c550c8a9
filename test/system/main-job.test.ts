/** The main job from a CSV file to the mailbox, and every way it can end; with a trace of every call. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parseSpan, type Span, treeOf } from "../../bench/spans.ts";
import { publishedDocument } from "./published-api.ts";
import { sentMails } from "./sent-mails.ts";
import { startSystem, type TestSystem } from "./serve-system.ts";
import { type CheckoutView, type Problem, Shop } from "./shop.ts";
import { clientCredentials, decide, exchange, question, refresh, registerApp, revoke } from "./third-party-app.ts";
import { Visitor } from "./visitor.ts";

const spans: Span[] = [];
let system: TestSystem;
let shop: Shop;

function keepSpan(line: string): void {
  const span = parseSpan(line);
  if (span === undefined) console.log(line);
  else spans.push(span);
}

beforeAll(async () => {
  system = await startSystem({ TRACE_SAMPLE: "1" }, { onLog: keepSpan });
  shop = new Shop(system, await publishedDocument(system));
  await shop.importProducts([
    { sku: "MUG", priceMinor: 1250, stock: 100 },
    { sku: "LAMP", priceMinor: 4999, stock: 20 },
    { sku: "RARE", priceMinor: 999, stock: 2 },
    { sku: "ONCE", priceMinor: 2000, stock: 1 },
  ]);
});
afterAll(() => system?.stop());

describe("an order", () => {
  it("goes from the catalogue to the mailbox, the report and clean books", async () => {
    const found = await shop.call<{ items: { handle: string; variants: { sku: string }[] }[] }>("GET", "/v1/products?q=mug");
    expect(found.body.items[0]?.variants[0]?.sku).toBe("MUG");
    expect((await shop.call("GET", "/v1/products/mug")).status).toBe(200);
    expect((await shop.call("GET", "/v1/availability?sku=MUG&sku=NONE")).body).toMatchObject({
      items: [
        { sku: "MUG", available: 100 },
        { sku: "NONE", available: 0 },
      ],
    });

    const cart = await shop.fillCart({ MUG: 3, LAMP: 1 }, "buyer@shop.example");
    expect(cart.totals.subtotal).toEqual({ amount_minor: 3 * 1250 + 4999, currency: "GBP" });
    const ordered = await shop.checkout(cart);
    expect(ordered.status).toBe(201);
    const { order } = ordered.body;
    expect(order).toMatchObject({ status: "placed", email: "buyer@shop.example", totals: cart.totals });
    expect(order.payment).toMatchObject({ status: "captured", amount: cart.totals.total });
    expect((await shop.order(ordered.body)).id).toBe(order.id);
    expect(await shop.stock("MUG")).toEqual({ on_hand: 97, held: 0, available: 97 });

    const sent = await shop.until(
      () => shop.admin<{ items: { status: string; channel: string }[] }>("GET", `/v1/admin/notifications?order_id=${order.id}`),
      ({ body }) => body.items.some((each) => each.status === "sent"),
    );
    expect(sent.body.items.filter((each) => each.channel === "email")).toHaveLength(1);
    const named = expect.stringContaining(order.number);
    expect(await sentMails(system, "buyer@shop.example")).toMatchObject([{ subject: named, html: named, text: named }]);

    const today = new Date().toISOString().slice(0, 10);
    const report = await shop.until(
      () =>
        shop.admin<{ items: { orders: number; units: number; gross: { amount_minor: number } }[] }>(
          "GET",
          `/v1/admin/reports/sales?from=${today}&to=${today}&group_by=day`,
        ),
      ({ body }) => body.items.length > 0,
    );
    expect(report.body.items).toMatchObject([{ orders: 1, units: 4, gross: cart.totals.subtotal }]);

    const listed = await shop.until(
      () => shop.admin<{ items: { id: string }[] }>("GET", "/v1/admin/orders?status=placed&email=buyer@shop.example"),
      ({ body }) => body.items.length > 0,
    );
    expect(listed.body.items.map((each) => each.id)).toEqual([order.id]);
    expect(await shop.violations()).toEqual([]);
  });

  it("is not placed when the card is declined: nothing stays held or charged, and another card may be tried", async () => {
    const before = await shop.stock("LAMP");
    const cart = await shop.fillCart({ LAMP: 2 });
    for (const method of ["pm_card_chargeDeclined", "pm_card_chargeDeclinedInsufficientFunds"]) {
      const declined = await shop.checkout<Problem>(cart, method);
      expect(declined).toMatchObject({ status: 402, body: { code: "payment_declined" } });
      expect(await shop.stock("LAMP")).toEqual(before);
    }
    expect((await shop.checkout(cart)).status).toBe(201);
    expect(await shop.violations()).toEqual([]);
  });

  it("is refused with what is left when stock is short, and nothing is charged", async () => {
    const short = await shop.checkout<Problem>(await shop.fillCart({ RARE: 3, MUG: 1 }));
    expect(short).toMatchObject({
      status: 409,
      body: { code: "out_of_stock", shortages: [{ sku: "RARE", requested: 3, available: 2 }] },
    });
    expect(await shop.stock("RARE")).toEqual({ on_hand: 2, held: 0, available: 2 });
    expect(await shop.violations()).toEqual([]);
  });

  it("is placed once however often its checkout is repeated, at once or later", async () => {
    const cart = await shop.fillCart({ ONCE: 1 });
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => shop.checkout<CheckoutView & Problem>(cart, "pm_card_visa", key)),
    );
    for (const answer of answers) expect([201, 409]).toContain(answer.status);
    const replay = await shop.checkout(cart, "pm_card_visa", key);
    expect(replay).toMatchObject({ status: 201, body: { order: { status: "placed" } } });
    expect(replay.headers.get("idempotent-replayed")).toBe("true");
    const ids = answers.filter((answer) => answer.status === 201).map((answer) => answer.body.order.id);
    expect(new Set([...ids, replay.body.order.id]).size).toBe(1);
    expect(await shop.checkout<Problem>(cart, "pm_card_visa", randomUUID())).toMatchObject({
      status: 409,
      body: { code: "cart_already_ordered" },
    });
    expect(await shop.checkout<Problem>(cart, "pm_card_chargeDeclined", key)).toMatchObject({ status: 422 });
    expect(await shop.stock("ONCE")).toEqual({ on_hand: 0, held: 0, available: 0 });
    expect(await shop.violations()).toEqual([]);
  });

  it("can be refunded in part with its stock, then cancelled no more than what is left", async () => {
    const bought = await shop.buy({ MUG: 2 });
    const before = await shop.stock("MUG");
    const refund = await shop.admin("POST", `/v1/admin/orders/${bought.order.id}/refunds`, {
      body: { lines: [{ sku: "MUG", quantity: 1 }], restock: true },
      headers: { "idempotency-key": randomUUID() },
    });
    expect(refund).toMatchObject({
      status: 200,
      body: { payment: { status: "partially_refunded", refunded: { amount_minor: 1250 } } },
    });
    expect((await shop.stock("MUG")).on_hand).toBe(before.on_hand + 1);
    const tooMuch = await shop.admin<Problem>("POST", `/v1/admin/orders/${bought.order.id}/refunds`, {
      body: { amount_minor: 1_000_000, restock: false },
      headers: { "idempotency-key": randomUUID() },
    });
    expect(tooMuch.status).toBe(409);
    expect(await shop.violations()).toEqual([]);
  });

  it("is somebody else's secret: 404 without its token, as if it did not exist", async () => {
    const mine = await shop.buy({ MUG: 1 });
    const theirs = await shop.buy({ MUG: 1 });
    for (const headers of [{}, { "order-token": theirs.token }, { "order-token": "x" }] as Record<string, string>[]) {
      expect(await shop.call<Problem>("GET", `/v1/orders/${mine.order.id}`, { headers })).toMatchObject({
        status: 404,
        body: { code: "not_found" },
      });
    }
  });
});

describe("an app made by somebody else", () => {
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  async function customer(): Promise<Visitor> {
    const visitor = new Visitor(system.url);
    const form = { email: `${randomUUID()}@shop.example`, password: "a long and unusual passphrase 7", name: "Ada" };
    const home = await visitor.submit(await visitor.open("/account/register"), "/account/register", form);
    expect(home.status).toBe(200);
    return visitor;
  }

  it("gets a customer's yes with code and PKCE, acts within it, refreshes, and is shown out at once", async () => {
    const visitor = await customer();
    const app = await registerApp(system.url, "none");
    const asked = await question(app, "profile:read carts:write orders:read");
    const tokens = await exchange(app, asked, await decide(visitor, asked.url, "allow"));
    expect((await shop.call("GET", "/v1/me", bearer(tokens.access_token))).body).toMatchObject({ name: "Ada" });
    expect((await shop.call("GET", "/v1/me/addresses", bearer(tokens.access_token))).status).toBe(403);
    expect((await shop.call("GET", "/v1/me/apps", bearer(tokens.access_token))).status).toBe(403);
    expect((await shop.call("GET", "/v1/admin/orders", bearer(tokens.access_token))).status).toBe(403);
    const cart = await shop.call<{ id: string }>("POST", "/v1/carts", { body: {}, ...bearer(tokens.access_token) });
    expect((await shop.call("GET", `/v1/carts/${cart.body.id}`, bearer(tokens.access_token))).status).toBe(200);
    const newer = await refresh(app, tokens.refresh_token ?? "");
    const apps = await visitor.open("/account/apps");
    expect(apps.html).toContain("Parcel Watch");
    await visitor.submit(apps, "/account/apps", {});
    for (const token of [tokens.access_token, newer.access_token]) {
      expect((await shop.call("GET", "/v1/me", bearer(token))).status).toBe(401);
    }
    await expect(refresh(app, newer.refresh_token ?? "")).rejects.toMatchObject({ error: "invalid_grant" });
  });

  it.each(["client_secret_basic", "client_secret_post"] as const)("with a secret (%s) signs itself off", async (method) => {
    const app = await registerApp(system.url, method);
    const asked = await question(app, "orders:read");
    const tokens = await exchange(app, asked, await decide(await customer(), asked.url, "allow"));
    expect((await shop.call("GET", "/v1/orders", bearer(tokens.access_token))).status).toBe(200);
    await revoke(app, tokens.refresh_token ?? "");
    expect((await shop.call("GET", "/v1/orders", bearer(tokens.access_token))).status).toBe(401);
  });

  it("is told a customer's no", async () => {
    const app = await registerApp(system.url, "none");
    const asked = await question(app, "orders:read");
    const landed = await decide(await customer(), asked.url, "deny");
    await expect(exchange(app, asked, landed)).rejects.toMatchObject({ error: "access_denied" });
  });

  it("or a server with an operator's leave gets tokens by its own secret", async () => {
    const body = { kind: "server", name: "Warehouse", scopes: ["stock:read"] };
    const made = await shop.admin<{ id: string; client_secret: string }>("POST", "/v1/admin/oauth-clients", { body });
    expect(made.status).toBe(201);
    const tokens = await clientCredentials(system.url, made.body.id, made.body.client_secret, "stock:read");
    expect((await shop.call("GET", "/v1/admin/stock/MUG", bearer(tokens.access_token))).status).toBe(200);
    expect((await shop.call("GET", "/v1/admin/orders", bearer(tokens.access_token))).status).toBe(403);
    expect((await shop.call("GET", "/v1/me", bearer(tokens.access_token))).status).toBe(401);
    expect((await shop.admin("DELETE", `/v1/admin/oauth-clients/${made.body.id}`)).status).toBe(204);
    expect((await shop.call("GET", "/v1/admin/stock/MUG", bearer(tokens.access_token))).status).toBe(401);
  });
});

describe("the trace of a checkout", () => {
  const isCheckout = ({ hop, name }: Span) => hop === "gateway" && name === "POST /v1/carts/*/checkout";

  it("is one tree through every service, object and queue", async () => {
    const { trace_id: traceId } = spans.find(isCheckout) ?? {};
    const trace = await vi.waitFor(() => {
      const found = spans.filter(({ trace_id }) => trace_id === traceId);
      expect(new Set(found.filter(({ name }) => name === "follow").map(({ service }) => service)).size).toBe(5);
      return found;
    }, 20_000);
    const { roots, orphans } = treeOf(trace);
    expect(orphans).toEqual([]);
    expect(roots).toHaveLength(1);
    // Databases are asked for what an isolate does not know.
    const hops = trace.filter(({ hop }) => hop !== "database").map(({ hop, service }) => `${hop} ${service}`);
    expect([...new Set(hops)].sort()).toEqual([
      "commit checkout-partition",
      "commit sku-stock",
      "gateway gateway",
      "object checkout-partition",
      "object sku-stock",
      "provider payments",
      "queue order-events",
      "queue order-events-analytics",
      "queue order-events-ledger",
      "queue order-events-notifications",
      "queue order-events-projection",
      "queue stock-events-analytics",
      "rpc checkout-partition",
      "rpc gateway",
      "rpc inventory",
      "rpc orders",
      "service catalog",
      "service inventory",
      "service orders",
      "service payments",
    ]);
    expect(trace.filter((span) => /ord_|cart_|MUG/.test(JSON.stringify(span)))).toEqual([]);
  });

  it("is like every other trace: nothing in it hangs in the air", () => {
    const traces = [...Map.groupBy(spans, ({ trace_id }) => trace_id).values()];
    expect(traces.length).toBeGreaterThan(50);
    expect(traces.flatMap((trace) => treeOf(trace).orphans)).toEqual([]);
  });
});

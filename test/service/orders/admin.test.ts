import { describe, expect, it } from "vitest";
import type { Principal } from "../../../workers/shared/principal.ts";
import { CHANGE_HEADER, readChange } from "../../../workers/shared/privileged-act.ts";
import {
  type Answer,
  available,
  type Body,
  bindings,
  CONTEXT,
  checkout,
  customer,
  filledCart,
  fresh,
  holding,
  OPERATOR,
  orders,
  placedOrder,
  product,
  request,
} from "./shop.ts";

async function post(path: string, body: unknown, key: string = crypto.randomUUID(), as: Principal = OPERATOR): Promise<Answer> {
  return await request("POST", path, { as, body, headers: { "idempotency-key": key } });
}

/** An order of 3 × £10.00, £3.99 shipping. */
async function sold(stock = 10): Promise<{ readonly order: Body; readonly path: string; readonly sku: string }> {
  const sku = await product({ stock });
  const order = await placedOrder({ [sku]: 3 });
  return { order, sku, path: `/v1/admin/orders/${order.id}` };
}

describe("who may operate", () => {
  const routes = [
    ["GET", "/v1/admin/orders", "orders:read"],
    ["GET", "/v1/admin/orders/ord_01h455vb4pex5vsknk084sn02q", "orders:read"],
    ["POST", "/v1/admin/orders/ord_01h455vb4pex5vsknk084sn02q/refunds", "orders:write"],
    ["POST", "/v1/admin/orders/ord_01h455vb4pex5vsknk084sn02q/cancel", "orders:write"],
    ["POST", "/v1/admin/orders/ord_01h455vb4pex5vsknk084sn02q/shipments", "shipments:write"],
    ["POST", "/v1/admin/orders/ord_01h455vb4pex5vsknk084sn02q/complete", "orders:write"],
    ["GET", "/v1/admin/shipping-rates", "settings:read"],
    ["PUT", "/v1/admin/shipping-rates", "settings:write"],
    ["POST", "/v1/admin/recovery/partition/0-0", "settings:write"],
    ["GET", "/v1/admin/tax-rates", "settings:read"],
    ["PUT", "/v1/admin/tax-rates", "settings:write"],
  ] as const;

  it.each(routes)("%s %s asks for the scope before it looks at anything else", async (method, path, scope) => {
    const statusOf = async (as?: Principal) => (await request(method, path, as === undefined ? {} : { as })).status;
    expect(await statusOf()).toBe(401);
    expect(await statusOf(holding("ord_01h455vb4pex5vsknk084sn02q"))).toBe(401);
    expect(await statusOf(customer("cus_ada", ["ord_01h455vb4pex5vsknk084sn02q"]))).toBe(403);
    const others = ["orders:read", "orders:write", "settings:read", "settings:write"].filter((other) => other !== scope);
    expect(await statusOf({ ...OPERATOR, scopes: others })).toBe(403);
    expect([401, 403]).not.toContain(await statusOf({ ...OPERATOR, scopes: [scope] }));
  });
});

describe("refunds", () => {
  it("gives back an amount once per key, and everything that is left without one", async () => {
    const { order, path, sku } = await sold();
    const first = await post(`${path}/refunds`, { amount_minor: 399, restock: false }, "refund-1");
    expect(first.status).toBe(200);
    expect(first.body.payment).toMatchObject({ status: "partially_refunded", refunded: { amount_minor: 399, currency: "GBP" } });
    const again = await post(`${path}/refunds`, { amount_minor: 399, restock: false }, "refund-1");
    expect([again.status, again.body.refunds.length]).toEqual([200, 1]);
    const rest = await post(`${path}/refunds`, { restock: true }, "refund-2");
    expect(rest.body.payment).toMatchObject({ status: "refunded", refunded: order.totals.total });
    expect(await available(sku)).toBe(10);
    const owner = await request("GET", `/v1/orders/${order.id}`, { as: holding(order.id) });
    expect(owner.body.refunds).toMatchObject([
      { amount: { amount_minor: 399 }, restocked: false },
      { amount: { amount_minor: 3_000 }, restocked: true },
    ]);
  });

  it("gives back lines at what they cost, and puts exactly those back into stock", async () => {
    const { path, sku } = await sold();
    const refunded = await post(`${path}/refunds`, { lines: [{ sku, quantity: 2 }], restock: true });
    expect(refunded.body.refunds).toMatchObject([
      { amount: { amount_minor: 2_000 }, lines: [{ sku, quantity: 2 }], restocked: true },
    ]);
    expect(await available(sku)).toBe(9);
  });

  it("never gives back more than was captured, also not in two at once", async () => {
    const { path } = await sold();
    const over = await post(`${path}/refunds`, { amount_minor: 3_400, restock: false });
    expect([over.status, over.body.code, over.body.refundable_minor]).toEqual([409, "refund_exceeds_captured", 3_399]);
    const both = await Promise.all([
      post(`${path}/refunds`, { amount_minor: 2_000, restock: false }),
      post(`${path}/refunds`, { amount_minor: 2_000, restock: false }),
    ]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
  });

  it("refuses a reused key, foreign lines and too many units", async () => {
    const { path, sku } = await sold();
    await post(`${path}/refunds`, { amount_minor: 1, restock: false }, "refund-1");
    const reused = await post(`${path}/refunds`, { amount_minor: 2, restock: false }, "refund-1");
    expect([reused.status, reused.body.code]).toEqual([422, "idempotency_key_reused"]);
    for (const lines of [[{ sku: "other", quantity: 1 }], [{ sku, quantity: 4 }]]) {
      const refused = await post(`${path}/refunds`, { lines, restock: false });
      expect([refused.status, refused.body.code]).toEqual([422, "refund_lines_invalid"]);
    }
    const keyless = await request("POST", `${path}/refunds`, { as: OPERATOR, body: { restock: false } });
    expect([keyless.status, keyless.body.code]).toEqual([400, "idempotency_key_required"]);
  });

  it.each([
    { amount_minor: 0 },
    { amount_minor: -1 },
    { amount_minor: "1" },
    { amount_minor: 0.5 },
    { amount_minor: 2 ** 53 },
    { currency: "EUR" },
    { lines: [{ sku: "A", quantity: 0 }] },
    { restock: "yes" },
  ])("refuses the body %j", async (body) => {
    const refused = await post("/v1/admin/orders/ord_01h455vb4pex5vsknk084sn02q/refunds", body);
    expect([refused.status, refused.body.code]).toEqual([422, "invalid_body"]);
  });
});

describe("cancelling, shipping, completing", () => {
  it("cancels a placed order: the money goes back, the stock too", async () => {
    const { path, sku } = await sold();
    const cancelled = await request("POST", `${path}/cancel`, { as: OPERATOR });
    expect([cancelled.status, cancelled.body.status]).toEqual([200, "cancelled"]);
    expect(cancelled.body.payment).toMatchObject({ status: "refunded", refunded: { amount_minor: 3_399 } });
    expect(await available(sku)).toBe(10);
    const shipped = await request("POST", `${path}/shipments`, { as: OPERATOR, body: {} });
    expect([shipped.status, shipped.body.code]).toEqual([409, "not_shippable"]);
  });

  it("cancels an order that waits for the shopper's bank, and frees its stock", async () => {
    const sku = await product({ stock: 5 });
    const waiting = await checkout(await filledCart({ [sku]: 2 }), "key-1", {
      payment_method: "pm_card_authenticationRequired",
    });
    expect(waiting.status).toBe(202);
    const cancelled = await request("POST", `/v1/admin/orders/${waiting.body.order.id}/cancel`, {
      as: OPERATOR,
      body: { reason: "changed their mind" },
    });
    expect([cancelled.status, cancelled.body.status]).toEqual([200, "cancelled"]);
    expect(cancelled.body.failure_reason).toBe("changed their mind");
    expect(await available(sku)).toBe(5);
  });

  it("ships in parts, is fulfilled with the last one, and then completes", async () => {
    const { path, sku } = await sold();
    const early = await request("POST", `${path}/complete`, { as: OPERATOR });
    expect([early.status, early.body.code]).toEqual([409, "not_completable"]);
    const part = await post(`${path}/shipments`, { carrier: "Post", tracking_number: "T1", lines: [{ sku, quantity: 1 }] });
    expect([part.status, part.body.status]).toEqual([200, "placed"]);
    const rest = await post(`${path}/shipments`, { carrier: "Post", tracking_number: "T2" });
    expect([rest.body.status, rest.body.shipments.length]).toEqual(["fulfilled", 2]);
    expect(rest.body.shipments[1].lines).toEqual([{ sku, quantity: 2 }]);
    const completed = await request("POST", `${path}/complete`, { as: OPERATOR });
    expect([completed.status, completed.body.status]).toEqual([200, "completed"]);
  });

  it.each(["refunds", "cancel", "shipments", "complete"])("answers 404 for %s of an order that is not there", async (action) => {
    const ids = ["ord_01h455vb4pex5vsknk084sn02q", "ord_01h455vb4peztvsknk084sn02q"];
    for (const id of ids) expect((await post(`/v1/admin/orders/${id}/${action}`, {})).status).toBe(404);
  });
});

describe("lists", () => {
  it("finds orders by status, e-mail and day, newest first, page by page", async () => {
    const email = `${fresh("list")}@canary.test`;
    const sku = await product({ stock: 100 });
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) {
      const cart = await filledCart({ [sku]: 1 });
      await request("PATCH", cart.path, { as: cart.as, body: { email } });
      ids.push((await checkout(cart, "key")).body.order.id);
    }
    await orders.catchUp(CONTEXT);
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = `status=placed&email=${encodeURIComponent(email.toUpperCase())}&limit=2`;
      const page: Answer = await request("GET", `/v1/admin/orders?${query}${cursor === "" ? "" : `&cursor=${cursor}`}`, {
        as: OPERATOR,
      });
      expect(page.status).toBe(200);
      found.push(...page.body.items.map((item: { id: string }) => item.id));
      cursor = page.body.next_cursor;
    }
    // An id begins with its time; orders of the same millisecond follow by the rest of it.
    expect(found).toEqual(ids.toSorted().toReversed());
    const today = new Date().toISOString().slice(0, 10);
    const countOf = async (query: string) =>
      (await request("GET", `/v1/admin/orders?email=${email}&${query}`, { as: OPERATOR })).body.items.length;
    expect(await countOf(`from=${today}&to=${today}`)).toBe(5);
    expect(await countOf("to=2020-01-01")).toBe(0);
    expect(await countOf("status=cancelled")).toBe(0);
  });

  it("shows customers their own orders and nobody else's", async () => {
    const ada = customer(fresh("cus"));
    const order = await placedOrder({ [await product()]: 1 }, ada);
    await orders.catchUp(CONTEXT);
    const own = await request("GET", "/v1/orders", { as: ada });
    expect(own.body.items.map((item: { id: string }) => item.id)).toEqual([order.id]);
    expect((await request("GET", `/v1/orders/${order.id}`, { as: ada })).status).toBe(200);
    expect((await request("GET", "/v1/orders", { as: customer(fresh("cus")) })).body.items).toEqual([]);
    expect((await request("GET", "/v1/orders")).status).toBe(401);
  });

  it.each(["status=lost", "limit=0", "limit=101", "limit=x", "from=yesterday", "to=2026-13-01"])("refuses ?%s", async (query) => {
    const refused = await request("GET", `/v1/admin/orders?${query}`, { as: OPERATOR });
    expect([refused.status, refused.body.code]).toEqual([400, "invalid_request"]);
  });

  it.each(["x", "W10", btoa('[1,"x"]'), btoa('[1e999,"ord_01h455vb4pex5vsknk084sn02q"]'), "%00"])(
    "refuses the cursor %s",
    async (cursor) => {
      const refused = await request("GET", `/v1/admin/orders?cursor=${encodeURIComponent(cursor)}`, { as: OPERATOR });
      expect([refused.status, refused.body.code]).toEqual([400, "invalid_cursor"]);
    },
  );
});

describe("shipping and tax rates", () => {
  it("gives back what was put, and refuses lists that make no sense", async () => {
    for (const path of ["/v1/admin/shipping-rates", "/v1/admin/tax-rates"]) {
      const before = await request("GET", path, { as: OPERATOR });
      expect(before.body.items.length).toBeGreaterThan(3);
      const put = await request("PUT", path, { as: OPERATOR, body: { items: before.body.items } });
      expect([put.status, put.body]).toEqual([200, before.body]);
      const [first] = before.body.items;
      for (const items of [[first, first], [{ ...first, extra: 1 }], "all", [{}]]) {
        const refused = await request("PUT", path, { as: OPERATOR, body: { items } });
        expect([refused.status, refused.body.code]).toEqual([422, "invalid_body"]);
      }
      expect((await request("GET", path, { as: OPERATOR })).body).toEqual(before.body);
    }
  });

  it.each([
    ["shipping-rates", { prices: { GBP: -1 } }],
    ["shipping-rates", { prices: { CHF: 100 } }],
    ["shipping-rates", { countries: ["XX"] }],
    ["shipping-rates", { kind: "free" }],
    ["tax-rates", { rate_basis_points: 10_001 }],
    ["tax-rates", { rate_basis_points: 0.5 }],
    ["tax-rates", { country: "ZZ" }],
  ])("refuses %s with %j", async (list, change) => {
    const path = `/v1/admin/${list}`;
    const { items } = (await request("GET", path, { as: OPERATOR })).body;
    const refused = await request("PUT", path, { as: OPERATOR, body: { items: [{ ...items[0], ...change }] } });
    expect([refused.status, refused.body.code]).toEqual([422, "invalid_body"]);
  });

  it("uses new rates at once in the isolate that changed them, and notes what differs", async () => {
    const path = "/v1/admin/shipping-rates";
    const before = (await request("GET", path, { as: OPERATOR })).body.items;
    const cart = await filledCart({ [await product()]: 1 });
    const items = before.map((rate: Body) => (rate.id === "uk-standard" ? { ...rate, prices: { GBP: 123 } } : rate));
    const put = await request("PUT", path, { as: OPERATOR, body: { items } });
    const [{ prices }] = before.filter(({ id }: Body) => id === "uk-standard");
    expect(JSON.parse(readChange(put.headers.get(CHANGE_HEADER)) ?? "null")).toEqual({
      before: { items: { "uk-standard": { prices } } },
      after: { items: { "uk-standard": { prices: { GBP: 123 } } } },
    });
    const options = await request("GET", `${cart.path}/shipping-options`, { as: cart.as });
    expect(options.body.items[0]).toMatchObject({ id: "uk-standard", price: { amount_minor: 123 } });
    await request("PUT", path, { as: OPERATOR, body: { items: before } });
  });
});

describe("the service", () => {
  it("describes itself and says that its database answers", async () => {
    const document = await request("GET", "/openapi.json");
    expect(Object.keys(document.body.paths)).toContain("/v1/carts/{id}/checkout");
    expect((await request("GET", "/healthz")).body).toEqual({ status: "ok", checks: { database: "ok" } });
  });

  it("records a partition before its first cart", async () => {
    await filledCart({ [await product()]: 1 });
    const row = await bindings.DATABASE.prepare("SELECT count(*) AS count FROM partitions").first<{ count: number }>();
    expect(row?.count).toBeGreaterThan(0);
  });
});

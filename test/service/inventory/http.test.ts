/** The public resources of inventory, as shoppers and operators see them. */
import { describe, expect, it } from "vitest";
import { GUEST } from "../../../workers/shared/principal.ts";
import { available, call, commit, fresh, hold, OPERATOR, setBalances, stocked } from "./shop.ts";

const path = (sku: string, rest = "") => `/v1/admin/stock/${encodeURIComponent(sku)}${rest}`;

async function receive(sku: string, body: unknown, key = fresh("key")) {
  return await call("POST", path(sku, "/receipts"), { body, key });
}

describe("GET /v1/availability", () => {
  it("answers live for one SKU and for several, unknown ones with 0, and is never cached", async () => {
    const [sku, unknown] = [await stocked(3), fresh("UNKNOWN")];
    const one = await call("GET", `/v1/availability?sku=${sku}`, { principal: GUEST });
    expect(one.body).toEqual({ items: [{ sku, available: 3, backorderable: false }] });
    expect(one.headers.get("cache-control")).toBe("no-store");
    await hold(fresh("hold"), [{ sku, quantity: 2 }]);
    const two = await call("GET", `/v1/availability?sku=${unknown}&sku=${sku}`, { principal: GUEST });
    expect(two.body).toEqual({
      items: [
        { sku: unknown, available: 0, backorderable: false },
        { sku, available: 1, backorderable: false },
      ],
    });
  });

  it.each([
    "",
    "?sku=",
    "?sku=%00",
    "?sku=%20A",
    `?sku=${"A".repeat(65)}`,
    `?${Array.from({ length: 101 }, (_, index) => `sku=A${index}`).join("&")}`,
  ])("refuses %s with 400", async (query) => {
    const answer = await call("GET", `/v1/availability${query}`, { principal: GUEST });
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
  });
});

describe("receipts", () => {
  it("adds units once per key and shows the stock with its newest movements first", async () => {
    const sku = await stocked(2);
    const key = fresh("key");
    for (const _ of [1, 2]) {
      const answer = await receive(sku, { quantity: 5, reference: "delivery 7" }, key);
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({
        sku,
        on_hand: 7,
        held: 0,
        available: 7,
        backordered: 0,
        backorderable: false,
        locations: [{ location: "main", on_hand: 7, held: 0, available: 7 }],
      });
      expect(answer.body.movements.map((m: { kind: string; reference: string }) => [m.kind, m.reference])).toEqual([
        ["received", "delivery 7"],
        ["opened", "opening"],
      ]);
    }
  });

  it("receives once when the same request arrives many times at once", async () => {
    const sku = await stocked(0);
    const key = fresh("key");
    const answers = await Promise.all(Array.from({ length: 20 }, () => receive(sku, { quantity: 5 }, key)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]));
    expect(await available(sku)).toBe(5);
  });

  it("refuses the same key with another body", async () => {
    const sku = await stocked(0);
    const key = fresh("key");
    await receive(sku, { quantity: 5 }, key);
    for (const body of [{ quantity: 6 }, { quantity: 5, location: "leeds" }, { quantity: 5, reference: "x" }]) {
      const answer = await receive(sku, body, key);
      expect([answer.status, answer.body.code]).toEqual([422, "idempotency_key_reused"]);
    }
    expect(await available(sku)).toBe(5);
  });

  it("needs a key, a known SKU and an operator who may write stock", async () => {
    const sku = await stocked(0);
    const body = { quantity: 1 };
    const refusals = [
      await call("POST", path(sku, "/receipts"), { body }),
      await receive(fresh("UNKNOWN"), body),
      await call("POST", path(sku, "/receipts"), { body, key: "k", principal: GUEST }),
      await call("POST", path(sku, "/receipts"), { body, key: "k", principal: { ...OPERATOR, scopes: ["stock:read"] } }),
    ];
    expect(refusals.map((answer) => [answer.status, answer.body.code])).toEqual([
      [400, "idempotency_key_required"],
      [404, "unknown_sku"],
      [401, "authentication_required"],
      [403, "insufficient_scope"],
    ]);
    expect(await available(sku)).toBe(0);
  });

  it.each([
    { quantity: 0 },
    { quantity: -1 },
    { quantity: 0.5 },
    { quantity: 1e308 },
    { quantity: 2 ** 53 },
    { quantity: "1" },
    { quantity: null },
    {},
    { quantity: 1, on_hand: 9 },
    { quantity: 1, location: "Not A Location" },
    { quantity: 1, location: "__proto__" },
    { quantity: 1, reference: "a\u0000b" },
    { quantity: 1, reference: "" },
    [],
  ])("refuses %j with 422 and changes nothing", async (body) => {
    const sku = await stocked(1);
    const answer = await receive(sku, body);
    expect([answer.status, answer.body.code]).toEqual([422, "invalid_body"]);
    expect(answer.body.errors.length).toBeGreaterThan(0);
    expect(await available(sku)).toBe(1);
  });

  it("tells malformed JSON and a bad key apart from a wrong shape", async () => {
    const sku = await stocked(1);
    const malformed = await call("POST", path(sku, "/receipts"), { rawBody: "{", key: "k" });
    expect([malformed.status, malformed.body.code]).toEqual([400, "malformed_body"]);
    const key = await receive(sku, { quantity: 1 }, "a key");
    expect([key.status, key.body.code]).toEqual([400, "invalid_request"]);
  });
});

describe("adjustments", () => {
  it("takes units away but never those that are promised", async () => {
    const sku = await stocked(5);
    await hold(fresh("hold"), [{ sku, quantity: 3 }]);
    const adjust = (quantity: number) =>
      call("POST", path(sku, "/adjustments"), { body: { quantity, reason: "damaged" }, key: fresh("key") });
    const refused = await adjust(-3);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: "insufficient_stock", available: 2 });
    expect((await adjust(-2)).body).toMatchObject({ on_hand: 3, held: 3, available: 0 });
    expect((await adjust(4)).body).toMatchObject({ on_hand: 7, held: 3, available: 4 });
    expect((await adjust(0)).status).toBe(422);
  });
});

describe("reading stock", () => {
  it("shows an untouched SKU from its opening balance, and 404 for one never given any", async () => {
    const sku = await stocked(4, { location: "leeds" });
    expect((await call("GET", path(sku))).body).toEqual({
      sku,
      on_hand: 4,
      held: 0,
      available: 4,
      backordered: 0,
      backorderable: false,
      locations: [{ location: "leeds", on_hand: 4, held: 0, available: 4 }],
      movements: [],
    });
    expect((await call("GET", path(sku, "/movements"))).body).toEqual({ items: [], next_cursor: null });
    for (const rest of ["", "/movements"]) {
      const answer = await call("GET", path(fresh("UNKNOWN"), rest));
      expect([answer.status, answer.body.code]).toEqual([404, "unknown_sku"]);
    }
  });

  it.each(["A B", "A/B", "100%", "é#?&", "..", "%2F", "a+b"])("finds the SKU %s by its encoded path", async (name) => {
    const sku = `${name}-${fresh("x")}`;
    await setBalances({ sku, location: "main", quantity: 2, backorderable: false });
    expect((await receive(sku, { quantity: 1 })).body).toMatchObject({ sku, on_hand: 3 });
    const shopper = await call("GET", `/v1/availability?sku=${encodeURIComponent(sku)}`, { principal: GUEST });
    expect(shopper.body.items).toEqual([{ sku, available: 3, backorderable: false }]);
  });

  it("pages through the journal, newest first, without gaps or repeats", async () => {
    const sku = await stocked(50);
    for (let index = 0; index < 6; index++) await receive(sku, { quantity: 1 });
    const seen: number[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page = await call("GET", path(sku, `/movements?limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`));
      seen.push(...page.body.items.map((movement: { sequence: number }) => movement.sequence));
      cursor = page.body.next_cursor;
    }
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  it.each(["limit=0", "limit=101", "limit=1.5", "limit=x"])("refuses ?%s", async (query) => {
    const answer = await call("GET", path(await stocked(1), `/movements?${query}`));
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
  });

  it.each(["x", "eyJhIjoxfQ", "LTE", "MC41", "IjEi"])("refuses the cursor %s", async (cursor) => {
    const answer = await call("GET", path(await stocked(1), `/movements?cursor=${cursor}`));
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_cursor"]);
  });
});

describe("the policy", () => {
  it("switches selling beyond stock on and off", async () => {
    const sku = await stocked(1);
    const put = (backorderable: unknown) => call("PUT", path(sku, "/policy"), { body: { backorderable } });
    expect((await put(true)).body).toMatchObject({ backorderable: true, on_hand: 1 });
    const holdId = fresh("hold");
    expect((await hold(holdId, [{ sku, quantity: 3 }])).ok).toBe(true);
    await commit(holdId, sku);
    expect((await call("GET", path(sku))).body).toMatchObject({ on_hand: 0, backordered: 2 });
    expect((await put(false)).body).toMatchObject({ backorderable: false, backordered: 2 });
    expect((await hold(fresh("hold"), [{ sku, quantity: 1 }])).ok).toBe(false);
    expect((await put("yes")).status).toBe(422);
  });
});

describe("the service", () => {
  it("describes itself and says that its database answers", async () => {
    expect((await call("GET", "/healthz")).body).toEqual({ status: "ok", checks: { database: "ok" } });
    const document = (await call("GET", "/openapi.json")).body;
    expect(Object.keys(document.paths)).toEqual([
      "/v1/availability",
      "/v1/stock-feed",
      "/v1/admin/stock/{sku}",
      "/v1/admin/stock/{sku}/movements",
      "/v1/admin/stock/{sku}/receipts",
      "/v1/admin/stock/{sku}/adjustments",
      "/v1/admin/stock/{sku}/policy",
      "/v1/admin/recovery/sku/{sku}",
    ]);
    expect(document.paths["/v1/availability"].get.parameters).toMatchObject([{ name: "sku", in: "query", required: true }]);
    expect(document.paths["/v1/admin/stock/{sku}/receipts"].post.parameters).toMatchObject([
      { name: "sku", in: "path", required: true },
      { name: "idempotency-key", in: "header", required: true },
    ]);
  });
});

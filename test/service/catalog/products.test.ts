/** Operators change products; shoppers see exactly the active ones, at once. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { GUEST } from "../../../workers/shared/principal.ts";
import { admin, bindings, CONTEXT, call, catalog, fresh, gbp, get, inventory, OPERATOR, product } from "./client.ts";

beforeEach(async () => {
  await inventory.reset();
});

const VARIANT = { prices: [gbp(500)] };

describe("a product", () => {
  it("is created with its variants, stock, media and category, and read by handle", async () => {
    const category = fresh("home");
    await admin("POST", "/v1/admin/categories", { title: "Home", handle: category });
    const [small, large] = [fresh("S"), fresh("L")];
    const made = await product({
      title: "Wool Blanket",
      description: "<p onclick=evil()>Warm<script>evil()</script></p>",
      category,
      options: ["Size"],
      variants: [
        { sku: small, option_values: ["S"], prices: [gbp(4500), { amount_minor: 5200, currency: "EUR" }], inventory_quantity: 7 },
        { sku: large, option_values: ["L"], prices: [{ ...gbp(6500), compare_at_minor: 8000 }], backorderable: true },
      ],
      media: [{ url: "https://cdn.example/blanket.jpg", alt: "A blanket" }],
    });
    const { body } = await get(`/v1/products/${made.handle}`);
    expect(body).toMatchObject({
      id: made.id,
      title: "Wool Blanket",
      description: "<p>Warm</p>",
      image: "https://cdn.example/blanket.jpg",
      price_from: gbp(4500),
      options: [{ name: "Size", values: ["S", "L"] }],
      category: { handle: category, title: "Home" },
      variants: [
        { sku: small, title: "S", price: gbp(4500), compare_at_price: null },
        { sku: large, title: "L", price: gbp(6500), compare_at_price: gbp(8000) },
      ],
    });
    expect(await inventory.balanceOf(small)).toMatchObject({ quantity: 7, backorderable: false, location: "main" });
    expect(await inventory.balanceOf(large)).toMatchObject({ quantity: 0, backorderable: true });
    const inEuro = await get(`/v1/products/${made.handle}?currency=EUR`);
    expect(inEuro.body.variants).toMatchObject([{ sku: small, price: { amount_minor: 5200, currency: "EUR" } }]);
  });

  it("is seen by shoppers only while it is active", async () => {
    const made = await product({ status: "draft" });
    expect((await get(`/v1/products/${made.handle}`)).status).toBe(404);
    await admin("PATCH", `/v1/admin/products/${made.id}`, { status: "active" });
    expect((await get(`/v1/products/${made.handle}`)).status).toBe(200);
    await admin("DELETE", `/v1/admin/products/${made.id}`);
    expect((await get(`/v1/products/${made.handle}`)).status).toBe(404);
    expect((await admin("GET", `/v1/admin/products/${made.id}`)).body.status).toBe("archived");
  });

  it("shows a changed price at once, under a higher version", async () => {
    const made = await product();
    const before = await get(`/v1/products/${made.handle}`);
    const variant = made.variants[0];
    await admin("PATCH", `/v1/admin/products/${made.id}/variants/${variant.id}`, { prices: [gbp(2500)] });
    const after = await get(`/v1/products/${made.handle}`);
    expect(after.body.price_from).toEqual(gbp(2500));
    expect(Number(after.headers.get("x-catalog-version"))).toBeGreaterThan(Number(before.headers.get("x-catalog-version")));
    expect(await catalog.quote([variant.sku], "GBP", CONTEXT)).toMatchObject({
      value: { quotes: [{ unitPriceMinor: 2500 }] },
    });
  });

  it("gains and loses variants, but never its last one", async () => {
    const made = await product();
    const path = `/v1/admin/products/${made.id}/variants`;
    const added = await admin("POST", path, { sku: fresh("V"), ...VARIANT, inventory_quantity: 3 });
    expect([added.status, added.body.variants.length]).toEqual([201, 2]);
    const [first, second] = added.body.variants;
    expect((await admin("DELETE", `${path}/${first.id}`)).body.variants).toMatchObject([{ id: second.id }]);
    expect(await admin("DELETE", `${path}/${second.id}`)).toMatchObject({ status: 409, body: { code: "last_variant" } });
    expect((await get(`/v1/products/${made.handle}`)).body.variants).toHaveLength(1);
  });

  it("is refused with a handle or SKU that is taken, and then leaves the other's stock alone", async () => {
    const sku = fresh("TAKEN");
    const made = await product({ sku });
    const again = await admin("POST", "/v1/admin/products", {
      title: "Thief",
      variants: [{ sku, ...VARIANT, inventory_quantity: 99 }],
    });
    expect(again).toMatchObject({ status: 409, body: { code: "sku_taken", skus: [sku] } });
    expect((await inventory.balanceOf(sku))?.quantity).toBe(5);
    const handle = await admin("POST", "/v1/admin/products", {
      title: "Thief",
      handle: made.handle,
      variants: [{ sku: fresh("X"), ...VARIANT }],
    });
    expect(handle).toMatchObject({ status: 409, body: { code: "handle_taken" } });
  });

  it("is not created while inventory cannot open its stock", async () => {
    await inventory.failNext(10);
    const handle = fresh("p");
    const refused = await admin("POST", "/v1/admin/products", {
      title: "X",
      handle,
      variants: [{ sku: fresh("X"), ...VARIANT }],
    });
    expect(refused).toMatchObject({ status: 503, body: { code: "inventory_unavailable" } });
    expect((await get(`/v1/products/${handle}`)).status).toBe(404);
  });

  it.each([
    ["an unknown field", { title: "X", variants: [{ sku: "A", ...VARIANT }], price: 1 }, "price"],
    ["no variant", { title: "X", variants: [] }, "variants"],
    ["a negative price", { title: "X", variants: [{ sku: "A", prices: [gbp(-1)] }] }, "variants.0.prices.0.amount_minor"],
    ["a fractional price", { title: "X", variants: [{ sku: "A", prices: [gbp(0.5)] }] }, "variants.0.prices.0.amount_minor"],
    ["a script as image", { title: "X", media: [{ url: "javascript:1" }], variants: [{ sku: "A", ...VARIANT }] }, "media.0.url"],
    [
      "values without options",
      { title: "X", variants: [{ sku: "A", option_values: ["S"], ...VARIANT }] },
      "variants.0.option_values",
    ],
    [
      "the same SKU twice",
      {
        title: "X",
        variants: [
          { sku: "A", ...VARIANT },
          { sku: "A", ...VARIANT },
        ],
      },
      "variants.1.sku",
    ],
  ])("is refused with %s", async (_, body, path) => {
    const refused = await admin("POST", "/v1/admin/products", body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  it("is for operators with the scope only", async () => {
    const reader = { ...OPERATOR, scopes: ["products:read" as const] };
    expect((await call("/v1/admin/products", {}, GUEST)).status).toBe(401);
    expect((await call("/v1/admin/products", {}, reader)).status).toBe(200);
    const init = { method: "POST", body: JSON.stringify({ title: "X", variants: [{ sku: "A", ...VARIANT }] }) };
    const refused = await call("/v1/admin/products", { ...init, headers: { "content-type": "application/json" } }, reader);
    expect(refused.status).toBe(403);
  });
});

describe("a quote", () => {
  it("names what cannot be sold and why", async () => {
    const [active, draft] = [fresh("A"), fresh("D")];
    const made = await product({ sku: active, title: "Mug" });
    await product({ sku: draft, status: "draft" });
    const answer = await catalog.quote([active, draft, "NOPE"], "GBP", CONTEXT);
    expect(answer).toMatchObject({
      value: {
        quotes: [{ sku: active, productId: made.id, title: "Mug", unitPriceMinor: 1999, currency: "GBP" }],
        missing: [
          { sku: draft, reason: "not_for_sale" },
          { sku: "NOPE", reason: "unknown_sku" },
        ],
      },
    });
    const inYen = await catalog.quote([active], "JPY", CONTEXT);
    expect(inYen).toMatchObject({ value: { missing: [{ sku: active, reason: "no_price_in_currency" }] } });
  });

  it("asks no database when warm, and sees a change of another isolate within a second", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const sku = fresh("HOT");
    await product({ sku });
    await catalog.quote([sku], "GBP", CONTEXT);
    const prepare = vi.spyOn(Object.getPrototypeOf(bindings.DATABASE), "prepare");
    await catalog.quote([sku], "GBP", CONTEXT);
    expect(prepare).not.toHaveBeenCalled();
    prepare.mockRestore();
    await bindings.DATABASE.batch([
      bindings.DATABASE.prepare(
        "UPDATE prices SET amount_minor = 7 WHERE variant_id = (SELECT id FROM variants WHERE sku = ?)",
      ).bind(sku),
      bindings.DATABASE.prepare("UPDATE catalog_state SET version = version + 1"),
    ]);
    vi.setSystemTime(Date.now() + 1_001);
    expect(await catalog.quote([sku], "GBP", CONTEXT)).toMatchObject({ value: { quotes: [{ unitPriceMinor: 7 }] } });
    vi.useRealTimers();
  });
});

describe("an answer", () => {
  it("is revalidated by the catalogue's version", async () => {
    const made = await product();
    const { headers } = await get(`/v1/products/${made.handle}`);
    const etag = headers.get("etag") ?? "";
    const unchanged = await call(`/v1/products/${made.handle}`, { headers: { "if-none-match": etag } });
    expect([unchanged.status, unchanged.body]).toEqual([304, ""]);
    await admin("PATCH", `/v1/admin/products/${made.id}`, { title: "Renamed" });
    expect((await call(`/v1/products/${made.handle}`, { headers: { "if-none-match": etag } })).status).toBe(200);
  });
});

describe("categories", () => {
  it("form a tree that lists products of every level, and never a loop", async () => {
    const [top, below] = [fresh("top"), fresh("below")];
    await admin("POST", "/v1/admin/categories", { title: "Top", handle: top });
    expect((await admin("POST", "/v1/admin/categories", { title: "Below", handle: below, parent: top })).status).toBe(201);
    const made = await product({ category: below });
    const listed = await get(`/v1/products?category=${top}`);
    expect(listed.body.items.map((item: { id: string }) => item.id)).toEqual([made.id]);
    expect(await admin("PATCH", `/v1/admin/categories/${top}`, { parent: below })).toMatchObject({
      status: 409,
      body: { code: "category_loop" },
    });
    expect((await admin("DELETE", `/v1/admin/categories/${top}`)).body.code).toBe("category_in_use");
    expect((await admin("DELETE", `/v1/admin/categories/${below}`)).status).toBe(204);
    expect((await get(`/v1/products/${made.handle}`)).body.category).toBeNull();
  });

  it("are refused twice, and unknown ones are 404", async () => {
    const handle = fresh("c");
    await admin("POST", "/v1/admin/categories", { title: "C", handle });
    expect(await admin("POST", "/v1/admin/categories", { title: "C", handle })).toMatchObject({
      status: 409,
      body: { code: "handle_taken" },
    });
    expect((await admin("PATCH", "/v1/admin/categories/none", { title: "X" })).status).toBe(404);
    expect(
      await admin("POST", "/v1/admin/products", { title: "X", category: "none", variants: [{ sku: "Q", ...VARIANT }] }),
    ).toMatchObject({
      status: 422,
      body: { code: "category_unknown" },
    });
  });
});

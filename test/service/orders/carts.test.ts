import { describe, expect, it } from "vitest";
import { partitionOf } from "../../../workers/shared/identifiers.ts";
import { ADDRESS, customer, filledCart, fresh, holding, newCart, product, request } from "./shop.ts";

describe("creating carts", () => {
  it("answers an empty cart in the shop's currency, its token and where it is", async () => {
    const created = await request("POST", "/v1/carts", { body: {} });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ currency: "GBP", lines: [], email: null, state: "open" });
    expect(created.body.totals.total).toEqual({ amount_minor: 0, currency: "GBP" });
    expect(created.headers.get("location")).toBe(`/v1/carts/${created.body.id}`);
    expect(created.headers.get("cache-control")).toBe("no-store");
    expect(Date.parse(created.body.expires_at)).toBeGreaterThan(Date.now());
  });

  it("keeps the partition in the id, inside the configured numbers", async () => {
    const cart = await newCart();
    const partition = partitionOf(cart.id);
    expect(partition?.region).toBe(0);
    expect(partition?.number).toBeLessThan(8);
  });

  it("takes the currencies of the shop and refuses others", async () => {
    expect((await request("POST", "/v1/carts", { body: { currency: "EUR" } })).body.currency).toBe("EUR");
    const refused = await request("POST", "/v1/carts", { body: { currency: "CHF" } });
    expect([refused.status, refused.body.code]).toEqual([422, "unsupported_currency"]);
  });

  it.each([{}, { currency: "EUR" }, { email: "ada@canary.test" }])(
    "reads %j as it was created, refuses to check nothing out, and takes the first line",
    async (body) => {
      const sku = await product({ currency: "GBP", ...body });
      const { token, ...created } = (await request("POST", "/v1/carts", { body })).body;
      const as = holding(created.id);
      const path = `/v1/carts/${created.id}`;
      expect(token).toContain(created.id);
      expect((await request("GET", path, { as })).body).toEqual({ ...created, order_token: null });
      const checkout = { as, body: { payment_method: "pm_card_visa" }, headers: { "idempotency-key": "k" } };
      expect((await request("POST", `${path}/checkout`, checkout)).body.code).toBe("cart_empty");
      const filled = await request("PUT", `${path}/lines/${sku}`, { as, body: { quantity: 1 } });
      const { currency, email, expires_at } = created;
      expect(filled.body).toMatchObject({ currency, email, expires_at, lines: [{ sku, quantity: 1 }] });
    },
  );

  it.each([
    [{ currency: "gbp" }, "currency"],
    [{ currency: 5 }, "currency"],
    [{ email: "not an address" }, "email"],
    [{ customer_id: "cus_1" }, "customer_id"],
    [{ total: 1 }, "total"],
    [{ constructor: 1 }, "constructor"],
  ])("refuses %j", async (body, path) => {
    const refused = await request("POST", "/v1/carts", { body });
    expect([refused.status, refused.body.code]).toEqual([422, "invalid_body"]);
    expect(refused.body.errors[0].path).toBe(path);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
  });

  it("refuses bodies that are not JSON, by their form and by their content type", async () => {
    const malformed = await request("POST", "/v1/carts", { rawBody: "{" });
    expect([malformed.status, malformed.body.code]).toEqual([400, "malformed_body"]);
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "none"]) {
      const refused = await request("POST", "/v1/carts", { rawBody: "{}", headers: { "content-type": type } });
      expect([refused.status, refused.body.code]).toEqual([415, "unsupported_media_type"]);
    }
  });
});

describe("whose cart it is", () => {
  it("shows a cart to whoever presents its token, and 404 to anybody else", async () => {
    const cart = await newCart();
    expect((await request("GET", cart.path, { as: cart.as })).status).toBe(200);
    const other = await newCart();
    const bystanders = [undefined, other.as, customer("cus_other"), holding("ord_01h455vb4pex5vsknk084sn02q")];
    for (const as of bystanders) {
      const refused = await request("GET", cart.path, as === undefined ? {} : { as });
      expect([refused.status, refused.body.code]).toEqual([404, "not_found"]);
    }
  });

  it("opens a customer's cart to that customer without a token", async () => {
    const cart = await newCart({}, customer("cus_ada"));
    expect((await request("GET", cart.path, { as: customer("cus_ada") })).status).toBe(200);
    expect((await request("GET", cart.path, { as: customer("cus_eve") })).status).toBe(404);
  });

  it("gives a guest's cart to the customer who updates it with its token", async () => {
    const cart = await newCart();
    const body = { email: "ada@canary.test" };
    expect((await request("PATCH", cart.path, { as: customer("cus_bea", [cart.id]), body })).status).toBe(200);
    expect((await request("GET", cart.path, { as: customer("cus_bea") })).status).toBe(200);
  });

  it("refuses every way of changing somebody else's cart", async () => {
    const cart = await newCart();
    const attempts = [
      request("PUT", `${cart.path}/lines/X`, { body: { quantity: 1 } }),
      request("PUT", `${cart.path}/lines`, { body: { lines: [] } }),
      request("PATCH", cart.path, { body: { email: "eve@canary.test" } }),
      request("GET", `${cart.path}/shipping-options`),
      request("POST", `${cart.path}/checkout`, {
        body: { payment_method: "pm_card_visa" },
        headers: { "idempotency-key": "k" },
      }),
    ];
    for (const answer of await Promise.all(attempts)) expect(answer.status).toBe(404);
  });

  it("does not wake objects for ids that no configuration of ours would make", async () => {
    const strange = "cart_01h455vb4peztvsknk084sn02q";
    expect(partitionOf(strange)?.region).toBeGreaterThan(6);
    expect((await request("GET", `/v1/carts/${strange}`, { as: customer("cus_eve") })).status).toBe(404);
  });

  it.each(["cart_x", "ord_01h455vb4pex5vsknk084sn02q", "cart_01h455vb4pex5vsknk084sn02q'", "..%2f"])(
    "refuses %s as a cart's id",
    async (id) => {
      expect((await request("GET", `/v1/carts/${id}`)).status).toBe(400);
    },
  );
});

describe("lines", () => {
  it("sets, changes and removes a line at the catalogue's price", async () => {
    const sku = await product({ priceMinor: 1_250 });
    const { as, path } = await newCart();
    const added = await request("PUT", `${path}/lines/${sku}`, { as, body: { quantity: 2 } });
    expect(added.status).toBe(200);
    expect(added.body.lines).toMatchObject([
      { sku, quantity: 2, unit_price: { amount_minor: 1_250, currency: "GBP" }, total: { amount_minor: 2_500 } },
    ]);
    expect(added.body.totals.subtotal.amount_minor).toBe(2_500);
    const changed = await request("PUT", `${path}/lines/${sku}`, { as, body: { quantity: 1 } });
    expect(changed.body.lines[0].quantity).toBe(1);
    const removed = await request("PUT", `${path}/lines/${sku}`, { as, body: { quantity: 0 } });
    expect(removed.body.lines).toEqual([]);
  });

  it("takes SKUs with spaces, slashes and signs of other alphabets in the path", async () => {
    const sku = await product({ sku: `${fresh("Ä/ö ")} 100%` });
    const { as, path } = await newCart();
    const added = await request("PUT", `${path}/lines/${encodeURIComponent(sku)}`, { as, body: { quantity: 1 } });
    expect([added.status, added.body.lines?.[0]?.sku]).toEqual([200, sku]);
  });

  it("replaces all lines at once and sums repeated SKUs", async () => {
    const [a, b, c] = [await product(), await product(), await product()];
    const { as, path } = await newCart();
    await request("PUT", `${path}/lines/${a}`, { as, body: { quantity: 9 } });
    const lines = [
      { sku: b, quantity: 1 },
      { sku: c, quantity: 2 },
      { sku: b, quantity: 3 },
    ];
    const replaced = await request("PUT", `${path}/lines`, { as, body: { lines } });
    const shown = replaced.body.lines.map((line: { sku: string; quantity: number }) => [line.sku, line.quantity]);
    expect(shown).toEqual([
      [b, 4],
      [c, 2],
    ]);
  });

  it("says which SKU does not exist, is not for sale, or has no price in the currency", async () => {
    const { as, path } = await newCart();
    const unknown = await request("PUT", `${path}/lines/no-such-sku`, { as, body: { quantity: 1 } });
    expect([unknown.status, unknown.body.code, unknown.body.skus]).toEqual([404, "unknown_sku", ["no-such-sku"]]);
    const draft = await product({ status: "draft" });
    const unsold = await request("PUT", `${path}/lines/${draft}`, { as, body: { quantity: 1 } });
    expect([unsold.status, unsold.body.code]).toEqual([409, "not_for_sale"]);
    const dollars = await product({ currency: "USD" });
    const foreign = await request("PUT", `${path}/lines/${dollars}`, { as, body: { quantity: 1 } });
    expect([foreign.status, foreign.body.code]).toEqual([409, "no_price_in_currency"]);
  });

  it("changes nothing when one of many SKUs is refused", async () => {
    const sku = await product();
    const { as, path } = await newCart();
    await request("PUT", `${path}/lines/${sku}`, { as, body: { quantity: 1 } });
    const lines = [
      { sku, quantity: 5 },
      { sku: "no-such-sku", quantity: 1 },
    ];
    expect((await request("PUT", `${path}/lines`, { as, body: { lines } })).status).toBe(404);
    expect((await request("GET", path, { as })).body.lines).toMatchObject([{ sku, quantity: 1 }]);
  });

  it.each([
    '{"quantity":"1"}',
    '{"quantity":-1}',
    '{"quantity":0.5}',
    '{"quantity":1e308}',
    '{"quantity":9007199254740992}',
    '{"quantity":1000001}',
    '{"quantity":null}',
    "{}",
    '{"quantity":1,"unit_price":1}',
    "[]",
    '"1"',
    "null",
  ])("refuses the line body %s and leaves the cart as it was", async (rawBody) => {
    const sku = await product();
    const { as, path } = await newCart();
    const refused = await request("PUT", `${path}/lines/${sku}`, { as, rawBody });
    expect([refused.status, refused.body.code]).toEqual([422, "invalid_body"]);
    expect((await request("GET", path, { as })).body.lines).toEqual([]);
  });

  it("refuses sums and totals beyond what can be counted exactly", async () => {
    const sku = await product({ priceMinor: 900_000_000_000 });
    const { as, path } = await newCart();
    const lines = [
      { sku, quantity: 1_000_000 },
      { sku, quantity: 1 },
    ];
    const summed = await request("PUT", `${path}/lines`, { as, body: { lines } });
    expect([summed.status, summed.body.code]).toEqual([422, "invalid_body"]);
    const costly = await request("PUT", `${path}/lines/${sku}`, { as, body: { quantity: 1_000_000 } });
    expect([costly.status, costly.body.code]).toEqual([422, "cart_too_large"]);
  });
});

describe("address and shipping", () => {
  it("offers what goes to the address, cheapest first, and prices the chosen option into the totals", async () => {
    const sku = await product({ priceMinor: 1_000 });
    const { as, path } = await newCart({ email: "ada@canary.test" });
    await request("PUT", `${path}/lines/${sku}`, { as, body: { quantity: 1 } });
    await request("PATCH", path, { as, body: { shipping_address: ADDRESS } });
    const options = await request("GET", `${path}/shipping-options`, { as });
    expect(options.body.next_cursor).toBeNull();
    expect(options.body.items[0]).toEqual({
      id: "uk-standard",
      name: "Standard delivery",
      price: { amount_minor: 399, currency: "GBP" },
      estimated_days: 3,
    });
    const chosen = await request("PATCH", path, { as, body: { shipping_option_id: "uk-standard" } });
    const { subtotal, shipping, tax, total } = chosen.body.totals;
    const amounts = [subtotal, shipping, tax, total].map((money: { amount_minor: number }) => money.amount_minor);
    expect(amounts).toEqual([1_000, 399, 233, 1_399]);
    expect(chosen.body.shipping_address).toEqual(ADDRESS);
  });

  it("ships free above the threshold, and by weight where the rate says so", async () => {
    const cart = await filledCart({ [await product({ priceMinor: 5_000 })]: 3 });
    const options = await request("GET", `${cart.path}/shipping-options`, { as: cart.as });
    const prices = Object.fromEntries(
      options.body.items.map((item: { id: string; price: { amount_minor: number } }) => [item.id, item.price.amount_minor]),
    );
    expect(prices["uk-standard"]).toBe(0);
    expect(prices["parcel"]).toBe(1_200 + 2 * 350);
    expect(prices["eu-standard"]).toBeUndefined();
  });

  it("refuses an option that does not serve the address", async () => {
    const cart = await filledCart({ [await product()]: 1 });
    const refused = await request("PATCH", cart.path, { as: cart.as, body: { shipping_option_id: "eu-standard" } });
    expect([refused.status, refused.body.code]).toEqual([409, "shipping_option_unavailable"]);
  });

  it.each([
    [{ shipping_address: { ...ADDRESS, country: "UK" } }, "shipping_address.country"],
    [{ shipping_address: { ...ADDRESS, country: "gb" } }, "shipping_address.country"],
    [{ shipping_address: { ...ADDRESS, postal_code: "" } }, "shipping_address.postal_code"],
    [{ shipping_address: { ...ADDRESS, name: "a\r\nBcc: x@y.z" } }, "shipping_address.name"],
    [{ shipping_address: { ...ADDRESS, phone: "call me" } }, "shipping_address.phone"],
    [{ shipping_address: { ...ADDRESS, role: "admin" } }, "shipping_address.role"],
    [{ shipping_address: null }, "shipping_address"],
    [{ email: `${"a".repeat(250)}@b.cd` }, "email"],
    [{ totals: { total: 0 } }, "totals"],
    [{ customer_id: "cus_eve" }, "customer_id"],
    [{ shipping_option_id: "'; DROP TABLE carts" }, "shipping_option_id"],
  ])("refuses the patch %j", async (body, path) => {
    const cart = await newCart();
    const refused = await request("PATCH", cart.path, { as: cart.as, body });
    expect([refused.status, refused.body.code]).toEqual([422, "invalid_body"]);
    expect(refused.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });
});

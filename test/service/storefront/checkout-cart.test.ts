/** The cart: filled, changed and shown as it truly stands. */
import { beforeEach, describe, expect, it } from "vitest";
import {
  AWAITING,
  asked,
  CART_COOKIE,
  CART_PATH,
  CART_TOKEN,
  cart,
  flashOf,
  line,
  location,
  ORDER_COOKIE,
  ORDER_ID,
  ORDER_PATH,
  ORDER_TOKEN,
  order,
  prepareOrders,
  prepareStock,
  problem,
  shopper,
} from "./checkout-shop.ts";
import { CART_ID, formToken, openBrowser, peer, resetPeers } from "./client.ts";

beforeEach(resetPeers);

const NEW_CART = { status: 201, json: { ...cart({}, []), token: CART_TOKEN } };

describe("putting something into the cart", () => {
  it("makes a cart in the market's currency and keeps its token in a cookie", async () => {
    await prepareOrders({ "POST /v1/carts": NEW_CART, [`PUT ${CART_PATH}/lines/A`]: { json: cart({}, [line("A", 1)]) } });
    await prepareStock({ A: 10 });
    const browser = openBrowser({ cf: { country: "JP" } });
    expect(location(await browser.post("/ja/cart/lines", { sku: "A" }))).toEqual([303, "/ja/cart"]);
    expect((await asked("POST", "/v1/carts")).map(({ body }) => body)).toEqual(['{"currency":"JPY"}']);
    expect((await asked("PUT", `${CART_PATH}/lines/A`))[0]?.headers["x-holdfast-principal"]).toContain(CART_ID);
    expect(browser.cookies.get(CART_COOKIE)).toBe(CART_TOKEN);
    expect(flashOf(browser)).toContain("Lamp A");
  });

  it.each([
    [1, 3, "4", "is in your cart"],
    [5, 6, "6", "Only 6 of Lamp A are left"],
  ])("adds %i to what is there, up to the %i that are left", async (more, left, put, said) => {
    await prepareOrders({
      [`GET ${CART_PATH}`]: { json: cart({}, [line("A", 3)]) },
      [`PUT ${CART_PATH}/lines/A`]: { json: cart({}, [line("A", Number(put))]) },
    });
    await prepareStock({ A: more === 1 ? 10 : left });
    const browser = shopper();
    await browser.post("/cart/lines", { sku: "A", quantity: String(more) });
    expect((await asked("PUT", `${CART_PATH}/lines/A`)).map(({ body }) => body)).toEqual([`{"quantity":${put}}`]);
    expect(flashOf(browser)).toContain(said);
  });

  it("changes nothing when it has sold out, and says so", async () => {
    await prepareOrders({ [`GET ${CART_PATH}`]: { json: cart() } });
    await prepareStock({ B: 0 });
    const browser = shopper();
    expect(location(await browser.post("/cart/lines", { sku: "B" }))).toEqual([303, "/cart"]);
    expect(flashOf(browser)).toContain("sold out");
    expect(await asked("PUT", `${CART_PATH}/lines/B`)).toEqual([]);
  });

  it.each([
    {},
    { sku: "" },
    { sku: "A", quantity: "0" },
    { sku: "A", quantity: "-1" },
    { sku: "A", quantity: "1e9" },
    { sku: "A", quantity: "x" },
  ])("refuses %j without asking anybody", async (form) => {
    const browser = shopper();
    expect(location(await browser.post("/cart/lines", form))).toEqual([303, "/cart"]);
    expect(flashOf(browser)).not.toBe("");
    expect(await peer("ORDERS").received()).toEqual([]);
  });

  it("does not put a new cart in the place of one that waits for its payment", async () => {
    await prepareOrders({
      [`GET ${CART_PATH}`]: { json: cart({ state: "ordered", order_id: ORDER_ID, order_token: ORDER_TOKEN }) },
      [`GET ${ORDER_PATH}`]: { json: order(AWAITING) },
    });
    const browser = shopper();
    expect(location(await browser.post("/cart/lines", { sku: "B" }))).toEqual([303, "/checkout"]);
    expect(browser.cookies.get(CART_COOKIE)).toBe(CART_TOKEN);
  });

  it("takes the cart over into the market's currency", async () => {
    const other = "cart_01h455vb4pex5vsknk084sn02r";
    await prepareOrders({
      [`GET ${CART_PATH}`]: { json: cart({ currency: "EUR" }) },
      "POST /v1/carts": { status: 201, json: { ...cart({ id: other }, []), token: `${other}.${"c".repeat(43)}` } },
      [`PUT /v1/carts/${other}/lines`]: { json: cart({ id: other }) },
      [`PUT /v1/carts/${other}/lines/B`]: { json: cart({ id: other }, [line("A", 2), line("B", 1)]) },
    });
    await prepareStock({ B: 5 });
    const browser = shopper();
    await browser.post("/cart/lines", { sku: "B" });
    expect((await asked("PUT", `/v1/carts/${other}/lines`)).map(({ body }) => body)).toEqual([
      '{"lines":[{"sku":"A","quantity":2}]}',
    ]);
    expect(browser.cookies.get(CART_COOKIE)).toContain(other);
  });
});

describe("the cart's page", () => {
  it.each([
    ["forged", undefined, "could not open your old cart"],
    ["unknown", problem(404, "not_found"), "could not open your old cart"],
    ["expired", problem(410, "cart_expired"), "expired"],
  ])("starts anew with a cookie that is %s, and says so once", async (kind, answer, said) => {
    if (answer !== undefined) await prepareOrders({ [`GET ${CART_PATH}`]: answer });
    const browser = kind === "forged" ? openBrowser() : shopper();
    browser.cookies.set(CART_COOKIE, `${CART_ID}.forged`);
    const response = await browser.get("/cart");
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining(said)]);
    expect(browser.cookies.has(CART_COOKIE)).toBe(false);
  });

  it("shows what is short before the checkout, with what can be done", async () => {
    await prepareOrders({ [`GET ${CART_PATH}`]: { json: cart({}, [line("A", 3), line("B", 1), line("C", 1)]) } });
    await prepareStock({ A: 2, B: 0, C: 9 });
    const html = await (await shopper().get("/cart")).text();
    expect(html).toContain("Only 2 left, and you have 3 in your cart.");
    expect(html).toContain("Take the 2 that are left");
    expect(html).toContain("Sold out while it was in your cart.");
    expect(html).toContain("Put everything right at once");
  });

  it("takes what is left of every line at once", async () => {
    const lines = [line("A", 3), line("B", 1), line("C", 1)];
    await prepareOrders({ [`GET ${CART_PATH}`]: { json: cart({}, lines) }, [`PUT ${CART_PATH}/lines`]: { json: cart() } });
    await prepareStock({ A: 2, B: 0, C: 9 });
    const browser = shopper();
    const form_token = formToken(await (await browser.get("/cart")).text());
    expect(location(await browser.post("/cart/lines/update", { form_token, fix: "1" }))).toEqual([303, "/cart"]);
    expect(JSON.parse((await asked("PUT", `${CART_PATH}/lines`))[0]?.body ?? "")).toEqual({
      lines: [
        { sku: "A", quantity: 2 },
        { sku: "B", quantity: 0 },
        { sku: "C", quantity: 1 },
      ],
    });
  });

  it("lets the pressed button win over the typed quantity", async () => {
    await prepareOrders({ [`GET ${CART_PATH}`]: { json: cart() }, [`PUT ${CART_PATH}/lines/A`]: { json: cart({}, []) } });
    const browser = shopper();
    const form_token = formToken(await (await browser.get("/cart")).text());
    await browser.post("/cart/lines/update", { form_token, sku: "A", quantity: "7", set: "0" });
    expect((await asked("PUT", `${CART_PATH}/lines/A`)).map(({ body }) => body)).toEqual(['{"quantity":0}']);
  });

  it("is shown without stock when inventory is away, and without a cart when orders are", async () => {
    await prepareOrders({ [`GET ${CART_PATH}`]: { json: cart() } });
    await peer("INVENTORY").breakDown();
    const html = await (await shopper().get("/cart")).text();
    expect(html).toContain("Lamp A");
    expect(html).toContain("We cannot see the stock just now.");
    await peer("ORDERS").breakDown();
    const browser = shopper();
    expect((await browser.get("/cart")).status).toBe(503);
    expect(browser.cookies.get(CART_COOKIE)).toBe(CART_TOKEN);
  });

  it("shows hostile titles as text", async () => {
    await prepareOrders({ [`GET ${CART_PATH}`]: { json: cart({}, [line("A", 1, { title: "<script>alert(1)</script>" })]) } });
    const html = await (await shopper().get("/cart")).text();
    expect(html).not.toContain("<script>alert");
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  it("leads to the order that waits, and forgets the cart once that is placed", async () => {
    await prepareOrders({
      [`GET ${CART_PATH}`]: { json: cart({ state: "ordered", order_id: ORDER_ID, order_token: ORDER_TOKEN }) },
      [`GET ${ORDER_PATH}`]: { json: order(AWAITING) },
    });
    const browser = shopper();
    expect(location(await browser.get("/cart"))).toEqual([303, `/orders/${ORDER_ID}`]);
    expect([browser.cookies.get(ORDER_COOKIE), browser.cookies.get(CART_COOKIE)]).toEqual([ORDER_TOKEN, CART_TOKEN]);
    await prepareOrders({ [`GET ${ORDER_PATH}`]: { json: order() } });
    expect(await (await browser.get("/cart")).text()).toContain("has become an order");
    expect(browser.cookies.has(CART_COOKIE)).toBe(false);
  });
});

describe("a cart in another currency than the shop shows", () => {
  async function switched(answer: object): Promise<{ text: string; cookie: string | undefined }> {
    const other = "cart_01h455vb4pex5vsknk084sn02r";
    await prepareOrders({
      [`GET ${CART_PATH}`]: { json: cart({ currency: "EUR" }) },
      "POST /v1/carts": { status: 201, json: { ...cart({ id: other }, []), token: `${other}.${"c".repeat(43)}` } },
      [`PUT /v1/carts/${other}/lines`]: answer,
    });
    const browser = shopper();
    const html = await (await browser.get("/cart")).text();
    expect(html).toContain("This cart is in EUR, the shop now shows GBP");
    await browser.post("/cart/currency", { form_token: formToken(html) });
    return { text: flashOf(browser), cookie: browser.cookies.get(CART_COOKIE) };
  }

  it("says so, and changes when asked to", async () => {
    const { text, cookie } = await switched({ json: cart() });
    expect([text, cookie?.slice(0, 31)]).toEqual(["Your cart is now in GBP.", "cart_01h455vb4pex5vsknk084sn02r"]);
  });

  it("stays as it is when nothing in it is sold in the other", async () => {
    const { text, cookie } = await switched(problem(409, "no_price_in_currency", { skus: ["A"] }));
    expect([text, cookie]).toEqual(["Nothing in your cart is sold in GBP. Your cart is as it was.", CART_TOKEN]);
  });
});

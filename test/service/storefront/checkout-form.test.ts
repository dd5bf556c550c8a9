/** The checkout's form: every way that an attempt to order can end is one clear state, and nothing typed is lost. */
import { beforeEach, describe, expect, it } from "vitest";
import { money } from "./catalog-shop.ts";
import {
  ADDRESS,
  AWAITING,
  asked,
  CART_COOKIE,
  CART_PATH,
  CART_TOKEN,
  cart,
  flashOf,
  hiddenFields,
  holder,
  line,
  location,
  ORDER_COOKIE,
  ORDER_ID,
  ORDER_PATH,
  ORDER_TOKEN,
  order,
  prepareCheckout,
  prepareOrders,
  prepareStock,
  problem,
  savedCart,
  sendCheckout,
  shopper,
  TYPED,
} from "./checkout-shop.ts";
import { peer, resetPeers } from "./client.ts";

beforeEach(resetPeers);

const CHECKOUT = `POST ${CART_PATH}/checkout`;
const PLACED = { status: 201, json: { order: order(), token: ORDER_TOKEN } };

async function keys(): Promise<(string | undefined)[]> {
  return (await asked("POST", `${CART_PATH}/checkout`)).map(({ headers }) => headers["idempotency-key"]);
}

describe("the form", () => {
  it("shows the fields and names of the market's country, and only deliveries that make sense", async () => {
    await prepareCheckout(cart());
    const html = await (await shopper().get("/checkout")).text();
    expect(html).toContain("Postcode");
    expect(html).toContain('value="uk-express"');
    // Dearer and slower than another.
    expect(html).not.toContain('value="parcel"');
    expect(html).toContain("Pay £43.99");
    expect((await peer("ORDERS").received()).some(({ path }) => path.endsWith("/shipping-options?country=GB"))).toBe(true);
  });

  it("leads a guest to sign in, and from there back to the checkout", async () => {
    const html = await (await (await prepareCheckout(cart())).get("/de/checkout")).text();
    expect(html).toContain('href="/de/account/sign-in?return_to=%2Fcheckout"');
  });

  it("comes back for another country with that country's fields and with what was typed, and orders nothing", async () => {
    const browser = await prepareCheckout(cart());
    const hidden = hiddenFields(await (await browser.get("/checkout")).text());
    const typed = { ...hidden, name: "Ada <b>", email: "half@", country: "JP", action: "update" };
    const html = await (await browser.post("/checkout", typed)).text();
    expect(html).toContain('<option value="Tokyo">Tokyo</option>');
    expect(html).toContain('value="Ada &lt;b&gt;"');
    expect(html).toContain('value="half@"');
    expect(html).not.toContain("aria-invalid");
    expect(await asked("PATCH", CART_PATH)).toEqual([]);
    expect(await keys()).toEqual([]);
  });

  it("keeps what was typed, marks each bad field and links to it", async () => {
    const browser = await prepareCheckout(cart());
    const response = await sendCheckout(browser, { ...TYPED, email: "nope", name: "", postal_code: "12345" });
    const html = await response.text();
    expect(response.status).toBe(422);
    for (const field of ["email", "name", "postal_code"]) {
      expect(html).toMatch(new RegExp(`<input id="${field}"[^>]* aria-describedby="[^"]*${field}-error" aria-invalid="true"`));
      expect(html).toContain(`<a href="#${field}">`);
    }
    expect(html).toContain('value="12345"');
    expect(html).toContain("codes in this country look like SW1A 1AA");
    expect(await asked("PATCH", CART_PATH)).toEqual([]);
    expect(await keys()).toEqual([]);
  });

  it("refuses a way to pay that it did not offer", async () => {
    const browser = await prepareCheckout();
    const response = await sendCheckout(browser, { ...TYPED, payment_method: "pm_card_of_somebody" });
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining("Choose how you want to pay.")]);
  });

  it("leads an empty cart, and none, to the cart's page", async () => {
    await prepareCheckout(cart({}, []));
    expect(location(await shopper().get("/checkout"))).toEqual([303, "/cart"]);
    expect(location(await holder().get("/checkout"))).toEqual([303, "/cart"]);
  });
});

describe("an order", () => {
  it("is placed with the cart brought up to date; the cart's cookie goes, the order's comes", async () => {
    const browser = await prepareCheckout(cart());
    await prepareOrders({ [CHECKOUT]: PLACED });
    expect(location(await sendCheckout(browser, { ...TYPED, postal_code: "yo224de" }))).toEqual([303, `/orders/${ORDER_ID}`]);
    const [patch] = await asked("PATCH", CART_PATH);
    expect(JSON.parse(patch?.body ?? "")).toMatchObject({
      email: TYPED.email,
      shipping_address: { postal_code: "YO22 4DE" },
      shipping_option_id: "uk-standard",
    });
    expect([browser.cookies.get(ORDER_COOKIE), browser.cookies.has(CART_COOKIE)]).toEqual([ORDER_TOKEN, false]);
  });

  it("is named by its form: a double click repeats the name, another card or a fresh form does not", async () => {
    const browser = await prepareCheckout();
    await prepareOrders({ [CHECKOUT]: problem(402, "payment_declined", { decline_code: "generic_decline" }) });
    const form = { ...hiddenFields(await (await browser.get("/checkout")).text()), ...TYPED, action: "pay" };
    await browser.post("/checkout", form);
    await browser.post("/checkout", form);
    await browser.post("/checkout", { ...form, payment_method: "pm_card_chargeDeclined" });
    await sendCheckout(browser);
    const [first, second, otherCard, otherForm] = await keys();
    expect(second).toBe(first);
    expect(new Set([first, otherCard, otherForm]).size).toBe(3);
    // Nothing had changed, so the cart, which takes no change while it is ordered, was not asked to.
    expect(await asked("PATCH", CART_PATH)).toEqual([]);
  });

  it("waits for the bank on the bank's page, with the cart kept", async () => {
    const browser = await prepareCheckout();
    const json = { order: order(AWAITING), token: ORDER_TOKEN, next_action: AWAITING.next_action };
    await prepareOrders({ [CHECKOUT]: { status: 202, json } });
    expect(location(await sendCheckout(browser))).toEqual([303, `/orders/${ORDER_ID}/payment`]);
    expect([browser.cookies.get(ORDER_COOKIE), browser.cookies.get(CART_COOKIE)]).toEqual([ORDER_TOKEN, CART_TOKEN]);
    const [sent] = await asked("POST", `${CART_PATH}/checkout`);
    expect(JSON.parse(sent?.body ?? "").return_url).toBe("http://localhost:8787/checkout/return?token={order_token}");
  });

  it("that takes long goes on on its own page, with the cart kept until it is placed", async () => {
    const browser = await prepareCheckout();
    const json = { order: order({ status: "submitted", number: null }), token: ORDER_TOKEN, next_action: null };
    await prepareOrders({ [CHECKOUT]: { status: 202, json } });
    expect(location(await sendCheckout(browser))).toEqual([303, `/orders/${ORDER_ID}`]);
    expect(browser.cookies.get(CART_COOKIE)).toBe(CART_TOKEN);
  });

  it("is never made for another total than the one that was shown", async () => {
    const browser = await prepareCheckout(cart());
    const dearer = savedCart({ totals: { ...savedCart().totals, total: money(5_999) } });
    await prepareOrders({ [`PATCH ${CART_PATH}`]: { json: dearer } });
    const response = await sendCheckout(browser);
    const html = await response.text();
    expect(response.status).toBe(409);
    expect(html).toContain("It was £43.99 and is now £59.99.");
    expect(html).toContain("Pay £59.99");
    expect(await keys()).toEqual([]);
  });

  it("is never made of another content than the one that was shown, nor of another cart", async () => {
    const browser = await prepareCheckout();
    const shown = { ...hiddenFields(await (await browser.get("/checkout")).text()), ...TYPED, action: "pay" };
    await prepareOrders({ [`GET ${CART_PATH}`]: { json: savedCart({ lines: [line("A", 1), line("B", 1)] }) } });
    for (const form of [shown, { ...shown, cart_id: "cart_01h455vb4pex5vsknk084sn02s" }]) {
      const response = await browser.post("/checkout", form);
      expect([response.status, await response.text()]).toEqual([409, expect.stringContaining("Your cart has changed")]);
    }
    expect(await keys()).toEqual([]);
  });
});

describe("a refused order", () => {
  it.each([
    [
      "payment_declined",
      problem(402, "payment_declined", { decline_code: "generic_decline" }),
      402,
      "Your bank declined the card",
    ],
    ["insufficient funds", problem(402, "payment_declined", { decline_code: "insufficient_funds" }), 402, "not enough money"],
    ["payment_rejected", problem(422, "payment_rejected"), 422, "does not take this card"],
    [
      "out_of_stock",
      problem(409, "out_of_stock", { shortages: [{ sku: "A", requested: 2, available: 1 }] }),
      409,
      "Take the last one",
    ],
    ["sku_unavailable", problem(409, "sku_unavailable", { skus: ["A"] }), 409, "is no longer sold"],
    ["no answer", { fault: "throw" as const }, 503, "Nothing is charged twice"],
  ])("for %s keeps the cart and the form, and says what to do", async (_why, answer, status, said) => {
    const browser = await prepareCheckout();
    await prepareOrders({ [CHECKOUT]: answer });
    const response = await sendCheckout(browser);
    const html = await response.text();
    expect([response.status, html]).toEqual([status, expect.stringContaining(said)]);
    expect(html).toContain('value="Ada Canary"');
    expect(browser.cookies.get(CART_COOKIE)).toBe(CART_TOKEN);
    expect(browser.cookies.has(ORDER_COOKIE)).toBe(false);
  });

  it("is a new attempt the next time, but the same one when its outcome is unknown", async () => {
    const browser = await prepareCheckout();
    const form = { ...hiddenFields(await (await browser.get("/checkout")).text()), ...TYPED, action: "pay" } as Record<
      string,
      string
    >;
    await prepareOrders({ [CHECKOUT]: problem(402, "payment_declined", { decline_code: "generic_decline" }) });
    expect(hiddenFields(await (await browser.post("/checkout", form)).text())["attempt"]).not.toBe(form["attempt"]);
    await prepareOrders({ [CHECKOUT]: { fault: "throw" } });
    expect(hiddenFields(await (await browser.post("/checkout", form)).text())["attempt"]).toBe(form["attempt"]);
  });

  it("for a changed price shows the old one beside the new, and asks again", async () => {
    const browser = await prepareCheckout();
    const form = { ...hiddenFields(await (await browser.get("/checkout")).text()), ...TYPED, action: "pay" };
    const dearer = savedCart({ lines: [line("A", 2, { unit_price: money(2_500), total: money(5_000) })] });
    // The cart has its new prices once the checkout has been refused.
    await prepareOrders({
      [CHECKOUT]: { ...problem(409, "price_changed"), afterwards: { [`GET ${CART_PATH}`]: { json: dearer } } },
    });
    const response = await browser.post("/checkout", form);
    const html = await response.text();
    expect([response.status, html]).toEqual([409, expect.stringContaining("A price has changed")]);
    expect(html).toContain("was £40.00");
    expect(html).toContain("£50.00");
  });

  it("stays refused by the stock alone: what is short cannot be paid", async () => {
    const browser = await prepareCheckout();
    await prepareStock({ A: 1 });
    const html = await (await browser.get("/checkout")).text();
    expect(html).toContain("Someone else was quicker");
    expect(html).toMatch(/<button[^>]*value="pay"[^>]*disabled/);
  });
});

describe("two tabs, and the way back", () => {
  const ordered = savedCart({ state: "ordered", order_id: ORDER_ID, order_token: ORDER_TOKEN });

  it("end on the one order's page when the cart has been ordered meanwhile", async () => {
    for (const code of ["cart_already_ordered", "checkout_in_progress"]) {
      const browser = await prepareCheckout();
      const form = { ...hiddenFields(await (await browser.get("/checkout")).text()), ...TYPED, action: "pay" };
      await prepareOrders({ [CHECKOUT]: problem(409, code, { order_id: ORDER_ID }), [`GET ${CART_PATH}`]: { json: ordered } });
      expect(location(await browser.post("/checkout", form))).toEqual([303, `/orders/${ORDER_ID}`]);
      expect(browser.cookies.get(ORDER_COOKIE)).toBe(ORDER_TOKEN);
    }
  });

  it("end there too when an answer was lost", async () => {
    const browser = await prepareCheckout(savedCart());
    const form = { ...hiddenFields(await (await browser.get("/checkout")).text()), ...TYPED, action: "pay" };
    await prepareOrders({ [`GET ${CART_PATH}`]: { json: ordered } });
    expect(location(await browser.post("/checkout", form))).toEqual([303, `/orders/${ORDER_ID}`]);
    await prepareOrders({ [`GET ${ORDER_PATH}`]: { json: order(AWAITING) } });
    expect(location(await browser.get("/checkout"))).toEqual([303, `/orders/${ORDER_ID}`]);
  });

  it("find the order by its own cookie when the cart's is gone, and only the one of this cart", async () => {
    const browser = await prepareCheckout();
    const form = { ...hiddenFields(await (await browser.get("/checkout")).text()), ...TYPED, action: "pay" };
    await prepareOrders({ [`GET ${ORDER_PATH}`]: { json: order() } });
    browser.cookies.delete(CART_COOKIE);
    browser.principal = { ...browser.principal, capabilities: [ORDER_ID] };
    expect(location(await browser.post("/checkout", form))).toEqual([303, `/orders/${ORDER_ID}`]);
    await prepareOrders({ [`GET ${ORDER_PATH}`]: { json: order({ cart_id: "cart_01h455vb4pex5vsknk084sn02s" }) } });
    expect(location(await browser.post("/checkout", form))).toEqual([303, "/cart"]);
    expect(flashOf(browser)).toContain("Nothing was charged");
    expect(await keys()).toEqual([]);
  });
});

it("starts with what a signed-in shopper has told before, and without it while identity is away", async () => {
  const address = {
    id: "addr_1",
    label: null,
    ...ADDRESS,
    line2: null,
    region: null,
    phone: null,
    default_shipping: true,
    default_billing: true,
  };
  await peer("IDENTITY").prepare({
    "GET /v1/me": { json: { id: "cus_1", email: "ada@canary.test", name: "Ada Canary", created_at: "2026-11-21T09:30:00.000Z" } },
    "GET /v1/me/addresses": { json: { items: [address] } },
  });
  const browser = await prepareCheckout(cart());
  browser.principal = { ...browser.principal, kind: "customer", subject: "cus_1", sessionId: "ses_1" };
  const html = await (await browser.get("/checkout")).text();
  for (const value of ["ada@canary.test", "Ada Canary", "1 Quay", "YO22 4DE"]) expect(html).toContain(`value="${value}"`);
  expect(html).not.toContain("Have an account?");
  await peer("IDENTITY").breakDown();
  expect((await browser.get("/checkout")).status).toBe(200);
});

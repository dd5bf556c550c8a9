/** The pages of an order: who may open them, what they say in each state, and the ways to the bank and back. */
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
  holder,
  location,
  ORDER_COOKIE,
  ORDER_ID,
  ORDER_PATH,
  ORDER_TOKEN,
  order,
  prepareOrders,
  problem,
  shopper,
} from "./checkout-shop.ts";
import { formToken, resetPeers } from "./client.ts";

beforeEach(async () => {
  await resetPeers();
  await prepareOrders({ [`GET ${CART_PATH}`]: { json: cart() } });
});

const PAGE = `/orders/${ORDER_ID}`;

async function page(members: Record<string, unknown>, path = PAGE) {
  await prepareOrders({ [`GET ${ORDER_PATH}`]: { json: order(members) } });
  const browser = shopper(ORDER_ID);
  const response = await browser.get(path);
  return { browser, response, html: await response.text() };
}

describe("who opens an order", () => {
  it.each([
    ["nobody's token", PAGE],
    ["a wrong token, which leaves the address bar all the same", `${PAGE}?token=${ORDER_ID}.wrong`],
    ["no id at all", "/orders/x%00y"],
  ])("answers %s with 404 and a way back, without asking orders", async (_who, path) => {
    const browser = holder();
    const first = await browser.get(path);
    const response = first.status === 303 ? await browser.get(first.headers.get("location") ?? "") : first;
    expect([response.status, await response.text()]).toEqual([
      404,
      expect.stringContaining("Open the link in your confirmation mail"),
    ]);
    expect(await asked("GET", ORDER_PATH)).toEqual([]);
    expect(browser.cookies.has(ORDER_COOKIE)).toBe(false);
  });

  it("leads a guest to sign in, and from there back to the order", async () => {
    const html = await (await holder().get(`/de${PAGE}`)).text();
    expect(html).toContain(`href="/de/account/sign-in?return_to=${encodeURIComponent(PAGE)}"`);
  });

  it("takes the link of the mail, keeps its token in a cookie and takes it out of the address", async () => {
    const browser = holder(ORDER_ID);
    expect(location(await browser.get(`/de${PAGE}?token=${ORDER_TOKEN}`))).toEqual([303, `/de${PAGE}`]);
    expect(browser.cookies.get(ORDER_COOKIE)).toBe(ORDER_TOKEN);
  });

  it("does not tell an order of somebody else from none", async () => {
    await prepareOrders({ [`GET ${ORDER_PATH}`]: problem(404, "not_found") });
    const browser = holder();
    browser.principal = { ...browser.principal, kind: "customer", subject: "cus_1", sessionId: "ses_1" };
    expect((await browser.get(PAGE)).status).toBe(404);
  });

  it("never keeps the page anywhere", async () => {
    const { response } = await page({});
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });
});

describe("what an order's page says", () => {
  it("thanks for a placed order and forgets its cart", async () => {
    const { browser, html } = await page({});
    for (const text of [
      "Thank you. Your order is placed.",
      "Order 261121-003-0042",
      "Standard delivery",
      "VAT included (20%)",
      "YO22 4DE",
    ])
      expect(html).toContain(text);
    expect(browser.cookies.has(CART_COOKIE)).toBe(false);
  });

  it("keeps the cart that is not this order's", async () => {
    const { browser } = await page({ cart_id: "cart_01h455vb4pex5vsknk084sn02s" });
    expect(browser.cookies.get(CART_COOKIE)).toBe(CART_TOKEN);
  });

  it.each([
    ["submitted", { status: "submitted", number: null }, "We are placing your order", "3"],
    ["awaiting payment", AWAITING, "Your bank wants to hear from you", "20"],
    ["fulfilled", { status: "fulfilled" }, "Your order is on its way", null],
    [
      "cancelled and paid back",
      { status: "cancelled", payment: { status: "refunded", amount: money(4_399), refunded: money(4_399) } },
      "on its way back to you",
      null,
    ],
    ["failed for want of stock", { status: "failed", failure_reason: "out_of_stock" }, "sold out at that moment", null],
    ["failed for a reason of tomorrow", { status: "failed", failure_reason: "constructor" }, "Nothing was charged.", null],
  ])("of one that is %s", async (_state, members, said, refresh) => {
    const { browser, response, html } = await page(members);
    expect(html).toContain(said);
    expect(response.headers.get("refresh")).toBe(refresh);
    const isOver = members.status === "fulfilled" || members.status === "cancelled";
    expect(browser.cookies.has(CART_COOKIE)).toBe(!isOver);
  });

  it("leads a failed order back to the checkout only where its cart is", async () => {
    const failed = { status: "failed", failure_reason: "payment_declined" };
    expect((await page(failed)).html).toContain('href="/checkout"');
    expect((await page({ ...failed, cart_id: "cart_01h455vb4pex5vsknk084sn02s" })).html).not.toContain('href="/checkout"');
  });

  it("shows parcels, refunds and hostile text as text, in the country's own address form", async () => {
    const { html } = await page({
      shipping_address: {
        ...ADDRESS,
        name: "<img onerror=x>",
        country: "JP",
        postal_code: "150-0001",
        region: "東京都",
        city: "渋谷区",
      },
      shipments: [
        {
          id: "shp_1",
          carrier: "<b>DHL</b>",
          tracking_number: "T1",
          lines: [{ sku: "A", quantity: 2 }],
          at: "2026-11-22T09:30:00.000Z",
        },
      ],
      refunds: [{ id: "rfnd_1", amount: money(500), at: "2026-11-23T09:30:00.000Z" }],
    });
    expect(html).toContain("&lt;img onerror=x&gt;");
    expect(html).not.toContain("<b>DHL");
    expect(html).toContain("150-0001 東京都");
    expect(html).toContain("2 × Lamp A");
    expect(html).toContain("£5.00 on 23 November 2026");
  });

  it.each([
    ["/de", "Vielen Dank. Ihre Bestellung ist da.", "Enthaltene MwSt."],
    ["/ja", "ありがとうございます。", "うち消費税等"],
  ])("in the language of %s", async (prefix, thanks, tax) => {
    const { html } = await page({}, prefix + PAGE);
    expect(html).toContain(thanks);
    expect(html).toContain(tax);
  });

  it("is not answered when orders are away, and says so", async () => {
    await prepareOrders({ [`GET ${ORDER_PATH}`]: { fault: "throw" } });
    expect((await shopper(ORDER_ID).get(PAGE)).status).toBe(503);
  });
});

describe("the bank", () => {
  it("is reached by a redirect on our own origin, and by a page of ours elsewhere", async () => {
    expect(location((await page(AWAITING, `${PAGE}/payment`)).response)).toEqual([303, AWAITING.next_action.url]);
    const elsewhere = { ...AWAITING, next_action: { type: "redirect", url: "https://bank.example/3ds?x=1" } };
    const { response, html } = await page(elsewhere, `${PAGE}/payment`);
    expect(response.headers.get("refresh")).toBe("0;url=https://bank.example/3ds?x=1");
    expect(html).toContain('href="https://bank.example/3ds?x=1"');
  });

  it("is not needed any more once the order is placed", async () => {
    expect(location((await page({}, `${PAGE}/payment`)).response)).toEqual([303, PAGE]);
  });

  it.each([
    ["to the order that is placed", {}, PAGE, ""],
    ["to the order that still waits for the webhook", AWAITING, PAGE, ""],
    [
      "to the checkout when it was declined",
      { status: "failed", failure_reason: "payment_declined" },
      "/checkout",
      "not confirmed with your bank",
    ],
    [
      "to the checkout when it came too late",
      { status: "failed", failure_reason: "payment_expired" },
      "/checkout",
      "took too long",
    ],
  ])("leads back %s", async (_where, members, path, said) => {
    await prepareOrders({ [`GET ${ORDER_PATH}`]: { json: order(members) } });
    const browser = shopper(ORDER_ID);
    const back = await browser.get(`/checkout/return?token=${ORDER_TOKEN}&order_id=${ORDER_ID}&order_status=placed`);
    expect(location(back)).toEqual([303, path]);
    expect(browser.cookies.get(ORDER_COOKIE)).toBe(ORDER_TOKEN);
    expect(flashOf(browser)).toContain(said);
  });

  it("leads back into a browser that does not hold the cart", async () => {
    await prepareOrders({ [`GET ${ORDER_PATH}`]: { json: order({ status: "failed", failure_reason: "payment_declined" }) } });
    const browser = holder(ORDER_ID);
    expect(location(await browser.get(`/checkout/return?token=${ORDER_TOKEN}&order_id=${ORDER_ID}`))).toEqual([303, PAGE]);
  });

  it("leads nowhere with a token that opens nothing", async () => {
    const browser = holder();
    expect(location(await browser.get(`/checkout/return?token=${ORDER_TOKEN}&order_id=${ORDER_ID}`))).toEqual([303, "/cart"]);
    expect(browser.cookies.has(ORDER_COOKIE)).toBe(false);
  });
});

describe("paying in another way", () => {
  it.each([
    ["opens the cart again", { status: "failed", failure_reason: "payment_declined" }, "/checkout"],
    ["stays with the order when the payment came through meanwhile", {}, PAGE],
  ])("%s", async (_what, after, path) => {
    await prepareOrders({ [`POST ${ORDER_PATH}/payment-abandonment`]: { json: order(after) } });
    const { browser, html } = await page(AWAITING);
    expect(location(await browser.post(`${PAGE}/payment/abandon`, { form_token: formToken(html) }))).toEqual([303, path]);
  });

  it("is nobody else's choice", async () => {
    const { browser, html } = await page(AWAITING);
    browser.principal = { ...browser.principal, capabilities: [] };
    expect((await browser.post(`${PAGE}/payment/abandon`, { form_token: formToken(html) })).status).toBe(404);
    expect(await asked("POST", `${ORDER_PATH}/payment-abandonment`)).toEqual([]);
  });
});

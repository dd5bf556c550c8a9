/** What can happen between "Pay" and the order: each ends in one clear state, one order at most, and no cart is lost. */
import type { Page } from "playwright-core";
import { afterEach, describe, expect, inject, it } from "vitest";
import { addProduct, type ExtraProduct, ordersOf, setFaults, setStock, stockOf } from "../browser/served-shop.ts";
import {
  addToCart,
  chooseCard,
  DELIVERY,
  expectPlaced,
  fillDelivery,
  lastOrderToken,
  orderPathOf,
  payButton,
  payCart,
} from "../browser/steps.ts";
import { visits } from "../browser/visits.ts";

const STOCK = 20;
/** The operators' list of orders follows what happens. */
const LISTED = { timeout: 20_000, interval: 200 };
const shop = inject("shop");
const { newcomer } = visits();

afterEach(() => setFaults(shop, { webhooks: "on", delay_ms: 0 }));

interface Buyer {
  readonly page: Page;
  readonly product: ExtraProduct;
  /** Nobody else's, so that orders can be counted. */
  readonly delivery: typeof DELIVERY;
}

/** Somebody new with one piece of a product of their own in the cart. */
async function buyer(stock = STOCK): Promise<Buyer> {
  const [{ page }, product] = await Promise.all([newcomer(), addProduct(shop, { stock })]);
  await addToCart(page, product.path);
  return { page, product, delivery: { ...DELIVERY, email: `ada-${crypto.randomUUID()}@example.com` } };
}

/** The stock tells at once what was sold; the list of orders follows. */
async function expectOneOrder({ product, delivery }: Buyer, stock = STOCK): Promise<void> {
  expect(await stockOf(shop, product.sku)).toEqual({ on_hand: stock - 1, held: 0 });
  await expect.poll(() => ordersOf(shop, delivery.email), LISTED).toMatchObject([{ status: "placed" }]);
}

async function expectCartKept(page: Page): Promise<void> {
  const tab = await page.context().newPage();
  await tab.goto("/cart");
  expect(await tab.locator(".cart-line").count()).toBe(1);
  await tab.close();
}

describe("a declined card", () => {
  it.each([
    ["declined", "Your bank declined the card. Nothing was charged"],
    ["poor", "there is not enough money on this card. Nothing was charged"],
  ] as const)("(%s) says why, keeps the cart and what was typed, and another card makes one order", async (card, why) => {
    const ada = await buyer();
    const { page, delivery } = ada;
    await payCart(page, card, delivery);
    await page.getByRole("alert").getByText(why).waitFor();
    expect(await page.getByLabel("E-mail").inputValue()).toBe(delivery.email);
    expect(await page.getByLabel("Postcode").inputValue()).toBe(delivery.postalCode);
    await expectCartKept(page);
    await chooseCard(page, "accepted");
    await payButton(page).click();
    await expectPlaced(page);
    await expectOneOrder(ada);
  });
});

describe("3-D Secure", () => {
  it("places the order when the shopper approves", async () => {
    const ada = await buyer();
    await payCart(ada.page, "asked", ada.delivery);
    await ada.page.getByRole("button", { name: "Approve payment" }).click();
    await expectPlaced(ada.page);
    await expectOneOrder(ada);
  });

  it("leads back to the till when the shopper declines, with the cart, and another try makes one order", async () => {
    const ada = await buyer();
    const { page } = ada;
    await payCart(page, "asked", ada.delivery);
    await page.getByRole("button", { name: "Decline" }).click();
    await page.waitForURL(/\/checkout$/);
    await page.getByRole("alert").getByText("Nothing was charged").waitFor();
    await expectCartKept(page);
    await chooseCard(page, "accepted");
    await payButton(page).click();
    await expectPlaced(page);
    await expectOneOrder(ada);
  });

  it("places the order on the return alone when no webhook comes", async () => {
    await setFaults(shop, { webhooks: "off" });
    const ada = await buyer();
    await payCart(ada.page, "asked", ada.delivery);
    await ada.page.getByRole("button", { name: "Approve payment" }).click();
    await expectPlaced(ada.page);
    await expectOneOrder(ada);
  });

  it("places the order by the webhook alone, and a late return finds it placed", async () => {
    const ada = await buyer();
    const { page } = ada;
    await payCart(page, "asked", ada.delivery);
    await page.waitForURL(/payment-sandbox/);
    const back = await approveWithoutReturning(page);
    await expect.poll(() => ordersOf(shop, ada.delivery.email), LISTED).toMatchObject([{ status: "placed" }]);
    await page.goto(back);
    await expectPlaced(page);
    await expectOneOrder(ada);
  });

  it("can be given up for another card, which makes one order", async () => {
    const ada = await buyer();
    const { page } = ada;
    await payCart(page, "asked", ada.delivery);
    await page.waitForURL(/payment-sandbox/);
    await page.goto("/cart");
    await page.getByRole("heading", { name: "Your bank wants to hear from you" }).waitFor();
    await page.getByRole("button", { name: "Pay in another way" }).click();
    await page.waitForURL(/\/checkout$/);
    await chooseCard(page, "accepted");
    await payButton(page).click();
    await expectPlaced(page);
    await expectOneOrder(ada);
  });
});

/** Presses the bank's button as a browser that dies right after. @returns where the bank would have led. */
async function approveWithoutReturning(page: Page): Promise<string> {
  const form = page.locator('form[action$="/approve"]');
  const answer = await page.request.post((await form.getAttribute("action")) ?? "", {
    form: { client_secret: await form.locator('input[name="client_secret"]').inputValue() },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(303);
  return answer.headers()["location"] ?? "";
}

describe("while the shopper types", () => {
  it("somebody else buys the rest: the till says what is left and offers it", async () => {
    const ada = await buyer(3);
    const { page, product } = ada;
    await addToCart(page, product.path);
    await page.goto("/checkout");
    await fillDelivery(page, ada.delivery);
    await setStock(shop, product.sku, 1);
    await payButton(page).click();
    const alert = page.getByRole("alert").filter({ hasText: "Someone else was quicker" });
    await alert.getByText("Only 1 left").waitFor();
    expect(await page.getByLabel("Town or city").inputValue()).toBe(ada.delivery.city);
    await alert.getByRole("button", { name: /^Take the last one/ }).click();
    await payButton(page).and(page.locator(":enabled")).click();
    await expectPlaced(page);
    await expectOneOrder(ada, 1);
  });

  it("somebody else buys the last one: nothing is charged, and there is a way on", async () => {
    const ada = await buyer(1);
    const { page } = ada;
    await page.goto("/checkout");
    await fillDelivery(page, ada.delivery);
    const quicker = (await newcomer()).page;
    await addToCart(quicker, ada.product.path);
    await payCart(quicker);
    await expectPlaced(quicker);
    await payButton(page).click();
    const alert = page.getByRole("alert").filter({ hasText: "Someone else was quicker" });
    await alert.getByText("Nothing was charged.").waitFor();
    await alert.getByRole("button", { name: /^Remove/ }).click();
    await page.getByRole("heading", { name: "Your cart is empty" }).waitFor();
    expect(await ordersOf(shop, ada.delivery.email)).toEqual([]);
  });

  it("the price changes: both prices are shown and nothing is charged before the shopper agrees", async () => {
    const ada = await buyer();
    const { page } = ada;
    await page.goto("/checkout");
    await fillDelivery(page, ada.delivery);
    await ada.product.setPrice(6_500);
    await payButton(page).click();
    await page.getByText("A price has changed").waitFor();
    await page.getByText("was £50.00").waitFor();
    expect(await stockOf(shop, ada.product.sku)).toEqual({ on_hand: STOCK, held: 0 });
    expect(await payButton(page).textContent()).toContain("£");
    await payButton(page).click();
    await expectPlaced(page);
    expect(await page.locator(".order-lines, .order").first().textContent()).toContain("£65.00");
    await expectOneOrder(ada);
  });
});

describe("one order, whatever the fingers do", () => {
  it("a double click on Pay", async () => {
    const ada = await buyer();
    await ada.page.goto("/checkout");
    await fillDelivery(ada.page, ada.delivery);
    await payButton(ada.page).dblclick();
    await expectPlaced(ada.page);
    await expectOneOrder(ada);
  });

  it("the same form sent twice at once, as an impatient browser without scripts does", async () => {
    const ada = await buyer();
    const { page } = ada;
    await page.goto("/checkout");
    await fillDelivery(page, ada.delivery);
    const form = { ...(await formOf(page)), action: "pay" };
    const send = () => page.request.post("/checkout", { form, maxRedirects: 0, headers: { origin: shop.url } });
    const answers = await Promise.all([send(), send()]);
    const [first, second] = answers.map((answer) => [answer.status(), answer.headers()["location"]]);
    expect(first).toEqual([303, expect.stringMatching(/^\/orders\/ord_/)]);
    expect(second).toEqual(first);
    await expectOneOrder(ada);
  });

  it("back and reload after the order is placed", async () => {
    const ada = await buyer();
    const { page } = ada;
    await payCart(page, "accepted", ada.delivery);
    await expectPlaced(page);
    await page.reload();
    await expectPlaced(page);
    await page.goBack();
    await page.waitForLoadState();
    if ((await payButton(page).count()) > 0) {
      await payButton(page).click();
      await expectPlaced(page);
    }
    await page.goto("/checkout");
    await page.getByRole("heading", { name: "Your cart is empty" }).waitFor();
    await page.goto(orderPathOf(await lastOrderToken(page)));
    await expectPlaced(page);
    await expectOneOrder(ada);
  });

  it("two tabs that pay the same cart", async () => {
    const ada = await buyer();
    const other = await ada.page.context().newPage();
    for (const tab of [ada.page, other]) {
      await tab.goto("/checkout");
      await fillDelivery(tab, ada.delivery);
    }
    await Promise.all([ada.page, other].map((tab) => payButton(tab).click()));
    for (const tab of [ada.page, other]) await expectPlaced(tab);
    expect(other.url()).toBe(ada.page.url());
    await expectOneOrder(ada);
  });
});

/** What the checkout's form would send. */
async function formOf(page: Page): Promise<Record<string, string>> {
  return await page.evaluate(`Object.fromEntries(new FormData(document.querySelector("form.checkout-form")))`);
}

/** The main job as people do it: find something, buy it, follow the order. With scripts, without, and on a phone. */
import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { addProduct } from "./served-shop.ts";
import {
  addToCart,
  DELIVERY,
  expectPlaced,
  fillDelivery,
  lastOrderToken,
  orderPathOf,
  PASSWORD,
  payButton,
  register,
} from "./steps.ts";
import { visits } from "./visits.ts";

const shop = inject("shop");
const { newcomer } = visits();

/** From the home page to the cart: a look around, a search with a slip of the finger, a filter. */
async function findLantern(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByRole("navigation", { name: "Categories" }).getByRole("link", { name: "Outdoors" }).click();
  await page.getByRole("heading", { name: "Outdoors", level: 1 }).waitFor();
  await page
    .getByRole("combobox", { name: "Search the shop" })
    .or(page.getByRole("searchbox", { name: "Search the shop" }))
    .fill("lantren");
  await page.keyboard.press("Enter");
  await page.getByText("Showing results for lantern instead of lantren.").waitFor();
  const filters = page.getByRole("form", { name: "Filters" });
  if (!(await filters.isVisible())) await page.locator("details.filters summary").click();
  await filters.getByLabel("Up to").fill("100");
  await filters.getByLabel("In stock only").check();
  await filters.getByRole("button", { name: "Show results" }).click();
  await page.waitForURL(/stock=in/);
  await page.getByRole("link", { name: "Storm Lantern" }).click();
  await page.getByRole("heading", { name: "Storm Lantern", level: 1 }).waitFor();
}

async function buyWhatIsShown(page: Page): Promise<void> {
  await page.locator("[data-buy-sku]").click();
  await page.locator(".drawer-line, .cart-line").first().waitFor();
  const toCart = page.getByRole("link", { name: "View cart" });
  if (await toCart.isVisible()) await toCart.click();
  await page.getByRole("link", { name: "Go to checkout" }).click();
  await fillDelivery(page);
  await payButton(page).click();
  await expectPlaced(page);
}

async function expectFollowable(page: Page): Promise<void> {
  const link = `${orderPathOf(await lastOrderToken(page))}?token=${await lastOrderToken(page)}`;
  const elsewhere = (await newcomer({ javaScriptEnabled: false })).page;
  await elsewhere.goto(link);
  await expectPlaced(elsewhere);
  expect(elsewhere.url()).not.toContain("token");
  expect(await elsewhere.getByRole("main").textContent()).toContain("Storm Lantern");
  await elsewhere.reload();
  await expectPlaced(elsewhere);
  const stranger = (await newcomer()).page;
  const refused = await stranger.goto(orderPathOf(await lastOrderToken(page)));
  expect(refused?.status()).toBe(404);
}

describe.each([
  ["with scripts", {}],
  ["without scripts", { javaScriptEnabled: false }],
  ["on a phone", { width: 360, hasTouch: true }],
] as const)("a shopper %s", (_how, options) => {
  it("finds something in spite of a typo, buys it and follows the order by its link", async () => {
    const { page } = await newcomer(options);
    await findLantern(page);
    await buyWhatIsShown(page);
    expect(await page.getByRole("main").textContent()).toContain(DELIVERY.email);
    expect(await page.locator("header .tool-count").count()).toBe(0);
    await expectFollowable(page);
  });
});

describe("a customer", () => {
  it("opens an account, comes back, finds the address filled in at the till and the order in the list", async () => {
    const email = `grace-${crypto.randomUUID()}@example.com`;
    const { page } = await newcomer();
    await register(page, "Grace Example", email);
    await page.getByRole("link", { name: "Add an address" }).click();
    await page.getByLabel("Full name").fill("Grace Example");
    await page.getByLabel("Street and house number").fill("7 Harbour Row");
    await page.getByLabel("Town or city").fill("Falmouth");
    await page.getByLabel("Postcode").fill("TR11 3LA");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The address is saved.").waitFor();
    await page.getByRole("button", { name: "Sign out" }).first().click();
    await page.goto("/account");
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Good to see you, Grace Example" }).waitFor();
    await addToCart(page, (await addProduct(shop)).path);
    await page.goto("/checkout");
    expect(await page.getByLabel("E-mail").inputValue()).toBe(email);
    expect(await page.getByLabel("Street and house number").inputValue()).toBe("7 Harbour Row");
    await payButton(page).click();
    await expectPlaced(page);
    const number = await page.title();
    await page.goto("/account/orders");
    const listed = async () => {
      await page.reload();
      return await page.getByRole("link", { name: /^Order / }).allTextContents();
    };
    await expect.poll(listed, { timeout: 20_000, interval: 500 }).toEqual([number.split(" · ")[0]]);
  });
});

describe.each([
  { language: "German", prefix: "/de", country: "DE", currency: /\d\s€/, thanks: "Vielen Dank" },
  { language: "Japanese", prefix: "/ja", country: "JP", currency: /[¥￥][\d,]+/, thanks: "ありがとうございます" },
])("a $language shopper", ({ prefix, country, currency, thanks }) => {
  it("reads prices and pages in the own way, and buys", async () => {
    const { page } = await newcomer();
    await page.goto("/");
    await page.locator('select[name="language"]').selectOption(prefix.slice(1));
    await page.locator('select[name="country"]').selectOption(country);
    await page.locator("form.settings button").click();
    await page.waitForURL(new RegExp(`${prefix}$`));
    expect(await page.locator("html").getAttribute("lang")).toBe(prefix.slice(1));
    await addToCart(page, "storm-lantern", prefix);
    expect(await page.locator(".product-amount").textContent()).toMatch(currency);
    await page.goto(`${prefix}/checkout`);
    await page.locator("#email").fill("ada@example.com");
    await page.locator("#name").fill("Ada Example");
    await page.locator("#line1").fill("1-2-3 Minato");
    await page.locator("#city").fill("Yokohama");
    await page.locator("#postal_code").fill(country === "JP" ? "220-0012" : "20457");
    if (country === "JP") await page.locator("#region").selectOption({ index: 14 });
    await page.locator('.review button[value="pay"]').click();
    await page.getByRole("heading", { level: 1 }).getByText(thanks).waitFor();
    expect(await page.locator(".order").textContent()).toMatch(currency);
  });
});

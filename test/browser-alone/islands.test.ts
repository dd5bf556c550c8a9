/** What scripts add to the shop's pages, in a real browser against the whole system; and that nothing is lost without them. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { newShopper, type Shopper, startBrowser } from "../browser/browser.ts";
import { accessibilityViolations } from "../browser/judge-page.ts";
import { Shop } from "../system/shop.ts";

const SECOND_MS = 1_000;
const PRODUCT = "/products/enamel-mug";

const system = inject("shop");
const shop = new Shop(system);
let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser?.close());

async function visit<T>(work: (shopper: Shopper) => Promise<T>, options?: Parameters<typeof newShopper>[2]): Promise<T> {
  const shopper = await newShopper(browser, system.url, options);
  try {
    const result = await work(shopper);
    expect(shopper.complaints).toEqual([]);
    return result;
  } finally {
    await shopper.context.close();
  }
}

const changedSkus = new Set<string>();

/** Each test finds enough of everything. */
afterEach(async () => {
  for (const sku of changedSkus) await setStock(sku, 50);
  changedSkus.clear();
});

/** Brings a SKU's stock to so many units, as an operator. */
async function setStock(sku: string, quantity: number): Promise<void> {
  changedSkus.add(sku);
  const { available } = await shop.stock(sku);
  if (available === quantity) return;
  const body = { quantity: quantity - available, reason: "test" };
  const headers = { "idempotency-key": crypto.randomUUID() };
  const answer = await shop.admin("POST", `/v1/admin/stock/${sku}/adjustments`, { body, headers });
  expect(answer.status).toBe(201);
}

const chosenSku = (page: Page) => page.locator('[data-part="buy"] input[name="sku"]').inputValue();
const stockLine = (page: Page) => page.locator("[data-island=live-stock]");
const drawer = (page: Page) => page.locator("dialog.cart-drawer");

describe("an open product page", () => {
  it("shows a sale elsewhere within a second, down to the last one and back", () =>
    visit(async ({ page }) => {
      await page.goto(PRODUCT);
      const sku = await chosenSku(page);
      await setStock(sku, 4);
      await stockLine(page).getByText("Only 4 left").waitFor();
      await shop.buy({ [sku]: 1 });
      await stockLine(page).getByText("Only 3 left").waitFor({ timeout: SECOND_MS });
      await shop.buy({ [sku]: 3 });
      await page.locator("[data-buy-sku][disabled]").waitFor({ timeout: SECOND_MS });
      expect(await stockLine(page).textContent()).toBe("Sold out");
      await setStock(sku, 50);
      await page.locator("[data-buy-sku]:not([disabled])").waitFor({ timeout: SECOND_MS });
      expect(await stockLine(page).textContent()).toBe("In stock");
      expect(await page.locator("[data-buy-sku]").textContent()).toBe("Add to cart");
    }));

  it("polls when no socket opens", () =>
    visit(async ({ page }) => {
      await page.routeWebSocket(/stock-feed/, (socket) => socket.close());
      await page.goto(PRODUCT);
      const sku = await chosenSku(page);
      await setStock(sku, 5);
      await stockLine(page).getByText("Only 5 left").waitFor();
      await setStock(sku, 2);
      await stockLine(page)
        .getByText("Only 2 left")
        .waitFor({ timeout: 20 * SECOND_MS });
    }));

  it("changes price, stock and address with the variant, and keeps the focus", () =>
    visit(async ({ page }) => {
      await page.goto(PRODUCT);
      const before = await chosenSku(page);
      await page.evaluate(() => Object.assign(globalThis, { stillHere: true }));
      const other = page.locator("a[data-variant-choice]:not([aria-current])").first();
      const choice = await other.getAttribute("data-variant-choice");
      await other.focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/variant=/);
      expect(await page.evaluate(() => "stillHere" in globalThis)).toBe(true);
      expect(await chosenSku(page)).not.toBe(before);
      expect(await stockLine(page).getAttribute("data-sku")).toBe(await chosenSku(page));
      expect(await page.locator(":focus").getAttribute("data-variant-choice")).toBe(choice);
      const sku = await chosenSku(page);
      await setStock(sku, 2);
      await stockLine(page).getByText("Only 2 left").waitFor({ timeout: SECOND_MS });
    }));
});

describe("adding to the cart", () => {
  it("opens the drawer beside the page, counts, gives the focus back, and removes", () =>
    visit(async ({ page }) => {
      await page.goto(PRODUCT);
      await page.locator("[data-buy-sku]").click();
      await drawer(page).getByRole("heading", { name: "Your cart" }).waitFor();
      expect(new URL(page.url()).pathname).toBe(PRODUCT);
      expect(await page.locator("header .tool-count").textContent()).toBe("1");
      expect(await drawer(page).locator(".drawer-line").count()).toBe(1);
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await drawer(page).waitFor({ state: "hidden" });
      expect(await page.locator(":focus").getAttribute("data-buy-sku")).toBeTruthy();
      const cartLink = page.locator("header a[data-island=cart-link]");
      await cartLink.click();
      await drawer(page)
        .getByRole("button", { name: /^Remove/ })
        .click();
      await drawer(page).getByText("Your cart is empty.").waitFor();
      expect(await page.locator("header .tool-count").count()).toBe(0);
      await drawer(page).getByRole("button", { name: "Close" }).click();
      await drawer(page).waitFor({ state: "hidden" });
      expect(await page.locator(":focus").getAttribute("data-island")).toBe("cart-link");
    }));

  it("sends one request for a double click", () =>
    visit(async ({ page }) => {
      await page.goto(PRODUCT);
      await page.locator("[data-buy-sku]").dblclick();
      await drawer(page).locator(".drawer-line").waitFor();
      expect(await page.locator("header .tool-count").textContent()).toBe("1");
    }));

  it("ends on the cart's page without scripts", () =>
    visit(
      async ({ page }) => {
        await page.goto(PRODUCT);
        await page.locator("a[data-variant-choice]:not([aria-current])").first().click();
        expect(page.url()).toContain("variant=");
        await page.locator("[data-buy-sku]").click();
        expect(new URL(page.url()).pathname).toBe("/cart");
        expect(await page.locator("header .tool-count").textContent()).toBe("1");
      },
      { javaScriptEnabled: false },
    ));

  it("says what did not reach us, and lets it be sent again", async () => {
    const shopper = await newShopper(browser, system.url);
    const { page, context } = shopper;
    await page.goto(PRODUCT);
    await context.setOffline(true);
    await page.locator("[data-buy-sku]").click();
    await page.getByRole("alert").getByText("did not reach us").waitFor();
    await context.setOffline(false);
    await page.locator("[data-buy-sku]").click();
    await drawer(page).locator(".drawer-line").waitFor();
    await context.close();
  });
});

/** The last order of the visit, by the cookie that opens it. */
async function orderPathOf(page: Page): Promise<string> {
  const cookies = await page.context().cookies();
  const token = cookies.find(({ name }) => name === "__Host-holdfast-order")?.value ?? "";
  return `/orders/${token.split(".")[0]}`;
}

async function addOne(page: Page): Promise<void> {
  await page.locator("[data-buy-sku]").click();
  await drawer(page).locator(".drawer-line").waitFor();
}

describe("the cart's page", () => {
  it("takes a new quantity in place, and the last of several", () =>
    visit(async ({ page }) => {
      await page.goto(PRODUCT);
      await page.locator("[data-buy-sku]").click();
      await drawer(page).getByRole("link", { name: "View cart" }).click();
      await page.waitForURL(/\/cart$/);
      await page.evaluate(() => Object.assign(globalThis, { stillHere: true }));
      const quantity = page.locator('input[name="quantity"]').first();
      await quantity.focus();
      for (let press = 0; press < 3; press++) await page.keyboard.press("ArrowUp");
      await page.locator("header .tool-count", { hasText: "4" }).waitFor();
      expect(await page.locator('input[name="quantity"]').first().inputValue()).toBe("4");
      expect(await page.evaluate(() => "stillHere" in globalThis)).toBe(true);
      expect(await page.locator(":focus").getAttribute("name")).toBe("quantity");
    }));

  it("says that a line sold out elsewhere, before anybody pays", () =>
    visit(async ({ page }) => {
      await page.goto(PRODUCT);
      const sku = await chosenSku(page);
      await addOne(page);
      await page.clock.install();
      await page.goto("/cart");
      await page.locator("[data-island=live-stock]").waitFor();
      await setStock(sku, 0);
      await page.clock.fastForward(16 * SECOND_MS);
      await page.locator(".cart-line-short").waitFor();
      expect(await page.locator(".cart-line-short").textContent()).toContain("Sold out");
    }));
});

describe("the checkout", () => {
  it("changes address fields and delivery with the country, and keeps what was typed", () =>
    visit(async ({ page }) => {
      await page.goto(PRODUCT);
      await addOne(page);
      await page.goto("/checkout");
      await page.evaluate(() => Object.assign(globalThis, { stillHere: true }));
      await page.getByLabel("E-mail").fill("ada@example.com");
      await page.getByLabel("Full name").fill("Ada Example");
      await page.getByLabel("Country").selectOption("JP");
      await page.getByLabel("Prefecture").waitFor();
      expect(await page.evaluate(() => "stillHere" in globalThis)).toBe(true);
      expect(await page.getByLabel("E-mail").inputValue()).toBe("ada@example.com");
      expect(await page.getByLabel("Full name").inputValue()).toBe("Ada Example");
      expect(await page.locator(":focus").getAttribute("name")).toBe("name");
    }));

  it("counts down how long the units are held while the bank is asked, and then shows a way on", () =>
    visit(async ({ page }) => {
      await page.goto(PRODUCT);
      await addOne(page);
      await page.goto("/checkout");
      await page.getByLabel("E-mail").fill("ada@example.com");
      await page.getByLabel("Full name").fill("Ada Example");
      await page.getByLabel("Street and house number").fill("1 Test Street");
      await page.getByLabel("Town or city").fill("London");
      await page.getByLabel("Postcode").fill("SW1A 1AA");
      await page.getByLabel("3-D Secure").check();
      await page.getByRole("button", { name: /^Pay/ }).last().click();
      await page.waitForURL(/payment-sandbox/);
      await page.clock.install();
      // Back without an answer: the cart's page knows of the order that waits.
      await page.goto("/cart");
      await page.goto(await orderPathOf(page));
      const line = page.locator("[data-island=hold-countdown]");
      expect(await line.textContent()).toMatch(/^Held for you for another \d+:\d\d$/);
      const before = await line.textContent();
      await page.clock.fastForward(2 * SECOND_MS);
      await expect.poll(() => line.textContent()).not.toBe(before);
      await page.clock.fastForward(3_600 * SECOND_MS);
      await expect.poll(() => line.textContent()).toContain("no longer held");
      expect(await page.locator("[data-hold-expired]").isVisible()).toBe(true);
    }));
});

describe("the search field", () => {
  it("suggests while typing, and the keyboard chooses", () =>
    visit(async ({ page }) => {
      await page.goto("/");
      const field = page.getByRole("combobox", { name: "Search the shop" });
      await field.pressSequentially("ena mu", { delay: 20 });
      const option = page.getByRole("option", { name: /Enamel Mug/ });
      await option.waitFor();
      expect(await field.getAttribute("aria-expanded")).toBe("true");
      await page.keyboard.press("ArrowDown");
      expect(await field.getAttribute("aria-activedescendant")).toBe(await option.getAttribute("id"));
      expect(await option.getAttribute("aria-selected")).toBe("true");
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/products\/enamel-mug$/);
    }));

  it("closes on Escape, and Enter without a choice searches", () =>
    visit(async ({ page }) => {
      await page.goto("/de");
      const field = page.locator('header input[name="q"]');
      await field.pressSequentially("ena", { delay: 20 });
      await page.getByRole("listbox", { name: "Vorschläge" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("listbox").waitFor({ state: "hidden" });
      expect(await field.inputValue()).toBe("ena");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/de\/search\?q=ena$/);
    }));
});

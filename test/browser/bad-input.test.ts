/** What is wrong, hostile or unknown: it renders as text, it is refused with a way on, and nothing typed is lost. */
import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { widestOverflow } from "./judge-page.ts";
import { addProduct } from "./served-shop.ts";
import { addToCart, DELIVERY, expectPlaced, fillDelivery, payButton } from "./steps.ts";
import { visits } from "./visits.ts";

const shop = inject("shop");
const { newcomer } = visits();

const HOSTILE = `</script></title><script>globalThis.harmed = true</script><img src=x onerror="globalThis.harmed = true">"'`;

/** Opens the page and tells whether any of the hostile script ran. */
async function expectUnharmed(page: Page, path: string): Promise<void> {
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs++;
    void dialog.dismiss();
  });
  await page.goto(path);
  await page.waitForLoadState("networkidle");
  expect(await page.evaluate("globalThis.harmed")).toBeUndefined();
  expect(dialogs).toBe(0);
  expect(await page.locator('img[src="x"]').count()).toBe(0);
}

describe("hostile text", () => {
  it("of a product stays text on its page, in lists, in suggestions, in the cart and at the till", async () => {
    const title = `Hostile ${HOSTILE}`.slice(0, 200);
    const product = await addProduct(shop, { title, description: `<p onclick="x">Fine</p>${HOSTILE}` });
    const { page } = await newcomer();
    await expectUnharmed(page, `/products/${product.path}`);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(title);
    await addToCart(page, product.path);
    await expectUnharmed(page, "/cart");
    await page.getByText(title).first().waitFor();
    await expectUnharmed(page, "/checkout");
    await expectUnharmed(page, "/search?q=hostile");
    await page.getByRole("combobox", { name: "Search the shop" }).fill("hostile");
    await page.getByRole("option").first().waitFor();
    expect(await page.evaluate("globalThis.harmed")).toBeUndefined();
  });

  it("without a space fits a phone wherever its product is shown", async () => {
    const title = `Unbroken ${"wide".repeat(45)}`;
    const product = await addProduct(shop, { title, description: `<p>${"wide".repeat(100)}</p>` });
    const { page } = await newcomer({ width: 360 });
    await addToCart(page, product.path);
    const wide: Record<string, readonly string[]> = {};
    for (const path of [`/products/${product.path}`, "/search?q=unbroken", "/cart", "/checkout"]) {
      await page.goto(path);
      await page.getByText(title).first().waitFor({ state: "attached" });
      const overflow = await widestOverflow(page);
      if (overflow.length > 0) wide[path] = overflow;
    }
    expect(wide).toEqual({});
  });

  it("in a search stays text, in the field and in the heading", async () => {
    const { page } = await newcomer();
    await expectUnharmed(page, `/search?q=${encodeURIComponent(HOSTILE)}`);
    expect(await page.locator("#search").inputValue()).toBe(HOSTILE);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain(HOSTILE);
  });

  it("typed at the till stays text", async () => {
    const { page } = await newcomer();
    await addToCart(page, "boot-brush");
    await page.goto("/checkout");
    await fillDelivery(page, { ...DELIVERY, name: HOSTILE.slice(0, 100), email: `"><script>globalThis.harmed=true</script>` });
    await payButton(page).click();
    await page.getByText("Please check these fields").waitFor();
    expect(await page.evaluate("globalThis.harmed")).toBeUndefined();
    expect(await page.getByLabel("Full name").inputValue()).toBe(HOSTILE.slice(0, 100));
  });
});

describe("a form with a bad field", () => {
  it.each([true, false])(
    "at the till keeps what was typed, marks the field and links to it (scripts: %s)",
    async (javaScriptEnabled) => {
      const { page } = await newcomer({ javaScriptEnabled });
      await addToCart(page, "boot-brush");
      await page.goto("/checkout");
      await fillDelivery(page, { ...DELIVERY, postalCode: "not a postcode" });
      await payButton(page).click();
      const summary = page.getByRole("alert").filter({ hasText: "Please check these fields" });
      const field = page.getByLabel("Postcode");
      expect(await summary.getByRole("link").getAttribute("href")).toBe("#postal_code");
      expect(await field.getAttribute("aria-invalid")).toBe("true");
      expect(await field.getAttribute("aria-describedby")).toContain("postal_code-error");
      expect(await field.inputValue()).toBe("not a postcode");
      expect(await page.getByLabel("Full name").inputValue()).toBe(DELIVERY.name);
      expect(await page.getByLabel("Full name").getAttribute("aria-invalid")).toBeNull();
      await field.fill(DELIVERY.postalCode);
      await payButton(page).click();
      await expectPlaced(page);
    },
  );

  it("in an account keeps what was typed, but no password, and marks the field", async () => {
    const { page } = await newcomer();
    await page.goto("/account/register");
    await page.getByLabel("Name").fill("Ada Example");
    await page.getByLabel("E-mail address").fill("ada@example.com");
    await page.getByLabel("Password").fill("1234567890");
    await page.getByRole("button", { name: "Open the account" }).click();
    await page.locator("#password[aria-invalid=true]").waitFor();
    expect(await page.getByLabel("E-mail address").inputValue()).toBe("ada@example.com");
    expect(await page.getByLabel("Name").inputValue()).toBe("Ada Example");
    expect(await page.getByLabel("Password").inputValue()).toBe("");
  });
});

const CART_COOKIE = "__Host-holdfast-cart";

describe("a forged cart cookie", () => {
  it.each([
    ["nonsense", () => "nonsense"],
    ["somebody else's cart without its secret", (own: string) => `${own.split(".")[0]}.${"A".repeat(43)}`],
  ])("(%s) starts a new cart and says so", async (_what, forge) => {
    const { page, context } = await newcomer();
    await addToCart(page, "boot-brush");
    const cookie = (await context.cookies()).find(({ name }) => name === CART_COOKIE);
    if (cookie === undefined) throw new Error("there is no cart");
    await context.addCookies([{ ...cookie, value: forge(cookie.value) }]);
    await page.goto("/cart");
    await page.getByText("We could not open your old cart, so this is a new one.").waitFor();
    await addToCart(page, "watch-cap");
    await page.goto("/cart");
    expect(await page.locator(".cart-line").count()).toBe(1);
  });
});

describe("a form from another site", () => {
  it.each(["/cart/lines", "/settings", "/account/sign-in", "/checkout"])("at %s is refused and changes nothing", async (path) => {
    const { page, context } = await newcomer();
    const sku = await addToCart(page, "boot-brush");
    const before = await context.cookies();
    await context.route("http://elsewhere.example/", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<form method="post" action="${shop.url}${path}"><input name="sku" value="${sku}"><input name="country" value="JP"><button>Win</button></form>`,
      }),
    );
    await page.goto("http://elsewhere.example/");
    const [answer] = await Promise.all([page.waitForResponse(`${shop.url}${path}`), page.getByRole("button").click()]);
    expect(answer.status()).toBe(403);
    await page.getByRole("heading", { name: "This form came from somewhere else" }).waitFor();
    await page.getByRole("link", { name: "Back to the shop" }).waitFor();
    await page.goto("/cart");
    expect(await page.locator('input[name="quantity"]').inputValue()).toBe("1");
    const named = (name: string) => before.find((cookie) => cookie.name === name)?.value;
    for (const { name, value } of await context.cookies())
      if (name !== "__Host-holdfast-form") expect([name, value]).toEqual([name, named(name)]);
  });
});

describe("an unknown address", () => {
  it.each([
    "/nowhere",
    "/products/no-such-thing",
    "/categories/no-such-thing",
    "/pages/no-such-thing",
    "/orders/ord_01jvs0000000000000000000zz",
    "/orders/nonsense",
    "/de/products/no-such-thing",
  ])("(%s) answers 404 with the request's id and a way back", async (path) => {
    const { page } = await newcomer();
    const answer = await page.goto(path);
    expect(answer?.status()).toBe(404);
    expect(await page.locator(".error-reference code").textContent()).toBe(answer?.headers()["x-request-id"]);
    await page.locator(".error-ways a.button-primary").click();
    expect(new URL(page.url()).pathname).toMatch(/^\/(?:de)?$/);
  });
});

describe("pages from the shared cache", () => {
  it("never show one shopper's cart or name to another", async () => {
    const [full, empty, named] = [(await newcomer()).page, (await newcomer()).page, (await newcomer()).page];
    await addToCart(full, "watch-cap");
    await addToCart(full, "boot-brush");
    await addToCart(named, "boot-brush");
    const count = (page: Page) => page.locator("header .tool-count").allTextContents();
    let hits = 0;
    for (const path of ["/", "/categories/knitwear", "/products/watch-cap", "/search?q=wool", "/pages/about"]) {
      for (let round = 0; round < 2; round++) {
        for (const [page, expected] of [
          [full, ["2"]],
          [empty, []],
          [named, ["1"]],
        ] as const) {
          const answer = await page.goto(path);
          if (answer?.headers()["x-cache"] === "hit") hits++;
          expect(await count(page)).toEqual(expected);
        }
      }
    }
    expect(hits).toBeGreaterThan(5);
  });
});

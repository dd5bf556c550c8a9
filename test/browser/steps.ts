/** What shoppers do on the pages, with scripts or without, in English. */
import type { Page } from "playwright-core";

export interface Delivery {
  readonly email: string;
  readonly name: string;
  readonly line1: string;
  readonly city: string;
  readonly postalCode: string;
}

export const DELIVERY: Delivery = {
  email: "ada@example.com",
  name: "Ada Example",
  line1: "1 Test Street",
  city: "London",
  postalCode: "SW1A 1AA",
};

/** The test shop's cards, by what they say about themselves. */
export const CARDS = {
  accepted: /is accepted/,
  asked: /3-D Secure/,
  declined: /ending in 0002/,
  poor: /ending in 9995/,
} as const;
export type Card = keyof typeof CARDS;

/** Opens a product and puts it into the cart. @param prefix the language's, such as `/de`. @returns the SKU. */
export async function addToCart(page: Page, product: string, prefix = ""): Promise<string> {
  await page.goto(`${prefix}/products/${product}`);
  const sku = await page.locator('[data-part="buy"] input[name="sku"]').inputValue();
  await page.locator("[data-buy-sku]").click();
  // The drawer with scripts, the cart's page without.
  await page.locator(".drawer-line, .cart-line").first().waitFor();
  return sku;
}

export async function fillDelivery(page: Page, delivery: Delivery = DELIVERY): Promise<void> {
  await page.getByLabel("E-mail").fill(delivery.email);
  await page.getByLabel("Full name").fill(delivery.name);
  await page.getByLabel("Street and house number").fill(delivery.line1);
  await page.getByLabel("Town or city").fill(delivery.city);
  await page.getByLabel("Postcode").fill(delivery.postalCode);
}

export async function chooseCard(page: Page, card: Card): Promise<void> {
  await page.getByLabel(CARDS[card]).check();
}

/** The button that a shopper sees; the form has a hidden one for the Enter key. */
export function payButton(page: Page) {
  return page.getByRole("button", { name: /^Pay/ });
}

/** From a filled cart to the answer of the first try to pay. */
export async function payCart(page: Page, card: Card = "accepted", delivery?: Delivery): Promise<void> {
  await page.goto("/checkout");
  await fillDelivery(page, delivery);
  await chooseCard(page, card);
  await payButton(page).click();
}

export async function expectPlaced(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "Thank you. Your order is placed." }).waitFor();
}

export async function register(page: Page, name: string, email: string): Promise<void> {
  await page.goto("/account/register");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Open the account" }).click();
  await page.waitForURL(/\/account$/);
}

export const PASSWORD = "tarred hemp and driftwood";

/** The order that this browser opened last: its cookie names it. */
export async function lastOrderToken(page: Page): Promise<string> {
  const cookies = await page.context().cookies();
  const token = cookies.find(({ name }) => name === "__Host-holdfast-order")?.value;
  if (token === undefined) throw new Error("this browser knows no order");
  return token;
}

export function orderPathOf(token: string): string {
  return `/orders/${token.split(".")[0]}`;
}

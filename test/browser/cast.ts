/** The people who see the shop's pages, each with a browser and a past of their own. */
import type { Browser } from "playwright-core";
import type { ShopAddress } from "../system/shop.ts";
import { newShopper, type Shopper, type ShopperOptions } from "./browser.ts";
import { setStock } from "./served-shop.ts";
import { addToCart, expectPlaced, lastOrderToken, orderPathOf, payCart, register } from "./steps.ts";

export type Role = "anyone" | "shopper" | "unlucky" | "german" | "japanese" | "payer" | "customer";

interface Buyer extends Shopper {
  readonly orderPath: string;
}

export interface Cast extends Readonly<Record<Role, Shopper>> {
  readonly payer: Buyer;
  readonly customer: Buyer;
}

/** Sold out while it is in the unlucky shopper's cart. */
const SOLD_OUT_MEANWHILE = { product: "tide-clock", sku: "HF-10604" };

export async function castPeople(browser: Browser, shop: ShopAddress, options: ShopperOptions = {}): Promise<Cast> {
  const newcomer = (more: ShopperOptions = {}) => newShopper(browser, shop.url, { ...options, ...more });
  return {
    anyone: await newcomer(),
    shopper: await shopper(await newcomer()),
    unlucky: await unlucky(await newcomer(), shop),
    german: await abroad(await newcomer({ locale: "de-DE" }), "de", "DE"),
    japanese: await abroad(await newcomer({ locale: "ja-JP" }), "ja", "JP"),
    payer: await payer(await newcomer()),
    customer: await customer(await newcomer()),
  };
}

async function shopper(person: Shopper): Promise<Shopper> {
  for (const product of ["skerry-rain-jacket", "lambswool-blanket", "throw-line-20-m"]) await addToCart(person.page, product);
  return person;
}

async function unlucky(person: Shopper, shop: ShopAddress): Promise<Shopper> {
  await setStock(shop, SOLD_OUT_MEANWHILE.sku, 7);
  await addToCart(person.page, "watch-cap");
  await addToCart(person.page, SOLD_OUT_MEANWHILE.product);
  await setStock(shop, SOLD_OUT_MEANWHILE.sku, 0);
  return person;
}

/** Chooses language and country in the footer and fills a cart there. */
async function abroad(person: Shopper, language: string, country: string): Promise<Shopper> {
  const { page } = person;
  await page.goto(`/${language}`);
  await page.locator('select[name="country"]').selectOption(country);
  await page.locator("form.settings button").click();
  await page.waitForLoadState();
  await addToCart(page, "gansey-jumper", `/${language}`);
  await addToCart(page, "dark-chocolate-with-sea-salt", `/${language}`);
  return person;
}

async function payer(person: Shopper): Promise<Buyer> {
  await addToCart(person.page, "storm-lantern");
  await payCart(person.page, "asked");
  await person.page.waitForURL(/payment-sandbox/);
  return { ...person, orderPath: orderPathOf(await lastOrderToken(person.page)) };
}

async function customer(person: Shopper): Promise<Buyer> {
  const { page } = person;
  await register(page, "Ada Example", `ada-${crypto.randomUUID()}@example.com`);
  await addAddress(person);
  for (const product of ["skerry-rain-jacket", "boot-brush"]) await addToCart(page, product);
  await payCart(page);
  await expectPlaced(page);
  const orderPath = orderPathOf(await lastOrderToken(page));
  await addToCart(page, "lighthouse-tea-100-g");
  return { ...person, orderPath };
}

async function addAddress({ page }: Shopper): Promise<void> {
  await page.goto("/account/addresses/new");
  await page.getByLabel("Full name").fill("Ada Example");
  await page.getByLabel("Street and house number").fill("1 Test Street");
  await page.getByLabel("Town or city").fill("London");
  await page.getByLabel("Postcode").fill("SW1A 1AA");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/\/account\/addresses$/);
}

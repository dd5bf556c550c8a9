/** The pages about the shop: there in every language, the same for everybody, and true to the shop's rates. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { STATIC_HANDLES, staticTexts } from "../../../workers/storefront/texts/static.ts";
import { signedIn } from "./account-shop.ts";
import { openBrowser, peer, resetPeers } from "./client.ts";

let version = 9_000;

/** A new version and a later time each test: the isolate remembers pages of tests before. */
beforeEach(async () => {
  version += 10;
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2031, 0, 1) + version * 3_600_000 });
  await resetPeers();
  await peer("CATALOG").setVersion(version);
});
afterEach(() => {
  vi.useRealTimers();
});

const money = (amount_minor: number) => ({ amount_minor, currency: "GBP" });

describe("a page about the shop", () => {
  it.each(STATIC_HANDLES)("/pages/%s is there in English, German and Japanese", async (handle) => {
    for (const [locale, prefix] of [
      ["en", ""],
      ["de", "/de"],
      ["ja", "/ja"],
    ] as const) {
      const response = await openBrowser().get(`${prefix}/pages/${handle}`);
      const html = await response.text();
      expect(response.status).toBe(200);
      expect(html).toContain(`<html lang="${locale}"`);
      expect(html).toContain(`<h1>${staticTexts(locale).pages[handle].title}</h1>`);
      expect(html).not.toContain('content="noindex');
    }
  });

  it("has nothing of the shopper in it but the header's links", async () => {
    const guest = await (await openBrowser().get("/pages/about")).text();
    const customer = await (await signedIn().get("/pages/about")).text();
    const main = (html: string) => /<main.*<\/main>/s.exec(html)?.[0];
    expect(main(customer)).toBe(main(guest));
  });

  it("says where everybody gets at their data, in the page's own language", async () => {
    const html = await (await openBrowser().get("/de/pages/privacy")).text();
    for (const path of ["/account/data", "/privacy/request"]) expect(html).toContain(`href="/de${path}"`);
  });

  it("is 404 when there is no such page", async () => {
    expect((await openBrowser().get("/pages/../../etc")).status).toBe(404);
    expect((await openBrowser().get("/pages/nothing")).status).toBe(404);
  });
});

describe("the delivery page", () => {
  const rate = (id: string, amount: number, freeAbove: number | null = null) => ({
    id,
    name: `Rate ${id}`,
    price: money(amount),
    estimated_days: 3,
    free_above: freeAbove === null ? null : money(freeAbove),
  });
  const query = (country: string) => `GET /v1/shipping-options?country=${country}&currency=GBP&subtotal_minor=0&weight_grams=0`;

  it("shows the shop's own rates, and worldwide ones only where there are no others", async () => {
    const courier = rate("courier", 3_500);
    await peer("ORDERS").prepare({
      [query("GB")]: { json: { items: [rate("uk-standard", 399, 5_000), courier] } },
      [query("DE")]: { json: { items: [rate("new-rate", 999), courier] } },
      [query("US")]: { json: { items: [courier] } },
      [query("NZ")]: { json: { items: [courier] } },
    });
    const html = await (await openBrowser().get("/pages/shipping")).text();
    for (const shown of ["United Kingdom", "£3.99", "free from £50.00", "Europe", "Rate new-rate", "United States"])
      expect(html).toContain(shown);
    expect(html.match(/£35\.00/g)).toHaveLength(2);
    expect(html).not.toContain("Japan</th>");
  });

  it("stands without its table while orders is away", async () => {
    await peer("ORDERS").breakDown();
    const response = await openBrowser().get("/pages/shipping");
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("not at hand");
    await resetPeers();
    const courier = { json: { items: [rate("courier", 3_500)] } };
    await peer("ORDERS").prepare({ "GET /v1/shipping-options": courier });
    vi.setSystemTime(Date.now() + 6_000);
    expect(await (await openBrowser().get("/pages/shipping")).text()).toContain("£35.00");
  });
});

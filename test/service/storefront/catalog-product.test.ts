import { beforeEach, describe, expect, it } from "vitest";
import { jacket, jsonLd, prepareProduct, prepareStock, unseen, variant, words } from "./catalog-shop.ts";
import { openBrowser, peer, resetPeers } from "./client.ts";

const PATH = "/products/skerry-rain-jacket";

beforeEach(resetPeers);

async function open(path: string = unseen(PATH)): Promise<string> {
  const response = await openBrowser().get(path);
  expect(response.status).toBe(200);
  return await response.text();
}

describe("a product's page", () => {
  it("shows what it is, what it costs in the shopper's country, and what delivery adds", async () => {
    await prepareProduct(jacket(), { "JACKET-S": 9, "JACKET-M": 9 });
    const text = words(await open());
    for (const shown of [
      "Skerry Rain Jacket",
      "£129.00",
      "incl. VAT",
      "Three layers & taped seams.",
      "United Kingdom: from £3.99",
    ])
      expect(text).toContain(shown);
    const asked = (await peer("ORDERS").received()).find(({ path }) => path.startsWith("/v1/shipping-options"));
    expect(asked?.path).toContain("country=GB&currency=GBP&subtotal_minor=12900&weight_grams=620");
  });

  it("puts the chosen variant into the cart form, with every choice as a plain link", async () => {
    await prepareProduct(jacket(), { "JACKET-S": 9, "JACKET-M": 9 });
    const html = await open(unseen(`${PATH}?variant=JACKET-M`));
    expect(html).toMatch(/<form[^>]*method="post"[^>]*action="\/cart\/lines"/);
    expect(html).toContain('<input type="hidden" name="sku" value="JACKET-M"');
    expect(html).toMatch(/<a[^>]*href="\/products\/skerry-rain-jacket\?variant=JACKET-S"[^>]*data-variant-choice="0:S"/);
    expect(html).toMatch(/data-variant-choice="0:M" aria-current="true"/);
    expect(words(html)).toMatch(/£129\.00 .*£159\.00/);
    expect(words(html)).toContain("18% off");
  });

  it("opens on a size that can be bought, and on the asked one even when it is sold out", async () => {
    await prepareProduct(jacket(), { "JACKET-S": 0, "JACKET-M": 4 });
    expect(await open()).toContain('name="sku" value="JACKET-M"');
    const soldOut = await open(unseen(`${PATH}?variant=JACKET-S`));
    expect(soldOut).toContain('name="sku" value="JACKET-S"');
    expect(soldOut).toMatch(/<button[^>]*data-buy-sku="JACKET-S"[^>]*disabled[^>]*>Sold out<\/button>/);
    expect(words(soldOut)).toContain("There are similar products further down.");
  });

  it("says so when the variant of the address is no longer sold", async () => {
    await prepareProduct(jacket(), { "JACKET-S": 9, "JACKET-M": 9 });
    expect(words(await open(unseen(`${PATH}?variant=JACKET-XXL`)))).toContain("The option you asked for is no longer sold.");
  });

  it("names a product without a price in the currency as not for sale there", async () => {
    await prepareProduct(jacket({ variants: [], price_from: null }), {});
    const html = await open();
    expect(words(html)).toContain("This product is not sold in GBP.");
    expect(html).not.toContain('action="/cart/lines"');
  });

  it("speaks German and Japanese, with prices as people there write them", async () => {
    await prepareProduct(jacket(), { "JACKET-S": 3, "JACKET-M": 9 });
    const german = words(await open(unseen(`/de${PATH}`)));
    for (const shown of ["In den Warenkorb", "129,00 £", "inkl. MwSt.", "Nur noch 3 verfügbar"]) expect(german).toContain(shown);
    const japanese = words(await open(unseen(`/ja${PATH}`)));
    for (const shown of ["カートに入れる", "税込"]) expect(japanese).toContain(shown);
  });
});

describe("stock on a page that is kept", () => {
  it("is of this moment on every request, though the page around it comes from the cache", async () => {
    await prepareProduct(jacket({ variants: [variant("JACKET-S", ["S"])] }), { "JACKET-S": 12 });
    const path = unseen(PATH);
    const browser = openBrowser();
    const first = await browser.get(path);
    expect([first.headers.get("x-cache"), words(await first.text())]).toEqual(["miss", expect.stringContaining("In stock")]);
    await prepareStock({ "JACKET-S": 3 });
    const second = await browser.get(path);
    expect([second.headers.get("x-cache"), words(await second.text())]).toEqual(["hit", expect.stringContaining("Only 3 left")]);
    await prepareStock({ "JACKET-S": 0 });
    const third = await (await browser.get(path)).text();
    expect(third).toMatch(/data-buy-sku="JACKET-S"[^>]*disabled/);
    expect(jsonLd(third, "Product").offers[0].availability).toBe("https://schema.org/OutOfStock");
  });

  it("may be ordered ahead when the shop allows it", async () => {
    await prepareProduct(jacket({ variants: [variant("JACKET-S", ["S"])] }), { "JACKET-S": -1 });
    const html = await open();
    expect(html).toMatch(/<button[^>]*data-buy-sku="JACKET-S"[^>]*>Order now, sent later<\/button>/);
    expect(jsonLd(html, "Product").offers[0].availability).toBe("https://schema.org/BackOrder");
  });

  it.each(["throw", "hang"] as const)(
    "is said to be unknown when inventory does not answer (%s), and buying stays possible",
    async (fault) => {
      await prepareProduct(jacket({ variants: [variant("JACKET-S", ["S"])] }), {});
      await peer("INVENTORY").prepare({ "GET /v1/availability": { fault } });
      const html = await open();
      expect(words(html)).toContain("We cannot check the stock right now.");
      expect(html).toMatch(/<button[^>]*data-buy-sku="JACKET-S"[^>]*>Add to cart<\/button>/);
      expect(jsonLd(html, "Product").offers[0].availability).toBe("https://schema.org/OnlineOnly");
    },
  );

  it.each(["AB?", "ÿ?>_", `A&B "<b>" 1/2`])("finds its place whatever its SKU is: %s", async (sku) => {
    await prepareProduct(jacket({ variants: [variant(sku, ["S"])] }), { [sku]: 3 });
    const html = await open();
    expect(words(html)).toContain("Only 3 left");
    expect(html).not.toMatch(/[0-9a-f]{32}_|fresh-/);
    expect(html).not.toContain("<b>");
  });

  it("is asked for the chosen variant first when a product has very many variants", async () => {
    const sizes = Array.from({ length: 150 }, (_, index) => `S${index}`);
    const variants = sizes.map((size) => variant(`JACKET-${size}`, [size]));
    await prepareProduct(jacket({ variants, options: [{ name: "Size", values: sizes }] }), { "JACKET-S149": 2 });
    expect(words(await open(unseen(`${PATH}?variant=JACKET-S149`)))).toContain("Only 2 left");
    const asked = (await peer("INVENTORY").received()).at(-1)?.path ?? "";
    expect(asked.match(/sku=/g)).toHaveLength(100);
    expect(asked).toContain("?sku=JACKET-S149&");
  });

  it("is left to no shared cache", async () => {
    await prepareProduct(jacket(), { "JACKET-S": 12, "JACKET-M": 1 });
    const response = await openBrowser().get(unseen(PATH));
    expect(response.headers.get("cache-control")).toBe("public, max-age=0, must-revalidate");
  });
});

describe("hostile product texts", () => {
  const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(2)>`;

  it("render as text, whatever the field", async () => {
    const product = jacket({
      title: HOSTILE,
      vendor: HOSTILE,
      type: HOSTILE,
      description: `<p onclick="alert(3)">${HOSTILE}</p>`,
      options: [{ name: HOSTILE, values: [HOSTILE] }],
      variants: [variant("JACKET-S", [HOSTILE])],
      media: [{ url: "/media/x.webp", alt: HOSTILE, position: 1 }],
      category: { handle: "rainwear", title: HOSTILE },
    });
    await prepareProduct(product, { "JACKET-S": 2 });
    const html = await open();
    expect(html).not.toMatch(/<script>alert|<img src=x|<p onclick/);
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(jsonLd(html, "Product").name).toBe(HOSTILE);
  });
});

describe("what search engines read", () => {
  it("names one true address for all variants, and each offer with its price", async () => {
    await prepareProduct(jacket(), { "JACKET-S": 2, "JACKET-M": 40 });
    const html = await open(unseen(`${PATH}?variant=JACKET-M`));
    expect(html).toContain(`<link rel="canonical" href="http://localhost:8787${PATH}"/>`);
    const data = jsonLd(html, "Product");
    expect(data).toMatchObject({ name: "Skerry Rain Jacket", brand: { name: "Holdfast" } });
    expect(data.description).toBe("Three layers & taped seams.");
    expect(data.image[0]).toBe("http://localhost:8787/media/products/jacket.webp");
    expect(data.offers).toMatchObject([
      { sku: "JACKET-S", price: "129.00", priceCurrency: "GBP", availability: "https://schema.org/LimitedAvailability" },
      { sku: "JACKET-M", price: "129.00", priceCurrency: "GBP", availability: "https://schema.org/InStock" },
    ]);
    expect(jsonLd(html, "BreadcrumbList").itemListElement.map((item: { name: string }) => item.name)).toEqual([
      "Home",
      "Rainwear",
      "Skerry Rain Jacket",
    ]);
  });
});

describe("products that are not there", () => {
  it("answers 404 with a search and ways back", async () => {
    const response = await openBrowser().get("/products/no-such-thing");
    expect(response.status).toBe(404);
    const html = await response.text();
    expect(words(html)).toContain("This product is not here any more");
    expect(html).toContain('href="/search"');
    expect(html).toMatch(/<meta name="robots" content="noindex"/);
  });

  it.each(["/products/%00", "/products/..%2F..%2Fadmin", "/products/%F0%9F%A7%A5", "/products/%E0%A4%A"])(
    "never answers 500 to the handle of %s",
    async (path) => {
      expect((await openBrowser().get(path)).status).toBe(404);
    },
  );

  it("answers 503 and how to try again when the catalogue is away", async () => {
    await peer("CATALOG").prepare({ [`GET ${PATH}`.replace("/products", "/v1/products")]: { fault: "throw" } });
    const response = await openBrowser().get(unseen(PATH));
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(words(await response.text())).toContain("Try again");
  });
});

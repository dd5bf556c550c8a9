import { beforeEach, describe, expect, it } from "vitest";
import { category, jsonLd, listItem, money, productPage, unseen, words } from "./catalog-shop.ts";
import { openBrowser, peer, resetPeers } from "./client.ts";

beforeEach(resetPeers);

async function prepareList(list: object, categories: readonly object[] = [category("rainwear"), category("knitwear")]) {
  await peer("CATALOG").prepare({
    "GET /v1/products": { json: list },
    "GET /v1/categories": { json: { items: categories, next_cursor: null } },
    "GET /v1/categories/rainwear": { json: category("rainwear", { ancestors: [{ handle: "clothing", title: "Clothing" }] }) },
  });
}

async function open(path: string): Promise<string> {
  const response = await openBrowser().get(unseen(path));
  expect(response.status).toBe(200);
  return await response.text();
}

/** What the page asked of the product list last. */
async function askedList(): Promise<URLSearchParams> {
  const asked = (await peer("CATALOG").received()).filter(({ path }) => path.startsWith("/v1/products?"));
  return new URLSearchParams(asked.at(-1)?.path.split("?")[1]);
}

describe("the home page", () => {
  it("leads to categories, featured products and offers, and tells engines where to search", async () => {
    await prepareList(productPage([listItem("rain-jacket"), listItem("wool-cap")]));
    const html = await open("/?home");
    expect(html).toContain('href="/categories/knitwear"');
    expect(html).toContain('href="/products/wool-cap"');
    expect(html).toContain('href="/search?sale=1"');
    expect(jsonLd(html, "WebSite").potentialAction.target.urlTemplate).toBe(
      "http://localhost:8787/search?q={search_term_string}",
    );
  });

  it("stands without featured products when the list cannot be read", async () => {
    await prepareList({});
    const html = await open("/?home");
    expect(words(html)).toContain("Shop by category");
    expect(words(html)).not.toContain("On offer");
  });
});

describe("a category", () => {
  it("asks for what its address filters, in the shopper's currency", async () => {
    await prepareList(productPage([listItem("rain-jacket")]));
    await open("/categories/rainwear?min=19.99&max=200&stock=in&sale=1&sort=price_desc&q=ignored&category=knitwear");
    expect(Object.fromEntries(await askedList())).toEqual({
      currency: "GBP",
      category: "rainwear",
      tag: "sale",
      sort: "price_desc",
      min_price_minor: "1999",
      max_price_minor: "20000",
      availability: "in_stock",
      facets: "true",
      limit: "24",
    });
  });

  it("shows each active filter with a link that takes only this one away", async () => {
    await prepareList(productPage([listItem("rain-jacket")]));
    const html = await open("/categories/rainwear?max=200&stock=in&sort=title");
    expect(html).toMatch(/href="\/categories\/rainwear\?stock=in&amp;sort=title" aria-label="Remove filter: Up to £200.00"/);
    expect(html).toMatch(/href="\/categories\/rainwear\?max=200&amp;sort=title" aria-label="Remove filter: In stock only"/);
    expect(html).toMatch(/href="\/categories\/rainwear\?sort=title">Clear all filters/);
    expect(html).toMatch(/name="max"[^>]*value="200"/);
    expect(html).toMatch(/name="stock" value="in" checked/);
  });

  it("shows prices, sales and what is sold out on its cards, and the count", async () => {
    const sale = listItem("vest", { compare_at_from: money(9_900), price_from: money(7_900), price_varies: true });
    await prepareList(productPage([sale, listItem("windshirt", { sold_out: true })], { total: 1_234 }));
    const text = words(await open("/categories/rainwear"));
    expect(text).toContain("1,234 products");
    expect(text).toMatch(/Sale vest Sale price from £79.00 Former price £99.00/);
    expect(text).toContain("Sold out windshirt");
  });

  it("walks to the next page and back by plain links", async () => {
    await prepareList(productPage([listItem("rain-jacket")], { next_cursor: "c3" }));
    const html = await open("/categories/rainwear?stock=in&cursor=c2&page=2");
    expect(html).toMatch(/rel="prev" href="\/categories\/rainwear\?stock=in"/);
    expect(html).toMatch(/rel="next" href="\/categories\/rainwear\?stock=in&amp;cursor=c3&amp;page=3&amp;back=c2"/);
    expect((await askedList()).get("cursor")).toBe("c2");
  });

  it("starts again, and says so, when the cursor is refused", async () => {
    await prepareList(productPage([listItem("rain-jacket")]));
    const refused = { status: 400, json: { code: "invalid_cursor", status: 400, detail: "no" } };
    const question = "currency=GBP&category=rainwear&facets=true&limit=24&cursor=old";
    await peer("CATALOG").prepare({ [`GET /v1/products?${question}`]: refused });
    const html = await open("/categories/rainwear?cursor=old&page=9");
    expect(words(html)).toContain("This page of the list no longer exists");
    expect(html).not.toContain('rel="prev"');
  });

  it("keeps a price that makes no sense out of the question, and says so", async () => {
    await prepareList(productPage([listItem("rain-jacket")]));
    expect(words(await open("/categories/rainwear?min=cheap"))).toContain("The price filter was left out.");
    expect((await askedList()).has("min_price_minor")).toBe(false);
  });

  it("offers to clear the filters when nothing fits", async () => {
    await prepareList(productPage([]));
    const html = await open("/categories/rainwear?max=1");
    expect(words(html)).toContain("Nothing fits these filters");
    expect(html).toMatch(/class="button button-secondary" href="\/categories\/rainwear">/);
  });

  it("lets engines index the plain list only", async () => {
    await prepareList(productPage([listItem("rain-jacket")]));
    const plain = await openBrowser().get("/categories/rainwear");
    const html = await plain.text();
    expect(html).toContain('<link rel="canonical" href="http://localhost:8787/categories/rainwear"/>');
    expect(html).not.toContain('content="noindex"');
    for (const query of ["sort=title", "stock=in", "cursor=c2"])
      expect(await open(`/categories/rainwear?${query}`)).toContain('<meta name="robots" content="noindex"/>');
  });

  it("shows all categories in place of one that does not exist", async () => {
    await prepareList(productPage([]));
    const response = await openBrowser().get("/categories/no-such");
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('href="/categories/knitwear"');
  });
});

describe("a search", () => {
  it("says what was searched instead of a misspelt word", async () => {
    await prepareList(productPage([listItem("rain-jacket")], { correction: { query: "jacket", applied: true } }));
    const text = words(await open("/search?q=jakcet"));
    expect(text).toMatch(/Showing results for jacket instead of jakcet ?\./);
    expect(words(await open("/ja/search?q=jakcet"))).toContain("入力された語： jakcet");
  });

  it("narrows to a category by its form, and keeps the words", async () => {
    await prepareList(productPage([listItem("rain-jacket")]));
    const html = await open("/search?q=rain&category=knitwear");
    expect(html).toMatch(/name="category" value="knitwear" checked/);
    expect(html).toContain('<input type="hidden" name="q" value="rain"/>');
    expect(html).toMatch(/href="\/search\?q=rain" aria-label="Remove filter: Knitwear"/);
    expect((await askedList()).get("category")).toBe("knitwear");
  });

  it("leads on when nothing is found", async () => {
    await prepareList(productPage([]));
    const html = await open("/search?q=zebra");
    expect(words(html)).toContain("Nothing found for “zebra”");
    expect(html).toContain('href="/categories/rainwear"');
    expect(words(await open("/search?q=%3F%3F"))).toContain("Type at least one letter or number");
  });

  it("shows all products without words, and all offers from the home page's link", async () => {
    await prepareList(productPage([listItem("rain-jacket")]));
    expect(words(await open("/search"))).toContain("All products");
    await open("/search?sale=1");
    expect((await askedList()).get("tag")).toBe("sale");
  });

  it("echoes hostile words as text", async () => {
    await prepareList(productPage([]));
    const html = await open(`/search?q=${encodeURIComponent(`"><script>alert(1)</script>`)}`);
    expect(html).not.toContain("<script>alert");
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  it.each([
    "/search?q=%E0%A4%A&cursor=%00",
    "/search?min=%F0&max[]=1",
    `/search?q=${"a".repeat(5_000)}`,
    "/search?category=%2e%2e%2f",
  ])("answers %s with a page", async (path) => {
    await prepareList(productPage([]));
    expect((await openBrowser().get(path)).status).toBe(200);
  });
});

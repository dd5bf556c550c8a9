/** What crawlers, home screens and browsers ask for beside the pages. */
import { brotliDecompressSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { openBrowser, peer, resetPeers } from "./client.ts";
import { fetchShop } from "./kernel-shop.tsx";

beforeEach(resetPeers);

const get = (path: string) => openBrowser({ shop: fetchShop }).get(path);

function locations(document: string): string[] {
  return [...document.matchAll(/<loc>([^<]*)<\/loc>/g)].map((match) => match[1] ?? "");
}

describe("robots.txt", () => {
  it("keeps crawlers out of carts and accounts in every language, and shows the sitemap", async () => {
    const text = await (await get("/robots.txt")).text();
    for (const line of [
      "Disallow: /cart",
      "Disallow: /de/checkout",
      "Disallow: /ja/account",
      "Sitemap: http://localhost:8787/sitemap.xml",
    ])
      expect(text.split("\n")).toContain(line);
    expect(text).not.toContain("Disallow: /\n");
  });
});

describe("the sitemap", () => {
  const handles = Array.from({ length: 2_345 }, (_, index) => ({
    handle: `p${String(index).padStart(5, "0")}`,
    updatedAtMs: 1_700_000_000_000,
  }));

  it("names every product exactly once in each language, in files of a thousand", async () => {
    await peer("CATALOG").setHandles(handles);
    const files = locations(await (await get("/sitemap.xml")).text()).map((url) => new URL(url.replaceAll("&amp;", "&")));
    const products = files.filter(({ pathname }) => pathname === "/sitemap/products.xml");
    expect(products).toHaveLength(3);
    const listed: string[] = [];
    for (const { pathname, search } of products) listed.push(...locations(await (await get(pathname + search)).text()));
    const expected = handles.flatMap(({ handle }) =>
      ["", "/de", "/ja"].map((prefix) => `http://localhost:8787${prefix}/products/${handle}`),
    );
    expect(listed.toSorted()).toEqual(expected.toSorted());
  });

  it("names home, categories and static pages with their other languages", async () => {
    const items = [{ handle: "a&b", title: "A", parent: null }];
    await peer("CATALOG").prepare({ "GET /v1/categories": { json: { items, next_cursor: null } } });
    const text = await (await get("/sitemap/pages.xml")).text();
    expect(locations(text)).toEqual(
      expect.arrayContaining(["http://localhost:8787/", "http://localhost:8787/de", "http://localhost:8787/categories/a%26b"]),
    );
    expect(text).toContain('<xhtml:link rel="alternate" hreflang="x-default" href="http://localhost:8787/"/>');
  });
});

describe("the files", () => {
  it("that a page names are there, for good, and small", async () => {
    const html = await (await get("/form")).text();
    const paths = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? "");
    expect(paths).toHaveLength(2);
    for (const path of paths) {
      const response = await get(path);
      expect([response.status, response.headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
      const gzipped = new Blob([await response.text()]).stream().pipeThrough(new CompressionStream("gzip"));
      expect((await new Response(gzipped).arrayBuffer()).byteLength).toBeLessThanOrEqual(20_480);
    }
  });

  it("go out in Brotli to who takes it", async () => {
    const html = await (await get("/form")).text();
    const path = /href="(\/assets\/[^"]+\.css)"/.exec(html)?.[1] ?? "";
    const browser = openBrowser({ shop: fetchShop });
    const plain = await browser.get(path);
    const compressed = await browser.get(path, { "accept-encoding": "gzip, br" });
    expect([plain.headers.get("content-encoding"), compressed.headers.get("content-encoding")]).toEqual([null, "br"]);
    expect(compressed.headers.get("vary")).toBe("accept-encoding");
    expect(brotliDecompressSync(await compressed.arrayBuffer()).toString()).toBe(await plain.text());
    expect((await browser.get(path, { "accept-encoding": "br;q=0" })).headers.get("content-encoding")).toBeNull();
  });

  it("that do not exist are 404", async () => {
    expect((await get("/assets/shop.000000000000.css")).status).toBe(404);
    expect((await get("/assets/__proto__")).status).toBe(404);
  });

  it("of the manifest are there", async () => {
    const response = await get("/manifest.webmanifest");
    expect(response.headers.get("content-type")).toBe("application/manifest+json");
    const manifest = await response.json<{ start_url: string; icons: { src: string; type: string }[] }>();
    expect(manifest.start_url).toBe("/");
    for (const { src, type } of [...manifest.icons, { src: "/favicon.ico", type: "image/x-icon" }]) {
      const icon = await get(src);
      expect([src, icon.status, icon.headers.get("content-type")]).toEqual([src, 200, type]);
    }
  });
});

describe("the health", () => {
  it("is reported", async () => {
    expect(await (await get("/healthz")).json()).toEqual({ status: "ok", checks: {} });
  });
});

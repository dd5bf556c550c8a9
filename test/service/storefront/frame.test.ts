/** What every page has: policy, language, one address, and a useful page when something is wrong. */
import { beforeEach, describe, expect, it } from "vitest";
import { openBrowser, peer, resetPeers } from "./client.ts";
import { fetchShop } from "./kernel-shop.tsx";

beforeEach(resetPeers);

const browser = (cf: Record<string, unknown> = { country: "GB" }) => openBrowser({ shop: fetchShop, cf });

describe("an unknown address", () => {
  it("is 404 with a search, the way home and the request's id", async () => {
    const response = await browser().get("/nowhere", { "x-request-id": "req-12345678" });
    const html = await response.text();
    expect(response.status).toBe(404);
    for (const part of ['action="/search"', 'href="/"', "req-12345678", 'name="robots" content="noindex"'])
      expect(html).toContain(part);
  });

  it("is in the language of its prefix", async () => {
    const html = await (await browser().get("/ja/nowhere")).text();
    expect(html).toContain('<html lang="ja"');
    expect(html).toContain('action="/ja/search"');
  });

  it.each(["/%", "/%E0%A4%A", "/products/%00", "/a/../../etc/passwd", "/<script>", "/xx/cart"])(
    "%s breaks nothing",
    async (path) => {
      const response = await browser().get(path);
      expect(response.status).toBe(404);
      expect(await response.text()).not.toContain("<script>");
    },
  );
});

describe("a page that breaks", () => {
  it("says so without saying how, and gives the request's id", async () => {
    const response = await browser().get("/broken", { "x-request-id": "req-12345678" });
    const html = await response.text();
    expect([response.status, response.headers.get("cache-control")]).toEqual([500, "private, no-store"]);
    expect(html).toContain("req-12345678");
    expect(html).not.toContain("a secret of ours");
  });

  it("is still a page when every peer is away", async () => {
    for (const name of ["CATALOG", "ORDERS", "INVENTORY", "IDENTITY"] as const) await peer(name).breakDown();
    expect((await browser().get("/broken")).status).toBe(500);
    expect((await browser().get("/form")).status).toBe(200);
  });
});

describe("every page", () => {
  it("lets scripts run with its nonce only, and nothing frame it", async () => {
    const response = await browser().get("/form");
    const policy = response.headers.get("content-security-policy") ?? "";
    const nonce = /<script [^>]*nonce="([^"]+)"/.exec(await response.text())?.[1];
    for (const part of [
      `script-src 'nonce-${nonce}' 'strict-dynamic'`,
      "default-src 'none'",
      "style-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ])
      expect(policy).toContain(part);
    expect(policy).not.toContain("unsafe-inline");
    expect(response.headers.get("referrer-policy")).toBe("same-origin");
  });

  it("has no inline style and no inline handler", async () => {
    const html = await (await browser().get("/form")).text();
    expect(html).not.toMatch(/<[^>]+\s(?:style|on[a-z]+)=/);
  });

  it("names its one address and its other languages", async () => {
    const html = await (await browser().get("/de/form")).text();
    expect(html).toContain('<link rel="canonical" href="http://localhost:8787/de/form"/>');
    for (const [language, path] of [
      ["en", "/form"],
      ["de", "/de/form"],
      ["ja", "/ja/form"],
      ["x-default", "/form"],
    ])
      expect(html).toContain(`<link rel="alternate" hreflang="${language}" href="http://localhost:8787${path}"/>`);
  });

  it.each([
    ["/form/", "/form"],
    ["/en/form", "/form"],
    ["/en", "/"],
    ["/de/form/?a=1", "/de/form?a=1"],
  ])("is led from %s to %s for good", async (from, to) => {
    const response = await browser().get(from);
    expect([response.status, response.headers.get("location")]).toEqual([308, to]);
  });

  it.each(["//evil.example/", "//evil.example//", "/en//evil.example"])("never leads %s to another site", async (path) => {
    const { headers } = await browser().get(path);
    expect(headers.get("location") ?? "/").toMatch(/^\/(?!\/)/);
  });
});

describe("the front door", () => {
  it.each([
    ["de-AT,de;q=0.9,en;q=0.5", "GB", "/de"],
    ["ja", "US", "/ja"],
    ["fr,ja;q=0.4,de;q=0.8", "FR", "/de"],
    ["", "DE", "/de"],
    ["", "JP", "/ja"],
  ])("leads a browser that wants %j in %s to %s", async (wanted, country, to) => {
    const response = await browser({ country }).get("/", wanted === "" ? {} : { "accept-language": wanted });
    expect([response.status, response.headers.get("location")]).toEqual([302, to]);
    expect(response.headers.get("vary")).toContain("accept-language");
  });

  it.each([
    ["en-GB,de;q=0.5", "DE"],
    ["fr", "FR"],
    ["", "GB"],
    ["", "US"],
  ])("keeps a browser that wants %j in %s", async (wanted, country) => {
    expect((await browser({ country }).get("/", wanted === "" ? {} : { "accept-language": wanted })).status).not.toBe(302);
  });

  it("follows the choice of before, keeps the query, and leads from nowhere else", async () => {
    const chosen = browser();
    chosen.cookies.set("__Host-holdfast-language", "ja");
    const response = await chosen.get("/?utm_source=mail", { "accept-language": "de" });
    expect(response.headers.get("location")).toBe("/ja?utm_source=mail");
    expect((await chosen.get("/form", { "accept-language": "de" })).status).toBe(200);
    chosen.cookies.set("__Host-holdfast-language", "en");
    expect((await chosen.get("/", { "accept-language": "de" })).status).not.toBe(302);
  });
});

describe("the switch of language and country", () => {
  it("keeps both, leads back to the page in the new language, and says so", async () => {
    const shopper = browser();
    const response = await shopper.post("/settings", { language: "de", country: "CH", return_to: "/form?a=1" });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/de/form?a=1"]);
    const html = await (await shopper.get("/de/form")).text();
    expect(html).toContain('value="CH" selected');
    expect(html).toContain("Preise in EUR");
    expect(html).toContain("Sprache und Lieferland sind eingestellt.");
  });

  it.each([
    ["https://evil.example/"],
    ["//evil.example/"],
    ["/\\evil.example/"],
    ["/\t/evil.example/"],
    ["javascript:alert(1)"],
    ["/..//evil.example"],
    [""],
  ])("never leads to %j", async (wanted) => {
    const response = await browser().post("/settings", { language: "en", country: "GB", return_to: wanted });
    const location = response.headers.get("location") ?? "";
    expect(new URL(location, "http://localhost:8787").origin).toBe("http://localhost:8787");
    expect(location).not.toMatch(/^\/\//);
  });

  it("ignores a language and a country that do not exist", async () => {
    const shopper = browser();
    await shopper.post("/settings", { language: "xx", country: "ZZ", return_to: "/form" });
    expect(shopper.cookies.get("__Host-holdfast-language")).toBe("en");
    expect(shopper.cookies.has("__Host-holdfast-market")).toBe(false);
  });

  it("offers a shopper from elsewhere their own country", async () => {
    const html = await (await browser({ country: "UY" }).get("/form")).text();
    expect(html).toContain('value="UY" selected');
    expect(html).toContain("Prices in USD");
  });

  it.each([["T1"], ["XX"], [undefined]])("takes the network's %s for an unknown country", async (country) => {
    expect(await (await browser({ country }).get("/form")).text()).toContain('value="GB" selected');
  });
});

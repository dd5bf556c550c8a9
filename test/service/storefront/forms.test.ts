/** Forms: taken from our own pages only. */
import { beforeEach, describe, expect, it } from "vitest";
import { type Browser, formToken, ORIGIN, openBrowser, resetPeers } from "./client.ts";
import { fetchShop } from "./kernel-shop.tsx";

beforeEach(resetPeers);

async function browserWithToken(): Promise<{ browser: Browser; token: string }> {
  const browser = openBrowser({ shop: fetchShop });
  const token = formToken(await (await browser.get("/form")).text());
  return { browser, token };
}

describe("a form", () => {
  it("is taken with the token of its page, and answers with a redirect", async () => {
    const { browser, token } = await browserWithToken();
    const response = await browser.post("/form", { form_token: token });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/form"]);
  });

  it("is taken twice, and from a second tab: a token is not used up", async () => {
    const { browser, token } = await browserWithToken();
    const secondTab = formToken(await (await browser.get("/form")).text());
    expect(secondTab).not.toBe(token);
    for (const used of [token, secondTab, token]) expect((await browser.post("/form", { form_token: used })).status).toBe(303);
  });

  it.each([
    ["no token", ""],
    ["a made-up token", "A".repeat(48)],
    ["a token that is no token", "<script>"],
  ])("is refused with %s", async (_, token) => {
    const { browser } = await browserWithToken();
    const response = await browser.post("/form", { form_token: token });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("Nothing was changed");
  });

  it("is refused with the token of somebody else", async () => {
    const { token } = await browserWithToken();
    const { browser } = await browserWithToken();
    expect((await browser.post("/form", { form_token: token })).status).toBe(403);
  });

  it.each([
    ["another site, as the browser says", { "sec-fetch-site": "cross-site" }],
    ["another host of our domain", { "sec-fetch-site": "same-site" }],
    ["another origin, from a browser that says no more", { "sec-fetch-site": "", origin: "https://evil.example" }],
    ["an origin that hides", { "sec-fetch-site": "", origin: "null" }],
  ])("is refused from %s, even with the right token", async (_, sent) => {
    const { browser, token } = await browserWithToken();
    const headers: Record<string, string> = Object.fromEntries(Object.entries(sent));
    expect((await post(browser, "/form", token, headers)).status).toBe(403);
  });

  it("is taken from our origin by a browser that says no more", async () => {
    const { browser, token } = await browserWithToken();
    expect((await post(browser, "/form", token, { "sec-fetch-site": "", origin: ORIGIN })).status).toBe(303);
  });

  it("of a cached page carries no token, and relies on its origin", async () => {
    const browser = openBrowser({ shop: fetchShop });
    expect((await browser.post("/cart/lines", { sku: "A" })).status).toBe(303);
    expect((await browser.post("/cart/lines", { sku: "A" }, { "sec-fetch-site": "cross-site" })).status).toBe(403);
  });

  it("is refused with a body that is no form", async () => {
    const browser = openBrowser({ shop: fetchShop });
    expect((await browser.post("/form", {}, { "content-type": "multipart/form-data" })).status).toBe(403);
  });
});

/** An empty header stands for one that is not sent. */
async function post(browser: Browser, path: string, token: string, headers: Record<string, string>): Promise<Response> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const sent = Object.entries({ ...headers, cookie }).filter(([, value]) => value !== "");
  const body = new URLSearchParams({ form_token: token });
  return await fetchShop(new Request(`${ORIGIN}${path}`, { method: "POST", body, headers: sent }));
}

describe("the message after a form", () => {
  it("is shown once, as text, on the page that follows", async () => {
    const { browser, token } = await browserWithToken();
    await browser.post("/form", { form_token: token });
    const first = await (await browser.get("/form")).text();
    expect(first).toContain("Saved &lt;b&gt;it&lt;/b&gt;");
    expect(first).toContain('role="status"');
    expect(await (await browser.get("/form")).text()).not.toContain("Saved");
  });

  it("is nothing when its cookie is forged", async () => {
    const browser = openBrowser({ shop: fetchShop });
    browser.cookies.set("__Host-holdfast-flash", "%7Bnot");
    expect((await browser.get("/form")).status).toBe(200);
    expect(browser.cookies.has("__Host-holdfast-flash")).toBe(false);
  });
});

describe("our cookies", () => {
  it("are for this host, TLS and HTTP only", async () => {
    const response = await openBrowser({ shop: fetchShop }).get("/form");
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-holdfast-form=[A-Za-z0-9_-]{24}; /);
    for (const attribute of ["Path=/", "HttpOnly", "Secure", "SameSite=Lax"]) expect(cookie).toContain(attribute);
  });
});

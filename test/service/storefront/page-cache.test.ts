/** Cached pages: the same for everyone, personal for each, true after a change, there when the catalogue is not. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Browser, CART_ID, openBrowser, peer, prepareCart, resetPeers, shopperWithCart } from "./client.ts";
import { fetchShop } from "./kernel-shop.tsx";

const OTHER_CART_ID = "cart_01h455vb4pex5vsknk084sn02r";
let version = 100;
let counter = 0;

/** A new version and a later time each test: the isolate remembers pages of tests before. */
beforeEach(async () => {
  version += 10;
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.UTC(2030, 0, 1) + version * 3_600_000);
  await resetPeers();
  await peer("CATALOG").setVersion(version);
});
afterEach(() => {
  vi.useRealTimers();
});

async function prepareThing(title: string): Promise<string> {
  counter += 1;
  const name = `t${counter}`;
  await peer("CATALOG").prepare({ [`GET /v1/things/${name}`]: { json: { title } } });
  return name;
}

async function change(name: string, title: string): Promise<void> {
  await peer("CATALOG").prepare({ [`GET /v1/things/${name}`]: { json: { title } } });
  version += 1;
  await peer("CATALOG").setVersion(version);
}

async function timesAsked(name: string): Promise<number> {
  return (await peer("CATALOG").received()).filter(({ path }) => path === `/v1/things/${name}`).length;
}

async function look(browser: Browser, path: string) {
  const response = await browser.get(path);
  return { response, html: await response.text(), outcome: response.headers.get("x-cache") };
}

function pass(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

describe("two shoppers at the same page", () => {
  it("share the page but never each other's header, in whatever order they come", async () => {
    const name = await prepareThing("Rope");
    await prepareCart(CART_ID, [2, 1]);
    await prepareCart(OTHER_CART_ID, [41]);
    const ann = openBrowser({ shop: fetchShop, principal: shopperWithCart() });
    const bob = openBrowser({
      shop: fetchShop,
      principal: { ...shopperWithCart(OTHER_CART_ID), kind: "customer", subject: "cus_1" },
    });
    const nobody = openBrowser({ shop: fetchShop });

    const seen: Awaited<ReturnType<typeof look>>[] = [];
    for (const browser of [ann, bob, nobody, ann, nobody, bob]) seen.push(await look(browser, `/things/${name}`));

    expect(seen.map(({ outcome }) => outcome)).toEqual(["miss", "hit", "hit", "hit", "hit", "hit"]);
    expect(seen.map(({ html }) => /data-count="(\d+)"/.exec(html)?.[1])).toEqual(["3", "41", "0", "3", "0", "41"]);
    expect(seen.map(({ html }) => html.includes('href="/account"'))).toEqual([false, true, false, false, false, true]);
    for (const { html } of seen) expect(html).not.toMatch(/cart_01|cus_1|__[0-9a-f]{32}_/);
    expect(await timesAsked(name)).toBe(1);
  });

  it("are not told apart when the page is built: it is asked for as nobody", async () => {
    const name = await prepareThing("Rope");
    const ann = openBrowser({ shop: fetchShop, principal: shopperWithCart(), cf: { country: "GB", city: "Wick" } });
    const { html } = await look(ann, `/things/${name}`);
    expect(html).toContain("for 0 capabilities");
    const asked = (await peer("CATALOG").received()).find(({ path }) => path === `/v1/things/${name}`);
    expect(decodeURIComponent(asked?.headers["x-holdfast-principal"] ?? "")).toContain('"capabilities":[]');
    expect(asked?.headers["cookie"]).toBeUndefined();
  });

  it("each get a nonce of their own, on the page and in the policy", async () => {
    const name = await prepareThing("Rope");
    const pages = [
      await look(openBrowser({ shop: fetchShop }), `/things/${name}`),
      await look(openBrowser({ shop: fetchShop }), `/things/${name}`),
    ];
    const nonces = pages.map(({ html }) => /<script [^>]*nonce="([^"]+)"/.exec(html)?.[1] ?? "");
    expect(new Set(nonces).size).toBe(2);
    for (const [index, nonce] of nonces.entries()) {
      expect(pages[index]?.response.headers.get("content-security-policy")).toContain(`'nonce-${nonce}'`);
    }
  });
});

describe("what shared caches may keep", () => {
  it("is the page of a shopper without any cookie of ours", async () => {
    const name = await prepareThing("Rope");
    const { response } = await look(openBrowser({ shop: fetchShop }), `/things/${name}`);
    expect(response.headers.get("cache-control")).toBe("public, max-age=0, s-maxage=60, stale-while-revalidate=600");
    expect(response.headers.get("vary")).toContain("cookie");
    expect(response.headers.has("set-cookie")).toBe(false);
  });

  it.each([
    ["a cart", "__Host-holdfast-cart"],
    ["a session", "__Host-holdfast-session"],
    ["a chosen market", "__Host-holdfast-market"],
    ["a message", "__Host-holdfast-flash"],
  ])("is never the page of a shopper with %s", async (_, cookie) => {
    const name = await prepareThing("Rope");
    const browser = openBrowser({ shop: fetchShop });
    browser.cookies.set(cookie, "GB");
    expect((await look(browser, `/things/${name}`)).response.headers.get("cache-control")).toBe("private, no-store");
  });

  it("is never a page for a signed-in customer, whatever the cookies", async () => {
    const name = await prepareThing("Rope");
    const ann = openBrowser({
      shop: fetchShop,
      principal: { ...shopperWithCart(), kind: "customer", subject: "cus_1", capabilities: [] },
    });
    expect((await look(ann, `/things/${name}`)).response.headers.get("cache-control")).toBe("private, no-store");
  });
});

describe("a change of the catalogue", () => {
  it("is on the page as soon as its version is known", async () => {
    const name = await prepareThing("Old rope");
    const browser = openBrowser({ shop: fetchShop });
    await look(browser, "/stocked");
    pass(2_000);
    await look(browser, `/things/${name}`);
    pass(10_000);
    expect((await look(browser, `/things/${name}`)).outcome).toBe("hit");
    await change(name, "New rope");
    pass(10_000);
    const { html, outcome } = await look(browser, `/things/${name}`);
    expect([outcome, html.includes("New rope"), html.includes("Old rope")]).toEqual(["miss", true, false]);
  });

  it("is seen within five seconds by a page that is shown all the time", async () => {
    const name = await prepareThing("Old rope");
    const browser = openBrowser({ shop: fetchShop });
    await look(browser, `/things/${name}`);
    await change(name, "New rope");
    for (let second = 0; second < 5; second++) {
      pass(1_000);
      await look(browser, `/things/${name}`);
    }
    expect((await look(browser, `/things/${name}`)).html).toContain("New rope");
  });
});

describe("a page made right after a change", () => {
  it("may hold older facts of a peer, so it is made again soon", async () => {
    const name = await prepareThing("Rope");
    const browser = openBrowser({ shop: fetchShop });
    await look(browser, `/things/${name}`);
    pass(2_000);
    expect((await look(browser, `/things/${name}`)).outcome).toBe("stale");
    expect((await look(browser, `/things/${name}`)).outcome).toBe("hit");
  });
});

describe("an old page", () => {
  it("is shown once more while it is rendered again in the background", async () => {
    const name = await prepareThing("Rope");
    const browser = openBrowser({ shop: fetchShop });
    await look(browser, "/stocked");
    pass(2_000);
    await look(browser, `/things/${name}`);
    pass(61_000);
    expect((await look(browser, `/things/${name}`)).outcome).toBe("stale");
    expect(await timesAsked(name)).toBe(2);
    expect((await look(browser, `/things/${name}`)).outcome).toBe("hit");
    expect(await timesAsked(name)).toBe(2);
  });

  it("is not shown after ten minutes", async () => {
    const name = await prepareThing("Rope");
    const browser = openBrowser({ shop: fetchShop });
    await look(browser, `/things/${name}`);
    pass(601_000);
    expect((await look(browser, `/things/${name}`)).outcome).toBe("miss");
  });

  it("stands in while the catalogue does not answer, with the shopper's own header", async () => {
    const name = await prepareThing("Rope");
    await prepareCart(CART_ID, [5]);
    const ann = openBrowser({ shop: fetchShop, principal: shopperWithCart() });
    await look(ann, `/things/${name}`);
    await peer("CATALOG").breakDown();
    pass(300_000);
    const { html, outcome, response } = await look(ann, `/things/${name}`);
    expect([response.status, outcome, /data-count="(\d+)"/.exec(html)?.[1]]).toEqual([200, "stale", "5"]);
    expect(response.headers.has("retry-after")).toBe(false);
  });
});

describe("the address of a page", () => {
  it("takes the query in any order and without tracking, and tells languages and countries apart", async () => {
    const name = await prepareThing("Rope");
    const browser = openBrowser({ shop: fetchShop });
    const outcomes: (string | null)[] = [];
    for (const path of [
      `/things/${name}?a=1&b=2`,
      `/things/${name}?b=2&a=1&utm_source=mail`,
      `/things/${name}?a=2&b=2`,
      `/de/things/${name}?a=1&b=2`,
    ]) {
      outcomes.push((await look(browser, path)).outcome);
    }
    const japanese = await look(openBrowser({ shop: fetchShop, cf: { country: "JP" } }), `/things/${name}?a=1&b=2`);
    expect(outcomes).toEqual(["miss", "hit", "miss", "miss"]);
    expect([japanese.outcome, japanese.html.includes("Rope in JPY")]).toEqual(["miss", true]);
  });

  it("is rendered but not kept when it is absurdly long", async () => {
    const name = await prepareThing("Rope");
    const path = `/things/${name}?q=${"x".repeat(2_000)}`;
    const browser = openBrowser({ shop: fetchShop });
    await look(browser, path);
    expect((await look(browser, path)).outcome).toBe("miss");
  });
});

describe("an answer that is not a page", () => {
  it("is passed on and not kept: a thing that appears is there at once", async () => {
    counter += 1;
    const name = `t${counter}`;
    const browser = openBrowser({ shop: fetchShop });
    const missing = await look(browser, `/things/${name}`);
    expect([missing.response.status, missing.response.headers.get("cache-control")]).toEqual([404, "private, no-store"]);
    await peer("CATALOG").prepare({ [`GET /v1/things/${name}`]: { json: { title: "Rope" } } });
    expect((await look(browser, `/things/${name}`)).response.status).toBe(200);
  });

  it("is 503 with the way back when nothing can stand in", async () => {
    counter += 1;
    await peer("CATALOG").breakDown();
    const { response, html } = await look(openBrowser({ shop: fetchShop }), `/things/t${counter}`);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(html).toContain("Your cart is safe");
  });
});

describe("pieces that must be fresh", () => {
  it("are asked for each time the page is shown, under the key as it was given, with the shopper's own page", async () => {
    const ann = openBrowser({ shop: fetchShop, principal: shopperWithCart() });
    await prepareCart(CART_ID, [1]);
    const first = await look(ann, "/stocked");
    const second = await look(openBrowser({ shop: fetchShop }), "/stocked");
    expect([first.outcome, second.outcome]).toEqual(["miss", "hit"]);
    expect(first.html).toContain('<p id="stock"><b>11 for 1</b></p>');
    expect(second.html).toContain('<p id="stock"><b>11 for 0</b></p>');
    expect(second.response.headers.get("cache-control")).toBe("public, max-age=0, must-revalidate");
  });
});

describe("hostile text", () => {
  it("renders as text, in the page, in its title and in its data", async () => {
    const title = `</title><script>alert("1")</script>&__${"0".repeat(32)}_nonce__`;
    const name = await prepareThing(title);
    const { html } = await look(openBrowser({ shop: fetchShop }), `/things/${name}`);
    expect(html).not.toContain("<script>alert");
    expect(html).toContain("&lt;/title&gt;&lt;script&gt;");
    expect(html).toContain(`__${"0".repeat(32)}_nonce__`);
    const data = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(html)?.[1] ?? "";
    expect(data).not.toContain("<");
    expect(JSON.parse(data)).toEqual({ "@type": "Thing", name: title });
  });
});

/** Product pages for everyone, and nothing personal among them. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ADMIN, call, fresh, peer, post, resetPeers } from "./client.ts";

let version = 100;

/** A new version each test, known to the isolate, so that tests do not see each other's pages. */
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + version * 60_000);
  version += 100;
  await peer("CATALOG").behave({ version });
});
afterEach(async () => {
  vi.useRealTimers();
  await resetPeers();
});

const xCache = (response: Response) => response.headers.get("x-cache");

async function asked(): Promise<number> {
  return (await peer("CATALOG").received()).length;
}

describe("a product page", () => {
  it("is asked for once and then served from memory, byte for byte", async () => {
    const path = fresh("/v1/products/p");
    const first = await call(path);
    const second = await call(path);
    expect([xCache(first), xCache(second)]).toEqual(["miss", "hit"]);
    expect(await second.text()).toBe(await first.text());
    for (const name of [
      "content-type",
      "etag",
      "cache-control",
      "x-content-type-options",
      "referrer-policy",
      "content-security-policy",
      "access-control-allow-origin",
    ])
      expect([name, second.headers.get(name)]).toEqual([name, first.headers.get(name)]);
    expect(second.headers.get("cache-control")).toBe("public, max-age=5");
    expect(await asked()).toBe(1);
  });

  it("is the same page whatever the order of its query", async () => {
    const q = fresh("q");
    await call(`/v1/products?q=${q}&limit=5`);
    expect(xCache(await call(`/v1/products?limit=5&q=${q}`))).toBe("hit");
    expect(xCache(await call(`/v1/products?limit=6&q=${q}`))).toBe("miss");
  });

  it("is kept for what is suggested too", async () => {
    const path = fresh("/v1/search/suggestions?q=s");
    await call(path);
    expect(xCache(await call(path))).toBe("hit");
  });

  it("is 304 for who has it, and bodiless for HEAD", async () => {
    const path = fresh("/v1/categories/c");
    const etag = (await call(path)).headers.get("etag") ?? "";
    const unchanged = await call(path, { headers: { "if-none-match": `"other", W/${etag}` } });
    expect([unchanged.status, await unchanged.text()]).toEqual([304, ""]);
    expect((await call(path, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
    const head = await call(path, { method: "HEAD" });
    expect([head.status, xCache(head), await head.text()]).toEqual([200, "hit", ""]);
  });

  it("is asked for anew when the version rose, at most five seconds later", async () => {
    const path = fresh("/v1/products/p");
    await peer("CATALOG").behave({ text: '"old"' });
    await call(path);
    await peer("CATALOG").behave({ text: '"new"', version: version + 1 });
    expect(await (await call(path)).text()).toBe('"old"');
    vi.setSystemTime(Date.now() + 5_000);
    expect(await (await call(path)).text()).toBe('"new"');
  });

  it("is refreshed behind the shopper's back after a second", async () => {
    const path = fresh("/v1/products/p");
    await peer("CATALOG").behave({ text: '"old"' });
    await call(path);
    await peer("CATALOG").behave({ text: '"new"', version: version + 1 });
    vi.setSystemTime(Date.now() + 1_001);
    expect(await (await call(path)).text()).toBe('"old"');
    await vi.waitFor(async () => expect(await (await call(path)).text()).toBe('"new"'));
  });

  it("is new at once for the operator who changed it", async () => {
    const path = fresh("/v1/products/p");
    await peer("CATALOG").behave({ text: '"old"' });
    await call(path);
    await peer("CATALOG").behave({ text: '"new"', version: version + 1 });
    await post("/v1/admin/products", {}, ADMIN);
    expect(await (await call(path)).text()).toBe('"new"');
  });

  it("stays up for a minute while the catalogue is down", async () => {
    const path = fresh("/v1/products/p");
    await call(path);
    await peer("CATALOG").behave({ mode: "throw" });
    vi.setSystemTime(Date.now() + 30_000);
    expect((await call(path)).status).toBe(200);
    vi.setSystemTime(Date.now() + 31_000);
    expect((await call(path)).status).toBe(503);
  });
});

describe("the cache", () => {
  it("keeps nothing of calls with credentials or cookies, and gives them nothing", async () => {
    for (const headers of [ADMIN, { cookie: "a=b" }] as Record<string, string>[]) {
      const path = fresh("/v1/products/p");
      for (let round = 0; round < 2; round++) expect(xCache(await call(path, { headers }))).toBeNull();
      expect(xCache(await call(path))).toBe("miss");
      expect(xCache(await call(path, { headers }))).toBeNull();
    }
  });

  it("asks the catalogue with none of the caller's headers", async () => {
    const headers = { "x-forwarded-host": "evil.example", "accept-language": "xx", "cart-token": "t", "user-agent": "canary" };
    await call(fresh("/v1/products/p"), { headers });
    const seen = (await peer("CATALOG").received())[0];
    expect(Object.keys(seen?.headers ?? {}).sort()).toEqual(["accept", "traceparent", "x-holdfast-principal", "x-request-id"]);
  });

  it("gives each caller their own request id", async () => {
    const path = fresh("/v1/products/p");
    const ids = [];
    for (let round = 0; round < 3; round++) ids.push((await call(path)).headers.get("x-request-id"));
    expect(new Set(ids).size).toBe(3);
  });

  it("keeps no refusals", async () => {
    const path = fresh("/v1/products/p");
    await peer("CATALOG").behave({ status: 404 });
    expect((await call(path)).status).toBe(404);
    await peer("CATALOG").behave({ status: 200 });
    expect((await call(path)).status).toBe(200);
  });

  it("is for reads of the public catalogue only", async () => {
    for (const path of ["/v1/carts/x", "/v1/availability?sku=A", "/v1/admin/products", "/v1/orders/x.css"]) {
      for (let round = 0; round < 2; round++) expect(xCache(await call(path))).toBeNull();
    }
  });
});

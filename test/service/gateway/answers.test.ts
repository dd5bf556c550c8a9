/** What every kind of answer says to browsers and caches, as in production. */
import { afterEach, describe, expect, it } from "vitest";
import { issueCapabilityToken } from "../../../workers/shared/capability-token.ts";
import { newId } from "../../../workers/shared/identifiers.ts";
import { TEST_SECRETS } from "../../secrets.ts";
import { ADMIN, call, fresh, gatewayWith, peer, problemOf, resetPeers } from "./client.ts";

afterEach(resetPeers);

const PRODUCTION = {
  ENVIRONMENT: "production",
  PUBLIC_URL: "https://shop.example",
  ALLOWED_ORIGINS: ["https://app.example", "https://admin.example"] as string[],
  RATE_LIMITS: "on",
} as const;

type Gateway = ReturnType<typeof gatewayWith>;

async function page(): Promise<void> {
  await peer("STOREFRONT").behave({ text: "<p>", headers: { "content-type": "text/html; charset=utf-8" } });
}

async function notModified(gateway: Gateway, path: string): Promise<Response> {
  const { headers } = await gateway(path);
  return await gateway(path, { headers: { "if-none-match": headers.get("etag") ?? "" } });
}

/** One of each kind; the name says what it is. */
const KINDS: Readonly<Record<string, (gateway: Gateway) => Promise<Response>>> = {
  "200 of the API": (gateway) => gateway("/v1/carts/c"),
  "200 from memory": async (gateway) => {
    const path = fresh("/v1/products/answers-");
    await gateway(path);
    return await gateway(path);
  },
  "200 of a page": async (gateway) => {
    await page();
    return await gateway("/products/x");
  },
  "404 problem": (gateway) => gateway("/v1/nothing"),
  "401 problem": (gateway) => gateway("/v1/me", { headers: { authorization: "Bearer x" } }),
  "415 problem": (gateway) => gateway("/v1/carts", { method: "POST", body: "x" }),
  "400 of an odd address": (gateway) => gateway("/v1/products/%00"),
  "503 problem": async (gateway) => {
    await peer("INVENTORY").behave({ mode: "throw" });
    return await gateway("/v1/availability?sku=A");
  },
  "429 problem": async (gateway) => {
    for (let round = 0; round < 60; round++) await gateway("/v1/auth/limited");
    return await gateway("/v1/auth/limited");
  },
  "302 of the API": async (gateway) => {
    await peer("ORDERS").behave({ status: 302, text: "", headers: { location: "https://bank.example/" } });
    return await gateway("/v1/orders/o/payment-return");
  },
  "303 of a page's form": async (gateway) => {
    await peer("STOREFRONT").behave({ status: 303, text: "", headers: { location: "/cart" } });
    return await gateway("/cart/lines", { method: "POST", body: new URLSearchParams({ sku: "A" }) });
  },
  "204 of a preflight": (gateway) =>
    gateway("/v1/carts", {
      method: "OPTIONS",
      headers: { origin: "https://app.example", "access-control-request-method": "POST" },
    }),
  "a picture": async (gateway) => {
    await peer("MEDIA").behave({
      text: "x",
      headers: { "content-type": "image/webp", "cross-origin-resource-policy": "cross-origin" },
    });
    return await gateway("/media/a.webp?w=320");
  },
  "the docs": (gateway) => gateway("/docs"),
  "the script of the docs": (gateway) => gateway("/docs/standalone.js"),
  "the contract": (gateway) => gateway("/openapi.json"),
  "the health": (gateway) => gateway("/healthz"),
};

describe.each(Object.entries(KINDS))("%s", (kind, ask) => {
  it("is nosniff, TLS only, framed by nobody, and tells no address that it comes from", async () => {
    const { headers, status } = await ask(gatewayWith(PRODUCTION));
    expect(String(status)).toContain(/^\d{3}/.exec(kind)?.[0] ?? "200");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains");
    expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get("referrer-policy")).toMatch(/^(?:no-referrer|same-origin)$/);
    expect(headers.get("permissions-policy")).toContain("geolocation=()");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-resource-policy")).toBe(kind === "a picture" ? "cross-origin" : "same-origin");
    expect(headers.get("cache-control")).toMatch(/no-store|^public, max-age=(?:5|86400)/);
    expect(headers.get("x-request-id")).not.toBeNull();
    for (const name of ["server", "x-powered-by", "access-control-allow-credentials"])
      expect([name, headers.has(name)]).toEqual([name, false]);
  });
});

describe("304", () => {
  it("leaves the policy and the age of the answer that a browser keeps as they are", async () => {
    const gateway = gatewayWith(PRODUCTION);
    await peer("MEDIA").behave({ status: 304, text: "", headers: { etag: '"1"' } });
    const headers = [...(await gateway("/media/a.webp")).headers.keys()];
    expect(headers).toEqual(
      expect.arrayContaining(["x-content-type-options", "strict-transport-security", "etag", "x-request-id"]),
    );
    for (const name of ["content-security-policy", "referrer-policy", "cache-control"]) expect(headers).not.toContain(name);
  });

  it("of the catalogue says what its 200 said", async () => {
    const path = fresh("/v1/products/answers-");
    const gateway = gatewayWith(PRODUCTION);
    const whole = await gateway(path);
    const unchanged = await notModified(gateway, path);
    expect(unchanged.status).toBe(304);
    for (const name of ["content-security-policy", "cache-control", "etag", "vary", "cross-origin-resource-policy"])
      expect([name, unchanged.headers.get(name)]).toEqual([name, whole.headers.get(name)]);
  });
});

it("says nothing of TLS where the shop is not served by it", async () => {
  expect((await call("/v1/carts/c")).headers.has("strict-transport-security")).toBe(false);
});

describe("another origin", () => {
  const allowOrigin = async (gateway: Gateway, path: string, origin: string) =>
    (await gateway(path, { headers: { origin } })).headers.get("access-control-allow-origin");

  it("reads the API only if it is in the list, and then without cookies", async () => {
    const gateway = gatewayWith(PRODUCTION);
    for (const path of ["/v1/carts/c", "/v1/products/cors", "/v1/nothing", "/healthz"]) {
      expect([path, await allowOrigin(gateway, path, "https://app.example")]).toEqual([path, "https://app.example"]);
      for (const origin of [
        "null",
        "https://evil.example",
        "https://app.example.evil.example",
        "http://app.example",
        "https://APP.example",
      ])
        expect([path, origin, await allowOrigin(gateway, path, origin)]).toEqual([path, origin, null]);
      expect((await gateway(path)).headers.get("vary")).toContain("origin");
    }
  });

  it("is told what is for it, and nothing of who was answered from memory before", async () => {
    const gateway = gatewayWith(PRODUCTION);
    const path = fresh("/v1/products/origins-");
    await gateway(path);
    const ids = new Set<string | null>();
    for (const origin of ["https://app.example", "https://evil.example", "https://admin.example", undefined]) {
      const { headers } = await gateway(path, origin === undefined ? {} : { headers: { origin } });
      const isListed = origin !== undefined && PRODUCTION.ALLOWED_ORIGINS.includes(origin);
      const told = ["access-control-allow-origin", "access-control-expose-headers"].map((name) => headers.get(name));
      expect([headers.get("x-cache"), origin, ...told, headers.get("vary")]).toEqual([
        "hit",
        origin,
        isListed ? origin : null,
        isListed ? expect.stringContaining("etag") : null,
        "origin",
      ]);
      ids.add(headers.get("x-request-id"));
    }
    expect(ids.size).toBe(4);
  });

  it("never reads a page, listed or not", async () => {
    await page();
    for (const gateway of [gatewayWith(PRODUCTION), gatewayWith({ ALLOWED_ORIGINS: ["*"] })])
      expect(await allowOrigin(gateway, "/account", "https://app.example")).toBeNull();
  });

  it("is told what it may ask, for two hours; one that is not listed is told nothing", async () => {
    const gateway = gatewayWith(PRODUCTION);
    const preflight = (origin: string) =>
      gateway("/v1/carts/c", { method: "OPTIONS", headers: { origin, "access-control-request-method": "PATCH" } });
    const { headers } = await preflight("https://admin.example");
    expect(headers.get("access-control-max-age")).toBe("7200");
    expect(headers.get("access-control-allow-methods")).toContain("PATCH");
    expect(headers.get("access-control-allow-headers")).toContain("idempotency-key");
    for (const origin of ["null", "https://evil.example"]) {
      const refused = [...(await preflight(origin)).headers.keys()].filter((name) => name.startsWith("access-control-"));
      expect([origin, refused]).toEqual([origin, []]);
    }
    expect(await peer("ORDERS").received()).toEqual([]);
  });
});

describe("caches", () => {
  const token = (id: string) => issueCapabilityToken(TEST_SECRETS.CAPABILITY_SECRET, id);

  it("are told to keep no answer of a person, whatever its path looks like", async () => {
    const gateway = gatewayWith(PRODUCTION);
    for (const path of [
      "/account/x.css",
      "/v1/me/x.css",
      "/v1/carts/c/x.js",
      "/v1/orders/o.png",
      "/v1/admin/orders.ico",
      "/v1/me/%2e.css",
    ])
      expect([path, (await gateway(path, { headers: ADMIN })).headers.get("cache-control")]).toEqual([path, "no-store"]);
  });

  it("of ours are keyed by what we look at: headers that name another host or path change nothing", async () => {
    const path = fresh("/v1/products/poisoned-");
    const poison = {
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "http",
      "x-original-url": "/v1/admin/products",
      "x-rewrite-url": "/v1/admin/products",
      "x-http-method-override": "DELETE",
      forwarded: "host=evil.example",
      "accept-language": "xx",
      range: "bytes=0-1",
    };
    const poisoned = await (await call(path, { headers: poison })).text();
    const after = await call(path);
    expect(after.headers.get("x-cache")).toBe("hit");
    expect(await after.text()).toBe(poisoned);
    expect(poisoned).not.toMatch(/evil|DELETE|bytes=/);
    expect((await peer("CATALOG").received()).map((seen) => [seen.method, seen.path])).toEqual([["GET", path]]);
    for (const other of ["/v1/carts/c", "/products/x"]) {
      const seen = await (await call(other, { headers: poison })).json<{ path: string; method: string }>();
      expect([seen.path, seen.method]).toEqual([other, "GET"]);
    }
  });

  it("give two people who ask at the same time, over and over, no byte of each other", async () => {
    const people = await Promise.all(
      ["a", "b"].map(async (name) => {
        const cart = newId("cart", Date.now());
        return {
          name,
          cart,
          headers: { "cart-token": await token(cart), "x-request-id": `request-of-${name}-00`, "x-canary": `canary-${name}` },
        };
      }),
    );
    const paths = ["/v1/carts/x", "/v1/orders/x", "/v1/me", "/products/x", "/account", "/v1/products/shared?x=1"];
    const ask = async ({ name, headers }: (typeof people)[number], path: string) => {
      const answer = await call(path, { headers });
      const seen = decodeURIComponent(await answer.text()) + JSON.stringify([...answer.headers]);
      const other = people.find((person) => person.name !== name);
      for (const canary of [`canary-${other?.name}`, `request-of-${other?.name}`, other?.cart ?? "?"])
        expect(seen).not.toContain(canary);
    };
    // Its real one does not repeat the request id that it is asked with.
    await peer("CATALOG").behave({ text: '{"shared":true}' });
    for (let round = 0; round < 4; round++) await Promise.all(people.flatMap((person) => paths.map((path) => ask(person, path))));
  });
});

it("says the same to everybody about what is not there and what is not theirs to see", async () => {
  for (const path of ["/v1/nothing", "/v1/admin", "/v1%2Fadmin%2Forders/x%00"]) {
    const { status } = await problemOf(await call(path));
    expect([400, 404]).toContain(status);
  }
});

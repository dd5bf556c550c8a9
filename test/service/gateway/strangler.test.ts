/** An older shop behind the gateway, at a real HTTP origin, while its paths move over. */
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { parseStranglerRules } from "../../../workers/gateway/strangler/rules.ts";
import { issueCapabilityToken } from "../../../workers/shared/capability-token.ts";
import { newId } from "../../../workers/shared/identifiers.ts";
import { TEST_SECRETS } from "../../secrets.ts";
import { ADMIN, echo, gatewayWith, peer, problemOf, resetPeers } from "./client.ts";

afterEach(async () => {
  vi.useRealTimers();
  await resetPeers();
});

const origin = inject("legacyOrigin");

function moving(rules: readonly object[], settings: object = {}, more: Parameters<typeof gatewayWith>[0] = {}) {
  const text = JSON.stringify({ allow_private_origins: true, origins: { "old-shop": { url: origin, ...settings } }, rules });
  const parsed = parseStranglerRules(text);
  if (!parsed.ok) throw new Error(parsed.error.faults.join("\n"));
  return gatewayWith({ STRANGLER_RULES: parsed.value, PUBLIC_URL: "https://shop.example", ...more });
}

const OLD = { path: "/old", to: "old-shop" };

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

describe("a path that the old shop still answers", () => {
  it("reaches it with method, path, query and body, and its answer comes back as the shop's", async () => {
    const gateway = moving([OLD]);
    const answer = await gateway("/old/form%20x?a=1&b=%2F", {
      method: "POST",
      body: new URLSearchParams({ q: "ä" }),
      headers: { "x-request-id": "request-id-legacy" },
    });
    const seen = await answer.json<Seen>();
    expect(seen).toMatchObject({ method: "POST", path: "/old/form%20x?a=1&b=%2F", body: "q=%C3%A4" });
    expect(seen.headers["x-request-id"]).toBe("request-id-legacy");
    expect(seen.headers["traceparent"]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(seen.headers).toMatchObject({ "x-forwarded-host": "shop.example", "x-forwarded-proto": "https", via: "1.1 holdfast" });
    expect(answer.headers.get("x-request-id")).toBe("request-id-legacy");
    expect((await gateway("/old/missing")).status).toBe(404);
    expect((await gateway("/old/x", { method: "HEAD" })).status).toBe(200);
    expect(await peer("STOREFRONT").received()).toEqual([]);
  });

  it("learns nothing that is ours: no token, no cookie, no internal header, no admin key", async () => {
    const gateway = moving([OLD], { cookies: ["PHPSESSID", "wp_*"], headers: ["x-shop-token"], forward_authorization: true });
    const cart = await issueCapabilityToken(TEST_SECRETS.CAPABILITY_SECRET, newId("cart", Date.now()));
    const headers = {
      "cart-token": cart,
      "order-token": cart,
      cookie: `__Host-holdfast-cart=${cart}; PHPSESSID=1; wp_lang=de; other=2`,
      referer: `https://shop.example/orders/ord_1?token=${cart}`,
      "x-holdfast-principal": "forged",
      "x-forwarded-for": "10.0.0.1",
      "x-original-url": "/admin",
      "x-http-method-override": "DELETE",
      "cf-connecting-ip": "203.0.113.9",
      "x-shop-token": "theirs",
    };
    const seen = await (await gateway("/old/x", { headers: { ...headers, ...ADMIN } })).json<Seen>();
    expect(JSON.stringify(seen)).not.toContain(cart);
    expect(JSON.stringify(seen)).not.toContain(TEST_SECRETS.ADMIN_API_KEY);
    expect(seen.headers).toMatchObject({
      cookie: "PHPSESSID=1; wp_lang=de",
      "x-forwarded-for": "203.0.113.9",
      "x-shop-token": "theirs",
    });
    expect(seen.headers["referer"]).toBe("https://shop.example/orders/ord_1");
    for (const name of ["x-holdfast-principal", "x-original-url", "x-http-method-override", "cart-token", "order-token"])
      expect([name, seen.headers[name]]).toEqual([name, undefined]);
  });

  it("gets credentials only as its rules say: its own, the admin key, and never our access tokens", async () => {
    const bearers = {
      theirs: "Bearer theirs",
      basic: "Basic dTpw",
      admin: ADMIN.authorization,
      apiKey: "Bearer hf_live_0123456789",
      app: "Bearer oat_01h455vb4pex5vsknk084sn02q.AAAA",
      ours: `Bearer x.${new TextEncoder().encode('{"iss":"holdfast"}').toBase64({ alphabet: "base64url" })}.y`,
    };
    const told = async (settings: object) => {
      const gateway = moving([OLD], settings);
      const outcomes: Record<string, boolean> = {};
      for (const [name, authorization] of Object.entries(bearers)) {
        const seen = await (await gateway("/old/x", { headers: { authorization } })).json<Seen>();
        outcomes[name] = seen.headers["authorization"] === authorization;
      }
      return outcomes;
    };
    const nothing = { theirs: false, basic: false, admin: false, apiKey: false, app: false, ours: false };
    expect(await told({})).toEqual(nothing);
    expect(await told({ forward_authorization: true })).toEqual({ ...nothing, theirs: true, basic: true });
    expect(await told({ forward_admin_key: true })).toEqual({ ...nothing, admin: true });
  });

  it("cannot speak for the whole shop: its server, CORS, storage and internal headers end here", async () => {
    const answer = await moving([OLD])("/old/account/x.css", { headers: { origin: "https://evil.example" } });
    expect(answer.headers.get("x-old")).toBe("kept");
    for (const name of ["server", "x-powered-by", "x-holdfast-principal", "access-control-allow-origin", "clear-site-data"])
      expect([name, answer.headers.get(name)]).toEqual([name, null]);
    expect(answer.headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains");
    expect(answer.headers.get("content-security-policy")).toBe("frame-ancestors 'self'");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("sets only the cookies that it may, for this host and TLS alone, and nobody else is served that answer", async () => {
    const answer = await moving([OLD], { cookies: ["PHPSESSID", "wp_*"] })("/old/cookies");
    expect(answer.headers.getSetCookie()).toEqual(["PHPSESSID=1; Path=/; HttpOnly; Secure", "wp_lang=de; Secure"]);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect((await moving([OLD])("/old/cookies")).headers.getSetCookie()).toEqual([]);
  });

  it.each([
    ["/old/next?a=1#b", "https://shop.example/old/next?a=1#b"],
    [`${origin}/old/next`, "https://shop.example/old/next"],
    [`${origin}//evil.example/x`, "https://shop.example//evil.example/x"],
    ["https://bank.example/pay?x=1", "https://bank.example/pay?x=1"],
    ["//bank.example/pay", "http://bank.example/pay"],
    ["javascript:alert(1)", null],
  ])("redirects %s to %s", async (to, expected) => {
    const answer = await moving([OLD])(`/old/away?to=${encodeURIComponent(to)}`);
    expect([answer.status, answer.headers.get("location")]).toEqual([302, expected]);
  });

  it("takes bodies within its limit, declared or chunked", async () => {
    const gateway = moving([OLD], { request_bytes_max: 1_000 });
    const send = (body: BodyInit) => gateway("/old/upload", { method: "POST", body });
    expect((await send(new Uint8Array(1_000))).status).toBe(200);
    expect(await problemOf(await send(new Uint8Array(1_001)))).toEqual({ status: 413, code: "body_too_large" });
    const chunked = new Blob([new Uint8Array(5_000)]).stream();
    expect(await problemOf(await send(chunked))).toEqual({ status: 413, code: "body_too_large" });
  });

  it("cannot send for ever", async () => {
    const answer = await moving([OLD], { answer_bytes_max: 200_000 })("/old/endless");
    await expect(answer.arrayBuffer()).rejects.toThrow();
  });

  it("that points back here is not followed round", async () => {
    const answer = await moving([OLD])("/old/x", { headers: { via: "1.0 proxy, 1.1 holdfast" } });
    expect(await problemOf(answer)).toEqual({ status: 508, code: "loop_detected" });
  });
});

describe("an old shop that is ill", () => {
  it("is 504 after its deadline, 503 when it breaks off, then left alone by a breaker that health shows; ours go on", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const impatient = moving([OLD], { deadline_ms: 100 });
    expect(await problemOf(await impatient("/old/hangs"))).toEqual({ status: 504, code: "deadline_exceeded" });
    const gateway = moving([OLD]);
    for (let round = 0; round < 8; round++)
      expect(await problemOf(await gateway("/old/breaks", { method: "POST" }))).toEqual({
        status: 503,
        code: "service_unavailable",
      });
    expect(await problemOf(await gateway("/old/x"))).toEqual({ status: 503, code: "service_unavailable" });
    const health = await (await gateway("/healthz")).json<{ breakers: Record<string, { state: string }>; moves: object[] }>();
    expect(health.breakers["legacy:old-shop"]?.state).toBe("open");
    expect(health.moves).toEqual([{ path: "/old", to: "old-shop", percent: 100 }]);
    expect(JSON.stringify(health)).not.toContain(origin);
    expect((await gateway("/products/x")).status).toBe(200);
    vi.setSystemTime(Date.now() + 2_001);
    expect((await gateway("/old/x")).status).toBe(200);
  });
});

describe("which side answers", () => {
  it("is decided by the longest path and the method", async () => {
    const gateway = moving([
      { path: "/", to: "old-shop" },
      { path: "/products", to: "holdfast" },
      { path: "/products/old", methods: ["GET"], to: "old-shop" },
    ]);
    const side = async (path: string, method = "GET") => {
      const seen = await (await gateway(path, { method })).json<{ service?: string }>();
      return seen.service ?? "old";
    };
    expect([await side("/"), await side("/about"), await side("/products"), await side("/products/new")]).toEqual([
      "old",
      "old",
      "storefront",
      "storefront",
    ]);
    expect([await side("/products/old/x"), await side("/products/old", "POST"), await side("/productsold")]).toEqual([
      "old",
      "storefront",
      "old",
    ]);
    expect([await side("/v1/carts/c"), await side("/v1/products"), (await gateway("/healthz")).status]).toEqual([
      "orders",
      "catalog",
      200,
    ]);
  });

  it("is the same for a browser whoever it becomes, about as many as the percentage says", async () => {
    const gateway = moving([{ path: "/old", to: "old-shop", percent: 30 }], {}, { ENVIRONMENT: "production" });
    let old = 0;
    for (let index = 0; index < 200; index++) {
      const headers: Record<string, string> = { "cf-connecting-ip": `198.51.100.${index}` };
      const first = await gateway("/old/x", { headers });
      const isOld = (await first.json<{ service?: string }>()).service === undefined;
      old += Number(isOld);
      const side = /^__Host-holdfast-side=\d{1,4}(?=; Path=\/; Max-Age=7776000; Secure; HttpOnly; SameSite=Lax$)/.exec(
        first.headers.getSetCookie()[0] ?? "",
      )?.[0];
      expect(first.headers.get("cache-control")).toBe("private, no-store");
      const again = await gateway("/old/x", { headers: { "cf-connecting-ip": "203.0.113.1", cookie: `${side}; a=b` } });
      expect((await again.json<{ service?: string }>()).service === undefined).toBe(isOld);
      expect(again.headers.getSetCookie()).toEqual([]);
    }
    expect(old).toBeGreaterThan(35);
    expect(old).toBeLessThan(85);
  });

  it("counts against the stranger's limit, whatever credential is shown", async () => {
    const gateway = moving([OLD], {}, { ENVIRONMENT: "production", RATE_LIMITS: "on" });
    const headers = { "cf-connecting-ip": "203.0.113.77", authorization: "Bearer theirs" };
    expect((await gateway("/old/x", { headers })).headers.get("ratelimit")).toBe('"browse";r=1199;t=60');
  });

  it("may be the old shop for parts of the catalogue too, past this isolate's memory", async () => {
    const here = moving([OLD]);
    for (let round = 0; round < 2; round++) await here("/v1/products/moved");
    const gateway = moving([{ path: "/v1/products", to: "old-shop" }]);
    expect(await (await gateway("/v1/products/moved")).json()).toMatchObject({ path: "/v1/products/moved", method: "GET" });
    expect((await echo(await gateway("/v1/carts/c"))).service).toBe("orders");
  });
});

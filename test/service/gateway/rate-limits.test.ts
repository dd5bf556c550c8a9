/** Who may ask how often, as in production. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RATE_POLICIES } from "../../../workers/gateway/rate-policies.ts";
import { ADMIN, call, gatewayWith, peer, problemOf, resetPeers } from "./client.ts";

const PRODUCTION = { ENVIRONMENT: "production", RATE_LIMITS: "on" } as const;
const ACCOUNT = RATE_POLICIES.account.quota;
/** The platform's counter lives on between tests; here each gateway counts alone unless a test says otherwise. */
const GENEROUS = { RATE_ACCOUNT: answering(true), RATE_OPERATOR: answering(true), RATE_SHOP: answering(true) };

function answering(success: boolean): RateLimit {
  return { limit: async () => ({ success }) };
}

const from = (address: string, more: Record<string, string> = {}) => ({ headers: { "cf-connecting-ip": address, ...more } });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(async () => {
  vi.useRealTimers();
  await resetPeers();
});

type Gateway = ReturnType<typeof gatewayWith>;

/** @returns the last answer */
async function ask(gateway: Gateway, times: number, path: string, init: RequestInit): Promise<Response> {
  let last = await gateway(path, init);
  for (let round = 1; round < times; round++) last = await gateway(path, init);
  return last;
}

describe("a stranger", () => {
  it("is told what is left, refused beyond it, and let in again when the window ends", async () => {
    const gateway = gatewayWith(PRODUCTION, GENEROUS);
    const first = await gateway("/v1/auth/x", from("203.0.113.1"));
    expect(first.headers.get("ratelimit-policy")).toBe('"account";q=60;w=60');
    expect(first.headers.get("ratelimit")).toBe('"account";r=59;t=60');
    vi.setSystemTime(Date.now() + 18_500);
    const last = await ask(gateway, ACCOUNT - 1, "/v1/auth/x", from("203.0.113.1"));
    expect([last.status, last.headers.get("ratelimit")]).toEqual([200, '"account";r=0;t=42']);

    const refused = await gateway("/v1/auth/x", from("203.0.113.1"));
    expect(await problemOf(refused.clone())).toEqual({ status: 429, code: "rate_limited" });
    expect(refused.headers.get("retry-after")).toBe("42");
    expect(refused.headers.get("ratelimit")).toBe('"account";r=0;t=42');
    expect(refused.headers.get("cache-control")).toBe("no-store");
    expect(refused.headers.get("access-control-expose-headers")).toContain("ratelimit");
    expect(await refused.text()).not.toContain("203.0.113");
    expect(await peer("IDENTITY").received()).toHaveLength(ACCOUNT);

    vi.setSystemTime(Date.now() + 41_500);
    expect((await gateway("/v1/auth/x", from("203.0.113.1"))).status).toBe(200);
  });

  it("shares a bucket with their /64, and with nobody else", async () => {
    const gateway = gatewayWith(PRODUCTION, GENEROUS);
    await ask(gateway, ACCOUNT, "/v1/auth/x", from("2001:db8:1:2::1"));
    expect((await gateway("/v1/auth/x", from("2001:db8:1:2:ffff::9"))).status).toBe(429);
    expect((await gateway("/v1/auth/x", from("2001:db8:1:3::1"))).status).toBe(200);
    expect((await gateway("/v1/auth/x", from("203.0.113.1"))).status).toBe(200);
    expect((await gateway("/v1/carts/c", from("2001:db8:1:2::1"))).status).toBe(200);
  });

  it("in front of a page sees a page, in the page's language", async () => {
    const gateway = gatewayWith(PRODUCTION, GENEROUS);
    await ask(gateway, ACCOUNT, "/de/account", from("203.0.113.1"));
    const refused = await gateway("/de/account", from("203.0.113.1"));
    expect([refused.status, refused.headers.get("content-type")]).toEqual([429, "text/html; charset=utf-8"]);
    expect(await refused.text()).toContain("Bitte etwas langsamer");
  });

  it("does not get around it with credentials that do not stand", async () => {
    const gateway = gatewayWith(PRODUCTION, GENEROUS);
    for (let index = 0; index < ACCOUNT; index++)
      expect((await gateway("/v1/me", from("203.0.113.1", { authorization: `Bearer guess-${index}` }))).status).toBe(401);
    const next = await gateway("/v1/me", from("203.0.113.1", { authorization: "Bearer guess" }));
    expect(await problemOf(next)).toEqual({ status: 429, code: "rate_limited" });
    expect((await gateway("/v1/me", from("203.0.113.1", { cookie: "__Host-holdfast-session=x" }))).status).toBe(429);
  });

  it("cannot choose whose bucket it is", async () => {
    const gateway = gatewayWith(PRODUCTION, GENEROUS);
    await ask(gateway, ACCOUNT, "/v1/auth/x", from("203.0.113.1"));
    const forged = {
      "x-forwarded-for": "198.51.100.1",
      "x-real-ip": "198.51.100.1",
      "x-holdfast-client-address": "198.51.100.1",
    };
    expect((await gateway("/v1/auth/x", from("203.0.113.1", forged))).status).toBe(429);
  });
});

describe("an operator", () => {
  it("has a bucket of their own, wherever they call from", async () => {
    const gateway = gatewayWith(PRODUCTION, GENEROUS);
    await ask(gateway, ACCOUNT + 1, "/v1/admin/orders", from("203.0.113.1"));
    const answer = await gateway("/v1/admin/orders", from("203.0.113.1", ADMIN));
    expect([answer.status, answer.headers.get("ratelimit")]).toEqual([200, '"operator";r=5999;t=60']);
    const elsewhere = await gateway("/v1/admin/orders", from("198.51.100.7", ADMIN));
    expect(elsewhere.headers.get("ratelimit")).toBe('"operator";r=5998;t=60');
  });
});

describe("the platform's counter", () => {
  it("is asked for each call by caller, and its no holds from the next call on, for ten seconds", async () => {
    const keys: string[] = [];
    let success = true;
    const limit = async ({ key }: RateLimitOptions) => {
      keys.push(key);
      return { success };
    };
    const gateway = gatewayWith(PRODUCTION, { RATE_SHOP: { limit } });
    await gateway("/v1/carts/c", from("203.0.113.1"));
    success = false;
    expect((await gateway("/v1/carts/c", from("203.0.113.1"))).status).toBe(200);
    await vi.waitFor(async () =>
      expect((await gateway("/v1/carts/c", from("203.0.113.1"))).headers.get("retry-after")).toBe("10"),
    );
    expect((await gateway("/v1/carts/c", from("203.0.113.2"))).status).toBe(200);
    success = true;
    vi.setSystemTime(Date.now() + 10_000);
    expect((await gateway("/v1/carts/c", from("203.0.113.1"))).status).toBe(200);
    expect(new Set(keys)).toEqual(new Set(["network:203.0.113.1", "network:203.0.113.2"]));
  });

  it("stands by with the limit of the table, and without it this isolate counts alone", async () => {
    const broken = { limit: () => Promise.reject(new Error("away")) };
    expect((await ask(gatewayWith(PRODUCTION, { RATE_SHOP: broken }), 3, "/v1/carts/c", from("203.0.113.9"))).status).toBe(200);
    expect((await ask(gatewayWith(PRODUCTION), 3, "/v1/carts/c", from("203.0.113.9"))).headers.get("ratelimit")).toContain(
      "r=597",
    );
  });
});

describe("what is not limited", () => {
  it("is the payment provider's word, and everything in a local shop", async () => {
    const gateway = gatewayWith(PRODUCTION, GENEROUS);
    const webhook = { method: "POST", body: "{}", ...from("203.0.113.1") };
    expect((await gateway("/v1/webhooks/stripe", webhook)).headers.has("ratelimit")).toBe(false);
    expect((await call("/v1/carts/c")).headers.has("ratelimit")).toBe(false);
  });

  it("is what this isolate holds in memory; and no answer that others may be served says what is left", async () => {
    const gateway = gatewayWith(PRODUCTION);
    for (const outcome of ["miss", "hit", "hit"]) {
      const answer = await gateway("/v1/products/rate-limited-page", from("203.0.113.1"));
      expect([answer.headers.get("x-cache"), answer.headers.get("ratelimit")]).toEqual([outcome, null]);
    }
  });
});

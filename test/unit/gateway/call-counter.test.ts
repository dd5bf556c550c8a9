/** Counting calls, and which limit is whose. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallCounter } from "../../../workers/gateway/call-counter.ts";
import { RATE_POLICIES, rateClassOf, ratePolicyOf } from "../../../workers/gateway/rate-policies.ts";

describe("CallCounter", () => {
  it("lets the quota through in a window, counts down, and begins anew", () => {
    const counter = new CallCounter(60_000, 10);
    const taken = [0, 1, 2, 20_000].map((nowMs) => counter.take("a", 3, nowMs));
    expect(taken).toEqual([
      { allowed: true, remaining: 2, resetMs: 60_000 },
      { allowed: true, remaining: 1, resetMs: 59_999 },
      { allowed: true, remaining: 0, resetMs: 59_998 },
      { allowed: false, remaining: 0, resetMs: 40_000 },
    ]);
    expect(counter.take("a", 3, 60_000).remaining).toBe(2);
    expect(counter.take("b", 3, 20_000).remaining).toBe(2);
  });

  it("believes who counts more, until then, even into the next window", () => {
    const counter = new CallCounter(60_000, 10);
    counter.take("a", 100, 0);
    counter.close("a", 65_000);
    expect(counter.take("a", 100, 59_000)).toEqual({ allowed: false, remaining: 0, resetMs: 6_000 });
    expect(counter.take("a", 100, 61_000).allowed).toBe(false);
    expect(counter.take("a", 100, 65_000)).toMatchObject({ allowed: true, remaining: 99 });
    counter.close("never seen", 1);
  });

  it("never allows more than the quota in a window, nor keeps more keys than it may", () => {
    const call = fc.record({ key: fc.nat({ max: 6 }), waitMs: fc.nat({ max: 400 }) });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 200 }), (calls) => {
        const counter = new CallCounter(1_000, 7);
        const allowed = new Map<number, number[]>();
        let nowMs = 0;
        for (const { key, waitMs } of calls) {
          nowMs += waitMs;
          const { allowed: passes, remaining } = counter.take(String(key), 3, nowMs);
          expect(remaining).toBeLessThan(3);
          if (passes) allowed.set(key, [...(allowed.get(key) ?? []), nowMs]);
          expect(counter.size).toBeLessThanOrEqual(7);
        }
        // Two windows in a row hold twice the quota at most.
        for (const times of allowed.values())
          for (const [index, timeMs] of times.entries())
            expect((times[index + 6] ?? Number.MAX_VALUE) - timeMs).toBeGreaterThanOrEqual(1_000);
      }),
    );
  });

  it("forgets the oldest when a flood of keys comes", () => {
    const counter = new CallCounter(60_000, 100);
    for (let index = 0; index < 10_000; index++) counter.take(`k${index}`, 1, index);
    expect(counter.size).toBe(100);
    expect(counter.take("k9999", 1, 10_000).allowed).toBe(false);
  });

  it("begins anew when the clock goes back", () => {
    const counter = new CallCounter(60_000, 10);
    counter.take("a", 1, 100_000);
    expect(counter.take("a", 1, 50_000)).toEqual({ allowed: true, remaining: 0, resetMs: 60_000 });
  });
});

describe("the table of limits", () => {
  it.each([
    ["/v1/products", "?limit=5", "browse"],
    ["/v1/products", "?limit=5&q=coat", "search"],
    ["/v1/search/suggestions", "?q=c", "search"],
    ["/search", "?q=coat", "search"],
    ["/de/search", "", "search"],
    ["/v1/carts", "", "shop"],
    ["/v1/orders/ord_1", "", "shop"],
    ["/ja/checkout", "", "shop"],
    ["/v1/auth/sign-in", "", "account"],
    ["/v1/me", "", "account"],
    ["/de/account/sign-in", "", "account"],
    ["/v1/admin/orders", "", "admin"],
    ["/media/a.webp", "?w=320", "files"],
    ["/assets/main.js", "", "files"],
    ["/", "", "browse"],
    ["/healthz", "", "browse"],
    ["/accounting", "", "browse"],
    ["/v1/webhooks/stripe", "", undefined],
    ["/payment-sandbox/3ds", "", undefined],
  ])("files %s%s under %s", (path, search, expected) => {
    expect(rateClassOf(path, search)).toBe(expected);
  });

  it("is stricter for strangers than for customers, and for accounts and searches than for pages", () => {
    for (const rateClass of ["browse", "search", "shop", "account"] as const) {
      const [guest, customer, operator] = (["guest", "customer", "operator"] as const).map(
        (kind) => ratePolicyOf(rateClass, kind).quota,
      );
      expect(guest).toBeLessThanOrEqual(customer ?? 0);
      expect(customer).toBeLessThan(operator ?? 0);
    }
    expect(ratePolicyOf("search", "customer").name).toBe("customer-strict");
    expect(ratePolicyOf("admin", "guest").quota).toBe(RATE_POLICIES.account.quota);
    expect(RATE_POLICIES.account.quota).toBeLessThan(RATE_POLICIES.search.quota);
  });
});

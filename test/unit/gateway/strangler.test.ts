/** Rules of a gradual move: what they mean, and what is refused at start. */
import { describe, expect, it } from "vitest";
import { bucketOf, clientOf, staysWithLegacy } from "../../../workers/gateway/strangler/choose-side.ts";
import { parseStranglerRules, ruleFor } from "../../../workers/gateway/strangler/rules.ts";

const ORIGINS = { "old-shop": { url: "https://old.example" } };

function faultsOf(document: unknown): readonly string[] {
  const parsed = parseStranglerRules(typeof document === "string" ? document : JSON.stringify(document));
  return parsed.ok ? [] : parsed.error.faults;
}

const rule = (change: object) => ({ origins: ORIGINS, rules: [{ path: "/a", to: "old-shop", ...change }] });
const origin = (change: object) => ({ origins: { "old-shop": { ...ORIGINS["old-shop"], ...change } }, rules: [] });

describe("rules", () => {
  it("may be none", () => {
    expect([faultsOf(""), faultsOf("  \n"), faultsOf({ origins: {}, rules: [] })]).toEqual([[], [], []]);
  });

  it.each([
    ["no JSON", "{", "is not JSON"],
    ["no document", "[]", "the document"],
    ["an unknown field", { origins: {}, rules: [], rule: [] }, "rule"],
    ["an unknown origin", rule({ to: "new-shop" }), 'rules.0.to: "new-shop" is neither'],
    ["too much of a percentage", rule({ percent: 101 }), "rules.0.percent"],
    ["a finer percentage than there is", rule({ percent: 0.001 }), "rules.0.percent"],
    ["a percentage of what stays", rule({ to: "holdfast", percent: 50 }), "rules.0.percent: belongs to"],
    ["no path", rule({ path: "a" }), "rules.0.path: must be a path"],
    ["a wildcard", rule({ path: "/a/*" }), "rules.0.path: must be a path"],
    ["a slash at the end", rule({ path: "/a/" }), "rules.0.path: must be a path"],
    ["an escape", rule({ path: "/%61" }), "rules.0.path: must be a path"],
    ["dot segments", rule({ path: "/a/../b" }), "rules.0.path: must not have dot segments"],
    ["a path that holds our credentials", rule({ path: "/v1/admin/orders" }), "rules.0.path: is Holdfast's own"],
    ["the path of our health", rule({ path: "/healthz" }), "rules.0.path: is Holdfast's own"],
    ["an unknown method", rule({ methods: ["TRACE"] }), "rules.0.methods"],
    [
      "an origin named like this shop",
      { origins: { holdfast: ORIGINS["old-shop"] }, rules: [] },
      "origins.holdfast: is the name",
    ],
    ["an origin without TLS", origin({ url: "http://old.example" }), "origins.old-shop.url: must be https"],
    ["an origin with a path", origin({ url: "https://old.example/shop" }), "origins.old-shop.url: must be an origin"],
    [
      "a private origin",
      origin({ url: "https://169.254.169.254" }),
      "origins.old-shop.url: must be a host of the public internet",
    ],
    ["a cookie of ours", origin({ cookies: ["__Host-holdfast-session"] }), "is a cookie of Holdfast's"],
    ["a star that means a cookie of ours", origin({ cookies: ["__Host-*"] }), "is a cookie of Holdfast's"],
    ["all cookies", origin({ cookies: ["*"] }), "origins.old-shop.cookies.0"],
    ["a credential as a header", origin({ headers: ["authorization"] }), "is never handed on"],
    ["an internal header", origin({ headers: ["x-holdfast-principal"] }), "is never handed on"],
    ["a forwarded header", origin({ headers: ["x-forwarded-for"] }), "is never handed on"],
    ["a long deadline", origin({ deadline_ms: 600_000 }), "origins.old-shop.deadline_ms"],
  ])("with %s are refused in a sentence that names the place", (_, document, fault) => {
    expect(faultsOf(document).join("\n")).toContain(fault);
  });

  it("for one path and method are one", () => {
    const two = (first: object, second: object) => ({
      origins: ORIGINS,
      rules: [
        { path: "/a", to: "old-shop", ...first },
        { path: "/a", to: "holdfast", ...second },
      ],
    });
    expect(faultsOf(two({}, { methods: ["GET"] })).join()).toContain("rules.1.path: /a has a rule for that method already");
    expect(faultsOf(two({ methods: ["POST"] }, { methods: ["GET"] }))).toEqual([]);
  });

  it("for pages say nothing of the API", () => {
    const parsed = parseStranglerRules(
      JSON.stringify({
        origins: ORIGINS,
        rules: [
          { path: "/", to: "old-shop" },
          { path: "/v1/reviews", to: "old-shop" },
        ],
      }),
    );
    const to = (path: string) => (parsed.ok ? ruleFor(parsed.value, "GET", path)?.legacy?.name : "?");
    expect(["/", "/a", "/v1/carts", "/.well-known/x", "/v1/reviews/1", "/v1/reviewsX"].map(to)).toEqual([
      "old-shop",
      "old-shop",
      undefined,
      undefined,
      "old-shop",
      undefined,
    ]);
  });
});

describe("a client's side", () => {
  const client = (headers: Record<string, string>, network?: string) => clientOf(new Headers(headers), network);
  const jwt = (claims: object, salt: string) =>
    `Bearer ${salt}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${salt}`;

  it("follows the cart, the account, the session or the network, in this order, and not what changes about them", () => {
    expect(client({ "cart-token": "cart_1.aaa" })).toEqual(client({ cookie: "__Host-holdfast-cart=cart_1.bbb" }, "203.0.113.1"));
    expect(client({ authorization: jwt({ sub: "cus_1" }, "a") })).toEqual(client({ authorization: jwt({ sub: "cus_1" }, "b") }));
    expect(client({ cookie: "__Host-holdfast-session=ses_1.a" }, "203.0.113.1")).toEqual(
      client({ cookie: "x=y; __Host-holdfast-session=ses_1.b" }, "203.0.113.2"),
    );
    expect(client({}, "203.0.113.1")).not.toEqual(client({}, "203.0.113.2"));
  });

  it("is what it was, when the browser says so; nonsense is not believed", () => {
    expect(client({ cookie: "__Host-holdfast-side=42; __Host-holdfast-cart=cart_1.x" })).toEqual({
      bucket: 42,
      remembered: true,
    });
    for (const value of ["", "x", "-1", "12345", "1.5"])
      expect(client({ cookie: `__Host-holdfast-side=${value}` }, "203.0.113.1").remembered).toBe(false);
  });

  it("survives any bearer", () => {
    for (const authorization of [
      "",
      "Bearer",
      "Bearer a.b.c",
      "Bearer ..",
      `Bearer a.${Buffer.from("null").toString("base64url")}.c`,
      "Basic x",
    ])
      expect(client({ authorization }).bucket).toBeGreaterThanOrEqual(0);
  });

  it("moves one way when the percentage does, and is spread evenly over similar names", () => {
    const buckets = Array.from({ length: 10_000 }, (_, index) => bucketOf(`203.0.113.${index}`));
    for (const percent of [0, 0.5, 10, 50, 99.9, 100]) {
      const share = buckets.filter((bucket) => staysWithLegacy(bucket, percent)).length / 100;
      expect(Math.abs(share - percent)).toBeLessThan(1.5);
    }
    expect(buckets.every((bucket) => !staysWithLegacy(bucket, 0) && staysWithLegacy(bucket, 100))).toBe(true);
    expect(buckets.filter((bucket) => staysWithLegacy(bucket, 20)).every((bucket) => staysWithLegacy(bucket, 21))).toBe(true);
  });
});

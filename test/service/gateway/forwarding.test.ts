/** What reaches the services, and what never does. */
import { afterEach, describe, expect, it } from "vitest";
import { issueCapabilityToken } from "../../../workers/shared/capability-token.ts";
import { newId } from "../../../workers/shared/identifiers.ts";
import { encodePrincipal, GUEST } from "../../../workers/shared/principal.ts";
import { TEST_SECRETS } from "../../secrets.ts";
import { ADMIN, call, echo, peer, post, problemOf, resetPeers } from "./client.ts";

afterEach(resetPeers);

const CART = newId("cart", 1_700_000_000_000);
const ORDER = newId("ord", 1_700_000_000_000);
const token = (id: string) => issueCapabilityToken(TEST_SECRETS.CAPABILITY_SECRET, id);

describe("routing", () => {
  it.each([
    ["/v1/auth/sign-in", "identity"],
    ["/v1/me", "identity"],
    ["/v1/me/addresses", "identity"],
    ["/.well-known/jwks.json", "identity"],
    ["/v1/admin/products/p1", "catalog"],
    ["/v1/admin/imports/i1", "catalog"],
    ["/v1/admin/exports/products", "catalog"],
    ["/v1/availability?sku=A", "inventory"],
    ["/v1/admin/stock/A%2FB", "inventory"],
    ["/v1/carts/c1/lines/A", "orders"],
    ["/v1/admin/orders", "orders"],
    ["/v1/admin/tax-rates", "orders"],
    ["/v1/admin/payments", "payments"],
    ["/v1/admin/notifications?order_id=o", "notifications"],
    ["/v1/admin/reports/sales?group_by=day", "analytics"],
    ["/v1/admin/dead-letters?state=dead", "dead-letters"],
    ["/v1/admin/audit", "audit"],
    ["/v1/me/export/archive", "privacy"],
    ["/v1/me/erasure", "privacy"],
    ["/v1/orders/o1/erasure", "privacy"],
    ["/v1/privacy/links/open", "privacy"],
    ["/v1/admin/customers/c1/export", "privacy"],
    ["/v1/admin/privacy-requests", "privacy"],
    ["/payment-sandbox/3ds/x", "payment-sandbox"],
    ["/v1/admin/media", "media"],
    ["/media/products/skerry.webp?w=320", "media"],
    ["/", "storefront"],
    ["/de/products/skerry", "storefront"],
    ["/products?q=coat", "storefront"],
  ])("sends %s to %s with its path untouched", async (path, service) => {
    const seen = await echo(await call(path));
    expect(seen.service).toBe(service);
    expect(seen.path).toBe(path);
  });

  it.each(["/v1/nothing", "/v1", "/v1/productsX", "/v1/admin", "/v1//carts", "/.well-known/security.txt"])(
    "answers 404 for %s",
    async (path) => {
      const response = await call(path);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(await problemOf(response)).toEqual({ status: 404, code: "not_found" });
    },
  );

  it("hands the peer's status, headers and body out as they are", async () => {
    await peer("ORDERS").behave({ status: 302, text: "", headers: { location: "https://elsewhere.example/", "x-custom": "1" } });
    const response = await call("/v1/orders/o/payment-return");
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe("https://elsewhere.example/");
    expect(response.headers.get("x-custom")).toBe("1");
  });

  it("keeps a peer's internal headers inside", async () => {
    await peer("ORDERS").behave({ headers: { "x-holdfast-principal": "secret" } });
    expect((await call("/v1/orders/o")).headers.has("x-holdfast-principal")).toBe(false);
  });
});

describe("where the shopper is", () => {
  it("reaches the service, so that a new cart lives nearby", async () => {
    const response = await post("/v1/carts", {}, {}, { continent: "AS" });
    expect(await response.json()).toMatchObject({ continent: "AS" });
  });
});

describe("headers from outside", () => {
  it("cannot choose the network that attempts are counted by", async () => {
    const forged = {
      "x-holdfast-client-address": "203.0.113.1",
      "cf-connecting-ip": "203.0.113.2",
      "x-forwarded-for": "203.0.113.3",
    };
    const seen = await echo(await call("/v1/me", { headers: forged }));
    expect(seen.headers["x-holdfast-client-address"]).toBe("127.0.0.1");
  });

  it("cannot forge a principal or any other internal header", async () => {
    const forged = encodePrincipal({ ...GUEST, kind: "operator", scopes: ["*"] });
    const seen = await echo(
      await call("/v1/admin/orders", { headers: { "X-Holdfast-Principal": forged, "x-holdfast-anything": "1" } }),
    );
    expect(seen.principal).toEqual(GUEST);
    expect(seen.headers["x-holdfast-anything"]).toBeUndefined();
  });

  it.each([
    "X-HOLDFAST-PRINCIPAL",
    "x_holdfast_principal",
    "X-Holdfast_Principal",
    "x-holdfast-client-address",
    "x-holdfast-",
    "x-holdfast-new-one",
  ])("are not believed under the name %s, not even twice", async (name) => {
    const forged = encodePrincipal({ ...GUEST, kind: "operator", scopes: ["*"] });
    const headers = new Headers([
      [name, forged],
      [name, "second"],
    ]);
    const seen = await echo(await call("/v1/admin/orders", { headers }));
    expect(seen.principal).toEqual(GUEST);
    expect(Object.values(seen.headers).join()).not.toMatch(/operator|second/);
  });

  it("reach no service through a header that says to drop headers", async () => {
    const headers = { connection: "x-holdfast-principal, x-request-id", "x-request-id": "request-id-9" };
    const seen = await echo(await call("/v1/admin/orders", { headers }));
    expect(seen.principal).toEqual(GUEST);
    expect(seen.headers["x-request-id"]).toBe("request-id-9");
  });

  it("loses credentials that were verified here", async () => {
    const headers = { ...ADMIN, cookie: "a=b", "cart-token": await token(CART), "order-token": await token(ORDER) };
    const seen = await echo(await call("/v1/orders/o", { headers }));
    for (const name of Object.keys(headers)) expect(seen.headers[name]).toBeUndefined();
    expect(JSON.stringify(seen.headers)).not.toContain(TEST_SECRETS.ADMIN_API_KEY);
  });

  it("keeps signatures and credentials of peers that check them themselves", async () => {
    const headers = { "stripe-signature": "t=1,v1=x", authorization: "Bearer sk_test_x" };
    const seen = await echo(await call("/v1/webhooks/stripe", { method: "POST", body: "{} ", headers }));
    expect(seen.headers).toMatchObject(headers);
    expect(seen.body).toBe("{} ");
  });
});

describe("cart and order tokens", () => {
  it("become capabilities", async () => {
    const headers = { "cart-token": await token(CART), "order-token": await token(ORDER) };
    expect((await echo(await call(`/v1/carts/${CART}`, { headers }))).principal.capabilities).toEqual([CART, ORDER]);
  });

  it.each([
    ["forged", `${CART}.${"A".repeat(43)}`],
    ["an id alone", CART],
    ["nonsense", "x"],
    ["empty", ""],
  ])("open nothing when %s", async (_, value) => {
    expect((await echo(await call(`/v1/carts/${CART}`, { headers: { "cart-token": value } }))).principal).toEqual(GUEST);
  });

  it("open only their own kind of thing", async () => {
    const seen = await echo(
      await call("/v1/carts/x", { headers: { "cart-token": await token(ORDER), "order-token": await token(CART) } }),
    );
    expect(seen.principal.capabilities).toEqual([]);
  });

  it("count in the query only where the provider sends the shopper back", async () => {
    const query = `?order_token=${await token(ORDER)}`;
    expect((await echo(await call(`/v1/orders/${ORDER}/payment-return${query}`))).principal.capabilities).toEqual([ORDER]);
    expect((await echo(await call(`/v1/orders/${ORDER}${query}`))).principal.capabilities).toEqual([]);
  });
});

describe("request ids and traces", () => {
  it.each(["/", "/healthz", "/openapi.json", "/nothing", "/v1/products/x", "/v1/carts/x", "/docs"])(
    "%s carries the caller's request id",
    async (path) => {
      const response = await call(path, { headers: { "x-request-id": "my-request-1" } });
      expect(response.headers.get("x-request-id")).toBe("my-request-1");
      await response.arrayBuffer();
    },
  );

  it("makes a request id when there is none, or a hostile one", async () => {
    for (const given of [undefined, "a b", "x".repeat(500)]) {
      const response = await call("/v1/nothing", given === undefined ? {} : { headers: { "x-request-id": given } });
      expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it("continues the caller's trace, and starts one otherwise", async () => {
    const trace = "0af7651916cd43dd8448eb211c80319c";
    const seen = await echo(
      await call("/v1/carts/x", { headers: { traceparent: `00-${trace}-b7ad6b7169203331-01`, "x-request-id": "request-id-2" } }),
    );
    expect(seen.headers["traceparent"]).toMatch(new RegExp(`^00-${trace}-(?!b7ad6b7169203331)[0-9a-f]{16}-00$`));
    expect(seen.headers["x-request-id"]).toBe("request-id-2");
    const started = await echo(await call("/v1/carts/x", { headers: { traceparent: "00-00-00-00" } }));
    expect(started.headers["traceparent"]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });
});

describe("answers", () => {
  it("carry security headers, and no store unless the service says otherwise", async () => {
    const response = await call("/v1/carts/x");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(response.headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("forbid scripts in pages without a policy of their own", async () => {
    await peer("PAYMENT_SANDBOX").behave({ text: "<p>", headers: { "content-type": "text/html" } });
    const policy = (await call("/payment-sandbox/page")).headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("script-src");
  });

  it("answer preflights themselves", async () => {
    const response = await call("/v1/carts", {
      method: "OPTIONS",
      headers: {
        origin: "https://shop.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "cart-token",
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-allow-headers")).toContain("cart-token");
    expect(await peer("ORDERS").received()).toEqual([]);
  });

  it("let scripts of other origins read refusals too", async () => {
    const response = await post("/v1/nothing", {}, { origin: "https://shop.example" });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-expose-headers")).toContain("x-request-id");
  });
});

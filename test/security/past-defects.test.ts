/** Defects that other shops had, tried here. Those that a service's own tests know better are named in docs/security.md. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { CART_COOKIE, ORDER_COOKIE, SESSION_COOKIE } from "../../workers/shared/page-cookies.ts";
import { pooled } from "../system/pooled.ts";
import { sessionToken } from "./pages.ts";
import { CANARY, claimsOf, fillCart, type Headers, PASSWORD, type Scene, setScene, stateOf, withBearer } from "./scene.ts";
import { signedIn, Visitor } from "./visitor.ts";

const attacked = inject("attacked");
let scene: Scene;

beforeAll(async () => {
  scene = await setScene(attacked);
});

describe("regression: a user id taken from the request", () => {
  it("in query, header or cookie is nobody: the token alone says who asks", async () => {
    const { shop, victim, other } = scene;
    const id = victim.customerId;
    const names = ["customer_id", "customerId", "user_id", "sub", "account", "as", "principal"];
    const principal = JSON.stringify({
      kind: "customer",
      subject: id,
      sessionId: claimsOf(victim.bearer).sid,
      scopes: ["*"],
      capabilities: [],
    });
    const forged: Headers = {
      ...Object.fromEntries(names.map((name) => [`x-${name.replaceAll("_", "-")}`, id])),
      "x-holdfast-principal": encodeURIComponent(principal),
      "x-forwarded-user": id,
      cookie: `${SESSION_COOKIE}=${sessionToken(claimsOf(victim.bearer).sid)}; customer_id=${id}`,
    };
    const query = new URLSearchParams(names.map((name) => [name, id]));
    for (const path of ["/v1/me", "/v1/me/addresses", "/v1/orders"]) {
      for (const headers of [forged, {}]) {
        const asOther = await shop.call("GET", `${path}?${query}`, { headers: { ...headers, ...withBearer(other.bearer) } });
        expect(JSON.stringify(asOther.body)).not.toContain(CANARY);
        const asNobody = await shop.call("GET", `${path}?${query}`, { headers });
        expect([400, 401]).toContain(asNobody.status);
      }
    }
  });
});

describe("regression: a cart joined without its token", () => {
  it("stays its owner's when somebody signs in, changes it or buys it with its id alone", async () => {
    const { shop, victim, other } = scene;
    const before = await stateOf(scene);
    const path = `/v1/carts/${victim.cart.id}`;
    const thief = withBearer(other.bearer);
    const attempts = await Promise.all([
      shop.call("GET", path, { headers: thief }),
      shop.call("PATCH", path, { headers: thief, body: { email: other.email } }),
      shop.call("POST", `${path}/checkout`, {
        headers: { ...thief, "idempotency-key": randomUUID() },
        body: { payment_method: "pm_card_visa" },
      }),
    ]);
    expect(attempts.map(({ status }) => status)).toEqual([404, 404, 404]);
    for (const cookie of [victim.cart.id, `${victim.cart.id}.`, `${victim.cart.id}.${"A".repeat(43)}`]) {
      const visitor = new Visitor(attacked, { [CART_COOKIE]: cookie });
      expect((await visitor.post("/account/sign-in", { email: other.email, password: PASSWORD })).status).toBe(303);
      expect((await visitor.get("/cart")).text).not.toContain("Real thing");
    }
    expect(await stateOf(scene)).toEqual(before);
  });

  it("of a guest becomes an account's only with the cart's own token, and its order with the order's own", async () => {
    const { shop, other } = scene;
    const cart = await fillCart(shop, "guest@shop.example", "guest");
    const placed = await shop.checkout(cart);
    expect(placed.status).toBe(201);
    const thief = await signedIn(attacked, other.email, PASSWORD);
    const { id } = (placed.body as unknown as { order: { id: string } }).order;
    expect((await shop.call("GET", `/v1/orders/${id}`, { headers: withBearer(other.bearer) })).status).toBe(404);
    expect((await thief.get(`/orders/${id}`)).status).toBe(404);
    expect(thief.cookies.has(ORDER_COOKIE)).toBe(false);
  });
});

const HOSTILE_CODES = [
  "en' OR '1'='1",
  "de'); DROP TABLE products; --",
  'en" --',
  "../../etc/passwd",
  "en;q=1'",
  "xx",
  "__proto__",
  "constructor",
  "en\u0000",
  "%27",
  "a".repeat(2_000),
];

describe("regression: a language code that reaches the database", () => {
  it("is refused or ignored wherever a language, a country or a currency may be said", async () => {
    const { shop } = scene;
    const before = await stateOf(scene);
    const codes = HOSTILE_CODES.map((code) => ({ code, encoded: encodeURIComponent(code) }));
    const wrong = await pooled(codes, async ({ code, encoded }) => {
      const visitor = new Visitor(attacked, {
        "__Host-holdfast-language": encoded,
        "__Host-holdfast-market": encoded,
      });
      const printable = code.replace(/[^ -~]/g, "");
      const pages = await Promise.all([
        visitor.get("/"),
        visitor.get(`/${encoded}/cart`),
        visitor.get("/search?q=real", { "accept-language": printable }),
        visitor.get(`/products/real?language=${encoded}&country=${encoded}&currency=${encoded}`),
        visitor.post("/settings", { language: code, country: code, return_to: "/" }),
      ]);
      const answers = await Promise.all([
        shop.call("GET", `/v1/products?currency=${encoded}`),
        shop.call("GET", `/v1/products?q=real&language=${encoded}`),
        shop.call("GET", `/v1/shipping-options?country=${encoded}`),
        shop.call("GET", `/v1/search/suggestions?q=re&currency=${encoded}`),
        shop.call("POST", "/v1/carts", { body: { currency: code } }),
      ]);
      const bad = [...pages, ...answers].filter(({ status }) => status >= 500).map(({ status }) => `${code} → ${status}`);
      const told = pages.some(({ text }) => /SQLITE|syntax error|D1_ERROR/i.test(text));
      return told ? [...bad, `${code} tells of the database`] : bad;
    });
    expect(wrong.flat()).toEqual([]);
    expect(await stateOf(scene)).toEqual(before);
  });
});

describe("regression: an unvalidated redirect", () => {
  it("after signing in, changing the settings or paying leads to this shop alone", async () => {
    const { shop, other } = scene;
    const wanted = [
      "//elsewhere.example",
      "https://elsewhere.example/",
      "/\\elsewhere.example",
      "\\/elsewhere.example",
      "/\t/elsewhere.example",
      "\n//elsewhere.example",
      "javascript:alert(1)",
      "data:text/html,x",
      `${attacked.url}@elsewhere.example`,
      `${attacked.url}.elsewhere.example`,
      "/a\r\nset-cookie: evil=1",
      "/..//elsewhere.example",
    ];
    for (const address of wanted) {
      const visitor = new Visitor(attacked);
      const settings = await visitor.post("/settings", { language: "de", country: "DE", return_to: address });
      const entered = await visitor.post("/account/sign-in", { email: other.email, password: PASSWORD, return_to: address });
      for (const page of [settings, entered]) {
        expect([address, page.status]).toEqual([address, 303]);
        expect([address, new URL(page.headers.get("location") ?? "", attacked.url).origin]).toEqual([address, attacked.url]);
        expect(page.headers.getSetCookie().join()).not.toContain("evil=1;");
      }
      if (address.startsWith("/") && !address.startsWith("//")) continue;
      const paying = await shop.call("POST", `/v1/carts/${scene.victim.cart.id}/checkout`, {
        headers: { "cart-token": scene.victim.cart.token, "idempotency-key": randomUUID() },
        body: { payment_method: "pm_card_visa", return_url: address },
      });
      expect([address, paying.status]).toEqual([address, 422]);
      const returning = `/v1/orders/${scene.victim.order.id}/payment-return?${new URLSearchParams({ return_url: address, order_token: scene.victim.orderToken })}`;
      expect([address, (await shop.call("GET", returning)).status]).toEqual([address, 400]);
    }
  });
});

describe("regression: secrets in answers", () => {
  it("no answer repeats a password, a token or what the inside looks like", async () => {
    const { shop, victim } = scene;
    const secret = `${CANARY} secret passphrase`;
    const token = `${CANARY}${"x".repeat(80)}`;
    const answers = await Promise.all([
      shop.call("POST", "/v1/auth/sign-in", { body: { email: victim.email, password: secret } }),
      shop.call("POST", "/v1/auth/register", { body: { email: "no address", password: secret } }),
      shop.call("POST", "/v1/auth/refresh", { body: { refresh_token: token } }),
      shop.call("POST", "/v1/auth/reset-password", { body: { token, password: secret } }),
      shop.call("POST", "/v1/auth/request-password-reset", { body: { email: victim.email } }),
      shop.call("GET", "/v1/me", { headers: withBearer(token) }),
      shop.call("POST", "/v1/me/password", {
        headers: withBearer(victim.bearer),
        body: { current: secret, new: `${PASSWORD} 8` },
      }),
      shop.call("POST", "/v1/webhooks/stripe", { headers: { "stripe-signature": `t=1,v1=${token}` }, body: { id: token } }),
    ]);
    for (const { status, body } of answers) {
      expect(status).toBeLessThan(500);
      expect(JSON.stringify(body)).not.toContain(CANARY);
      expect(JSON.stringify(body)).not.toMatch(/\bat .+\.ts:\d|SQLITE|D1_ERROR|stack|argon2|holdfast\.internal/i);
    }
  });
});

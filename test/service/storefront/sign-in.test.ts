/** Signing in, registering and signing out: the cookie, the way back, and what becomes of the cart. */
import { beforeEach, describe, expect, it } from "vitest";
import { CART_COOKIE, ORDER_COOKIE, SESSION_COOKIE } from "../../../workers/shared/page-cookies.ts";
import {
  CUSTOMER_ID,
  prepareCustomer,
  principalOf,
  received,
  SESSION_ID,
  SESSION_TOKEN,
  send,
  signedIn,
} from "./account-shop.ts";
import { CART_ID, openBrowser, peer, resetPeers, shopperWithCart } from "./client.ts";

const LIFETIME_SECONDS = 30 * 86_400;

beforeEach(async () => {
  await resetPeers();
  await prepareCustomer();
  await peer("IDENTITY").prepareSession({
    ok: true,
    value: {
      token: SESSION_TOKEN,
      expiresAtMs: Date.now() + LIFETIME_SECONDS * 1000,
      deviceToken: "a-device",
      customerId: CUSTOMER_ID,
      name: null,
    },
  });
});

const PASSWORD = { email: " ada@example.com ", password: " tall ships " };

describe("signing in", () => {
  it("keeps the session in a cookie that only this host over TLS gets and no script reads", async () => {
    const response = await send(openBrowser(), "/account/sign-in", PASSWORD);
    expect([response.status, response.headers.get("location")]).toEqual([303, "/account"]);
    const cookie = response.headers.getSetCookie().find((line) => line.startsWith(SESSION_COOKIE)) ?? "";
    expect(cookie).toContain(`${SESSION_COOKIE}=${SESSION_TOKEN};`);
    for (const attribute of ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"]) expect(cookie).toContain(attribute);
    const age = Number(/Max-Age=(\d+)/.exec(cookie)?.[1]);
    expect(Math.abs(age - LIFETIME_SECONDS)).toBeLessThan(60);
  });

  it("hands the password on as it was typed, and the address without spaces around it", async () => {
    await send(openBrowser(), "/account/sign-in", PASSWORD);
    const [call] = await received("IDENTITY", "RPC", "signInBrowser");
    expect(JSON.parse(call?.body ?? "")).toMatchObject({ email: "ada@example.com", password: " tall ships " });
  });

  it("keeps a second cookie that knows the browser again, and shows it at the next sign-in", async () => {
    const browser = openBrowser();
    await send(browser, "/account/sign-in", PASSWORD);
    browser.cookies.delete(SESSION_COOKIE);
    await send(browser, "/account/sign-in", PASSWORD);
    const calls = await received("IDENTITY", "RPC", "signInBrowser");
    expect(calls.map((call) => JSON.parse(call.body).deviceToken)).toEqual([null, "a-device"]);
  });

  it("says how long to wait when there were too many attempts", async () => {
    await peer("IDENTITY").prepareSession({ ok: false, error: { code: "too_many_attempts", retryAfterSeconds: 301 } });
    const response = await send(openBrowser(), "/account/sign-in", PASSWORD);
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "301"]);
    expect(await response.text()).toContain("try again in 6 minutes");
  });

  it("gives the guest's cart to the customer and keeps its cookie", async () => {
    const browser = openBrowser({ principal: shopperWithCart() });
    browser.cookies.set(CART_COOKIE, "a-cart");
    await send(browser, "/account/sign-in", PASSWORD);
    expect(browser.cookies.get(CART_COOKIE)).toBe("a-cart");
    const [call] = await received("ORDERS", "PATCH", `/v1/carts/${CART_ID}`);
    expect(call?.body).toBe("{}");
    const { kind, subject, sessionId, capabilities } = principalOf(call);
    expect({ kind, subject, sessionId, capabilities }).toEqual({
      kind: "customer",
      subject: CUSTOMER_ID,
      sessionId: SESSION_ID,
      capabilities: [CART_ID],
    });
  });

  it("signs in even when the cart cannot be given", async () => {
    const browser = openBrowser({ principal: shopperWithCart() });
    await peer("ORDERS").breakDown();
    expect((await send(browser, "/account/sign-in", PASSWORD)).status).toBe(303);
  });

  it.each([
    ["/checkout", "/de/checkout"],
    ["/de/account/orders?cursor=x", "/de/account/orders?cursor=x"],
    ["https://evil.example/", "/de/account"],
    ["//evil.example/", "/de/account"],
    ["/.//evil.example", "/de/account"],
  ])("then leads back to %s as %s", async (back, location) => {
    const response = await send(openBrowser(), "/de/account/sign-in", { ...PASSWORD, return_to: back });
    expect(response.headers.get("location")).toBe(location);
  });

  it("shows one and the same page for every refusal: the address kept, the password not, nobody signed in", async () => {
    await peer("IDENTITY").prepareSession({ ok: false, error: { code: "invalid_credentials" } });
    const browser = openBrowser();
    const response = await send(
      browser,
      "/account/sign-in?return_to=/checkout",
      { ...PASSWORD, return_to: "/checkout" },
      "/account/sign-in",
    );
    const html = await response.text();
    expect(response.status).toBe(422);
    expect(html).toContain("do not belong together");
    expect(html).toContain('value="ada@example.com"');
    expect(html).not.toContain("tall ships");
    expect(html).toContain('name="return_to" value="/checkout"');
    expect(html.match(/aria-invalid="true"/g)).toHaveLength(2);
    expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
  });

  it("marks fields that were left empty without asking anybody", async () => {
    const response = await send(openBrowser(), "/ja/account/sign-in", { email: "", password: "" });
    expect(response.status).toBe(422);
    expect((await response.text()).match(/aria-invalid="true"/g)).toHaveLength(2);
    expect(await received("IDENTITY", "RPC", "signInBrowser")).toEqual([]);
  });

  it("shows typed text as text", async () => {
    await peer("IDENTITY").prepareSession({ ok: false, error: { code: "invalid_credentials" } });
    const hostile = '"><script>alert(1)</script>';
    const html = await (
      await send(openBrowser(), "/account/sign-in", { email: hostile, password: "x", return_to: hostile })
    ).text();
    expect(html).not.toContain("<script>alert");
  });

  it("says so while accounts are away", async () => {
    const browser = openBrowser();
    const token = await send(browser, "/account/sign-in", PASSWORD).then(() => browser);
    await peer("IDENTITY").breakDown();
    const response = await send(token, "/account/sign-in", PASSWORD);
    expect(response.status).toBe(503);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });

  it("is skipped by whoever is signed in", async () => {
    const response = await signedIn().get("/account/sign-in?return_to=/account/orders");
    expect([response.status, response.headers.get("location")]).toEqual([303, "/account/orders"]);
  });

  it("is not found by search engines and never kept by caches", async () => {
    const response = await openBrowser().get("/account/sign-in");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(await response.text()).toMatch(/<meta name="robots" content="noindex/);
  });
});

describe("registering", () => {
  it("opens the account and signs in", async () => {
    const browser = openBrowser();
    const response = await send(browser, "/account/register", { ...PASSWORD, name: "" });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/account"]);
    expect(browser.cookies.get(SESSION_COOKIE)).toBe(SESSION_TOKEN);
    const [call] = await received("IDENTITY", "RPC", "registerBrowser");
    expect(JSON.parse(call?.body ?? "")).toMatchObject({ email: "ada@example.com", name: null });
  });

  it("marks what identity refused and keeps what was typed, but not the password", async () => {
    await peer("IDENTITY").prepareSession({
      ok: false,
      error: {
        code: "invalid_registration",
        errors: [
          { path: "password", message: "" },
          { path: "email", message: "" },
        ],
      },
    });
    const response = await send(openBrowser(), "/account/register", { email: "ada@", password: "hunter2", name: "Ada & co" });
    const html = await response.text();
    expect(response.status).toBe(422);
    expect(html).toContain('value="ada@"');
    expect(html).toContain('value="Ada &amp; co"');
    expect(html).not.toContain("hunter2");
    expect(html).toContain("at least 10 characters");
    expect(html.match(/aria-invalid="true"/g)).toHaveLength(2);
  });

  it("explains a password that is too easy", async () => {
    await peer("IDENTITY").prepareSession({ ok: false, error: { code: "weak_password" } });
    expect(await (await send(openBrowser(), "/account/register", PASSWORD)).text()).toContain("too easy to guess");
  });
});

describe("signing out", () => {
  const LINES = [{ sku: "A", quantity: 2, handle: "a", title: "A", image: null }];
  const money = { amount_minor: 100, currency: "EUR" };
  const CART = {
    id: CART_ID,
    state: "open",
    currency: "EUR",
    email: "ada@example.com",
    lines: LINES.map((line) => ({ ...line, unit_price: money, total: money })),
    shipping_address: null,
    shipping_option_id: null,
    totals: { subtotal: money, discount: money, shipping: money, tax: money, total: money },
    order_id: null,
    expires_at: "2026-12-21T08:00:00.000Z",
  };
  const COPY_ID = "cart_01h455vb4pex5vsknk084sn02r";

  beforeEach(async () => {
    await peer("IDENTITY").prepare({
      "POST /v1/auth/sign-out": { status: 204 },
      "POST /v1/auth/sign-out-everywhere": { status: 204 },
    });
    await peer("ORDERS").prepare({
      [`GET /v1/carts/${CART_ID}`]: { json: CART },
      "POST /v1/carts": { status: 201, json: { ...CART, id: COPY_ID, lines: [], token: "the-copy" } },
      [`PUT /v1/carts/${COPY_ID}/lines`]: { json: { ...CART, id: COPY_ID } },
    });
  });

  function leaving() {
    const browser = signedIn([CART_ID]);
    browser.cookies.set(SESSION_COOKIE, SESSION_TOKEN).set(CART_COOKIE, "the-customers").set(ORDER_COOKIE, "an-order");
    return browser;
  }

  it("ends the session at identity and leaves nothing of the person, but the goods", async () => {
    const browser = leaving();
    const response = await send(browser, "/account", {}, "/account/sign-out");
    expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
    expect(await received("IDENTITY", "POST", "/v1/auth/sign-out")).toHaveLength(1);
    expect(browser.cookies.has(SESSION_COOKIE) || browser.cookies.has(ORDER_COOKIE)).toBe(false);
    expect(browser.cookies.get(CART_COOKIE)).toBe("the-copy");
    const [made] = await received("ORDERS", "POST", "/v1/carts");
    expect(principalOf(made)).toMatchObject({ kind: "guest", subject: null });
    expect(JSON.parse(made?.body ?? "")).toEqual({ currency: "EUR" });
    const [filled] = await received("ORDERS", "PUT", `/v1/carts/${COPY_ID}/lines`);
    expect(JSON.parse(filled?.body ?? "")).toEqual({ lines: [{ sku: "A", quantity: 2 }] });
  });

  it("takes a cart away that is on its way to an order, so that nobody orders twice", async () => {
    await peer("ORDERS").prepare({ [`GET /v1/carts/${CART_ID}`]: { json: { ...CART, state: "frozen" } } });
    const browser = leaving();
    await send(browser, "/account", {}, "/account/sign-out");
    expect(browser.cookies.has(CART_COOKIE)).toBe(false);
    expect(await received("ORDERS", "POST", "/v1/carts")).toEqual([]);
  });

  it("does not claim to have ended other devices' sessions when identity cannot be asked", async () => {
    const browser = leaving();
    await peer("IDENTITY").prepare({ "POST /v1/auth/sign-out-everywhere": { fault: "throw" } });
    const response = await send(browser, "/account/profile", { everywhere: "yes" }, "/account/sign-out");
    expect(response.status).toBe(503);
    expect(browser.cookies.has(SESSION_COOKIE)).toBe(true);
  });

  it("is no link: a picture or a prefetch signs nobody out", async () => {
    expect((await signedIn().get("/account/sign-out")).status).toBe(404);
    expect(await received("IDENTITY", "POST", "/v1/auth/sign-out")).toEqual([]);
  });
});

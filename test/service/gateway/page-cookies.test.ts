/** Pages know cookies, the API knows headers: what each opens, and that neither opens the other's. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { issueCapabilityToken } from "../../../workers/shared/capability-token.ts";
import { newId } from "../../../workers/shared/identifiers.ts";
import { CART_COOKIE, ORDER_COOKIE, SESSION_COOKIE } from "../../../workers/shared/page-cookies.ts";
import { GUEST, type Principal } from "../../../workers/shared/principal.ts";
import { TEST_SECRETS } from "../../secrets.ts";
import { ADMIN, call, echo, peer, resetPeers } from "./client.ts";

afterEach(async () => {
  vi.useRealTimers();
  await resetPeers();
});

const CART = newId("cart", 1_700_000_000_000);
const ORDER = newId("ord", 1_700_000_000_000);
const token = (id: string) => issueCapabilityToken(TEST_SECRETS.CAPABILITY_SECRET, id);

async function principalAt(path: string, headers: Record<string, string>, init: RequestInit = {}): Promise<Principal> {
  return (await echo(await call(path, { ...init, headers }))).principal;
}

/** A session that stands, by its cookie; a new one each time because the isolate remembers. */
async function signedIn(customerId = "cus_1"): Promise<{ readonly sessionId: string; readonly cookie: string }> {
  const sessionId = newId("ses", Date.now());
  await peer("IDENTITY").behave({ sessionOwners: { [sessionId]: customerId } });
  return { sessionId, cookie: `${SESSION_COOKIE}=${await token(sessionId)}` };
}

describe("cookies on pages", () => {
  it("open the cart and the order, and reach the shop with the language beside them", async () => {
    const cookie = `__Host-holdfast-language=de; ${CART_COOKIE}=${await token(CART)}; ${ORDER_COOKIE}=${await token(ORDER)}`;
    const seen = await echo(await call("/cart", { headers: { cookie } }));
    expect(seen.principal).toEqual({ ...GUEST, capabilities: [CART, ORDER] });
    expect(seen.headers["cookie"]).toBe(cookie);
  });

  it("sign the customer in, and keep the cart", async () => {
    const { sessionId, cookie } = await signedIn();
    expect(await principalAt("/account", { cookie: `${cookie}; ${CART_COOKIE}=${await token(CART)}` })).toEqual({
      ...GUEST,
      kind: "customer",
      subject: "cus_1",
      sessionId,
      capabilities: [CART],
    });
  });

  it.each([
    ["a forged cart", async () => `${CART_COOKIE}=${CART}.${"A".repeat(43)}`],
    ["a cart's id alone", async () => `${CART_COOKIE}=${CART}`],
    ["an order in the cart's place", async () => `${CART_COOKIE}=${await token(ORDER)}`],
    ["a session in the order's place", async () => `${ORDER_COOKIE}=${await token(newId("ses", 1))}`],
    ["a cart in the session's place", async () => `${SESSION_COOKIE}=${await token(CART)}`],
    ["a forged session", async () => `${SESSION_COOKIE}=${newId("ses", 1)}.${"A".repeat(43)}`],
    ["a session that ended", async () => `${SESSION_COOKIE}=${await token(newId("ses", 2))}`],
    ["cookies without their prefix", async () => `holdfast-cart=${await token(CART)}`],
    ["nonsense", async () => `${CART_COOKIE}=%E0%A4%A; ${SESSION_COOKIE}; =; __proto__=x`],
  ])("are a guest's, never 401, when they hold %s", async (_, cookie) => {
    const response = await call("/", { headers: { cookie: await cookie() } });
    expect(response.status).toBe(200);
    expect((await echo(response)).principal).toEqual(GUEST);
  });

  it("leave a guest while identity cannot be asked", async () => {
    const { cookie } = await signedIn();
    await peer("IDENTITY").behave({ mode: "throw" });
    expect(await principalAt("/", { cookie: `${cookie}; ${CART_COOKIE}=${await token(CART)}` })).toEqual({
      ...GUEST,
      capabilities: [CART],
    });
  });

  it("stop signing in at once when the session ends", async () => {
    const { cookie } = await signedIn();
    expect(await principalAt("/", { cookie })).toMatchObject({ kind: "customer" });
    await peer("IDENTITY").behave({ sessionOwners: {} });
    expect(await principalAt("/", { cookie })).toEqual(GUEST);
  });
});

describe("a link to an order", () => {
  it.each(["/orders/", "/de/orders/", "/ja/orders/"])("opens it at %s…", async (path) => {
    expect(await principalAt(`${path}${ORDER}?token=${await token(ORDER)}`, {})).toEqual({ ...GUEST, capabilities: [ORDER] });
  });

  it.each(["/", "/cart", "/de/account/orders", "/products/orders/x"])("opens nothing at %s", async (path) => {
    expect(await principalAt(`${path}?token=${await token(ORDER)}`, {})).toEqual(GUEST);
  });

  it("opens no cart", async () => {
    expect(await principalAt(`/orders/${ORDER}?token=${await token(CART)}`, {})).toEqual(GUEST);
  });
});

describe("the border between pages and the API", () => {
  it.each(["/v1/me", "/v1/carts/x", "/v1/orders/x", "/media/x", "/v1/admin/orders"])("keeps cookies from %s", async (path) => {
    const { cookie } = await signedIn();
    const all = `${cookie}; ${CART_COOKIE}=${await token(CART)}; ${ORDER_COOKIE}=${await token(ORDER)}`;
    const seen = await echo(await call(path, { headers: { cookie: all } }));
    expect(seen.principal).toEqual(GUEST);
    expect(seen.headers["cookie"]).toBeUndefined();
  });

  it("keeps bearers and tokens from pages", async () => {
    const headers = { ...ADMIN, "cart-token": await token(CART), "order-token": await token(ORDER) };
    const seen = await echo(await call("/account", { headers }));
    expect(seen.principal).toEqual(GUEST);
    for (const name of Object.keys(headers)) expect(seen.headers[name]).toBeUndefined();
  });

  it("does not refuse a page for credentials that are somebody else's, such as a proxy's", async () => {
    expect(await principalAt("/", { authorization: `Basic ${btoa("preview:preview")}` })).toEqual(GUEST);
  });

  it("lets forms through to pages as they were sent", async () => {
    const body = "email=ada%40example.com&note=%E2%99%A5";
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const seen = await echo(await call("/account/sign-in", { method: "POST", body, headers }));
    expect(seen).toMatchObject({ method: "POST", body, headers });
  });

  it("lets no script of another site read a page", async () => {
    const headers = { origin: "https://elsewhere.example" };
    expect((await call("/account", { headers })).headers.has("access-control-allow-origin")).toBe(false);
    expect((await call("/v1/carts/x", { headers })).headers.get("access-control-allow-origin")).toBe("*");
  });

  it("lets a page set cookies and its own referrer policy", async () => {
    await peer("STOREFRONT").behave({ headers: { "set-cookie": "a=1; Path=/", "referrer-policy": "same-origin" } });
    const response = await call("/");
    expect(response.headers.getSetCookie()).toEqual(["a=1; Path=/"]);
    expect(response.headers.get("referrer-policy")).toBe("same-origin");
  });
});

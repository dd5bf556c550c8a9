/** The account's pages: what they show, what they change, and who may see them. */
import { beforeEach, describe, expect, it } from "vitest";
import { SESSION_COOKIE } from "../../../workers/shared/page-cookies.ts";
import { ADDRESS, ADDRESS_ID, ORDER, prepareCustomer, received, SESSION_TOKEN, send, signedIn } from "./account-shop.ts";
import { openBrowser, peer, resetPeers } from "./client.ts";

beforeEach(async () => {
  await resetPeers();
  await prepareCustomer();
});

const PAGES = [
  "/account",
  "/account/orders",
  "/account/addresses",
  "/account/addresses/new",
  `/account/addresses/${ADDRESS_ID}`,
  "/account/profile",
];

describe("an account's page", () => {
  it.each(PAGES)("%s leads a guest to sign in, and back", async (path) => {
    const response = await openBrowser().get(`/de${path}`);
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(`/de/account/sign-in?return_to=${encodeURIComponent(path)}`);
    expect(await peer("ORDERS").received()).toEqual([]);
  });

  it.each(PAGES)("%s is the customer's alone: no cache keeps it, no search engine lists it", async (path) => {
    const response = await signedIn().get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(await response.text()).toMatch(/<meta name="robots" content="noindex/);
  });

  it("asks to sign in again when the session has just ended", async () => {
    const browser = signedIn();
    browser.cookies.set(SESSION_COOKIE, SESSION_TOKEN);
    await peer("IDENTITY").prepare({ "GET /v1/me": { status: 401, json: { code: "session_ended", detail: "" } } });
    const response = await browser.get("/account");
    expect(response.headers.get("location")).toBe("/account/sign-in?return_to=%2Faccount");
    expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
  });

  it("says so while identity is away", async () => {
    await peer("IDENTITY").breakDown();
    expect((await signedIn().get("/account")).status).toBe(503);
  });

  it("takes no form without its token", async () => {
    for (const path of [
      "/account/profile",
      "/account/password",
      "/account/sign-out",
      `/account/addresses/${ADDRESS_ID}/delete`,
    ]) {
      expect((await signedIn().post(path, { name: "x" })).status).toBe(403);
    }
  });
});

describe("the overview", () => {
  it("shows names as text, the latest order and where parcels go", async () => {
    const html = await (await signedIn().get("/account")).text();
    expect(html).toContain("Ada &lt;b&gt;Lovelace&lt;/b&gt;");
    expect(html).toContain(`href="/orders/${ORDER.id}"`);
    expect(html).toContain("£44.99");
    expect(html).toContain("4 Harbour Row");
  });
});

describe("the list of orders", () => {
  it("goes on by cursor, leaves failed attempts out, and starts again from a mangled address", async () => {
    const failed = { ...ORDER, id: "ord_01h455vb4pex5vsknk084sn02r", status: "failed" };
    await peer("ORDERS").prepare({
      "GET /v1/orders": { json: { items: [ORDER, failed], next_cursor: "a+b" } },
      "GET /v1/orders?limit=20&cursor=bad": { status: 400, json: { code: "invalid_cursor", detail: "" } },
    });
    const html = await (await signedIn().get("/ja/account/orders")).text();
    expect(html).toContain(`href="/ja/orders/${ORDER.id}"`);
    expect(html).not.toContain(failed.id);
    expect(html).toContain('href="/ja/account/orders?cursor=a%2Bb"');
    expect((await signedIn().get("/account/orders?cursor=bad")).headers.get("location")).toBe("/account/orders");
  });

  it("has a way on when there is none", async () => {
    await peer("ORDERS").prepare({ "GET /v1/orders": { json: { items: [], next_cursor: null } } });
    expect(await (await signedIn().get("/account/orders")).text()).toContain("No orders yet");
  });
});

const TYPED = { name: "Ada", line1: "1 Test Street", city: "London", postal_code: "sw1a1aa", country: "GB", action: "save" };

describe("addresses", () => {
  it("are saved in the form that their country writes", async () => {
    await peer("IDENTITY").prepare({ "POST /v1/me/addresses": { status: 201, json: ADDRESS } });
    const response = await send(signedIn(), "/account/addresses/new", { ...TYPED, label: "Home", default: "yes" });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/account/addresses"]);
    const [call] = await received("IDENTITY", "POST", "/v1/me/addresses");
    expect(JSON.parse(call?.body ?? "")).toEqual({
      name: "Ada",
      line1: "1 Test Street",
      line2: null,
      city: "London",
      region: null,
      postal_code: "SW1A 1AA",
      country: "GB",
      phone: null,
      label: "Home",
      default_shipping: true,
      default_billing: true,
    });
  });

  it("come back with what was typed and the bad field marked", async () => {
    const response = await send(signedIn(), "/account/addresses/new", { ...TYPED, postal_code: "nonsense" });
    const html = await response.text();
    expect(response.status).toBe(422);
    expect(html).toContain('value="1 Test Street"');
    expect(html).toContain('value="nonsense"');
    expect(html.match(/aria-invalid="true"/g)).toHaveLength(1);
    expect(await received("IDENTITY", "POST", "/v1/me/addresses")).toEqual([]);
  });

  it("take another country's fields without losing what was typed", async () => {
    const change = { ...TYPED, country: "JP", action: "update" };
    const html = await (await send(signedIn(), "/account/addresses/new", change)).text();
    expect(html).toContain("Prefecture");
    expect(html).toContain('value="1 Test Street"');
    expect(html).not.toContain("aria-invalid");
  });

  it("are saved by the Enter key, which presses the first button", async () => {
    const html = await (await signedIn().get("/account/addresses/new")).text();
    const form = html.slice(html.indexOf('action="/account/addresses/new"'));
    expect(/<button[^>]*>/.exec(form)?.[0]).toContain('value="save"');
  });

  it("are changed, made the default and deleted", async () => {
    const path = `/v1/me/addresses/${ADDRESS_ID}`;
    await peer("IDENTITY").prepare({ [`PATCH ${path}`]: { json: ADDRESS }, [`DELETE ${path}`]: { status: 204 } });
    const page = `/account/addresses/${ADDRESS_ID}`;
    await send(signedIn(), page, TYPED);
    await send(signedIn(), page, {}, `${page}/default`);
    await send(signedIn(), page, {}, `${page}/delete`);
    const changes = (await received("IDENTITY", "PATCH", path)).map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(changes[0]).toMatchObject({ line1: "1 Test Street", label: null });
    expect(changes[0]).not.toHaveProperty("default_shipping");
    expect(changes[1]).toEqual({ default_shipping: true, default_billing: true });
    expect(await received("IDENTITY", "DELETE", path)).toHaveLength(1);
  });

  it("of somebody else, or deleted meanwhile, are 404 with a way back", async () => {
    const other = "/account/addresses/addr_01h455vb4pex5vsknk084sn02s";
    const shown = await signedIn().get(other);
    const saved = await send(signedIn(), "/account/addresses/new", TYPED, other);
    for (const response of [shown, saved]) {
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('href="/account/addresses"');
    }
  });

  it("say when the book is full", async () => {
    await peer("IDENTITY").prepare({
      "POST /v1/me/addresses": { status: 409, json: { code: "address_limit_reached", detail: "" } },
    });
    const html = await (await send(signedIn(), "/account/addresses/new", TYPED)).text();
    expect(html).toContain("at most 50 addresses");
    expect(html).toContain('value="1 Test Street"');
  });
});

describe("the profile", () => {
  it("keeps a refused name in its field", async () => {
    await peer("IDENTITY").prepare({ "PATCH /v1/me": { status: 422, json: { code: "invalid_body", detail: "" } } });
    const response = await send(signedIn(), "/account/profile", { name: "x".repeat(101) });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain(`value="${"x".repeat(101)}"`);
  });

  it.each([
    ["wrong_password", 403, "not your current password"],
    ["weak_password", 422, "too easy to guess"],
    ["invalid_body", 422, "10 to 200 characters"],
  ])("explains %s and shows no password again", async (code, status, said) => {
    await peer("IDENTITY").prepare({ "POST /v1/me/password": { status, json: { code, detail: "" } } });
    const typed = { current: "current-secret", new: "another-secret" };
    const response = await send(signedIn(), "/account/profile", typed, "/account/password");
    const html = await response.text();
    expect(response.status).toBe(422);
    expect(html).toContain(said);
    expect(html).not.toMatch(/current-secret|another-secret/);
  });

  it("signs another device out, and offers no such thing for this one", async () => {
    await peer("IDENTITY").prepare({ "DELETE /v1/me/sessions/ses_other": { status: 204 } });
    const browser = signedIn();
    const html = await (await browser.get("/account/profile")).text();
    expect(html.match(/name="session"/g)).toHaveLength(1);
    expect(html).toContain('aria-label="Sign out Safari on iOS"');
    expect(await (await signedIn().get("/de/account/profile")).text()).toContain('aria-label="Safari unter iOS abmelden"');
    const response = await send(browser, "/account/profile", { session: "ses_other" }, "/account/devices/sign-out");
    expect([response.status, response.headers.get("location")]).toEqual([303, "/account/profile"]);
  });

  it("still has a page where a refused form left its address", async () => {
    expect((await signedIn().get("/account/password")).headers.get("location")).toBe("/account/profile");
  });
});

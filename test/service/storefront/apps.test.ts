/** The page on which a customer lets an app in: what it says, whom it believes, and where it leads. */
import { beforeEach, describe, expect, it } from "vitest";
import { FORM_COOKIE } from "../../../workers/storefront/cookies.ts";
import { CUSTOMER_ID, prepareCustomer, received, SESSION_ID, send, signedIn } from "./account-shop.ts";
import { formToken, openBrowser, peer, resetPeers } from "./client.ts";

const QUERY = "?response_type=code&client_id=app_1&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=a%26b";
const PAGE = `/oauth/authorize${QUERY}`;
const APP_ID = "app_01h455vb4pex5vsknk084sn02q";

const QUESTION = {
  clientName: "Parcel <b>Watch</b>",
  isVetted: false,
  redirectUri: "https://app.example/cb",
  target: { kind: "site", name: "app.example" },
  scopes: ["profile:read", "carts:write"],
};

async function ask(change: object = {}): Promise<void> {
  const redirectTo = "https://app.example/cb?code=c&state=a%26b&iss=x";
  await peer("IDENTITY").prepareAuthorization(
    { ok: true, value: { ...QUESTION, ...change } },
    { ok: true, value: { redirectTo } },
  );
}

async function answers(): Promise<unknown[]> {
  return (await received("IDENTITY", "RPC", "answerAuthorization")).map(({ body }) => JSON.parse(body));
}

beforeEach(async () => {
  await resetPeers();
  await prepareCustomer();
  await ask();
});

describe("an app's question", () => {
  it("names the app, whom it asks, where it leads, and each scope in words", async () => {
    const response = await signedIn().get(PAGE);
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    for (const text of [
      "Let Parcel &lt;b&gt;Watch&lt;/b&gt; into your account?",
      "ada@example.com",
      "You go on to app.example.",
      "See your name and e-mail address",
      "place orders from them in your name",
      "registered itself",
    ]) {
      expect(html).toContain(text);
    }
    expect(html).not.toContain("Change your name");
    expect(JSON.parse((await received("IDENTITY", "RPC", "readAuthorization"))[0]?.body ?? "")).toBe(QUERY);
  });

  it("does not warn of an app that an operator registered", async () => {
    await ask({ isVetted: true });
    expect(await (await signedIn().get(PAGE)).text()).not.toContain("registered itself");
  });

  it.each([
    ["https://app.example/cb", "form-action 'self' https://app.example;"],
    ["http://127.0.0.1:4711/cb", "form-action 'self' http://127.0.0.1:4711;"],
    ["http://[::1]:4711/cb", "form-action 'self' http:;"],
    ["com.example.app:/cb", "form-action 'self' com.example.app:;"],
  ])("can be framed by nobody, and its form leads to %s besides us", async (redirectUri, rule) => {
    await ask({ redirectUri });
    const policy = (await signedIn().get(PAGE)).headers.get("content-security-policy");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(rule);
    const other = await signedIn().get("/account");
    expect(other.headers.get("content-security-policy")).toContain("form-action 'self';");
  });

  it("leads a guest to sign in, and back with all that the app said", async () => {
    const response = await openBrowser().get(PAGE);
    expect(response.headers.get("location")).toBe(`/account/sign-in?return_to=${encodeURIComponent(PAGE)}`);
  });

  it("is asked in the customer's language, though the app knows one address", async () => {
    const german = await signedIn().get(PAGE, { "accept-language": "de" });
    expect([german.status, german.headers.get("location")]).toEqual([302, `/de${PAGE}`]);
    expect(await (await signedIn().get(`/de${PAGE}`)).text()).toContain("in Ihrem Namen bestellen");
    expect(await (await signedIn().get(`/ja${PAGE}`)).text()).toContain("許可する");
  });

  it("that cannot be answered anywhere is told to the customer, signed in or not, and leads nowhere", async () => {
    await peer("IDENTITY").prepareAuthorization({ ok: false, error: { code: "unusable_request", reason: "unknown_client" } });
    for (const browser of [signedIn(), openBrowser()]) {
      const response = await browser.get(PAGE);
      expect([response.status, response.headers.get("location")]).toEqual([400, null]);
      expect(await response.text()).toContain("unknown_client");
    }
  });

  it("that is wrong is answered to the app", async () => {
    const redirectTo = "https://app.example/cb?error=invalid_scope";
    await peer("IDENTITY").prepareAuthorization({ ok: false, error: { code: "refused", redirectTo } });
    expect((await openBrowser().get(PAGE)).headers.get("location")).toBe(redirectTo);
  });
});

describe("the customer's answer", () => {
  it.each([
    ["allow", true],
    ["deny", false],
    ["", false],
  ])("%j is given to identity for the signed-in customer, and the browser goes where identity says", async (word, isAllowed) => {
    const response = await send(signedIn(), PAGE, { request: QUERY, answer: word }, "/oauth/authorize");
    expect([response.status, response.headers.get("location")]).toEqual([303, "https://app.example/cb?code=c&state=a%26b&iss=x"]);
    expect(await answers()).toEqual([{ query: QUERY, customerId: CUSTOMER_ID, sessionId: SESSION_ID, isAllowed }]);
  });

  it.each([
    ["without its token", {}, {}],
    ["with another visit's token", { form_token: "A".repeat(48) }, {}],
    ["from another site", {}, { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
    ["from a sandbox", {}, { "sec-fetch-site": "cross-site", origin: "null" }],
  ])("is not believed %s", async (_, fields, headers) => {
    const browser = signedIn();
    const token = formToken(await (await browser.get(PAGE)).text());
    const isForeign = Object.keys(headers).length > 0;
    const form = { request: QUERY, answer: "allow", ...(isForeign ? { form_token: token } : {}), ...fields };
    expect((await browser.post("/oauth/authorize", form, headers)).status).toBe(403);
    browser.cookies.delete(FORM_COOKIE);
    expect((await browser.post("/oauth/authorize", { ...form, form_token: token })).status).toBe(403);
    expect(await answers()).toEqual([]);
  });

  it("is not taken by opening an address", async () => {
    await signedIn().get(`${PAGE}&answer=allow`);
    expect(await answers()).toEqual([]);
  });

  it("of whose session has ended leads to sign in", async () => {
    await peer("IDENTITY").prepareAuthorization({ ok: true, value: QUESTION }, { ok: false, error: { code: "session_ended" } });
    const response = await send(signedIn(), PAGE, { request: QUERY, answer: "allow" }, "/oauth/authorize");
    expect(response.headers.get("location")).toContain("/account/sign-in");
  });
});

describe("the list of apps", () => {
  const APP = {
    id: APP_ID,
    name: "Parcel <b>Watch</b>",
    vetted: false,
    scopes: ["orders:read"],
    allowed_at: "2026-11-01T08:00:00.000Z",
    last_used_at: "2026-11-20T08:00:00.000Z",
  };

  it("shows what each may do, and ends one", async () => {
    await peer("IDENTITY").prepare({
      "GET /v1/me/apps": { json: { items: [APP], next_cursor: null } },
      [`DELETE /v1/me/apps/${APP_ID}`]: { status: 204 },
    });
    const browser = signedIn();
    const html = await (await browser.get("/account/apps")).text();
    for (const text of ["Parcel &lt;b&gt;Watch&lt;/b&gt;", "Since 1 November 2026", "See your orders"])
      expect(html).toContain(text);
    const response = await send(browser, "/account/apps", { app: APP_ID });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/account/apps"]);
    expect(await received("IDENTITY", "DELETE", `/v1/me/apps/${APP_ID}`)).toHaveLength(1);
  });

  it("says when there is none, and that it has ended when it was gone already", async () => {
    await peer("IDENTITY").prepare({ "GET /v1/me/apps": { json: { items: [], next_cursor: null } } });
    const browser = signedIn();
    expect(await (await browser.get("/account/apps")).text()).toContain("No app has access");
    const token = formToken(await (await browser.get("/account/profile")).text());
    expect((await browser.post("/account/apps", { form_token: token, app: APP_ID })).status).toBe(303);
  });
});

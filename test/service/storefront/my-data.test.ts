/** The pages about a shopper's own data: what they ask of privacy, and what they say when it refuses. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepareCustomer, send, signedIn } from "./account-shop.ts";
import { formToken, openBrowser, peer, resetPeers } from "./client.ts";

const PATH = "/account/data";
const DONE = { state: "completed" };

beforeEach(async () => {
  await resetPeers();
  await prepareCustomer();
});
afterEach(resetPeers);

async function privacyCalls(method: string, path: string) {
  return (await peer("PRIVACY").received()).filter((call) => call.method === method && call.path === path);
}

describe("the page of one's own data", () => {
  it.each([
    ["/account/data", "Collect my data", "Delete my account"],
    ["/de/account/data", "Meine Daten sammeln", "Mein Konto löschen"],
    ["/ja/account/data", "データを集める", "アカウントを削除する"],
  ])("offers a copy and the end of the account at %s", async (path, collect, erase) => {
    const response = await signedIn().get(path);
    expect(response.status).toBe(200);
    const html = await response.text();
    expect(html).toContain(collect);
    expect(html).toContain(erase);
  });

  it("offers the download once the copy is ready, and hands it through as a file that nobody keeps", async () => {
    await peer("PRIVACY").prepare({
      "GET /v1/me/export": { json: DONE },
      "GET /v1/me/export/archive": { json: { format: "x", services: {} } },
    });
    const browser = signedIn();
    expect(await (await browser.get(PATH)).text()).toContain(`href="${PATH}/archive"`);
    const file = await browser.get(`${PATH}/archive`);
    expect(await file.json()).toEqual({ format: "x", services: {} });
  });

  it("deletes the account for the right password, and forgets the browser's cookies", async () => {
    await peer("PRIVACY").prepare({ "POST /v1/me/erasure": { json: { state: "running" }, status: 202 } });
    const browser = signedIn();
    const response = await send(browser, PATH, { password: "tall-ships-at-dawn" }, `${PATH}/delete`);
    expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
    expect(response.headers.get("set-cookie")).toContain("__Host-holdfast-session=;");
    const [call] = await privacyCalls("POST", "/v1/me/erasure");
    expect(call?.body).toContain("tall-ships-at-dawn");
  });

  it("asks for a code where an authenticator app protects the account, and hands it on", async () => {
    const on = { enabled: true, enabled_at: "2026-11-01T08:00:00.000Z", recovery_codes_left: 9 };
    await peer("IDENTITY").prepare({ "GET /v1/me/authenticator": { json: on } });
    await peer("PRIVACY").prepare({ "POST /v1/me/erasure": { json: { state: "running" }, status: 202 } });
    const browser = signedIn();
    expect(await (await browser.get(PATH)).text()).toContain('name="code"');
    await send(browser, PATH, { password: "tall-ships-at-dawn", code: " 123 456 " }, `${PATH}/delete`);
    const [call] = await privacyCalls("POST", "/v1/me/erasure");
    expect(JSON.parse(call?.body ?? "")).toEqual({ password: "tall-ships-at-dawn", code: "123 456" });
  });

  it.each([
    ["wrong_password", 403, 422, "This is not your password"],
    ["code_required", 403, 422, "Enter a code, too"],
    ["wrong_code", 403, 422, "This code is not right"],
    ["orders_open", 409, 409, "An order of yours is not over yet"],
  ])("says why when it is refused by %s", async (code, status, shown, text) => {
    await peer("PRIVACY").prepare({ "POST /v1/me/erasure": { json: { code, detail: "no" }, status } });
    const response = await send(signedIn(), PATH, { password: "not-this-one" }, `${PATH}/delete`);
    expect(response.status).toBe(shown);
    expect(await response.text()).toContain(text);
  });
});

describe("a mailed link", () => {
  it("does nothing by being opened, and erases by its button", async () => {
    await peer("PRIVACY").prepare({ "POST /v1/privacy/links/open": { json: { state: "running" }, status: 202 } });
    const browser = openBrowser();
    const html = await (await browser.get("/privacy/erasure?token=msg_1.abc")).text();
    expect(html).toContain('value="msg_1.abc"');
    expect(await privacyCalls("POST", "/v1/privacy/links/open")).toEqual([]);
    const response = await browser.post("/privacy/erasure", { form_token: formToken(html), token: "msg_1.abc" });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
    expect(await privacyCalls("POST", "/v1/privacy/links/open")).toHaveLength(1);
  });

  it("that is too old leads to another one", async () => {
    const refusal = { json: { code: "invalid_link", detail: "no" }, status: 410 };
    await peer("PRIVACY").prepare({ "POST /v1/privacy/links/archive": refusal });
    const browser = openBrowser();
    const html = await (await browser.get("/privacy/export?token=old")).text();
    const response = await browser.post("/privacy/export", { form_token: formToken(html), token: "old" });
    expect(response.status).toBe(410);
    expect(await response.text()).toContain('href="/privacy/request"');
  });
});

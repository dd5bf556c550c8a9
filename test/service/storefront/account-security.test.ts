/** Second factors on the pages: the second step of a sign-in, setting an app up, and passkeys around the browser's dialog. */
import { encode } from "uqr";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DEVICE_COOKIE } from "../../../workers/storefront/cookies.ts";
import { CUSTOMER_ID, prepareCustomer, received, SESSION_TOKEN, send, signedIn } from "./account-shop.ts";
import { formToken, openBrowser, peer, resetPeers } from "./client.ts";

const PASSWORD = { email: "ada@example.com", password: "tall ships" };
const CHALLENGE = "cus_x.chl_y.z";
const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const CODES = ["aaaa-bbbb-cccc-dddd", "eeee-ffff-gggg-hhhh"];
const PASSKEY = { id: "pky_1", name: "Phone <1>", created_at: "2026-11-01T08:00:00.000Z", last_used_at: null };
const OFF = { enabled: false, enabled_at: null, recovery_codes_left: 0 };
const ON = { enabled: true, enabled_at: "2026-11-01T08:00:00.000Z", recovery_codes_left: 1 };
const SESSION = { token: SESSION_TOKEN, expiresAtMs: 4e12, deviceToken: "a-device", customerId: CUSTOMER_ID, name: null };

beforeEach(async () => {
  await resetPeers();
  await prepareCustomer();
  await prepareIdentity("GET /v1/me/authenticator", 200, OFF);
  await prepareIdentity("GET /v1/me/passkeys", 200, { items: [PASSKEY], next_cursor: null });
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function prepareIdentity(call: string, status: number, json: unknown): Promise<void> {
  await peer("IDENTITY").prepare({ [call]: { status, json } });
}

async function answerSignIn(answer: unknown): Promise<void> {
  await peer("IDENTITY").prepareSession(answer);
}

function refusal(code: string, more: object = {}): unknown {
  return { ok: false, error: { code, ...more } };
}

describe("the second step of a sign-in", () => {
  async function firstStep() {
    await answerSignIn(refusal("second_factor_required", { challengeToken: CHALLENGE, expiresAtMs: 4e12 }));
    const browser = openBrowser();
    const page = await send(browser, "/account/sign-in", { ...PASSWORD, return_to: "/checkout" });
    return { browser, page, html: await page.text() };
  }

  it("follows the right password, keeps the way back, and opens the session", async () => {
    const { browser, page, html } = await firstStep();
    expect(page.status).toBe(200);
    expect(page.headers.get("cache-control")).toBe("private, no-store");
    expect(html).toContain('autocomplete="one-time-code"');
    expect(html).toContain(CHALLENGE);
    expect(html).not.toContain(PASSWORD.password);
    await answerSignIn({ ok: true, value: SESSION });
    const form = { form_token: formToken(html), challenge: CHALLENGE, return_to: "/checkout", code: " 123 456 " };
    const done = await browser.post("/account/sign-in/code", form);
    expect([done.status, done.headers.get("location")]).toEqual([303, "/checkout"]);
    const [call] = await received("IDENTITY", "RPC", "completeSignInBrowser");
    expect(JSON.parse(call?.body ?? "")).toMatchObject({ challengeToken: CHALLENGE, code: "123 456", deviceToken: null });
    expect(browser.cookies.get(DEVICE_COOKIE)).toBe("a-device");
  });

  it.each([
    [refusal("wrong_code"), 422, "This code is not right"],
    [refusal("too_many_attempts", { retryAfterSeconds: 301 }), 429, "try again in 6 minutes"],
  ])("asks again when it is refused", async (answer, status, text) => {
    const { browser, html } = await firstStep();
    await answerSignIn(answer);
    const form = { form_token: formToken(html), challenge: CHALLENGE, return_to: "/checkout", code: "000000" };
    const again = await browser.post("/account/sign-in/code", form);
    expect(again.status).toBe(status);
    const page = await again.text();
    for (const expected of [text, CHALLENGE, "/checkout"]) expect(page).toContain(expected);
  });

  it("starts again when it took too long, and by a reload", async () => {
    const { browser, html } = await firstStep();
    await answerSignIn(refusal("invalid_challenge"));
    const late = await browser.post("/account/sign-in/code", { form_token: formToken(html), challenge: "x", code: "1" });
    expect(late.headers.get("location")).toBe("/account/sign-in");
    expect(await (await browser.get("/account/sign-in")).text()).toContain("That took too long");
    expect((await browser.get("/account/sign-in/code")).headers.get("location")).toBe("/account/sign-in");
  });

  it("follows a registration that finds a protected account, too", async () => {
    await answerSignIn(refusal("second_factor_required", { challengeToken: CHALLENGE, expiresAtMs: 4e12 }));
    const page = await send(openBrowser(), "/account/register", { ...PASSWORD, name: "" });
    expect(await page.text()).toContain('action="/account/sign-in/code"');
  });
});

describe("signing in by a passkey", () => {
  it("hands on what the browser's dialog answered, and opens the session", async () => {
    await answerSignIn({ ok: true, value: SESSION });
    const form = { credential: '{"id":"x"}', return_to: "/checkout" };
    const done = await send(openBrowser(), "/account/sign-in", form, "/account/sign-in/passkey");
    expect([done.status, done.headers.get("location")]).toEqual([303, "/checkout"]);
    const [call] = await received("IDENTITY", "RPC", "signInBrowserByPasskey");
    expect(JSON.parse(call?.body ?? "").credential).toBe('{"id":"x"}');
  });

  it("shows the sign-in again when it is refused", async () => {
    await answerSignIn(refusal("passkey_refused"));
    const refused = await send(openBrowser(), "/account/sign-in", { credential: "{}" }, "/account/sign-in/passkey");
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain("does not open an account here");
  });
});

const SECURITY = "/account/security";

/** The page's QR code as it is drawn: true where it is dark. */
function darkModules(html: string): boolean[][] {
  const size = Number(/viewBox="0 0 (\d+) \1" shape-rendering/.exec(html)?.[1]);
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const path = /fill="#000" d="([^"]+)"/.exec(html)?.[1] ?? "";
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    rows[Number(y)]?.fill(true, Number(x), Number(x) + Number(width));
  }
  return rows;
}

describe("the page for sign-in and security", () => {
  it("is for customers, and names what is there", async () => {
    expect((await openBrowser().get(SECURITY)).headers.get("location")).toContain("/account/sign-in");
    const html = await (await signedIn().get(SECURITY)).text();
    expect(html).toContain("Phone &lt;1&gt;");
    expect(html).toContain("Set up an app");
    await prepareIdentity("GET /v1/me/authenticator", 200, ON);
    expect(await (await signedIn().get(SECURITY)).text()).toContain("One recovery code is left");
  });

  it("shows the key in the answer to the form, then the recovery codes, and knows the browser again", async () => {
    const browser = signedIn();
    await prepareIdentity("POST /v1/me/authenticator", 201, { secret: SECRET, otpauth_uri: `otpauth://totp/x?secret=${SECRET}` });
    const setUp = await send(browser, SECURITY, { password: " tall ships " }, `${SECURITY}/authenticator`);
    expect(setUp.headers.get("cache-control")).toBe("private, no-store");
    const html = await setUp.text();
    expect(html).toContain("JBSW Y3DP EHPK 3PXP");
    expect(html).toContain('href="otpauth://totp/x?secret=');
    expect(darkModules(html)).toEqual(encode(`otpauth://totp/x?secret=${SECRET}`, { ecc: "M", border: 4 }).data);
    expect(html).toContain('role="img" aria-label="QR code with the key for your authenticator app"');
    expect(setUp.headers.get("content-security-policy")).toContain("img-src 'self' data: https:;");
    await prepareIdentity("POST /v1/me/authenticator/confirm", 403, { code: "wrong_code" });
    const wrong = await browser.post(`${SECURITY}/authenticator/confirm`, { form_token: formToken(html), code: "1" });
    expect(wrong.status).toBe(422);
    await prepareIdentity("POST /v1/me/authenticator/confirm", 200, { recovery_codes: CODES, device_token: "known" });
    const done = await browser.post(`${SECURITY}/authenticator/confirm`, { form_token: formToken(html), code: " 123456 " });
    const codes = await done.text();
    for (const code of CODES) expect(codes).toContain(`<code>${code}</code>`);
    expect(codes).toContain(`data:text/plain;charset=utf-8,${CODES.join("%0A")}`);
    expect(browser.cookies.get(DEVICE_COOKIE)).toBe("known");
    expect((await browser.get(`${SECURITY}/authenticator/confirm`)).headers.get("location")).toBe(SECURITY);
  });

  it("keeps key and recovery codes out of logs, cookies and every later page", async () => {
    const lines: string[] = [];
    for (const level of ["log", "info", "warn", "error"] as const)
      vi.spyOn(console, level).mockImplementation((...words) => void lines.push(words.map(String).join(" ")));
    const browser = signedIn();
    await prepareIdentity("POST /v1/me/authenticator", 201, { secret: SECRET, otpauth_uri: `otpauth://totp/x?secret=${SECRET}` });
    await prepareIdentity("POST /v1/me/authenticator/confirm", 200, { recovery_codes: CODES, device_token: "known" });
    const setUp = await send(browser, SECURITY, { password: "x" }, `${SECURITY}/authenticator`);
    const form = { form_token: formToken(await setUp.text()), code: "123456" };
    const codes = await browser.post(`${SECURITY}/authenticator/confirm`, form);
    expect(codes.headers.get("cache-control")).toBe("private, no-store");
    const later = await (await browser.get(SECURITY)).text();
    const said = JSON.stringify([lines, [...browser.cookies], [...setUp.headers], [...codes.headers], later]);
    for (const hidden of [SECRET, ...CODES]) expect(said).not.toContain(hidden);
  });

  it.each([
    [403, { code: "wrong_password" }, 422, "not your current password"],
    [403, { code: "wrong_code" }, 422, "This code is not right"],
    [429, { code: "too_many_attempts", retry_after_seconds: 600 }, 429, "in 10 minutes"],
  ])("says at the field what is wrong when a change is refused by %s %j", async (status, problem, shown, text) => {
    await prepareIdentity("GET /v1/me/authenticator", 200, ON);
    for (const path of ["/authenticator/disable", "/recovery-codes"]) {
      await prepareIdentity(`POST /v1/me${path}`, status, problem);
      const answer = await send(signedIn(), SECURITY, { password: "x", code: "1" }, SECURITY + path);
      expect(answer.status).toBe(shown);
      expect(await answer.text()).toContain(text);
    }
  });

  it("gives the browser what identity offers for a passkey, and keeps what it answers", async () => {
    const browser = signedIn();
    await prepareIdentity("POST /v1/me/passkey-options", 200, { challenge: "abc", rp: { name: 'A "quoted" shop' } });
    const form = await send(browser, SECURITY, { password: "x" }, `${SECURITY}/passkeys`);
    const html = await form.text();
    expect(html).toContain("{&quot;challenge&quot;:&quot;abc&quot;");
    await prepareIdentity("POST /v1/me/passkeys", 201, PASSKEY);
    const sent = { form_token: formToken(html), credential: '{"id":"x"}', name: " Phone " };
    expect((await browser.post(`${SECURITY}/passkeys/add`, sent)).headers.get("location")).toBe(SECURITY);
    const [call] = await received("IDENTITY", "POST", "/v1/me/passkeys");
    expect(JSON.parse(call?.body ?? "")).toEqual({ credential: { id: "x" }, name: "Phone" });
    await prepareIdentity("POST /v1/me/passkeys", 422, { code: "passkey_not_accepted" });
    await browser.post(`${SECURITY}/passkeys/add`, { ...sent, credential: "not JSON" });
    expect(await (await browser.get(SECURITY)).text()).toContain("This passkey was not added");
  });

  it("renames and removes a passkey; one that is gone already is removed", async () => {
    await prepareIdentity("PATCH /v1/me/passkeys/pky_1", 422, { code: "invalid_body" });
    const named = await send(signedIn(), SECURITY, { passkey: "pky_1", name: "" }, `${SECURITY}/passkeys/rename`);
    expect(named.status).toBe(422);
    const removed = await send(signedIn(), SECURITY, { passkey: "pky_gone" }, `${SECURITY}/passkeys/remove`);
    expect([removed.status, removed.headers.get("location")]).toEqual([303, SECURITY]);
    expect(await received("IDENTITY", "DELETE", "/v1/me/passkeys/pky_gone")).toHaveLength(1);
  });
});

/** Where the links in account mails lead: forms that change nothing by being opened, and tell nothing about an address. */
import { beforeEach, describe, expect, it } from "vitest";
import { DEVICE_COOKIE } from "../../../workers/storefront/cookies.ts";
import { prepareCustomer, received, send, signedIn } from "./account-shop.ts";
import { openBrowser, peer, resetPeers } from "./client.ts";

const TOKEN = `msg_01jd0000000000000000000000.${"m".repeat(43)}`;
const RESET = `/account/reset-password?token=${TOKEN}`;
const CONFIRM = `/account/confirm-email?token=${TOKEN}`;

beforeEach(async () => {
  await resetPeers();
  await prepareCustomer();
});

async function answerOf(path: string, status: number, json: unknown): Promise<void> {
  await peer("IDENTITY").prepare({ [`POST ${path}`]: { status, json } });
}

describe("a forgotten password", () => {
  it("is asked for by address, with the device's mark, and the answer promises nothing", async () => {
    await answerOf("/v1/auth/request-password-reset", 202, null);
    const browser = openBrowser();
    browser.cookies.set(DEVICE_COOKIE, "a-device");
    const response = await send(browser, "/account/forgot-password", { email: " ada@example.com " });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/account/sign-in"]);
    const [call] = await received("IDENTITY", "POST", "/v1/auth/request-password-reset");
    expect(JSON.parse(call?.body ?? "")).toEqual({ email: "ada@example.com", device_token: "a-device" });
    expect(await (await browser.get("/account/sign-in")).text()).toContain("If an account uses this address");
  });

  it("says how long to wait", async () => {
    await answerOf("/v1/auth/request-password-reset", 429, { code: "too_many_attempts", retry_after_seconds: 600 });
    const response = await send(openBrowser(), "/account/forgot-password", { email: "ada@example.com" });
    expect(response.status).toBe(429);
    expect(await response.text()).toContain("in 10 minutes");
  });

  it("is replaced by a form, which makes the browser a known one and leads to sign in", async () => {
    await answerOf("/v1/auth/reset-password", 200, { device_token: "a-new-device" });
    const browser = openBrowser();
    const page = await browser.get(RESET);
    expect(page.headers.get("cache-control")).toBe("private, no-store");
    expect(page.headers.get("referrer-policy")).toMatch(/same-origin|no-referrer|strict-origin/);
    expect(await received("IDENTITY", "POST", "/v1/auth/reset-password")).toEqual([]);
    const form = { token: TOKEN, password: " new words at sea " };
    const response = await send(browser, RESET, form, "/account/reset-password");
    expect([response.status, response.headers.get("location")]).toEqual([303, "/account/sign-in"]);
    const [call] = await received("IDENTITY", "POST", "/v1/auth/reset-password");
    expect(JSON.parse(call?.body ?? "")).toEqual(form);
    expect(browser.cookies.get(DEVICE_COOKIE)).toBe("a-new-device");
  });

  it("keeps the link for another try when the new password is too easy, and sends none back", async () => {
    await answerOf("/v1/auth/reset-password", 422, { code: "weak_password" });
    const response = await send(openBrowser(), RESET, { token: TOKEN, password: "Password12345" }, "/account/reset-password");
    const html = await response.text();
    expect(response.status).toBe(422);
    expect(html).toContain(TOKEN);
    expect(html).not.toContain("Password12345");
  });

  it("says that a used or foreign link does not work", async () => {
    await answerOf("/v1/auth/reset-password", 410, { code: "invalid_link" });
    const response = await send(openBrowser(), RESET, { token: TOKEN, password: "new words at sea" }, "/account/reset-password");
    expect(response.status).toBe(410);
  });
});

describe("confirming an address", () => {
  it("leads a guest to sign in, and back to the link", async () => {
    const response = await openBrowser().get(CONFIRM);
    expect(response.headers.get("location")).toBe(`/account/sign-in?return_to=${encodeURIComponent(CONFIRM)}`);
  });

  it("happens by the button, not by opening the link", async () => {
    await answerOf("/v1/me/email/confirm", 200, {});
    const browser = signedIn();
    await browser.get(CONFIRM);
    expect(await received("IDENTITY", "POST", "/v1/me/email/confirm")).toEqual([]);
    const response = await send(browser, CONFIRM, { token: TOKEN }, "/account/confirm-email");
    expect(response.headers.get("location")).toBe("/account/profile");
    expect(await received("IDENTITY", "POST", "/v1/me/email/confirm")).toHaveLength(1);
  });

  it.each([
    ["invalid_link", 410],
    ["email_in_use", 409],
  ])("says so when it is refused by %s", async (code, status) => {
    await answerOf("/v1/me/email/confirm", status, { code });
    expect((await send(signedIn(), CONFIRM, { token: TOKEN }, "/account/confirm-email")).status).toBe(status);
  });
});

describe("an invitation to the staff", () => {
  const INVITATION = `/account/accept-invitation?token=${TOKEN}`;
  const join = (browser = openBrowser()) =>
    send(browser, INVITATION, { token: TOKEN, password: "new words at sea" }, "/account/accept-invitation");

  it("is accepted by a form with a password, never by being opened, and leads to sign in", async () => {
    await answerOf("/v1/auth/accept-invitation", 200, { role: "support" });
    const browser = openBrowser();
    expect((await browser.get(INVITATION)).headers.get("cache-control")).toBe("private, no-store");
    expect(await received("IDENTITY", "POST", "/v1/auth/accept-invitation")).toEqual([]);
    const response = await join(browser);
    expect([response.status, response.headers.get("location")]).toEqual([303, "/account/sign-in"]);
    const [call] = await received("IDENTITY", "POST", "/v1/auth/accept-invitation");
    expect(JSON.parse(call?.body ?? "")).toEqual({ token: TOKEN, password: "new words at sea" });
  });

  it.each([
    [403, "wrong_password", 422, "another password"],
    [410, "invalid_link", 410, "does not work any more"],
    [429, "too_many_attempts", 429, "minute"],
  ])("says what to do when identity answers %i %s", async (status, code, shown, words) => {
    await answerOf("/v1/auth/accept-invitation", status, { code, retry_after_seconds: 60 });
    const response = await join();
    expect(response.status).toBe(shown);
    expect(await response.text()).toContain(words);
  });
});

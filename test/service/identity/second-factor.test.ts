/** Authenticator apps and recovery codes: a password alone opens no protected account, and no code counts twice. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Env, openStore } from "../../../workers/identity/env.ts";
import { removeExpired } from "../../../workers/identity/remove-expired.ts";
import { call, freshEmail, PASSWORD, refresh, register, signIn } from "./client.ts";
import { identity } from "./entrypoint.ts";
import {
  challengeFor,
  codeOf,
  enrol,
  letTimePass,
  mailsTo,
  protect,
  protectedCustomer,
  secondStep,
  standStillInAStep,
  stateOf,
  wrongCode,
} from "./second-factor-client.ts";

const bindings = env as unknown as Env;
const { DATABASE } = bindings;
const MINUTE_MS = 60_000;
const NEW_BROWSER = { userAgent: null, network: null, deviceToken: null, language: "en" } as const;

beforeEach(standStillInAStep);

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("setting an authenticator app up", () => {
  it("needs the password, gives the secret once, and keeps it sealed", async () => {
    const { access_token: accessToken, customer } = await register();
    const refused = await call("POST", "/v1/me/authenticator", { password: "not-the-password" }, { accessToken });
    expect([refused.status, refused.body.code]).toEqual([403, "wrong_password"]);
    const { secret, otpauth_uri: uri } = await enrol(accessToken);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(new URL(uri).searchParams.get("secret")).toBe(secret);
    expect(decodeURIComponent(uri)).toContain(`Holdfast Outfitters:${customer.email}`);
    const row = await DATABASE.prepare("SELECT * FROM authenticators WHERE customer_id = ?").bind(customer.id).first();
    expect(JSON.stringify(row)).not.toContain(secret);
    expect(await stateOf(accessToken)).toEqual({ enabled: false, enabled_at: null, recovery_codes_left: 0 });
  });

  it("protects nothing before its first code, and a second try replaces the first secret", async () => {
    const { access_token: accessToken, customer } = await register();
    const first = await enrol(accessToken);
    await signIn(customer.email);
    const second = await enrol(accessToken);
    const confirm = (code: string) => call("POST", "/v1/me/authenticator/confirm", { code }, { accessToken });
    expect((await confirm(codeOf(first.secret))).body.code).toBe("wrong_code");
    expect((await confirm("not a code")).body.code).toBe("wrong_code");
    expect((await confirm(codeOf(second.secret))).status).toBe(200);
    expect((await confirm(codeOf(second.secret, 1))).body.code).toBe("authenticator_in_use");
    expect((await call("POST", "/v1/me/authenticator", { password: PASSWORD }, { accessToken })).body.code).toBe(
      "authenticator_in_use",
    );
  });

  it("ends every other session, makes devices of before strangers, and tells the owner", async () => {
    const before = await register();
    const other = await signIn(before.customer.email);
    const who = await protect(before);
    expect((await refresh(other.refresh_token)).status).toBe(401);
    expect((await refresh(who.refresh_token)).status).toBe(200);
    expect(await stateOf(who.access_token)).toMatchObject({ enabled: true, recovery_codes_left: 10 });
    expect(new Set(who.recoveryCodes).size).toBe(10);
    expect(await mailsTo(who.customer.id)).toEqual(["two_factor_on"]);
    const known = await DATABASE.prepare("SELECT devices_since_ms FROM customers WHERE id = ?").bind(who.customer.id).first();
    expect(known?.["devices_since_ms"]).toBeGreaterThan(0);
  });

  it("takes no code after half an hour, and the tidy-up forgets the secret", async () => {
    const { access_token: accessToken, customer } = await register();
    const { secret } = await enrol(accessToken);
    letTimePass(31 * MINUTE_MS);
    const late = await call("POST", "/v1/me/authenticator/confirm", { code: codeOf(secret) }, { accessToken });
    expect(late.body.code).toBe("no_authenticator");
    await removeExpired(openStore(bindings), Date.now());
    expect(await DATABASE.prepare("SELECT * FROM authenticators WHERE customer_id = ?").bind(customer.id).first()).toBeNull();
  });
});

describe("signing in to a protected account", () => {
  it("answers the right password with a challenge, and opens with a code", async () => {
    const { customer, secret } = await protectedCustomer();
    const first = await call("POST", "/v1/auth/sign-in", { email: customer.email, password: PASSWORD });
    expect(first.status).toBe(202);
    expect(Object.keys(first.body).toSorted()).toEqual(["challenge_token", "expires_at", "next_step"]);
    const { challenge_token: token } = first.body as unknown as { challenge_token: string };
    const opened = await secondStep(token, codeOf(secret));
    expect([opened.status, opened.body.customer.id]).toEqual([200, customer.id]);
    expect((await call("GET", "/v1/me", undefined, { accessToken: opened.body.access_token })).status).toBe(200);
  });

  it("answers a wrong password like any other account, known or not, to the letter", async () => {
    const { customer } = await protectedCustomer();
    const plain = await register();
    const wrong = (email: string) => call("POST", "/v1/auth/sign-in", { email, password: "not-the-password" });
    const [one, two, three] = [await wrong(customer.email), await wrong(plain.customer.email), await wrong(freshEmail())];
    expect(one.status).toBe(401);
    expect([one.body, [...one.headers]]).toEqual([two.body, [...two.headers]]);
    expect(one.body).toEqual(three.body);
  });

  it("is not gone around by registering again with the same address and password", async () => {
    const { customer } = await protectedCustomer();
    const again = await call("POST", "/v1/auth/register", { email: customer.email, password: PASSWORD });
    expect(again.status).toBe(202);
    expect(again.body.access_token).toBeUndefined();
    const browser = await identity.registerBrowser({ email: customer.email, password: PASSWORD, name: null, ...NEW_BROWSER });
    expect(browser).toMatchObject({ ok: false, error: { code: "second_factor_required" } });
  });

  it("is not gone around by a password reset, which leaves app and recovery codes as they are", async () => {
    const { customer, secret } = await protectedCustomer();
    await call("POST", "/v1/auth/request-password-reset", { email: customer.email });
    const query = "SELECT id FROM account_messages WHERE customer_id = ? AND kind = 'reset_password'";
    const id = await vi.waitFor(async () => {
      const found = await DATABASE.prepare(query).bind(customer.id).first<string>("id");
      expect(found).not.toBeNull();
      return found ?? "";
    });
    const mail = await identity.readAccountMessage(id);
    const password = "a-lighthouse-in-fog";
    const token = mail.ok ? mail.value.token : null;
    expect((await call("POST", "/v1/auth/reset-password", { token, password })).status).toBe(200);
    const challenge = await challengeFor(customer.email, password);
    expect((await secondStep(challenge, codeOf(secret))).status).toBe(200);
  });

  it("takes each code once, and none from before it, also with another challenge", async () => {
    const { customer, secret } = await protectedCustomer();
    const challenges = await Promise.all(Array.from({ length: 4 }, () => challengeFor(customer.email)));
    const code = codeOf(secret);
    const atOnce = await Promise.all(challenges.slice(0, 2).map((token) => secondStep(token, code)));
    expect(atOnce.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    expect((await secondStep(challenges[2] ?? "", code)).body.code).toBe("wrong_code");
    expect((await secondStep(challenges[2] ?? "", codeOf(secret, -1))).body.code).toBe("wrong_code");
    expect((await secondStep(challenges[3] ?? "", codeOf(secret, 1))).status).toBe(200);
  });

  it("takes each challenge once, and does not use a code up on a spent one", async () => {
    const { customer, secret } = await protectedCustomer();
    const challenge = await challengeFor(customer.email);
    expect((await secondStep(challenge, codeOf(secret))).status).toBe(200);
    expect((await secondStep(challenge, codeOf(secret, 1))).body.code).toBe("invalid_challenge");
    expect((await secondStep(await challengeFor(customer.email), codeOf(secret, 1))).status).toBe(200);
  });

  it("refuses challenges that are forged, of another account, too late, or of a password that was changed", async () => {
    const { customer, secret, access_token: accessToken } = await protectedCustomer();
    const other = await protectedCustomer();
    const challenge = await challengeFor(customer.email);
    const others = await challengeFor(other.customer.email);
    const forgeries = [
      "",
      "nonsense",
      challenge.replace(customer.id, other.customer.id),
      challenge.slice(0, -2) + (challenge.endsWith("AA") ? "BB" : "AA"),
      `${customer.id}.${others.split(".").slice(1).join(".")}`,
    ];
    for (const token of forgeries) expect((await secondStep(token, codeOf(secret))).status).toBeOneOf([410, 422]);
    expect((await secondStep(others, codeOf(secret))).body.code).toBe("wrong_code");
    const change = { current: PASSWORD, new: "a-lighthouse-in-fog" };
    expect((await call("POST", "/v1/me/password", change, { accessToken })).status).toBe(204);
    expect((await secondStep(challenge, codeOf(secret))).body.code).toBe("invalid_challenge");
    letTimePass(11 * MINUTE_MS);
    expect((await secondStep(others, codeOf(other.secret))).body.code).toBe("invalid_challenge");
  });

  it("opens a browser's session in the same two steps", async () => {
    const { customer, secret } = await protectedCustomer();
    const first = await identity.signInBrowser({ email: customer.email, password: PASSWORD, ...NEW_BROWSER });
    if (first.ok || first.error.code !== "second_factor_required") throw new Error("a password alone opened it");
    const { challengeToken } = first.error;
    const step = { challengeToken, ...NEW_BROWSER };
    expect(await identity.completeSignInBrowser({ ...step, code: wrongCode(secret) })).toEqual({
      ok: false,
      error: { code: "wrong_code" },
    });
    expect(await identity.completeSignInBrowser({ ...step, code: "" })).toEqual({ ok: false, error: { code: "wrong_code" } });
    const opened = await identity.completeSignInBrowser({ ...step, code: codeOf(secret) });
    expect(opened).toMatchObject({ ok: true, value: { customerId: customer.id } });
  });
});

describe("secrets", () => {
  it("are in no log and in no later answer", async () => {
    const lines: string[] = [];
    for (const level of ["log", "info", "warn", "error"] as const)
      vi.spyOn(console, level).mockImplementation((...words) => void lines.push(words.map(String).join(" ")));
    const { customer, secret, recoveryCodes, access_token: accessToken } = await protectedCustomer();
    const challenge = await challengeFor(customer.email);
    const answers = [
      await secondStep(challenge, wrongCode(secret)),
      await secondStep(challenge, recoveryCodes[0] ?? ""),
      await secondStep(await challengeFor(customer.email), codeOf(secret)),
      await call("GET", "/v1/me/authenticator", undefined, { accessToken }),
      await call("GET", "/v1/me", undefined, { accessToken }),
    ];
    const said = JSON.stringify([lines, answers.map(({ body }) => body)]);
    for (const hidden of [secret, challenge, ...recoveryCodes]) expect(said).not.toContain(hidden);
  });

  it("vanish from the list of used challenges when they would have expired anyway", async () => {
    const { customer, secret } = await protectedCustomer();
    expect((await secondStep(await challengeFor(customer.email), codeOf(secret))).status).toBe(200);
    const spent = () => DATABASE.prepare("SELECT count(*) AS count FROM spent_challenges").first<number>("count");
    expect(await spent()).toBeGreaterThan(0);
    await removeExpired(openStore(bindings), Date.now() + 60 * MINUTE_MS);
    expect(await spent()).toBe(0);
  });
});

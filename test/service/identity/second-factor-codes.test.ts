/** What stands behind an authenticator app: limits on guesses that lock no owner out, recovery codes, and switching it off. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../../../workers/identity/env.ts";
import type { Principal } from "../../../workers/shared/principal.ts";
import { scopesOf } from "../../../workers/shared/staff-roles.ts";
import { type Answer, call, PASSWORD, register, signIn } from "./client.ts";
import { identity } from "./entrypoint.ts";
import {
  challengeFor,
  codeOf,
  letTimePass,
  mailsTo,
  protect,
  protectedCustomer,
  secondStep,
  standStillInAStep,
  stateOf,
  wrongCode,
} from "./second-factor-client.ts";
import { ADMIN_KEY, seat } from "./staff-desk.ts";

const bindings = env as unknown as Env;
const { DATABASE } = bindings;

beforeEach(standStillInAStep);

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("guesses at codes", () => {
  it("are stopped for each challenge", async () => {
    const { customer, secret } = await protectedCustomer();
    const challenge = await challengeFor(customer.email);
    const guesses = await Promise.all(Array.from({ length: 8 }, () => secondStep(challenge, wrongCode(secret))));
    expect(guesses.map(({ status }) => status).filter((status) => status === 403)).toHaveLength(5);
    const right = await secondStep(challenge, codeOf(secret));
    expect([right.status, right.body.code]).toEqual([429, "too_many_attempts"]);
    expect((await secondStep(await challengeFor(customer.email), codeOf(secret))).status).toBe(200);
  });

  it("are stopped for the account over all challenges, and the owner gets in by a known device or a recovery code", async () => {
    const owner = await protectedCustomer();
    const { customer, secret, recoveryCodes } = owner;
    const tried: Answer[] = [];
    for (let round = 0; round < 4; round++) {
      const challenge = await challengeFor(customer.email);
      tried.push(...(await Promise.all(Array.from({ length: 5 }, () => secondStep(challenge, wrongCode(secret))))));
    }
    expect(tried.filter(({ status }) => status === 403)).toHaveLength(10);
    expect((await secondStep(await challengeFor(customer.email), codeOf(secret))).status).toBe(429);
    const known = await secondStep(await challengeFor(customer.email), codeOf(secret), owner.device_token);
    expect([known.status, known.body.device_token]).toEqual([200, owner.device_token]);
    expect((await secondStep(await challengeFor(customer.email), recoveryCodes[0] ?? "")).status).toBe(200);
  });

  it("gain nothing by new devices: those of an account share their attempts", async () => {
    const { customer, secret } = await protectedCustomer();
    const statuses: number[] = [];
    for (let round = 0; round < 3; round++) {
      const marked = await secondStep(await challengeFor(customer.email), codeOf(secret));
      expect(marked.status).toBe(200);
      const challenge = await challengeFor(customer.email);
      const guesses = Array.from({ length: 5 }, () => secondStep(challenge, wrongCode(secret), marked.body.device_token));
      statuses.push(...(await Promise.all(guesses)).map(({ status }) => status));
      letTimePass(30_000);
    }
    expect(statuses.filter((status) => status === 403)).toHaveLength(10);
  });
});

describe("recovery codes", () => {
  it("work once each, however they are typed, and tell the owner", async () => {
    const { customer, recoveryCodes, access_token: accessToken } = await protectedCustomer();
    const [first = "", second = ""] = recoveryCodes;
    const { results } = await DATABASE.prepare("SELECT * FROM recovery_codes WHERE customer_id = ?").bind(customer.id).all();
    expect(JSON.stringify(results)).not.toContain(first.replaceAll("-", ""));
    const typed = ` ${first.toUpperCase().replaceAll("-", " ")} `;
    const challenges = [await challengeFor(customer.email), await challengeFor(customer.email)];
    const atOnce = await Promise.all(challenges.map((challenge) => secondStep(challenge, typed)));
    expect(atOnce.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    expect((await secondStep(await challengeFor(customer.email), first)).status).toBe(403);
    expect((await secondStep(await challengeFor(customer.email), second)).status).toBe(200);
    expect(await stateOf(accessToken)).toMatchObject({ recovery_codes_left: 8 });
    expect(await mailsTo(customer.id)).toContain("recovery_code_used");
  });

  it("of another account open nothing", async () => {
    const { customer } = await protectedCustomer();
    const other = await protectedCustomer();
    expect((await secondStep(await challengeFor(customer.email), other.recoveryCodes[0] ?? "")).status).toBe(403);
  });

  it("are replaced by new ones for a password and a code, and the old ones end", async () => {
    const { customer, secret, recoveryCodes, access_token: accessToken } = await protectedCustomer();
    const renew = (body: object) => call("POST", "/v1/me/recovery-codes", body, { accessToken });
    expect((await renew({ password: "not-the-password", code: codeOf(secret) })).body.code).toBe("wrong_password");
    const renewed = await renew({ password: PASSWORD, code: codeOf(secret) });
    const { recovery_codes: fresh } = renewed.body as unknown as { recovery_codes: string[] };
    expect([renewed.status, fresh.length]).toEqual([201, 10]);
    expect((await secondStep(await challengeFor(customer.email), recoveryCodes[0] ?? "")).status).toBe(403);
    expect((await secondStep(await challengeFor(customer.email), fresh[0] ?? "")).status).toBe(200);
  });
});

describe("the owner of an account, before what cannot be undone", () => {
  it("is whoever has the password and, where an app protects it, a code that counts once", async () => {
    const { customer, secret, recoveryCodes } = await protectedCustomer();
    const prove = async (password: string, code: string | null) => {
      const proven = await identity.proveOwner(customer.id, { password, code });
      return proven.ok ? "proven" : proven.error.code;
    };
    expect(await prove("not-the-password", codeOf(secret))).toBe("wrong_password");
    expect(await prove(PASSWORD, null)).toBe("code_required");
    expect(await prove(PASSWORD, wrongCode(secret))).toBe("wrong_code");
    expect(await prove(PASSWORD, "x".repeat(1_000))).toBe("wrong_code");
    expect(await prove(PASSWORD, codeOf(secret))).toBe("proven");
    expect(await prove(PASSWORD, codeOf(secret))).toBe("wrong_code");
    expect(await prove(PASSWORD, recoveryCodes[0] ?? "")).toBe("proven");
    const other = await register();
    expect(await identity.proveOwner(other.customer.id, { password: PASSWORD, code: null })).toEqual({ ok: true, value: null });
  });
});

describe("the staff, for somebody who lost phone and recovery codes", () => {
  const reset = (customerId: string, principal: Principal) =>
    call("DELETE", `/v1/admin/customers/${customerId}/authenticator`, undefined, { principal });

  it("take the app off, which closes everything that was open, and the owner hears of it", async () => {
    const { customer, recoveryCodes, access_token: accessToken } = await protectedCustomer();
    const support: Principal = { ...ADMIN_KEY, scopes: [...scopesOf("support")] };
    expect((await reset(customer.id, { ...support, scopes: ["customers:read"] })).status).toBe(403);
    const challenge = await challengeFor(customer.email);
    expect((await reset(customer.id, support)).status).toBe(204);
    expect((await call("GET", "/v1/me", undefined, { accessToken })).status).toBe(401);
    expect((await secondStep(challenge, recoveryCodes[0] ?? "")).status).not.toBe(200);
    await signIn(customer.email);
    expect(await mailsTo(customer.id)).toContain("two_factor_reset");
    expect((await reset(customer.id, support)).body.code).toBe("no_authenticator");
    expect((await reset("cus_01h455vb4pex5vsknk084sn02q", support)).status).toBe(404);
  });

  it("may not do so to one of the staff who may do more than they may", async () => {
    const owner = await seat("owner");
    const who = await protect(await signIn(owner.email));
    const support = { ...ADMIN_KEY, scopes: [...scopesOf("support")] };
    expect((await reset(owner.customerId, support)).body.code).toBe("beyond_own_scopes");
    expect((await call("GET", "/v1/me", undefined, { accessToken: who.access_token })).status).toBe(200);
    expect((await reset(owner.customerId, ADMIN_KEY)).status).toBe(204);
  });
});

describe("switching the authenticator app off", () => {
  it("needs the password and a code, tells the owner, and makes the password enough again", async () => {
    const { customer, secret, recoveryCodes, access_token: accessToken } = await protectedCustomer();
    const disable = (body: object) => call("POST", "/v1/me/authenticator/disable", body, { accessToken });
    expect((await disable({ code: codeOf(secret) })).status).toBe(422);
    expect((await disable({ password: PASSWORD })).status).toBe(422);
    expect((await disable({ password: "not-the-password", code: codeOf(secret) })).body.code).toBe("wrong_password");
    expect((await disable({ password: PASSWORD, code: wrongCode(secret) })).body.code).toBe("wrong_code");
    await challengeFor(customer.email);
    expect((await disable({ password: PASSWORD, code: recoveryCodes[9] })).status).toBe(204);
    expect(await mailsTo(customer.id)).toEqual(["recovery_code_used", "two_factor_off", "two_factor_on"]);
    expect((await disable({ password: PASSWORD, code: codeOf(secret) })).body.code).toBe("no_authenticator");
    await signIn(customer.email);
    expect(await stateOf(accessToken)).toEqual({ enabled: false, enabled_at: null, recovery_codes_left: 0 });
  });

  it("voids challenges under way", async () => {
    const { customer, secret, access_token: accessToken } = await protectedCustomer();
    const challenge = await challengeFor(customer.email);
    await call("POST", "/v1/me/authenticator/disable", { password: PASSWORD, code: codeOf(secret) }, { accessToken });
    expect((await secondStep(challenge, codeOf(secret, 1))).status).toBe(403);
  });

  it("stops guesses at codes by whoever has session and password", async () => {
    const { secret, access_token: accessToken } = await protectedCustomer();
    const body = { password: PASSWORD, code: wrongCode(secret) };
    const guesses = Array.from({ length: 14 }, () => call("POST", "/v1/me/authenticator/disable", body, { accessToken }));
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 403)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(4);
  });
});

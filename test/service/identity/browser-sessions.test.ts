/** Sessions of the shop's pages: how a browser gets one, whose it is, and that it ends like every other. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { BROWSER_SESSION_LIFETIME_MS } from "../../../workers/identity/browser-session.ts";
import type { BrowserSession } from "../../../workers/identity/contract.ts";
import type { Env } from "../../../workers/identity/env.ts";
import { issueCapabilityToken, verifyCapabilityToken } from "../../../workers/shared/capability-token.ts";
import { encodePrincipal, PRINCIPAL_HEADER } from "../../../workers/shared/principal.ts";
import { TEST_SECRETS } from "../../secrets.ts";
import { call, freshEmail, PASSWORD, register, signIn } from "./client.ts";
import { identity } from "./entrypoint.ts";

const { DATABASE } = env as unknown as Env;
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/** A browser that nobody has seen before. */
const NEW_BROWSER = { userAgent: null, network: null, deviceToken: null, language: "en" } as const;
const HOUR_MS = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
});

function letTimePass(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + milliseconds });
}

async function browserSession(email: string, password = PASSWORD): Promise<BrowserSession> {
  const opened = await identity.signInBrowser({ email, password, ...NEW_BROWSER, userAgent: FIREFOX });
  if (!opened.ok) throw new Error(opened.error.code);
  return opened.value;
}

async function sessionIdOf({ token }: BrowserSession): Promise<string> {
  return (await verifyCapabilityToken(TEST_SECRETS.CAPABILITY_SECRET, token)) ?? "no session";
}

/** As the gateway hands a page's call on to identity. */
async function callAs(session: BrowserSession, method: string, path: string, body?: unknown): Promise<Response> {
  const sessionId = await sessionIdOf(session);
  const principal = {
    kind: "customer" as const,
    subject: session.customerId,
    sessionId,
    scopes: [],
    capabilities: [],
    client: null,
  };
  return await identity.fetch(`https://identity.holdfast.internal${path}`, {
    method,
    headers: { "content-type": "application/json", [PRINCIPAL_HEADER]: encodePrincipal(principal) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

describe("signing a browser in", () => {
  it("opens a session with a token that the gateway can verify, and writes no token down", async () => {
    const { customer } = await register();
    const session = await browserSession(customer.email);
    const sessionId = await sessionIdOf(session);
    expect(session.token).toBe(await issueCapabilityToken(TEST_SECRETS.CAPABILITY_SECRET, sessionId));
    expect(session.customerId).toBe(customer.id);
    expect(await identity.sessionOwner(sessionId)).toBe(customer.id);
    const row = await DATABASE.prepare("SELECT * FROM sessions WHERE id = ?").bind(sessionId).first();
    expect(row).toMatchObject({ customer_id: customer.id, user_agent_family: "Firefox on Linux" });
    const { results } = await DATABASE.prepare("SELECT * FROM refresh_tokens WHERE session_id = ?").bind(sessionId).all();
    expect(results).toEqual([]);
  });

  it("answers alike for an unknown address, a wrong password, a disabled account and what is no address", async () => {
    const { customer } = await register();
    const disabled = await register();
    await DATABASE.prepare("UPDATE customers SET status = 'disabled' WHERE id = ?").bind(disabled.customer.id).run();
    const attempts = [
      [customer.email, "not-the-password"],
      [freshEmail(), PASSWORD],
      [disabled.customer.email, PASSWORD],
      ["no address", PASSWORD],
      [customer.email, ""],
    ] as const;
    for (const [email, password] of attempts) {
      const answer = await identity.signInBrowser({ email, password, ...NEW_BROWSER });
      expect(answer).toEqual({ ok: false, error: { code: "invalid_credentials" } });
    }
  });

  it("takes nothing but its members", async () => {
    const { customer } = await register();
    const hostile = { email: customer.email, password: PASSWORD, ...NEW_BROWSER, customerId: "cus_1" };
    expect(await identity.signInBrowser(hostile)).toMatchObject({ ok: false });
  });
});

describe("registering in a browser", () => {
  it("opens the account and signs in, alike for a known and an unknown address", async () => {
    const owner = await register();
    for (const email of [owner.customer.email, freshEmail()]) {
      const answer = await identity.registerBrowser({ email, password: "another-good-phrase", name: "Ada", ...NEW_BROWSER });
      expect(answer).toMatchObject({ ok: true, value: { name: "Ada", customerId: expect.stringMatching(/^cus_/) } });
      expect(answer.ok && answer.value.customerId).not.toBe(owner.customer.id);
    }
    expect((await signIn(owner.customer.email)).customer.id).toBe(owner.customer.id);
  });

  it("names the fields that are wrong", async () => {
    const answer = await identity.registerBrowser({ email: "x", password: "short", name: "a\u0007b", ...NEW_BROWSER });
    if (answer.ok || answer.error.code !== "invalid_registration") throw new Error("it was not refused");
    expect(answer.error.errors.map(({ path }) => path).sort()).toEqual(["email", "name", "password"]);
  });

  it("refuses passwords that are guessed first", async () => {
    const answer = await identity.registerBrowser({
      email: freshEmail(),
      password: "Password12345",
      name: null,
      ...NEW_BROWSER,
    });
    expect(answer).toEqual({ ok: false, error: { code: "weak_password" } });
  });
});

describe("a browser's session", () => {
  it.each(["signing out", "a change of password elsewhere", "signing the device out", "disabling the account", "time"])(
    "ends by %s",
    async (end) => {
      const { customer, access_token: accessToken } = await register();
      const session = await browserSession(customer.email);
      const sessionId = await sessionIdOf(session);
      const change = { current: PASSWORD, new: "a-lighthouse-in-fog" };
      if (end === "signing out") await callAs(session, "POST", "/v1/auth/sign-out");
      if (end === "a change of password elsewhere") await call("POST", "/v1/me/password", change, { accessToken });
      if (end === "signing the device out") await call("DELETE", `/v1/me/sessions/${sessionId}`, undefined, { accessToken });
      if (end === "disabling the account")
        await DATABASE.prepare("UPDATE customers SET status = 'disabled' WHERE id = ?").bind(customer.id).run();
      if (end === "time") letTimePass(BROWSER_SESSION_LIFETIME_MS);
      expect(await identity.sessionOwner(sessionId)).toBeNull();
      expect((await callAs(session, "GET", "/v1/me")).status).toBe(401);
    },
  );

  it("outlives a change of password that it made itself", async () => {
    const { customer } = await register();
    const session = await browserSession(customer.email);
    const change = { current: PASSWORD, new: "a-lighthouse-in-fog" };
    expect((await callAs(session, "POST", "/v1/me/password", change)).status).toBe(204);
    expect(await identity.sessionOwner(await sessionIdOf(session))).toBe(customer.id);
  });

  it("says when it was used, to the hour, and never after its end", async () => {
    const { customer } = await register();
    const session = await browserSession(customer.email);
    const sessionId = await sessionIdOf(session);
    const lastUsed = () =>
      DATABASE.prepare("SELECT last_used_at_ms FROM sessions WHERE id = ?").bind(sessionId).first<number>("last_used_at_ms");
    const opened = await lastUsed();
    letTimePass(HOUR_MS / 2);
    await identity.sessionOwner(sessionId);
    expect(await lastUsed()).toBe(opened);
    letTimePass(HOUR_MS);
    await identity.sessionOwner(sessionId);
    expect(await lastUsed()).toBeGreaterThan(opened ?? 0);
    await callAs(session, "POST", "/v1/auth/sign-out");
    letTimePass(2 * HOUR_MS);
    await identity.sessionOwner(sessionId);
    expect((await identity.checkRevocations()).violations).toEqual([]);
  });

  it("is nobody's when it is unknown or no id at all", async () => {
    for (const id of ["ses_00000000000000000000000000", "", "x", "' OR 1=1 --"])
      expect(await identity.sessionOwner(id)).toBeNull();
  });
});

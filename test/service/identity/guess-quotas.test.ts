/** Guesses at passwords are stopped, the owner is not, and nobody learns from either whether an address is known. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import Argon2 from "@phi-ag/argon2";
import { afterEach, describe, expect, it, vi } from "vitest";
import { DEVICE_TOKEN_LIFETIME_MS } from "../../../workers/identity/device-token.ts";
import type { Env } from "../../../workers/identity/env.ts";
import { newId } from "../../../workers/shared/identifiers.ts";
import { type Answer, call, freshEmail, PASSWORD, register, signIn } from "./client.ts";
import { identity } from "./entrypoint.ts";

const { ATTEMPT_QUOTA, DATABASE } = env as unknown as Env;
const GUESSES = 1_000;
const HOUR_MS = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function letTimePass(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + milliseconds });
}

interface Guess {
  readonly email: string;
  readonly password?: string;
  readonly network?: string;
  readonly deviceToken?: string;
}

function guess({ email, password = "not-the-password", network, deviceToken }: Guess): Promise<Answer> {
  const body = { email, password, ...(deviceToken === undefined ? {} : { device_token: deviceToken }) };
  return call("POST", "/v1/auth/sign-in", body, network === undefined ? {} : { network });
}

/** @returns the statuses of so many wrong guesses, each from where `networkOf` says. */
async function statusesOf(email: string, count: number, networkOf: () => string): Promise<number[]> {
  const statuses: number[] = [];
  for (let index = 0; index < count; index += 50) {
    const wave = Array.from({ length: Math.min(50, count - index) }, () => guess({ email, network: networkOf() }));
    statuses.push(...(await Promise.all(wave)).map((answer) => answer.status));
  }
  return statuses;
}

/** A network that nobody has come from yet: what other tests did, at whatever time, does not count. */
function spread(): string {
  const [high = "", low = ""] = crypto.randomUUID().split("-").slice(1, 3);
  return `2001:db8:${high}:${low}::/64`;
}

describe("a thousand guesses", () => {
  it.each([
    ["one network", 100, () => "203.0.113.7"],
    ["a thousand networks", GUESSES, spread],
  ])(
    "at one account are stopped after a few, from %s",
    async (_, count, networkOf) => {
      const { customer } = await register();
      const statuses = await statusesOf(customer.email, count, networkOf);
      expect(new Set(statuses)).toEqual(new Set([401, 429]));
      expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(20);
    },
    120_000,
  );

  it("at coupon codes are stopped on one cart and from one network, and right ones cost nothing", async () => {
    const network = "2001:db8:77:77::/64";
    const cartId = newId("cart", Date.now());
    const tries = await Promise.all(Array.from({ length: 30 }, () => identity.takeCouponAttempt({ cartId, network })));
    expect(tries.filter(({ ok }) => ok)).toHaveLength(10);
    const elsewhere = Array.from({ length: GUESSES / 10 }, () => ({ cartId: newId("cart", Date.now()), network }));
    const others = await Promise.all(elsewhere.map((attempt) => identity.takeCouponAttempt(attempt)));
    expect(others.filter(({ ok }) => ok)).toHaveLength(40);
    expect(await identity.takeCouponAttempt({ cartId, network })).toMatchObject({
      ok: false,
      error: { code: "too_many_attempts" },
    });
    const neighbour = { cartId: newId("cart", Date.now()), network: "2001:db8:78:78::/64" };
    for (let time = 0; time < 20; time++) {
      expect(await identity.takeCouponAttempt(neighbour)).toMatchObject({ ok: true });
      await identity.giveCouponAttemptBack(neighbour);
    }
  });

  it("at a thousand accounts from one network are stopped, also from all over an IPv6 /64", async () => {
    const network = "2001:db8:9:9::/64";
    const statuses = await Promise.all(
      Array.from({ length: 80 }, async () => (await guess({ email: freshEmail(), network })).status),
    );
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(51);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(25);
  });

  it("in the shop's sign-in form are stopped like those at the API", async () => {
    const { customer } = await register();
    const browser = { userAgent: null, network: "203.0.113.8", deviceToken: null, language: "en" } as const;
    const answers = [];
    for (let index = 0; index < 30; index++) {
      answers.push(await identity.signInBrowser({ email: customer.email, password: "not-the-password", ...browser }));
    }
    const refused = answers.filter((answer) => !answer.ok && answer.error.code === "too_many_attempts");
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect((await guess({ email: customer.email })).status).toBe(429);
  });

  it("through registration are stopped with those through sign-in", async () => {
    const { customer } = await register();
    const answers: Answer[] = [];
    for (let index = 0; index < 25; index++) {
      const body = { email: customer.email, password: `a-guess-of-${index}-words-or-so` };
      answers.push(await call("POST", "/v1/auth/register", body));
    }
    expect(answers.at(-1)).toMatchObject({ status: 429, body: { code: "too_many_attempts" } });
    expect((await guess({ email: customer.email })).status).toBe(429);
  });

  it("at the current password of a stolen session are stopped", async () => {
    const { access_token: accessToken } = await register();
    const answers: Answer[] = [];
    for (let index = 0; index < 15; index++) {
      const body = { current: `not-the-password-${index}`, new: "a-lighthouse-in-fog" };
      answers.push(await call("POST", "/v1/me/password", body, { accessToken }));
    }
    expect(answers.filter((answer) => answer.status === 403)).toHaveLength(10);
    expect(answers.at(-1)?.body.code).toBe("too_many_attempts");
  });

  it("are not hashed once they are refused", async () => {
    const { customer } = await register();
    await statusesOf(customer.email, 20, spread);
    const hash = vi.spyOn(Argon2.prototype, "hash");
    for (let index = 0; index < 10; index++) expect((await guess({ email: customer.email })).status).toBe(429);
    expect(hash).not.toHaveBeenCalled();
    await guess({ email: freshEmail() });
    expect(hash).toHaveBeenCalledOnce();
  });
});

describe("the owner (regression: a quota that locks the owner out)", () => {
  it("signs in on a known device while strangers are refused, and has attempts of their own there", async () => {
    const owner = await register();
    const { email } = owner.customer;
    await statusesOf(email, 60, spread);
    expect((await guess({ email, password: PASSWORD })).status).toBe(429);
    const known = { email, deviceToken: owner.device_token };
    expect((await guess(known)).status).toBe(401);
    expect((await guess({ ...known, password: PASSWORD })).status).toBe(200);
    const wrong = await Promise.all(Array.from({ length: 15 }, () => guess(known)));
    expect(wrong.at(-1)?.status).toBe(429);
    letTimePass(HOUR_MS);
    expect((await guess({ ...known, password: PASSWORD })).status).toBe(200);
  });

  it("signs in from a network whose attempts a stranger used up", async () => {
    const owner = await register();
    const network = "203.0.113.77";
    await Promise.all(Array.from({ length: 80 }, () => guess({ email: freshEmail(), network })));
    const { email } = owner.customer;
    expect((await guess({ email, password: PASSWORD, network })).status).toBe(429);
    expect((await guess({ email, password: PASSWORD, network, deviceToken: owner.device_token })).status).toBe(200);
  });

  it("is let in by the right password as often as wanted", async () => {
    const { customer } = await register();
    for (let index = 0; index < 30; index++) await signIn(customer.email);
  });

  it("is let in again as time passes, without a device", async () => {
    const { customer } = await register();
    await statusesOf(customer.email, 30, spread);
    const refused = await guess({ email: customer.email, password: PASSWORD });
    expect(refused.status).toBe(429);
    letTimePass(Number(refused.headers.get("retry-after")) * 1_000);
    expect((await guess({ email: customer.email, password: PASSWORD })).status).toBe(200);
  });
});

describe("a device's mark", () => {
  it("of a stranger's own claim on the address gives no further guesses at the owner's password", async () => {
    const owner = await register();
    const { email } = owner.customer;
    const claim = await register(email, "another-good-phrase");
    await statusesOf(email, 40, spread);
    const { device_token: deviceToken } = claim;
    expect((await guess({ email, password: PASSWORD, deviceToken })).body.code).toBe("invalid_credentials");
    expect((await guess({ email, password: "another-good-phrase", deviceToken })).status).toBe(200);
    expect((await guess({ email, password: PASSWORD, deviceToken: owner.device_token })).status).toBe(200);
  });

  it("is the stranger's when it is forged, altered, too old or of another address", async () => {
    const owner = await register();
    const other = await register();
    const { email } = owner.customer;
    await statusesOf(email, 40, spread);
    const [device, , mac] = owner.device_token.split(".");
    const forgeries = [
      "",
      "nonsense",
      other.device_token,
      `${device}.${other.customer.id}.${mac}`,
      `${owner.device_token.slice(0, -3)}AAA`,
      `${device}.${owner.customer.id}.${other.device_token.split(".")[2]}`,
    ];
    for (const deviceToken of forgeries) expect((await guess({ email, password: PASSWORD, deviceToken })).status).toBe(429);
    letTimePass(DEVICE_TOKEN_LIFETIME_MS + HOUR_MS);
    await statusesOf(email, 40, spread);
    expect((await guess({ email, password: PASSWORD, deviceToken: owner.device_token })).status).toBe(429);
  });

  it("opens nothing by itself and stays what it is", async () => {
    const owner = await register();
    const again = await guess({ email: owner.customer.email, password: PASSWORD, deviceToken: owner.device_token });
    expect(again.body.device_token).toBe(owner.device_token);
    const me = await identity.fetch("https://shop.example/v1/me", { headers: { authorization: `Bearer ${owner.device_token}` } });
    expect(me.status).toBe(401);
  });
});

describe("a refusal", () => {
  it("is the same for a known and an unknown address, to the letter", async () => {
    const { customer } = await register();
    const unknown = freshEmail();
    await Promise.all([statusesOf(customer.email, 30, spread), statusesOf(unknown, 30, spread)]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const [forKnown, forUnknown] = [await guess({ email: customer.email }), await guess({ email: unknown })];
    expect(forKnown.status).toBe(429);
    const wordsOf = ({ body }: Answer) => ({ ...body, retry_after_seconds: 0 });
    expect(wordsOf(forUnknown)).toEqual(wordsOf(forKnown));
    expect([...forUnknown.headers.keys()]).toEqual([...forKnown.headers.keys()]);
    const waits = [forKnown, forUnknown].map((answer) => Number(answer.headers.get("retry-after")));
    expect(Math.abs((waits[0] ?? 0) - (waits[1] ?? 0))).toBeLessThan(60);
    expect(waits[0]).toBeGreaterThan(0);
  });

  it("comes after as many guesses for a known as for an unknown address", async () => {
    const { customer } = await register();
    // Registering was an attempt, too, and looks like one from outside.
    const known = await statusesOf(customer.email, 40, spread);
    const unknown = await statusesOf(freshEmail(), 40, spread);
    const allowed = (statuses: readonly number[]) => statuses.filter((status) => status === 401).length;
    expect(allowed(unknown) - allowed(known)).toBe(1);
  });
});

describe("the buckets", () => {
  it("name no address and vanish when they are full again", async () => {
    const { customer } = await register();
    await guess({ email: customer.email, network: "192.0.2.44" });
    letTimePass(2 * DEVICE_TOKEN_LIFETIME_MS);
    let buckets = 0;
    for (let shard = 0; shard < 32; shard++) {
      const stub = ATTEMPT_QUOTA.getByName(`attempts-${shard}`);
      const before = await runInDurableObject(stub, (_, state) => state.storage.sql.exec("SELECT * FROM buckets").toArray());
      buckets += before.length;
      expect(JSON.stringify(before)).not.toMatch(/example\.com|192\.0\.2/);
      await runDurableObjectAlarm(stub);
      const after = await runInDurableObject(stub, (_, state) => state.storage.sql.exec("SELECT * FROM buckets").toArray());
      expect(after).toEqual([]);
      expect(await runInDurableObject(stub, (_, state) => state.storage.getAlarm())).toBeNull();
    }
    expect(buckets).toBeGreaterThan(0);
    expect(await DATABASE.prepare("SELECT count(*) AS count FROM customers").first("count")).toBeGreaterThan(0);
  });
});

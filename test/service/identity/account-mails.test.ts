/** Links in mails: they confirm, change and reset, once, for their account only, and tell strangers nothing. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { tellOrders } from "../../../workers/identity/confirm-email.ts";
import type { AccountMessageKind } from "../../../workers/identity/contract.ts";
import { type Env, openStore } from "../../../workers/identity/env.ts";
import { type Answer, call, freshEmail, PASSWORD, refresh, register, type SignedIn, signIn } from "./client.ts";
import { identity } from "./entrypoint.ts";
import type { FakeOrders } from "./fakes/orders.ts";
import { canTellApart } from "./timing.ts";

const bindings = env as unknown as Env & { readonly ORDERS: FakeOrders };
const { DATABASE, ORDERS } = bindings;
const HOUR_MS = 3_600_000;
const NEW_PASSWORD = "a-lighthouse-in-fog";

afterEach(async () => {
  vi.useRealTimers();
  await ORDERS.breakDown(false);
});

function letTimePass(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + milliseconds });
}

interface OpenMessage {
  readonly id: string;
  readonly customer_id: string;
}

async function openMessage(email: string, kind: AccountMessageKind): Promise<OpenMessage | null> {
  const query = "SELECT * FROM account_messages WHERE email_normalized = ? AND kind = ? AND closed_at_ms IS NULL";
  return await DATABASE.prepare(query).bind(email, kind).first<OpenMessage>();
}

/** What the mail would hold: as notifications asks for it when it sends. */
async function linkIn(email: string, kind: AccountMessageKind): Promise<string> {
  const row = await vi.waitFor(async () => {
    const found = await openMessage(email, kind);
    expect(found).not.toBeNull();
    return found;
  });
  const message = await identity.readAccountMessage(row?.id ?? "");
  if (!message.ok || message.value.token === null) throw new Error(`no link for ${kind}`);
  expect(message.value).toMatchObject({ kind, email });
  return message.value.token;
}

function confirm(who: SignedIn, token: string): Promise<Answer> {
  return call("POST", "/v1/me/email/confirm", { token }, { accessToken: who.access_token });
}

async function confirmed(): Promise<SignedIn> {
  const who = await register();
  expect((await confirm(who, await linkIn(who.customer.email, "confirm_email"))).status).toBe(200);
  return who;
}

function requestReset(email: string, more: Record<string, string> = {}): Promise<Answer> {
  return call("POST", "/v1/auth/request-password-reset", { email, ...more });
}

function reset(token: string, password = NEW_PASSWORD): Promise<Answer> {
  return call("POST", "/v1/auth/reset-password", { token, password });
}

describe("confirming an address", () => {
  it("takes the mail's link and a sign-in, works once, and tells orders whose the address is", async () => {
    const who = await register();
    const token = await linkIn(who.customer.email, "confirm_email");
    const answer = await confirm(who, token);
    expect(answer.body).toMatchObject({ email_confirmed: true, email: who.customer.email });
    expect((await confirm(who, token)).body.code).toBe("invalid_link");
    await vi.waitFor(async () => expect(await ORDERS.ownerOf(who.customer.email)).toBe(who.customer.id));
  });

  it("is not done by the link alone, nor by another account (regression: guest orders taken by a stranger's claim)", async () => {
    const stranger = await register();
    const owner = await register(stranger.customer.email, "another-good-phrase");
    const token = await linkOf(stranger);
    expect((await confirm(owner, token)).body.code).toBe("invalid_link");
    expect((await call("POST", "/v1/me/email/confirm", { token })).status).toBe(401);
    expect(await ORDERS.ownerOf(owner.customer.email)).toBeNull();
  });

  it("closes the other claims on the address, and their sessions", async () => {
    const stranger = await register();
    const owner = await register(stranger.customer.email, "another-good-phrase");
    expect((await confirm(owner, await linkOf(owner))).status).toBe(200);
    expect((await refresh(stranger.refresh_token)).status).toBe(401);
    expect((await call("POST", "/v1/auth/sign-in", { email: stranger.customer.email, password: PASSWORD })).status).toBe(401);
    expect((await signIn(owner.customer.email, "another-good-phrase")).customer.email_confirmed).toBe(true);
  });

  it("refuses a link that is forged, altered, replaced or too old, all alike", async () => {
    const who = await register();
    const first = await linkIn(who.customer.email, "confirm_email");
    await call("POST", "/v1/me/email/request-confirmation", undefined, { accessToken: who.access_token });
    const second = await linkIn(who.customer.email, "confirm_email");
    expect(second).not.toBe(first);
    const [id, mac] = second.split(".");
    const refused = [first, `${id}.${mac?.slice(0, -2)}AA`, `${first.split(".")[0]}.${mac}`, `${id}`, "nonsense"];
    const bodies = await Promise.all(refused.map(async (token) => (await confirm(who, token)).body));
    for (const body of bodies) expect(body).toEqual(bodies[0]);
    expect(bodies[0]?.code).toBe("invalid_link");
    letTimePass(73 * HOUR_MS);
    const later = await signIn(who.customer.email);
    expect((await confirm(later, second)).body.code).toBe("invalid_link");
  });

  it("is told to orders by the schedule when orders was away", async () => {
    await ORDERS.breakDown(true);
    const who = await confirmed();
    expect(await ORDERS.ownerOf(who.customer.email)).toBeNull();
    await ORDERS.breakDown(false);
    await tellOrders(openStore(bindings), Date.now());
    expect(await ORDERS.ownerOf(who.customer.email)).toBe(who.customer.id);
  });
});

/** The link of one of several claims on an address. */
async function linkOf(who: SignedIn): Promise<string> {
  const query = "SELECT id FROM account_messages WHERE customer_id = ? AND kind = 'confirm_email' AND closed_at_ms IS NULL";
  const row = await vi.waitFor(async () => {
    const found = await DATABASE.prepare(query).bind(who.customer.id).first<{ id: string }>();
    expect(found).not.toBeNull();
    return found;
  });
  const message = await identity.readAccountMessage(row?.id ?? "");
  if (!message.ok || message.value.token === null) throw new Error("no link");
  return message.value.token;
}

describe("a lost password", () => {
  it("is replaced by the mail's link, once, and every session and device of before is a stranger's", async () => {
    const who = await register();
    const { email } = who.customer;
    const elsewhere = await signIn(email);
    expect((await requestReset(email)).status).toBe(202);
    const token = await linkIn(email, "reset_password");
    const done = await reset(token);
    expect(done.status).toBe(200);
    for (const session of [who, elsewhere]) expect((await refresh(session.refresh_token)).status).toBe(401);
    expect((await call("POST", "/v1/auth/sign-in", { email, password: PASSWORD })).status).toBe(401);
    const again = await signIn(email, NEW_PASSWORD);
    expect(again.customer).toMatchObject({ id: who.customer.id, email_confirmed: true });
    expect((await reset(token, "yet-another-phrase")).body.code).toBe("invalid_link");
    expect(await openMessage(email, "password_reset")).not.toBeNull();
    await Promise.all(Array.from({ length: 30 }, () => call("POST", "/v1/auth/sign-in", { email, password: "wrong-password" })));
    const from = (device_token: string) => call("POST", "/v1/auth/sign-in", { email, password: NEW_PASSWORD, device_token });
    expect((await from(who.device_token)).status).toBe(429);
    expect((await from(done.body.device_token)).status).toBe(200);
  });

  it("never has its token in an answer, nor in the database (regression: reset token in a response)", async () => {
    const { customer } = await register();
    const answer = await requestReset(customer.email);
    const token = await linkIn(customer.email, "reset_password");
    const [, secret = "no secret"] = token.split(".");
    expect(answer.body).toBeNull();
    expect(JSON.stringify([...answer.headers])).not.toContain(secret);
    const { results } = await DATABASE.prepare("SELECT * FROM account_messages").all();
    expect(JSON.stringify(results)).not.toContain(secret);
  });

  it("is asked for alike for a known and an unknown address, to the letter and in time", async () => {
    const answers: Answer[] = [];
    /** The mail of the first request is written after its answer: it must not run beside the second one, which is measured. */
    const theBackgroundIsDone = async () => {
      for (let looks = 0; looks < 20; looks++) await DATABASE.prepare("SELECT count(*) FROM account_messages").first();
    };
    /** The second request for an address: the first wakes what counts its mails, as registering has done for the known one. */
    const timed = async (email: string) => {
      await requestReset(email);
      await theBackgroundIsDone();
      const start = performance.now();
      answers.push(await requestReset(email));
      return performance.now() - start;
    };
    const toldApart = await canTellApart(async () => {
      const known: number[] = [];
      const unknown: number[] = [];
      for (let round = 0; round < 9; round++) {
        const { customer } = await register();
        // In turns also in who is first: what is done after one answer must not always count against the other kind.
        if (round % 2 === 0) known.push(await timed(customer.email));
        unknown.push(await timed(freshEmail()));
        if (round % 2 === 1) known.push(await timed(customer.email));
      }
      return { known, unknown };
    });
    expect(toldApart).toBe(false);
    for (const answer of answers) {
      expect([answer.status, answer.body, [...answer.headers.keys()]]).toEqual([
        202,
        null,
        [...(answers[0]?.headers.keys() ?? [])],
      ]);
    }
  });

  it("can be asked for a few times only, for a known and an unknown address, but always from a known device", async () => {
    const who = await register();
    for (const email of [who.customer.email, freshEmail()]) {
      const statuses: number[] = [];
      for (let index = 0; index < 7; index++) statuses.push((await requestReset(email)).status);
      expect(statuses.slice(-2)).toEqual([429, 429]);
    }
    expect((await requestReset(who.customer.email, { device_token: who.device_token })).status).toBe(202);
  });

  it("keeps its link when the new password is too easy, and loses it by a change of password", async () => {
    const who = await register();
    const { email } = who.customer;
    await requestReset(email);
    const token = await linkIn(email, "reset_password");
    expect((await reset(token, "Password12345")).body.code).toBe("weak_password");
    const change = { current: PASSWORD, new: "another-good-phrase" };
    await call("POST", "/v1/me/password", change, { accessToken: who.access_token });
    expect((await reset(token)).body.code).toBe("invalid_link");
  });

  it("is not reset by a link for another purpose, nor after half an hour", async () => {
    const who = await register();
    const { email } = who.customer;
    expect((await reset(await linkIn(email, "confirm_email"))).body.code).toBe("invalid_link");
    await requestReset(email);
    const token = await linkIn(email, "reset_password");
    expect((await confirm(who, token)).body.code).toBe("invalid_link");
    letTimePass(HOUR_MS);
    expect((await reset(token)).body.code).toBe("invalid_link");
  });

  it("goes to one of two who use the link at once", async () => {
    const { customer } = await register();
    await requestReset(customer.email);
    const token = await linkIn(customer.email, "reset_password");
    const answers = await Promise.all([reset(token, "the-first-to-arrive"), reset(token, "the-second-to-come")]);
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 410]);
  });

  it("takes the account from the link, never from the body (regression: user id taken from the body)", async () => {
    const victim = await register();
    const { customer } = await register();
    await requestReset(customer.email);
    const token = await linkIn(customer.email, "reset_password");
    for (const injected of [{ customer_id: victim.customer.id }, { email: victim.customer.email }, { user_id: 1 }]) {
      const answer = await call("POST", "/v1/auth/reset-password", { token, password: NEW_PASSWORD, ...injected });
      expect(answer.status).toBe(422);
    }
    expect((await signIn(victim.customer.email)).customer.id).toBe(victim.customer.id);
  });
});

describe("changing the address", () => {
  function change(who: SignedIn, email: string, password = PASSWORD): Promise<Answer> {
    return call("POST", "/v1/me/email", { email, password }, { accessToken: who.access_token });
  }

  it("happens when the new address is confirmed, and the old one is told", async () => {
    const who = await confirmed();
    const next = freshEmail();
    expect((await change(who, next)).status).toBe(202);
    expect((await signIn(who.customer.email)).customer.email).toBe(who.customer.email);
    const answer = await confirm(who, await linkIn(next, "change_email"));
    expect(answer.body).toMatchObject({ email: next, email_confirmed: true });
    expect((await signIn(next)).customer.id).toBe(who.customer.id);
    expect((await call("POST", "/v1/auth/sign-in", { email: who.customer.email, password: PASSWORD })).status).toBe(401);
    expect(await openMessage(who.customer.email, "email_changed")).not.toBeNull();
    await vi.waitFor(async () => expect(await ORDERS.ownerOf(next)).toBe(who.customer.id));
  });

  it("needs the password, and no answer tells whether the new address is somebody's", async () => {
    const who = await register();
    const other = await confirmed();
    expect((await change(who, freshEmail(), "not-the-password")).body.code).toBe("wrong_password");
    const [known, unknown] = [await change(who, other.customer.email), await change(who, freshEmail())];
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
  });

  it("leaves a confirmed address to its owner, and says so only to whoever reads its mail", async () => {
    const who = await register();
    const other = await confirmed();
    await change(who, other.customer.email, PASSWORD);
    const answer = await confirm(who, await linkIn(other.customer.email, "change_email"));
    expect(answer.body.code).toBe("email_in_use");
    expect((await signIn(other.customer.email)).customer.id).toBe(other.customer.id);
  });

  it("is void after a change of password", async () => {
    const who = await register();
    const next = freshEmail();
    await change(who, next);
    const token = await linkIn(next, "change_email");
    await call("POST", "/v1/me/password", { current: PASSWORD, new: NEW_PASSWORD }, { accessToken: who.access_token });
    expect((await confirm(who, token)).body.code).toBe("invalid_link");
  });
});

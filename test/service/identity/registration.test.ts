/** Registering and signing in, and that neither tells a stranger whether an address is known. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Env } from "../../../workers/identity/env.ts";
import { hashPassword } from "../../../workers/identity/password-hash.ts";
import { call, freshEmail, PASSWORD, register, signIn } from "./client.ts";
import { canTellApart } from "./timing.ts";

const { DATABASE } = env as unknown as Env;

describe("registering", () => {
  it("opens an account and signs in to it", async () => {
    const email = freshEmail();
    const answer = await call("POST", "/v1/auth/register", { email, password: PASSWORD, name: "  Ada Lovelace " });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect(answer.body).toMatchObject({
      customer: { email, name: "Ada Lovelace", email_confirmed: false },
      token_type: "Bearer",
      expires_in: 600,
    });
    expect(answer.body.customer.id).toMatch(/^cus_[0-9a-z]{26}$/);
    const me = await call("GET", "/v1/me", undefined, { accessToken: answer.body.access_token });
    expect(me.body).toEqual(answer.body.customer);
  });

  it("answers alike for a known and an unknown address, and opens no door to the known one", async () => {
    const email = freshEmail();
    const owner = await register(email);
    const known = await call("POST", "/v1/auth/register", { email, password: "another-good-phrase" });
    const unknown = await call("POST", "/v1/auth/register", { email: freshEmail(), password: "another-good-phrase" });
    expect(known.status).toBe(unknown.status);
    expect(shapeOf(known.body)).toEqual(shapeOf(unknown.body));
    expect(known.body.customer.id).not.toBe(owner.customer.id);
    expect((await signIn(email)).customer.id).toBe(owner.customer.id);
    expect((await signIn(email, "another-good-phrase")).customer.id).toBe(known.body.customer.id);
  });

  it("is the same account when the answer was lost and the client asks again", async () => {
    const email = freshEmail();
    const [first, second] = await Promise.all([register(email), register(email)]);
    expect(second.customer.id).toBe(first.customer.id);
    expect(second.refresh_token).not.toBe(first.refresh_token);
  });

  it("takes two spellings of one address for the same address", async () => {
    const email = freshEmail();
    const account = await register(email);
    expect((await signIn(` ${email.toUpperCase()} `)).customer.id).toBe(account.customer.id);
  });

  it("keeps argon2id hashes at the recommended cost, and nothing else of the password", async () => {
    const { customer } = await register(undefined, "ünïcödé-pässwörd-♥");
    const row = await DATABASE.prepare("SELECT * FROM customers WHERE id = ?").bind(customer.id).first();
    expect(row?.["password_hash"]).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(JSON.stringify(row)).not.toContain("pässwörd");
  });

  it.each([
    ["an injected role", { role: "admin" }, "role"],
    ["an injected id", { id: "cus_00000000000000000000000000" }, "id"],
    ["an injected status", { status: "disabled" }, "status"],
    ["an injected confirmation", { email_confirmed: true }, "email_confirmed"],
    ["an injected customer id", { customer_id: "cus_1" }, "customer_id"],
  ])("refuses %s", async (_, injected, path) => {
    const answer = await call("POST", "/v1/auth/register", { email: freshEmail(), password: PASSWORD, ...injected });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: "invalid_body", errors: [{ path }] });
  });

  it.each([
    ["no address", { password: PASSWORD }, "email"],
    ["an address without a domain", { email: "ada@", password: PASSWORD }, "email"],
    ["an address that is a number", { email: 7, password: PASSWORD }, "email"],
    ["a short password", { email: "a@example.com", password: "123456789" }, "password"],
    ["a password of 201 characters", { email: "a@example.com", password: "x1y2".repeat(51) }, "password"],
    ["a password with a NUL", { email: "a@example.com", password: "tall-ships\u0000at-dawn" }, "password"],
    ["a password of unpaired surrogates", { email: "a@example.com", password: "tall-ships-\ud800-at" }, "password"],
    ["a name of control characters", { email: "a@example.com", password: PASSWORD, name: "a\u0007b" }, "name"],
  ])("refuses %s", async (_, body, path) => {
    const answer = await call("POST", "/v1/auth/register", body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  it("refuses passwords that are guessed first, and says so to the person who chose one", async () => {
    const answer = await call("POST", "/v1/auth/register", { email: "ada@example.com", password: "Password12345" });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: "weak_password", errors: [{ path: "password" }] });
  });

  it("refuses what is not JSON and what is not an object, without a 500", async () => {
    expect((await call("POST", "/v1/auth/register", undefined, { raw: "{" })).body.code).toBe("malformed_body");
    for (const raw of ["[]", "null", '"text"', "7", '{"__proto__":{"email":"a@example.com"}}']) {
      expect((await call("POST", "/v1/auth/register", undefined, { raw })).status).toBe(422);
    }
  });
});

describe("signing in", () => {
  it("looks the same for an unknown address, a wrong password and a disabled account", async () => {
    const email = freshEmail();
    await register(email);
    const disabled = await register();
    await DATABASE.prepare("UPDATE customers SET status = 'disabled' WHERE id = ?").bind(disabled.customer.id).run();
    const answers = await Promise.all([
      call("POST", "/v1/auth/sign-in", { email, password: "not-the-password" }),
      call("POST", "/v1/auth/sign-in", { email: freshEmail(), password: PASSWORD }),
      call("POST", "/v1/auth/sign-in", { email: disabled.customer.email, password: PASSWORD }),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.body.code).toBe("invalid_credentials");
      expect(answer.body).toEqual(answers[0]?.body);
      expect([...answer.headers.keys()].sort()).toEqual([...(answers[0]?.headers.keys() ?? [])].sort());
    }
  });

  it("takes as long for an unknown address as for a wrong password (regression: timing that reveals accounts)", async () => {
    const toldApart = await canTellApart(async () => {
      const { customer } = await register();
      const nobodys = freshEmail();
      const known: number[] = [];
      const unknown: number[] = [];
      // One address of each kind: what an address costs the first time it is tried, known or not, is not the question.
      for (const email of [customer.email, nobodys]) await millisecondsToRefuse(email);
      for (let round = 0; round < 15; round++) {
        known.push(await millisecondsToRefuse(customer.email));
        unknown.push(await millisecondsToRefuse(nobodys));
      }
      return { known, unknown };
    });
    expect(toldApart).toBe(false);
  });

  it("reads every byte of a password beyond ASCII", async () => {
    const email = freshEmail();
    await register(email, "пароль-из-моря");
    const answer = await call("POST", "/v1/auth/sign-in", { email, password: "пароль-из-гор!" });
    expect(answer.status).toBe(401);
  });

  it("accepts the same characters in another Unicode form", async () => {
    const email = freshEmail();
    const account = await register(email, "café-crème-brûlée".normalize("NFC"));
    expect((await signIn(email, "café-crème-brûlée".normalize("NFD"))).customer.id).toBe(account.customer.id);
  });

  it("makes the hash that any other argon2id makes", () => {
    const hash = hashPassword("пароль-♥-🚢", { salt: "AAECAwQFBgcICQoLDA0ODw", memoryKib: 19_456, passes: 2 });
    expect(hash).toBe("$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$mn0UeI7TZaEtA9jayzs993/4IWk2nYoJvBkfQVRoxh0");
  });

  it("answers 422 to a body that injects a customer", async () => {
    const answer = await call("POST", "/v1/auth/sign-in", { email: freshEmail(), password: PASSWORD, customer_id: "cus_1" });
    expect(answer.status).toBe(422);
  });
});

/** Names and types of members, without their values. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shapeOf(member)]));
}

async function millisecondsToRefuse(email: string): Promise<number> {
  const start = performance.now();
  expect((await call("POST", "/v1/auth/sign-in", { email, password: "not-the-password" })).status).toBe(401);
  return performance.now() - start;
}

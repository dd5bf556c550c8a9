/** The profile, the address book and the language of mails: a customer reaches exactly what is the customer's own. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { ADDRESSES_MAX } from "../../../workers/identity/address-book.ts";
import type { Env } from "../../../workers/identity/env.ts";
import { call, freshEmail, PASSWORD, register, type SignedIn } from "./client.ts";
import { identity } from "./entrypoint.ts";

const { DATABASE } = env as unknown as Env;

const HOME = { name: "Ada Lovelace", line1: "12 St James's Square", city: "London", postal_code: "SW1Y 4JH", country: "GB" };

async function customer() {
  const { access_token: accessToken, customer } = await register();
  return {
    id: customer.id,
    call: (method: string, path: string, body?: unknown) => call(method, path, body, { accessToken }),
  };
}

describe("the profile", () => {
  it("is read and renamed by its owner", async () => {
    const ada = await customer();
    const renamed = await ada.call("PATCH", "/v1/me", { name: "Ada" });
    expect(renamed.body).toMatchObject({ id: ada.id, name: "Ada" });
    expect((await ada.call("GET", "/v1/me")).body).toEqual(renamed.body);
    expect((await ada.call("PATCH", "/v1/me", {})).body.name).toBe("Ada");
    expect((await ada.call("PATCH", "/v1/me", { name: null })).body.name).toBeNull();
  });

  it("never shows the password hash and is never cached", async () => {
    const ada = await customer();
    const me = await ada.call("GET", "/v1/me");
    expect(Object.keys(me.body)).toEqual(["id", "email", "email_confirmed", "name", "created_at"]);
    expect(me.headers.get("cache-control")).toBe("private, no-store");
  });

  it.each(["email", "id", "status", "password_hash", "email_confirmed", "role"])("refuses an injected %s", async (field) => {
    const ada = await customer();
    const answer = await ada.call("PATCH", "/v1/me", { name: "Ada", [field]: "x" });
    expect(answer.status).toBe(422);
    expect((await ada.call("GET", "/v1/me")).body.name).toBeNull();
  });

  it.each([
    ["GET", "/v1/me"],
    ["PATCH", "/v1/me"],
    ["POST", "/v1/me/password"],
    ["GET", "/v1/me/sessions"],
    ["DELETE", "/v1/me/sessions/ses_00000000000000000000000000"],
    ["GET", "/v1/me/addresses"],
    ["POST", "/v1/me/addresses"],
    ["PATCH", "/v1/me/addresses/addr_00000000000000000000000000"],
    ["DELETE", "/v1/me/addresses/addr_00000000000000000000000000"],
  ])("refuses a guest %s %s", async (method, path) => {
    const body = { "PATCH/v1/me": {}, "POST/v1/me/password": { current: PASSWORD, new: "a-lighthouse-in-fog" } }[method + path];
    const answer = await call(method, path, body ?? (method === "POST" ? HOME : method === "PATCH" ? {} : undefined));
    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe("authentication_required");
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
  });
});

describe("the address book", () => {
  it("keeps addresses; the first is the default until another takes over", async () => {
    const ada = await customer();
    const first = await ada.call("POST", "/v1/me/addresses", { ...HOME, label: "Home", phone: "+44 20 7946 0000" });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ ...HOME, label: "Home", line2: null, default_shipping: true, default_billing: true });
    const second = await ada.call("POST", "/v1/me/addresses", { ...HOME, line1: "1 Office Row", default_shipping: true });
    const list = await ada.call("GET", "/v1/me/addresses");
    expect(list.body).toMatchObject({
      items: [
        { id: first.body.id, default_shipping: false, default_billing: true },
        { id: second.body.id, default_shipping: true, default_billing: false },
      ],
      next_cursor: null,
    });
  });

  it("changes what is given and clears what is null", async () => {
    const ada = await customer();
    const { body } = await ada.call("POST", "/v1/me/addresses", { ...HOME, line2: "Flat 2", region: "Greater London" });
    const path = `/v1/me/addresses/${body.id}`;
    const changed = await ada.call("PATCH", path, { line2: null, postal_code: "SW1Y 4LE" });
    expect(changed.body).toMatchObject({
      line2: null,
      region: "Greater London",
      postal_code: "SW1Y 4LE",
      default_shipping: true,
    });
    expect((await ada.call("PATCH", path, { country: null })).status).toBe(422);
  });

  it("moves a default by a change, and forgets a deleted address", async () => {
    const ada = await customer();
    const first = await ada.call("POST", "/v1/me/addresses", HOME);
    const second = await ada.call("POST", "/v1/me/addresses", HOME);
    await ada.call("PATCH", `/v1/me/addresses/${second.body.id}`, { default_billing: true });
    expect((await ada.call("GET", "/v1/me/addresses")).body.items.map((address) => address["default_billing"])).toEqual([
      false,
      true,
    ]);
    expect((await ada.call("DELETE", `/v1/me/addresses/${first.body.id}`)).status).toBe(204);
    expect((await ada.call("DELETE", `/v1/me/addresses/${first.body.id}`)).status).toBe(404);
    expect((await ada.call("GET", "/v1/me/addresses")).body.items).toHaveLength(1);
  });

  it("answers 404 for the address of somebody else and leaves it as it was", async () => {
    const owner = await customer();
    const stranger = await customer();
    await stranger.call("POST", "/v1/me/addresses", HOME);
    const { body: address } = await owner.call("POST", "/v1/me/addresses", HOME);
    const path = `/v1/me/addresses/${address.id}`;
    const change = await stranger.call("PATCH", path, { city: "Elsewhere", default_shipping: true });
    const removal = await stranger.call("DELETE", path);
    expect([change.status, removal.status]).toEqual([404, 404]);
    expect(change.body).toEqual((await stranger.call("PATCH", "/v1/me/addresses/no-such-id", {})).body);
    expect((await owner.call("GET", "/v1/me/addresses")).body.items).toEqual([address]);
    expect((await stranger.call("GET", "/v1/me/addresses")).body.items).toMatchObject([{ default_shipping: true }]);
  });

  it.each([
    ["an unknown country", { country: "XX" }, "country"],
    ["a country in words", { country: "England" }, "country"],
    ["an empty name", { name: "   " }, "name"],
    ["a line with a line break", { line1: "1 Street\r\nBcc: x" }, "line1"],
    ["an injected customer id", { customer_id: "cus_1" }, "customer_id"],
    ["an injected id", { id: "addr_1" }, "id"],
    ["a flag that is a word", { default_shipping: "yes" }, "default_shipping"],
    ["a city of 10,000 characters", { city: "x".repeat(10_000) }, "city"],
  ])("refuses %s", async (_, change, path) => {
    const ada = await customer();
    const answer = await ada.call("POST", "/v1/me/addresses", { ...HOME, ...change });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error) => error.path)).toContain(path);
    expect((await ada.call("GET", "/v1/me/addresses")).body.items).toEqual([]);
  });

  it("holds a bounded number of addresses", async () => {
    const ada = await customer();
    for (let count = 0; count < ADDRESSES_MAX; count++) await ada.call("POST", "/v1/me/addresses", HOME);
    const answer = await ada.call("POST", "/v1/me/addresses", HOME);
    expect(answer.status).toBe(409);
    expect(answer.body.code).toBe("address_limit_reached");
  });

  it("belongs to the account, not to the e-mail address", async () => {
    const email = freshEmail();
    const first = await register(email);
    const second = await register(email, "another-good-phrase");
    await call("POST", "/v1/me/addresses", HOME, { accessToken: first.access_token });
    const list = await call("GET", "/v1/me/addresses", undefined, { accessToken: second.access_token });
    expect(list.body.items).toEqual([]);
  });
});

describe("the language of an account's mails", () => {
  const languageOf = async (who: SignedIn) =>
    await DATABASE.prepare("SELECT language FROM customers WHERE id = ?").bind(who.customer.id).first("language");

  /** The mail to an address, as notifications asks for it when it sends. */
  async function mailTo(email: string, kind: string): Promise<unknown> {
    const query = `SELECT id FROM account_messages WHERE email_normalized = ?1 AND kind = ?2
      UNION SELECT id FROM address_messages WHERE email_normalized = ?1 AND kind = ?2`;
    const id = await vi.waitFor(async () => {
      const found = await DATABASE.prepare(query).bind(email, kind).first<string>("id");
      expect(found).not.toBeNull();
      return found;
    });
    return await identity.readAccountMessage(id ?? "");
  }

  it("is the one that its owner registered in, and English of whoever asks for none that we know", async () => {
    for (const [asked, language] of [
      ["de-AT,de;q=0.9,en;q=0.5", "de"],
      ["fr, ja;q=0.3", "ja"],
      ["fr", "en"],
      ["*", "en"],
    ] as const) {
      const email = freshEmail();
      await call("POST", "/v1/auth/register", { email, password: PASSWORD }, { language: asked });
      expect(await mailTo(email, "confirm_email")).toMatchObject({ ok: true, value: { language } });
    }
  });

  it("follows whoever signs in, by the API and by a page, and nobody who does not get in", async () => {
    const who = await register();
    const { email } = who.customer;
    const attempt = { email, password: PASSWORD };
    const wrong = { email, password: "not-the-password" };
    const browser = { userAgent: null, network: null, deviceToken: null } as const;
    await call("POST", "/v1/auth/sign-in", wrong, { language: "ja" });
    expect(await identity.signInBrowser({ ...wrong, ...browser, language: "ja" })).toMatchObject({ ok: false });
    expect(await languageOf(who)).toBe("en");
    await call("POST", "/v1/auth/sign-in", attempt, { language: "de" });
    expect(await languageOf(who)).toBe("de");
    await call("POST", "/v1/auth/sign-in", attempt);
    expect(await languageOf(who)).toBe("de");
    expect(await identity.signInBrowser({ ...attempt, ...browser, language: "ja" })).toMatchObject({ ok: true });
    expect(await languageOf(who)).toBe("ja");
  });

  it("is the account's own when a stranger asks for its link", async () => {
    const { email } = (await register()).customer;
    await call("POST", "/v1/auth/sign-in", { email, password: PASSWORD }, { language: "de" });
    await call("POST", "/v1/auth/request-password-reset", { email }, { language: "ja" });
    expect(await mailTo(email, "reset_password")).toMatchObject({ ok: true, value: { language: "de" } });
  });

  it("is the one that a link about data was asked for in, where there may be no account; a last word is the account's", async () => {
    const stranger = freshEmail();
    await identity.mailPrivacyLink(stranger, "export", { network: null, language: "ja" });
    expect(await mailTo(stranger, "confirm_export")).toMatchObject({ ok: true, value: { language: "ja" } });
    const { id, email } = (await register()).customer;
    await call("POST", "/v1/auth/sign-in", { email, password: PASSWORD }, { language: "de" });
    await identity.closeAccount(id);
    expect(await mailTo(email, "erasure_begun")).toMatchObject({ ok: true, value: { language: "de" } });
  });
});

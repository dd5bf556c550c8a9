/** Passkeys: they open their own account, at their own site, once a challenge, and nobody else can touch them. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../../../workers/identity/env.ts";
import { type Answer, call, PASSWORD, register, type SignedIn } from "./client.ts";
import { identity } from "./entrypoint.ts";
import { protect } from "./second-factor-client.ts";
import { type Lies, type SoftwareAuthenticator, softwareAuthenticator, UNVERIFIED } from "./software-authenticator.ts";

const { DATABASE } = env as unknown as Env;
const MINUTE_MS = 60_000;
const NEW_BROWSER = { userAgent: null, network: null, deviceToken: null, language: "en" } as const;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function letTimePass(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + milliseconds });
}

interface Options {
  readonly challenge: string;
  readonly user: { readonly id: string };
  readonly excludeCredentials: readonly { readonly id: string }[];
}

async function creationOptions({ access_token: accessToken }: SignedIn): Promise<Options> {
  const answer = await call("POST", "/v1/me/passkey-options", { password: PASSWORD }, { accessToken });
  expect(answer.status).toBe(200);
  return answer.body as unknown as Options;
}

function add({ access_token: accessToken }: SignedIn, credential: object, name = "The phone"): Promise<Answer> {
  return call("POST", "/v1/me/passkeys", { credential, name }, { accessToken });
}

interface Keyed {
  readonly who: SignedIn;
  readonly authenticator: SoftwareAuthenticator;
  readonly passkeyId: string;
}

async function customerWithPasskey(customer?: SignedIn): Promise<Keyed> {
  const who = customer ?? (await register());
  const options = await creationOptions(who);
  const authenticator = await softwareAuthenticator(options.user.id);
  const added = await add(who, await authenticator.create(options));
  expect(added.status).toBe(201);
  return { who, authenticator, passkeyId: added.body.id };
}

async function requestOptions(): Promise<{ challenge: string }> {
  return (await call("POST", "/v1/auth/passkey/options")).body as unknown as { challenge: string };
}

async function present(authenticator: SoftwareAuthenticator, lies?: Lies): Promise<Answer> {
  return await call("POST", "/v1/auth/passkey", { credential: await authenticator.get(await requestOptions(), lies) });
}

function namesOf({ body }: Answer): unknown[] {
  return body.items.map((item) => item["name"]);
}

describe("adding a passkey", () => {
  it("needs the password, and an answer to this session's challenge", async () => {
    const who = await register();
    const { access_token: accessToken } = who;
    const refused = await call("POST", "/v1/me/passkey-options", { password: "not-the-password" }, { accessToken });
    expect([refused.status, refused.body.code]).toEqual([403, "wrong_password"]);
    const options = await creationOptions(who);
    expect(options).toMatchObject({
      rp: { id: "localhost", name: "Holdfast Outfitters" },
      attestation: "none",
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    });
    const other = await register();
    const authenticator = await softwareAuthenticator(options.user.id);
    const credential = await authenticator.create(options);
    expect((await add(other, credential)).body.code).toBe("passkey_not_accepted");
    const added = await add(who, credential);
    expect([added.status, added.body.name]).toEqual([201, "The phone"]);
    expect((await add(who, credential)).body.code).toBe("passkey_not_accepted");
    expect((await creationOptions(who)).excludeCredentials.map(({ id }) => id)).toEqual([authenticator.credentialId]);
    const mails = DATABASE.prepare("SELECT kind FROM account_messages WHERE customer_id = ? AND kind LIKE 'passkey%'");
    expect((await mails.bind(who.customer.id).all()).results).toEqual([{ kind: "passkey_added" }]);
  });

  it("is refused for another site, an unverified user, and an answer to something else", async () => {
    const who = await register();
    const options = await creationOptions(who);
    const authenticator = await softwareAuthenticator(options.user.id);
    const lies: readonly Lies[] = [
      { origin: "https://evil.example" },
      { rpId: "evil.example" },
      { flags: UNVERIFIED },
      { type: "webauthn.get" },
      { challenge: "bm90IG91cnM" },
    ];
    for (const lie of lies) {
      const refused = await add(who, await authenticator.create(options, lie));
      expect([lie, refused.status, refused.body.code]).toEqual([lie, 422, "passkey_not_accepted"]);
    }
    expect((await add(who, await authenticator.create(options))).status).toBe(201);
  });

  it("believes no certificate, so that none can send us to an address of a stranger's choice", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    const who = await register();
    const options = await creationOptions(who);
    const certificate = new Uint8Array(300);
    const credential = await (await softwareAuthenticator(options.user.id)).create(options, { certificate });
    expect((await add(who, credential)).body.code).toBe("passkey_not_accepted");
    expect(fetched).not.toHaveBeenCalled();
  });

  it("is refused too late, and for what is no credential at all", async () => {
    const who = await register();
    const options = await creationOptions(who);
    const authenticator = await softwareAuthenticator(options.user.id);
    letTimePass(6 * MINUTE_MS);
    expect((await add(who, await authenticator.create(options))).body.code).toBe("passkey_not_accepted");
    const response = { clientDataJSON: "e30", attestationObject: "oA" };
    expect((await add(who, { id: "AA", rawId: "AA", type: "public-key", response })).body.code).toBe("passkey_not_accepted");
    expect((await add(who, { id: "AA", rawId: "AA", type: "public-key", response, extra: 1 })).status).toBe(422);
  });
});

describe("signing in by a passkey", () => {
  it("asks for no address and no password, and counts as two factors", async () => {
    const { who, authenticator } = await customerWithPasskey(await protect(await register()));
    const opened = await present(authenticator);
    expect([opened.status, opened.body.customer.id]).toEqual([200, who.customer.id]);
    expect((await call("GET", "/v1/me", undefined, { accessToken: opened.body.access_token })).status).toBe(200);
    const [listed] = (await call("GET", "/v1/me/passkeys", undefined, { accessToken: who.access_token })).body.items;
    expect(listed?.["last_used_at"]).not.toBeNull();
    expect(Object.keys(listed ?? {}).toSorted()).toEqual(["created_at", "id", "last_used_at", "name"]);
  });

  it("is refused for another site, an unverified user, another account, and an answer to something else", async () => {
    const { authenticator } = await customerWithPasskey();
    const lies: readonly Lies[] = [
      { origin: "https://evil.example" },
      { origin: "http://localhost:8788" },
      { rpId: "evil.example" },
      { flags: UNVERIFIED },
      { type: "webauthn.create" },
      { challenge: "bm90IG91cnM" },
      { userHandle: "Y3VzXzE" },
    ];
    for (const lie of lies) {
      const refused = await present(authenticator, lie);
      expect([lie, refused.status, refused.body.code]).toEqual([lie, 401, "passkey_refused"]);
    }
    expect((await present(authenticator)).status).toBe(200);
  });

  it("takes each challenge once, and for five minutes", async () => {
    const { authenticator } = await customerWithPasskey();
    const options = await requestOptions();
    const twice = [await authenticator.get(options), await authenticator.get(options)];
    const answers = await Promise.all(twice.map((credential) => call("POST", "/v1/auth/passkey", { credential })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    const late = await requestOptions();
    letTimePass(6 * MINUTE_MS);
    expect((await call("POST", "/v1/auth/passkey", { credential: await authenticator.get(late) })).status).toBe(401);
  });

  it("refuses a copied authenticator, whose counter lags behind", async () => {
    const { authenticator } = await customerWithPasskey();
    expect((await present(authenticator, { counter: 7 })).status).toBe(200);
    for (const counter of [7, 3, 0]) expect((await present(authenticator, { counter })).status).toBe(401);
    expect((await present(authenticator, { counter: 8 })).status).toBe(200);
  });

  it("knows authenticators that never count", async () => {
    const { authenticator } = await customerWithPasskey();
    for (let round = 0; round < 2; round++) expect((await present(authenticator, { counter: 0 })).status).toBe(200);
  });

  it("answers alike for a key that nobody has, a stranger's signature and a disabled account", async () => {
    const { who, authenticator } = await customerWithPasskey();
    const { authenticator: strangers } = await customerWithPasskey();
    const forged = {
      ...(await strangers.get(await requestOptions())),
      id: authenticator.credentialId,
      rawId: authenticator.credentialId,
    };
    await DATABASE.prepare("UPDATE customers SET status = 'disabled' WHERE id = ?").bind(who.customer.id).run();
    const answers = [
      await present(await softwareAuthenticator("Y3VzXzE")),
      await call("POST", "/v1/auth/passkey", { credential: forged }),
      await present(authenticator),
    ];
    for (const { status, body } of answers) expect([status, body]).toEqual([401, answers[0]?.body]);
  });

  it("opens a browser's session", async () => {
    const { who, authenticator } = await customerWithPasskey();
    const credential = JSON.stringify(await authenticator.get(await requestOptions()));
    const opened = await identity.signInBrowserByPasskey({ credential, ...NEW_BROWSER });
    expect(opened).toMatchObject({ ok: true, value: { customerId: who.customer.id } });
    for (const broken of [credential, "{}", "not JSON", ""]) {
      const refused = await identity.signInBrowserByPasskey({ credential: broken, ...NEW_BROWSER });
      expect(refused).toEqual({ ok: false, error: { code: "passkey_refused" } });
    }
  });
});

describe("the passkeys of an account", () => {
  it("are named and removed by their owner, whose mail says so, and open nothing afterwards", async () => {
    const { who, authenticator, passkeyId } = await customerWithPasskey();
    const { access_token: accessToken } = who;
    await call("PATCH", `/v1/me/passkeys/${passkeyId}`, { name: "The old phone" }, { accessToken });
    expect(namesOf(await call("GET", "/v1/me/passkeys", undefined, { accessToken }))).toEqual(["The old phone"]);
    expect((await call("DELETE", `/v1/me/passkeys/${passkeyId}`, undefined, { accessToken })).status).toBe(204);
    expect((await present(authenticator)).status).toBe(401);
    const mails = DATABASE.prepare("SELECT kind FROM account_messages WHERE customer_id = ? AND kind = 'passkey_removed'");
    expect((await mails.bind(who.customer.id).all()).results).toHaveLength(1);
  });

  it("are absent for everybody else", async () => {
    const { who, passkeyId, authenticator } = await customerWithPasskey();
    const { access_token: accessToken } = await register();
    const path = `/v1/me/passkeys/${passkeyId}`;
    expect((await call("DELETE", path, undefined, { accessToken })).status).toBe(404);
    expect((await call("PATCH", path, { name: "mine" }, { accessToken })).status).toBe(404);
    expect((await call("DELETE", path)).status).toBe(401);
    expect(namesOf(await call("GET", "/v1/me/passkeys", undefined, { accessToken }))).toEqual([]);
    expect(namesOf(await call("GET", "/v1/me/passkeys", undefined, { accessToken: who.access_token }))).toEqual(["The phone"]);
    expect((await present(authenticator)).status).toBe(200);
  });

  it("are twenty at most", async () => {
    const { who } = await customerWithPasskey();
    const options = await creationOptions(who);
    await DATABASE.prepare(
      `INSERT INTO passkeys SELECT 'pky_' || value, customer_id, credential_id || value, public_key, 0, transports, name, 0, NULL
       FROM passkeys, json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]') WHERE customer_id = ?`,
    )
      .bind(who.customer.id)
      .run();
    const refused = await add(who, await (await softwareAuthenticator(options.user.id)).create(options));
    expect([refused.status, refused.body.code]).toEqual([409, "passkey_limit_reached"]);
    const asked = await call("POST", "/v1/me/passkey-options", { password: PASSWORD }, { accessToken: who.access_token });
    expect(asked.body.code).toBe("passkey_limit_reached");
  });
});

/** Access tokens and the keys that sign them: verified as the gateway verifies them, forged as attackers forge them. */
import { env } from "cloudflare:workers";
import { base64url, createLocalJWKSet, exportSPKI, generateKeyPair, importJWK, jwtVerify, SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_TYPE, TOKEN_AUDIENCE, TOKEN_ISSUER } from "../../../workers/identity/contract.ts";
import { type Env, openStore } from "../../../workers/identity/env.ts";
import { PUBLISH_AHEAD_MS, RETIRE_AFTER_MS, SIGNER_AGE_MAX_MS } from "../../../workers/identity/plan-key-rotation.ts";
import { tidyUp } from "../../../workers/identity/remove-expired.ts";
import { currentSigner, loadSigner, type Signer } from "../../../workers/identity/signing-keys.ts";
import { call, refresh, register, sessionIdOf } from "./client.ts";
import { identity } from "./entrypoint.ts";

const bindings = env as unknown as Env;
const { DATABASE } = bindings;
const store = openStore(bindings);

/** Exactly what the gateway does. */
async function verify(token: string) {
  return await jwtVerify(token, createLocalJWKSet(await identity.jwks()), {
    algorithms: [ACCESS_TOKEN_ALGORITHM],
    typ: ACCESS_TOKEN_TYPE,
    issuer: TOKEN_ISSUER,
    audience: TOKEN_AUDIENCE,
  });
}

interface Forgery {
  readonly header?: Record<string, unknown>;
  readonly issuer?: string;
  readonly audience?: string;
  readonly issuedAtSeconds?: number;
}

function token(forgery: Forgery = {}): SignJWT {
  const issuedAt = forgery.issuedAtSeconds ?? Math.floor(Date.now() / 1000);
  return new SignJWT({ sid: "ses_1" })
    .setProtectedHeader({ alg: ACCESS_TOKEN_ALGORITHM, typ: ACCESS_TOKEN_TYPE, ...forgery.header })
    .setIssuer(forgery.issuer ?? TOKEN_ISSUER)
    .setAudience(forgery.audience ?? TOKEN_AUDIENCE)
    .setSubject("cus_1")
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + 600);
}

function signer(): Promise<Signer> {
  return currentSigner(store, Date.now());
}

describe("access tokens", () => {
  it("verify with the published keys and say who, in which session, for how long", async () => {
    const { access_token, customer } = await register();
    const { payload, protectedHeader } = await verify(access_token);
    expect(protectedHeader).toEqual({ alg: "ES256", typ: "at+jwt", kid: (await signer()).kid });
    expect(payload).toMatchObject({ iss: "holdfast", aud: "holdfast-api", sub: customer.id, sid: sessionIdOf(access_token) });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600);
    expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("stand only while they are fresh", async () => {
    const { access_token } = await register();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 601_000 });
    await expect(verify(access_token)).rejects.toThrow("exp");
    vi.useRealTimers();
  });

  it("are refused without a signature", async () => {
    const { access_token } = await register();
    const [, payload] = access_token.split(".");
    for (const alg of ["none", "None", "NONE"]) {
      const header = base64url.encode(JSON.stringify({ alg, typ: ACCESS_TOKEN_TYPE, kid: (await signer()).kid }));
      for (const signature of ["", access_token.split(".")[2]]) {
        await expect(verify(`${header}.${payload}.${signature}`)).rejects.toThrow();
      }
    }
  });

  it("are refused when signed with the public key as an HMAC secret", async () => {
    const { kid } = await signer();
    const published = (await identity.jwks()).keys[0] ?? {};
    const key = await importJWK(published, ACCESS_TOKEN_ALGORITHM, { extractable: true });
    const secrets = [JSON.stringify(published), await exportSPKI(key as CryptoKey), String(published.x)];
    for (const secret of secrets) {
      const forged = await token({ header: { alg: "HS256", kid } }).sign(new TextEncoder().encode(secret));
      await expect(verify(forged)).rejects.toThrow();
    }
  });

  it("are refused when they bring their own key", async () => {
    const own = await generateKeyPair(ACCESS_TOKEN_ALGORITHM, { extractable: true });
    const jwk = await crypto.subtle.exportKey("jwk", own.publicKey);
    const { kid } = await signer();
    for (const header of [{ kid }, { jwk }, { jwk, kid }, { jku: "https://evil.example/jwks", kid }, { kid: "../../dev/null" }]) {
      await expect(verify(await token({ header }).sign(own.privateKey))).rejects.toThrow();
    }
  });

  it.each([
    ["another issuer", { issuer: "somebody" }],
    ["another audience", { audience: "another-api" }],
    ["another type", { header: { typ: "JWT" } }],
    ["no time left", { issuedAtSeconds: 1 }],
  ])("are refused with %s, although our key signed them", async (_, forgery: Forgery) => {
    const { kid, privateKey } = await signer();
    await expect(verify(await token({ header: { kid } }).sign(privateKey))).resolves.toBeDefined();
    const header = { kid, ...forgery.header };
    await expect(verify(await token({ ...forgery, header }).sign(privateKey))).rejects.toThrow();
  });

  it("are not refresh tokens, nor the other way round", async () => {
    const { access_token, refresh_token } = await register();
    expect((await refresh(access_token)).status).toBe(401);
    await expect(verify(refresh_token)).rejects.toThrow();
  });
});

describe("the key set", () => {
  it("is cacheable and has no private part", async () => {
    const answer = await call("GET", "/.well-known/jwks.json");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
    const { keys } = answer.body as unknown as { keys: Record<string, unknown>[] };
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(Object.keys(key).toSorted()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
    expect(await identity.jwks()).toEqual(answer.body);
  });

  it("keeps private keys sealed", async () => {
    await signer();
    const { results } = await DATABASE.prepare("SELECT * FROM signing_keys").all();
    expect(JSON.stringify(results)).not.toContain('\\"d\\"');
    expect(JSON.stringify(results)).not.toContain('"d":');
  });
});

describe("signing keys", () => {
  beforeEach(async () => {
    await DATABASE.prepare("DELETE FROM signing_keys").run();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  async function states(): Promise<unknown[]> {
    const { results } = await DATABASE.prepare("SELECT state FROM signing_keys ORDER BY created_at_ms, state").all();
    return results.map((row) => row["state"]);
  }

  it("are made once, however many ask first", async () => {
    const signers = await Promise.all(Array.from({ length: 20 }, () => loadSigner(store, Date.now())));
    expect(new Set(signers.map((each) => each.kid)).size).toBe(1);
    expect((await identity.jwks()).keys).toHaveLength(1);
  });

  it("are made for whoever asks for the key set first", async () => {
    expect((await identity.jwks()).keys).toHaveLength(1);
  });

  it("rotate with overlap: published before they sign, kept after", async () => {
    const start = Date.now();
    const old = await loadSigner(store, start);
    const [first, second] = await Promise.all([identity.rotateSigningKey(), identity.rotateSigningKey()]);
    expect(second).toEqual(first);
    await tidyUp(store, start + PUBLISH_AHEAD_MS - 5_000);
    expect(await states()).toEqual(["active", "pending"]);
    expect((await loadSigner(store, start)).kid).toBe(old.kid);
    const promotedAt = Date.now() + PUBLISH_AHEAD_MS;
    await Promise.all([tidyUp(store, promotedAt), tidyUp(store, promotedAt)]);
    expect(await states()).toEqual(["retiring", "active"]);
    expect((await loadSigner(store, promotedAt)).kid).toBe(first.kid);
    await expect(verify(await token({ header: { kid: old.kid } }).sign(old.privateKey))).resolves.toBeDefined();
    await tidyUp(store, promotedAt + RETIRE_AFTER_MS);
    expect(await states()).toEqual(["active"]);
    await expect(verify(await token({ header: { kid: old.kid } }).sign(old.privateKey))).rejects.toThrow();
  });

  it("rotate by themselves when they are old", async () => {
    await loadSigner(store, 0);
    await tidyUp(store, SIGNER_AGE_MAX_MS);
    expect(await states()).toEqual(["active", "pending"]);
  });

  it("are replaced when the secret that sealed them is changed, and still verify", async () => {
    const old = await loadSigner(store, Date.now());
    const renewed = await loadSigner({ ...store, keySecret: "another-secret-of-enough-length" }, Date.now());
    expect(renewed.kid).not.toBe(old.kid);
    expect((await states()).toSorted()).toEqual(["active", "retiring"]);
    await expect(verify(await token({ header: { kid: old.kid } }).sign(old.privateKey))).resolves.toBeDefined();
  });
});

/** Who may pass as whom. */
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT, UnsecuredJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ACCESS_TOKEN_TYPE, TOKEN_AUDIENCE, TOKEN_ISSUER } from "../../../workers/identity/contract.ts";
import { newApiKey } from "../../../workers/shared/api-key.ts";
import { sha256Hex } from "../../../workers/shared/idempotency.ts";
import { GUEST } from "../../../workers/shared/principal.ts";
import { type StaffRole, scopesOf } from "../../../workers/shared/staff-roles.ts";
import { TEST_SECRETS } from "../../secrets.ts";
import { ADMIN, call, echo, peer, problemOf, resetPeers } from "./client.ts";

const signer = await generateKeyPair("ES256", { extractable: true });
const stranger = await generateKeyPair("ES256", { extractable: true });
const publicJwk = { ...(await exportJWK(signer.publicKey)), kid: "k1", alg: "ES256", use: "sig" };

const strangerJwk = { ...(await exportJWK(stranger.publicKey)), kid: "k1" };

interface TokenParts {
  readonly header?: Partial<JWTHeaderParameters>;
  readonly claims?: Record<string, unknown>;
  readonly key?: CryptoKey | Uint8Array;
}

const nowSeconds = () => Math.floor(Date.now() / 1000);

function claims(): Record<string, unknown> {
  return { iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE, sub: "cus_1", sid: "ses_1", iat: nowSeconds(), exp: nowSeconds() + 600 };
}

function token(parts: TokenParts = {}): Promise<string> {
  return new SignJWT({ ...claims(), ...parts.claims })
    .setProtectedHeader({ alg: "ES256", typ: ACCESS_TOKEN_TYPE, kid: "k1", ...parts.header })
    .sign(parts.key ?? signer.privateKey);
}

function withBearer(bearer: string): Promise<Response> {
  return call("/v1/me", { headers: { authorization: `Bearer ${bearer}` } });
}

beforeEach(() =>
  peer("IDENTITY").behave({ jwks: { keys: [publicJwk] }, standings: { ses_1: { customerId: "cus_1", role: null } } }),
);
afterEach(async () => {
  vi.useRealTimers();
  await resetPeers();
});

describe("the admin key", () => {
  it("makes an operator with every scope", async () => {
    const { principal } = await echo(await call("/v1/admin/orders", { headers: ADMIN }));
    expect(principal).toEqual({ ...GUEST, kind: "operator", scopes: ["*"] });
  });

  it.each([
    ["a prefix of it", `Bearer ${TEST_SECRETS.ADMIN_API_KEY.slice(0, -1)}`],
    ["it twice", `Bearer ${TEST_SECRETS.ADMIN_API_KEY}${TEST_SECRETS.ADMIN_API_KEY}`],
    ["it as Basic", `Basic ${btoa(`admin:${TEST_SECRETS.ADMIN_API_KEY}`)}`],
    ["it bare", TEST_SECRETS.ADMIN_API_KEY],
    ["nothing", "Bearer "],
  ])("is refused when the header holds %s", async (_, authorization) => {
    const response = await call("/v1/admin/orders", { headers: { authorization } });
    expect(await problemOf(response)).toEqual({ status: 401, code: "invalid_token" });
    expect(response.headers.get("www-authenticate")).toContain("invalid_token");
    expect(await peer("ORDERS").received()).toEqual([]);
  });
});

describe("a refusal for want of a token", () => {
  it("says where tokens come from, whoever refuses (RFC 9728)", async () => {
    const where = 'resource_metadata="http://localhost:8787/.well-known/oauth-protected-resource"';
    await peer("ORDERS").behave({ status: 401, headers: { "www-authenticate": 'Bearer realm="holdfast"' } });
    const refusals = [await withBearer("not-a-token"), await call("/v1/orders")];
    expect(refusals.map(({ status }) => status)).toEqual([401, 401]);
    for (const { headers } of refusals) expect(headers.get("www-authenticate")).toContain(`realm="holdfast"`);
    for (const { headers } of refusals) expect(headers.get("www-authenticate")?.endsWith(`, ${where}`)).toBe(true);
  });

  it("is left alone where somebody else's login is wanted", async () => {
    await peer("ORDERS").behave({ status: 401, headers: { "www-authenticate": 'Basic realm="warehouse"' } });
    expect((await call("/v1/orders")).headers.get("www-authenticate")).toBe('Basic realm="warehouse"');
  });
});

describe("access tokens", () => {
  it("make a customer", async () => {
    const { principal } = await echo(await withBearer(await token()));
    expect(principal).toEqual({ ...GUEST, kind: "customer", subject: "cus_1", sessionId: "ses_1" });
  });

  it("cannot give themselves scopes or another kind", async () => {
    const { principal } = await echo(
      await withBearer(await token({ claims: { scope: "*", scopes: ["*"], kind: "operator", role: "admin" } })),
    );
    expect(principal).toMatchObject({ kind: "customer", scopes: [] });
  });

  const publicAsSecret = new TextEncoder().encode(JSON.stringify(publicJwk));
  const refused: readonly (readonly [string, () => Promise<string>])[] = [
    ["signed by a stranger", () => token({ key: stranger.privateKey })],
    ["without a signature", async () => new UnsecuredJWT(claims()).encode()],
    ["claiming alg none", async () => `${btoa('{"alg":"none","typ":"at+jwt"}')}.${btoa(JSON.stringify(claims()))}.`],
    ["signed by HMAC with our public key", () => token({ header: { alg: "HS256" }, key: publicAsSecret })],
    [
      "bringing their own key",
      () => token({ header: { jwk: strangerJwk } as Partial<JWTHeaderParameters>, key: stranger.privateKey }),
    ],
    [
      "pointing at their own keys",
      () => token({ header: { jku: "https://evil.example/jwks" } as Partial<JWTHeaderParameters>, key: stranger.privateKey }),
    ],
    ["with a path for a kid", () => token({ header: { kid: "../../k1" }, key: stranger.privateKey })],
    ["of another type", () => token({ header: { typ: "JWT" } })],
    ["of no type", () => token({ header: { typ: undefined } as unknown as Partial<JWTHeaderParameters> })],
    ["for another audience", () => token({ claims: { aud: "someone-else" } })],
    ["of another issuer", () => token({ claims: { iss: "https://evil.example" } })],
    ["that have expired", () => token({ claims: { exp: nowSeconds() - 60 } })],
    ["that never expire", () => token({ claims: { exp: undefined } })],
    ["of the future", () => token({ claims: { nbf: nowSeconds() + 600 } })],
    ["without a session", () => token({ claims: { sid: undefined } })],
    ["without a subject", () => token({ claims: { sub: undefined } })],
    ["of somebody else's session", () => token({ claims: { sub: "cus_2" } })],
    ["of a session that ended", () => token({ claims: { sid: "ses_ended" } })],
    ["cut short", async () => (await token()).slice(0, -4)],
    [
      "altered",
      async () =>
        (await token()).replace(/\.[^.]*\./, `.${btoa(JSON.stringify({ ...claims(), sub: "cus_2" })).replaceAll("=", "")}.`),
    ],
    ["that are none", async () => "a.b.c"],
  ];
  it.each(refused)("%s are 401, never silently a guest", async (_, make) => {
    expect(await problemOf(await withBearer(await make()))).toEqual({ status: 401, code: "invalid_token" });
    expect(await peer("IDENTITY").received()).toEqual([]);
  });

  it("stop working at once when the session ends, and when it is somebody else's", async () => {
    const bearer = await token();
    expect((await withBearer(bearer)).status).toBe(200);
    await peer("IDENTITY").behave({ standings: {} });
    expect((await withBearer(bearer)).status).toBe(401);
    await peer("IDENTITY").behave({ standings: { ses_1: { customerId: "cus_2", role: null } } });
    expect((await withBearer(bearer)).status).toBe(401);
  });

  it("make an operator of a member of the staff, with what the role may do at this very call", async () => {
    const bearer = await token();
    const standAs = (role: StaffRole | null) => peer("IDENTITY").behave({ standings: { ses_1: { customerId: "cus_1", role } } });
    await standAs("warehouse");
    const { principal } = await echo(await withBearer(bearer));
    expect(principal).toEqual({
      ...GUEST,
      kind: "operator",
      subject: "cus_1",
      sessionId: "ses_1",
      scopes: [...scopesOf("warehouse")],
    });
    await standAs("analyst");
    expect((await echo(await withBearer(bearer))).principal.scopes).toEqual([...scopesOf("analyst")]);
    await standAs(null);
    expect((await echo(await withBearer(bearer))).principal).toMatchObject({ kind: "customer", scopes: [] });
  });

  it("of a key that was published meanwhile are accepted, and forged kids do not make identity work", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    await withBearer(await token());
    const next = await generateKeyPair("ES256", { extractable: true });
    await peer("IDENTITY").behave({ jwks: { keys: [publicJwk, { ...(await exportJWK(next.publicKey)), kid: "k2" }] } });
    vi.setSystemTime(Date.now() + 11_000);
    expect((await withBearer(await token({ header: { kid: "k2" }, key: next.privateKey }))).status).toBe(200);
    // Within the interval nobody is asked again: a key published now stays unknown until it has passed.
    const later = await generateKeyPair("ES256", { extractable: true });
    await peer("IDENTITY").behave({ jwks: { keys: [{ ...(await exportJWK(later.publicKey)), kid: "k3" }] } });
    expect((await withBearer(await token({ header: { kid: "k3" }, key: later.privateKey }))).status).toBe(401);
    vi.setSystemTime(Date.now() + 11_000);
    expect((await withBearer(await token({ header: { kid: "k3" }, key: later.privateKey }))).status).toBe(200);
    // The key that was dropped is gone with the same reading.
    expect((await withBearer(await token())).status).toBe(401);
  });

  it("are 503, not 401, while identity cannot be asked", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 3_600_000);
    const bearer = await token();
    await peer("IDENTITY").behave({ mode: "throw" });
    expect(await problemOf(await withBearer(bearer))).toEqual({ status: 503, code: "service_unavailable" });
  });
});

describe("an API key", () => {
  const KEY = newApiKey();

  it("makes an operator with its scopes, which acts for nobody, until it is revoked", async () => {
    const standing = { keyId: "key_1", scopes: ["stock:write"] };
    await peer("IDENTITY").behave({ keys: { [await sha256Hex(KEY)]: standing } });
    const { principal, headers } = await echo(await withBearer(KEY));
    expect(principal).toEqual({ ...GUEST, kind: "operator", subject: "key_1", client: "key_1", scopes: ["stock:write"] });
    expect(JSON.stringify(headers)).not.toContain(KEY);
    await peer("IDENTITY").behave({ keys: {} });
    expect(await problemOf(await withBearer(KEY))).toEqual({ status: 401, code: "invalid_token" });
  });

  it("of a wrong checksum is refused without a question, in the words for an unknown one", async () => {
    const before = await peer("IDENTITY").keysAsked();
    const unknown = await (await withBearer(newApiKey())).json();
    expect(await peer("IDENTITY").keysAsked()).toBe(before + 1);
    const swapped = KEY.slice(0, 8) + (KEY[9] ?? "") + (KEY[8] === KEY[9] ? "_" : (KEY[8] ?? "")) + KEY.slice(10);
    const mistyped = [swapped, KEY.slice(0, -1), `${KEY}0`, KEY.toUpperCase(), `hf_test_${KEY.slice(8)}`];
    for (const key of mistyped) expect(await (await withBearer(key)).json()).toEqual(unknown);
    expect(await peer("IDENTITY").keysAsked()).toBe(before + 1);
  });
});

/** What is not a token of ours, or not for this, opens nothing. Each forgery would open the victim's account if it were believed. */
import { createHmac, createPublicKey, randomUUID } from "node:crypto";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { ACCESS_TOKEN_TYPE, TOKEN_AUDIENCE, TOKEN_ISSUER } from "../../workers/identity/contract.ts";
import { claimsOf, type Headers, PASSWORD, type Scene, setScene, signIn, signToken, withBearer } from "./scene.ts";

const attacked = inject("attacked");
const { signingKey, unpublishedKey } = attacked;
const { d: _private, ...publicKey } = signingKey;
const nowSeconds = () => Math.floor(Date.now() / 1000);
let scene: Scene;
let claims: { readonly sub: string; readonly sid: string };

beforeAll(async () => {
  scene = await setScene(attacked);
  claims = claimsOf(scene.victim.bearer);
});

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** A token that no library would make. */
function handmade(header: object, sign: (input: string) => string): string {
  const body = { iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE, iat: nowSeconds(), exp: nowSeconds() + 600, ...claims };
  const input = `${base64url({ typ: ACCESS_TOKEN_TYPE, kid: signingKey.kid, ...header })}.${base64url(body)}`;
  return `${input}.${sign(input)}`;
}

async function opens(headers: Headers, path = "/v1/me"): Promise<number> {
  return (await scene.shop.call("GET", path, { headers })).status;
}

/** The public key in every form that a careless verifier could take for a shared secret. */
function publicKeyAsSecrets(): string[] {
  const key = createPublicKey({ key: publicKey, format: "jwk" });
  return [JSON.stringify(publicKey), String(publicKey.x), key.export({ type: "spki", format: "pem" }).toString()];
}

const signature = (token: string) => token.split(".")[2] ?? "";
const withOwnKey = (header: object) => signToken(unpublishedKey, claims, { kid: signingKey.kid, ...header });
const ownPublicKey = () => {
  const { d: _hidden, ...published } = unpublishedKey;
  return published;
};

type Forgery = readonly [string, () => Promise<string> | string];

const FORGERIES: readonly Forgery[] = [
  ...["none", "None", "NONE", "nOnE"].map(
    (alg): Forgery => [`alg ${alg} without a signature`, () => handmade({ alg }, () => "")],
  ),
  ["alg none with a signature of ours", () => handmade({ alg: "none" }, () => signature(scene.victim.bearer))],
  ["no alg", () => handmade({}, () => signature(scene.victim.bearer))],
  ...["HS256", "HS384", "HS512"].flatMap((alg) =>
    publicKeyAsSecrets().map(
      (secret, at): Forgery => [
        `${alg} by our public key in form ${at} (HS/RS confusion)`,
        () =>
          handmade({ alg }, (input) =>
            createHmac(`sha${alg.slice(2)}`, secret)
              .update(input)
              .digest("base64url"),
          ),
      ],
    ),
  ),
  ["an empty signature", () => `${scene.victim.bearer.split(".").slice(0, 2).join(".")}.`],
  [
    "a signature of zeros, which some verifiers of curves took",
    () => handmade({ alg: "ES256" }, () => Buffer.alloc(64).toString("base64url")),
  ],
  ["the signature of another of our tokens", () => handmade({ alg: "ES256" }, () => signature(scene.other.bearer))],
  ["a key that nobody published", () => withOwnKey({})],
  ["a key in the header (jwk)", () => withOwnKey({ jwk: ownPublicKey() })],
  ["a key set by address (jku)", () => withOwnKey({ jku: "https://elsewhere.example/jwks.json" })],
  ["a certificate by address (x5u)", () => withOwnKey({ x5u: "https://elsewhere.example/cert.pem" })],
  ["a certificate in the header (x5c)", () => withOwnKey({ x5c: ["MIIB"], x5t: "x" })],
  ...[
    "../../../dev/null",
    "/dev/null",
    "' OR 1=1 --",
    "x' UNION SELECT 'key'--",
    "",
    "\u0000",
    "__proto__",
    "k".repeat(2_000),
  ].map((kid): Forgery => [`kid ${JSON.stringify(kid.slice(0, 30))}`, () => withOwnKey({ kid })]),
  ["a critical extension that nobody knows", () => signToken(signingKey, claims, { crit: ["exp"], exp: 1 }).catch(() => "x.y.z")],
  ["another audience", () => signToken(signingKey, { ...claims, aud: "another-api" })],
  ["no audience", () => signToken(signingKey, { ...claims, aud: undefined })],
  ["another issuer", () => signToken(signingKey, { ...claims, iss: "https://elsewhere.example" })],
  ["no issuer", () => signToken(signingKey, { ...claims, iss: undefined })],
  ["another type", () => signToken(signingKey, claims, { typ: "JWT" })],
  ["no type", () => signToken(signingKey, claims, { typ: undefined })],
  ["a time that is over", () => signToken(signingKey, { ...claims, exp: nowSeconds() - 60 })],
  ["a time that has not come", () => signToken(signingKey, { ...claims, nbf: nowSeconds() + 600 })],
  ["no end", () => signToken(signingKey, { ...claims, exp: undefined })],
  ["an end that is text", () => signToken(signingKey, { ...claims, exp: "never" })],
  ["no session", () => signToken(signingKey, { ...claims, sid: undefined })],
  ["no subject", () => signToken(signingKey, { ...claims, sub: undefined })],
  [
    "somebody else's session under the victim's name",
    () => signToken(signingKey, { ...claims, sid: claimsOf(scene.other.bearer).sid }),
  ],
  ["the victim's session under somebody else's name", () => signToken(signingKey, { ...claims, sub: scene.other.customerId })],
  ["a session that never was", () => signToken(signingKey, { ...claims, sid: "ses_01h455vb4pex5vsknk084sn02q" })],
  ["the session that was signed out", () => scene.revokedBearer],
  ["a refresh token", () => scene.victim.refreshToken],
  ["a cart token", () => scene.victim.cart.token],
  ["an order token", () => scene.victim.orderToken],
  [
    "another payload under our signature",
    () => scene.victim.bearer.replace(/\.[^.]+\./, `.${base64url({ ...claims, sub: scene.other.customerId })}.`),
  ],
];

describe("an access token", () => {
  it("is believed when it is right, also by the key of these tests", async () => {
    expect(await opens(withBearer(scene.victim.bearer))).toBe(200);
    expect(await opens(withBearer(await signToken(signingKey, claims)))).toBe(200);
  });

  it.each(FORGERIES)("is refused with %s", async (_, make) => {
    const headers = withBearer(await make());
    for (const path of ["/v1/me", "/v1/orders", "/v1/admin/orders", `/v1/orders/${scene.victim.order.id}`]) {
      const answer = await scene.shop.call<{ code: string }>("GET", path, { headers });
      expect(answer).toMatchObject({ status: 401, body: { code: "invalid_token" } });
      expect(JSON.stringify(answer.body)).not.toMatch(/signature|algorithm|claim|kid|jw[tks]|expired/i);
    }
  });

  it("gives itself no rights by its claims", async () => {
    const grand = { ...claims, role: "admin", roles: ["owner"], scope: "*", scopes: ["*"], kind: "operator", is_admin: true };
    const headers = withBearer(await signToken(signingKey, grand));
    expect(await opens(headers, "/v1/admin/orders")).toBe(403);
    expect(await opens(headers)).toBe(200);
  });
});

describe("a refresh token", () => {
  it("is no access token turned round, nor anything else of ours", async () => {
    for (const refresh_token of [scene.victim.bearer, scene.victim.cart.token, scene.victim.orderToken, claims.sid]) {
      const answer = await scene.shop.call("POST", "/v1/auth/refresh", { body: { refresh_token } });
      expect(answer).toMatchObject({ status: 401, body: { code: "invalid_refresh_token" } });
    }
  });
});

/** A token of a shop that has another secret. */
function foreign(id: string): string {
  return `${id}.${createHmac("sha256", "capability-of-another-shop").update(id).digest("base64url")}`;
}

/** Whatever is sent in place of the token; the mark of the right one is in `right`. */
function wrongTokens(id: string, right: string, others: readonly string[]): string[] {
  const [, mac = ""] = right.split(".");
  return [
    ...["", " ", "undefined", "null", "true", "0", ".", id, `${id}.`, `.${mac}`, mac, "*", `${id}.*`, "[object Object]"],
    ...[right.slice(0, -1), `${right}A`, right.toUpperCase(), `${right}.${right}`, `${id}.${"A".repeat(43)}`],
    ...[`Bearer ${right}`, `${others[0]?.split(".")[0]}.${mac}`, foreign(id)],
    ...others,
  ];
}

describe("a cart token", () => {
  it("opens its own cart alone; an empty one, an order's, another cart's and another shop's open nothing", async () => {
    const { cart, orderToken } = scene.victim;
    const path = `/v1/carts/${cart.id}`;
    expect(await opens({ "cart-token": cart.token }, path)).toBe(200);
    for (const token of wrongTokens(cart.id, cart.token, [scene.other.cart.token, orderToken, scene.other.orderToken]))
      expect([token, await opens({ "cart-token": token }, path)]).toEqual([token, 404]);
    for (const headers of [{ "order-token": cart.token }, withBearerless(cart.token), {}])
      expect(await opens(headers, path)).toBe(404);
    expect(await opens({}, `${path}?cart_token=${cart.token}`)).toBe(404);
  });
});

describe("an order token", () => {
  it("opens its own order alone; an empty one, a cart's, another order's and another shop's open nothing", async () => {
    const { order, orderToken, cart } = scene.victim;
    const path = `/v1/orders/${order.id}`;
    expect(await opens({ "order-token": orderToken }, path)).toBe(200);
    for (const token of wrongTokens(order.id, orderToken, [scene.other.orderToken, cart.token, scene.other.cart.token])) {
      expect([token, await opens({ "order-token": token }, path)]).toEqual([token, 404]);
      const query = new URLSearchParams({ order_token: token }).toString();
      expect([token, await opens({}, `${path}/payment-return?${query}`)]).toEqual([token, 404]);
    }
    for (const headers of [{ "cart-token": orderToken }, withBearerless(orderToken), {}])
      expect(await opens(headers, path)).toBe(404);
    expect(await opens({}, `${path}?order_token=${orderToken}`)).toBe(404);
  });
});

function withBearerless(token: string): Headers {
  return { cookie: `__Host-holdfast-cart=${token}; __Host-holdfast-order=${token}` };
}

describe("a session", () => {
  async function account() {
    const email = `leaver-${randomUUID()}@shop.example`;
    const body = { email, password: PASSWORD };
    expect((await scene.shop.call("POST", "/v1/auth/register", { body })).status).toBe(201);
    const [here, there] = await Promise.all([signIn(scene.shop, email), signIn(scene.shop, email)]);
    // Both are known to stand before anything ends.
    for (const { access_token } of [here, there]) expect(await opens(withBearer(access_token))).toBe(200);
    return { here, there };
  }

  const post = (path: string, bearer: string, body?: unknown) =>
    scene.shop.call("POST", path, { headers: withBearer(bearer), ...(body === undefined ? {} : { body }) });
  const refresh = async (refresh_token: string) =>
    (await scene.shop.call("POST", "/v1/auth/refresh", { body: { refresh_token } })).status;

  it("ends at once when it signs out, its refresh token with it, and no other does", async () => {
    const { here, there } = await account();
    expect((await post("/v1/auth/sign-out", here.access_token)).status).toBe(204);
    expect(await opens(withBearer(here.access_token))).toBe(401);
    expect(await refresh(here.refresh_token)).toBe(401);
    expect(await opens(withBearer(there.access_token))).toBe(200);
  });

  it("ends at once when another device signs out everywhere", async () => {
    const { here, there } = await account();
    expect((await post("/v1/auth/sign-out-everywhere", here.access_token)).status).toBe(204);
    for (const { access_token, refresh_token } of [here, there]) {
      expect(await opens(withBearer(access_token))).toBe(401);
      expect(await refresh(refresh_token)).toBe(401);
    }
  });

  it("ends at once when another device changes the password, which signs nobody in any more", async () => {
    const { here, there } = await account();
    const change = { current: PASSWORD, new: `${PASSWORD} and newer` };
    expect((await post("/v1/me/password", here.access_token, change)).status).toBe(204);
    expect(await opens(withBearer(there.access_token))).toBe(401);
    expect(await refresh(there.refresh_token)).toBe(401);
    expect(await opens(withBearer(here.access_token))).toBe(200);
  });
});

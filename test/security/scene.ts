/** The people of the security tests: a victim whose every thing bears a mark, another customer, and what each may show. */
import { randomUUID } from "node:crypto";
import { importJWK, type JWK, SignJWT } from "jose";
import { expect } from "vitest";
import { ACCESS_TOKEN_TYPE, TOKEN_AUDIENCE, TOKEN_ISSUER } from "../../workers/identity/contract.ts";
import { STAFF_ROLES, type StaffRole } from "../../workers/shared/staff-roles.ts";
import { type Answer, type CartView, type CheckoutView, type OrderView, Shop } from "../system/shop.ts";
import type { AttackedSystem } from "./global-setup.ts";

export const PASSWORD = "a long and unusual passphrase 7";
/** In every name, address and e-mail of the victim: where it shows, something leaked. */
export const CANARY = "canary";
export type Headers = Readonly<Record<string, string>>;

export interface Person {
  readonly email: string;
  readonly customerId: string;
  readonly bearer: string;
  readonly refreshToken: string;
  readonly addressId: string;
  readonly cart: CartView;
  readonly order: OrderView;
  readonly orderToken: string;
}

export interface Scene {
  readonly shop: Shop;
  readonly victim: Person;
  readonly other: Person;
  /** A standing session of the victim beside the one of their bearer. */
  readonly spareSessionId: string;
  /** Of the victim's session that was signed out. */
  readonly revokedBearer: string;
  /** Rightly signed for the victim's standing session, but too late. */
  readonly expiredBearer: string;
  /** Of a member of each role. */
  readonly staffBearers: Readonly<Record<StaffRole, string>>;
  readonly product: { readonly id: string; readonly variantId: string; readonly sku: string; readonly category: string };
}

interface SignedIn {
  readonly customer: { readonly id: string };
  readonly access_token: string;
  readonly refresh_token: string;
}

export function withBearer(bearer: string): Headers {
  return { authorization: `Bearer ${bearer}` };
}

export async function setScene(attacked: AttackedSystem): Promise<Scene> {
  const shop = new Shop(attacked);
  const [victim, other, product] = await Promise.all([meet(shop, CANARY), meet(shop, "somebody"), addProduct(shop)]);
  const [revoked, spare] = await Promise.all([signIn(shop, victim.email), signIn(shop, victim.email)]);
  expect((await shop.call("POST", "/v1/auth/sign-out", { headers: withBearer(revoked.access_token) })).status).toBe(204);
  return {
    shop,
    victim,
    other,
    spareSessionId: claimsOf(spare.access_token).sid,
    revokedBearer: revoked.access_token,
    expiredBearer: await signToken(attacked.signingKey, { ...claimsOf(victim.bearer), exp: Math.floor(Date.now() / 1000) - 60 }),
    staffBearers: await signForStaff(attacked),
    product,
  };
}

async function signForStaff({ staff, signingKey }: AttackedSystem): Promise<Scene["staffBearers"]> {
  const signed = STAFF_ROLES.map(async (role) => {
    const { customerId: sub, sessionId: sid } = staff[role];
    return [role, await signToken(signingKey, { sub, sid })] as const;
  });
  return Object.fromEntries(await Promise.all(signed)) as Record<StaffRole, string>;
}

/** Of this scene alone, so that others do not miss it when it is deleted. */
async function addProduct(shop: Shop): Promise<Scene["product"]> {
  const sku = `OWN-${randomUUID()}`;
  const category = sku.toLowerCase();
  expect((await shop.admin("POST", "/v1/admin/categories", { body: { title: "Own", handle: category } })).status).toBe(201);
  const variants = [{ sku, prices: [{ amount_minor: 5_000, currency: "GBP" }], inventory_quantity: 10 }];
  const added = await shop.admin<{ id: string; variants: { id: string }[] }>("POST", "/v1/admin/products", {
    body: { title: "Own thing", handle: sku.toLowerCase(), category, variants },
  });
  expect(added.status).toBe(201);
  return { id: added.body.id, variantId: added.body.variants[0]?.id ?? "", sku, category };
}

export async function signIn(shop: Shop, email: string, password = PASSWORD): Promise<SignedIn> {
  const answer = await shop.call<SignedIn>("POST", "/v1/auth/sign-in", { body: { email, password } });
  expect(answer.status).toBe(200);
  return answer.body;
}

/** A customer with an address, an open cart and a placed order. */
async function meet(shop: Shop, mark: string): Promise<Person> {
  const email = `${mark}-${randomUUID()}@shop.example`;
  const account = { email, password: PASSWORD, name: `${mark} person` };
  const registered = await shop.call<SignedIn>("POST", "/v1/auth/register", { body: account });
  expect(registered.status).toBe(201);
  const bearer = registered.body.access_token;
  const headers = withBearer(bearer);
  const address = await shop.call<{ id: string }>("POST", "/v1/me/addresses", { headers, body: addressOf(mark) });
  expect(address.status).toBe(201);
  const [cart, bought] = await Promise.all([fillCart(shop, email, mark, headers), fillCart(shop, email, mark, headers)]);
  const placed = await checkout(shop, bought);
  expect(placed).toMatchObject({ status: 201 });
  return {
    email,
    customerId: registered.body.customer.id,
    bearer,
    refreshToken: registered.body.refresh_token,
    addressId: address.body.id,
    cart,
    order: placed.body.order,
    orderToken: placed.body.token,
  };
}

export function addressOf(mark: string) {
  return { name: `${mark} person`, line1: `1 ${mark} Street`, city: "London", postal_code: "SW1A 1AA", country: "GB" };
}

export async function fillCart(shop: Shop, email: string, mark: string, headers: Headers = {}): Promise<CartView> {
  const created = await shop.call<CartView>("POST", "/v1/carts", { body: { currency: "GBP", email }, headers });
  expect(created.status).toBe(201);
  const { id, token } = created.body;
  const open = { "cart-token": token };
  const line = await shop.call("PUT", `/v1/carts/${id}/lines/REAL`, { body: { quantity: 1 }, headers: open });
  expect(line.status).toBe(200);
  const body = { shipping_address: addressOf(mark), shipping_option_id: "uk-standard" };
  const cart = await shop.call<CartView>("PATCH", `/v1/carts/${id}`, { body, headers: open });
  expect(cart).toMatchObject({ status: 200 });
  return { ...cart.body, token };
}

export function checkout(shop: Shop, cart: CartView, paymentMethod = "pm_card_visa"): Promise<Answer<CheckoutView>> {
  return shop.checkout(cart, paymentMethod);
}

export function claimsOf(token: string): { readonly sub: string; readonly sid: string } {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { sub: string; sid: string };
}

/** A token as identity makes them, with these claims over its own; `undefined` leaves one out. */
export async function signToken(
  key: JWK,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const usual = { iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE, iat: now, exp: now + 600, jti: randomUUID() };
  return await new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: "ES256", typ: ACCESS_TOKEN_TYPE, kid: key.kid ?? "", ...header })
    .sign(await importJWK(key, "ES256"));
}

/** What must be the same after every attack: all that the victim owns, and what things cost. */
export async function stateOf({ shop, victim, product }: Scene): Promise<unknown> {
  const headers = withBearer(victim.bearer);
  const own = ["/v1/me", "/v1/me/addresses", `/v1/carts/${victim.cart.id}`, `/v1/orders/${victim.order.id}`];
  const operated = [`products/${product.id}`, `stock/${product.sku}`, "shipping-rates", "tax-rates"];
  const answers = await Promise.all([
    ...own.map((path) => shop.call("GET", path, { headers })),
    ...operated.map((path) => shop.admin("GET", `/v1/admin/${path}`)),
  ]);
  const sessions = await shop.call<{ items: { id: string }[] }>("GET", "/v1/me/sessions", { headers });
  for (const { status } of [...answers, sessions]) expect(status).toBe(200);
  return { things: answers.map(({ body }) => body), sessions: sessions.body.items.map(({ id }) => id).toSorted() };
}

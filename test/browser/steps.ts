/** What shoppers do on the pages, with scripts or without, in English. */
import { Secret, TOTP } from "otpauth";
import type { Page } from "playwright-core";

export interface Delivery {
  readonly email: string;
  readonly name: string;
  readonly line1: string;
  readonly city: string;
  readonly postalCode: string;
}

export const DELIVERY: Delivery = {
  email: "ada@example.com",
  name: "Ada Example",
  line1: "1 Test Street",
  city: "London",
  postalCode: "SW1A 1AA",
};

/** The test shop's cards, by what they say about themselves. */
export const CARDS = {
  accepted: /is accepted/,
  asked: /3-D Secure/,
  declined: /ending in 0002/,
  poor: /ending in 9995/,
} as const;
export type Card = keyof typeof CARDS;

/** Opens a product and puts it into the cart. @param prefix the language's, such as `/de`. @returns the SKU. */
export async function addToCart(page: Page, product: string, prefix = ""): Promise<string> {
  await page.goto(`${prefix}/products/${product}`);
  const sku = await page.locator('[data-part="buy"] input[name="sku"]').inputValue();
  await page.locator("[data-buy-sku]").click();
  // The drawer with scripts, the cart's page without.
  await page.locator(".drawer-line, .cart-line").first().waitFor();
  return sku;
}

export async function fillDelivery(page: Page, delivery: Delivery = DELIVERY): Promise<void> {
  await page.getByLabel("E-mail").fill(delivery.email);
  await page.getByLabel("Full name").fill(delivery.name);
  await page.getByLabel("Street and house number").fill(delivery.line1);
  await page.getByLabel("Town or city").fill(delivery.city);
  await page.getByLabel("Postcode").fill(delivery.postalCode);
}

export async function chooseCard(page: Page, card: Card): Promise<void> {
  await page.getByLabel(CARDS[card]).check();
}

/** The button that a shopper sees; the form has a hidden one for the Enter key. */
export function payButton(page: Page) {
  return page.getByRole("button", { name: /^Pay/ });
}

/** From a filled cart to the answer of the first try to pay. */
export async function payCart(page: Page, card: Card = "accepted", delivery?: Delivery): Promise<void> {
  await page.goto("/checkout");
  await fillDelivery(page, delivery);
  await chooseCard(page, card);
  await payButton(page).click();
}

export async function expectPlaced(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "Thank you. Your order is placed." }).waitFor();
}

export async function register(page: Page, name: string, email: string): Promise<void> {
  await page.goto("/account/register");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Open the account" }).click();
  await page.waitForURL(/\/account$/);
}

export function freshEmail(): string {
  return `ada-${crypto.randomUUID()}@example.com`;
}

export async function signOut(page: Page): Promise<void> {
  await page.goto("/account");
  await page.locator(".account-sign-out button").click();
  await page.getByText("You are signed out.").waitFor();
}

export async function signIn(page: Page, email: string): Promise<void> {
  await page.goto("/account/sign-in");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Up to the page with the key. @returns what the app on a phone has then. */
export async function setUpApp(page: Page): Promise<TOTP> {
  await page.goto("/account/security");
  await page.getByLabel("Current password").first().fill(PASSWORD);
  await page.getByRole("button", { name: "Set up an app" }).click();
  const key = (await page.locator("code.key").textContent()) ?? "";
  return new TOTP({ secret: Secret.fromBase32(key.replaceAll(" ", "")) });
}

/** Where the app of a test lives. */
const CALLBACK = "https://parcels.example/callback";
/** Of RFC 7636, appendix B. */
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/** An app registers itself and sends the customer to the page that asks. @returns the app's id. */
export async function openConsent(page: Page, prefix = ""): Promise<string> {
  const data = { client_name: "Parcel Watch", redirect_uris: [CALLBACK], token_endpoint_auth_method: "none" };
  const registered = await page.request.post("/oauth/register", { data });
  const { client_id } = (await registered.json()) as { readonly client_id: string };
  const query = new URLSearchParams({
    response_type: "code",
    client_id,
    redirect_uri: CALLBACK,
    scope: "profile:read orders:read carts:write",
    code_challenge: CHALLENGE,
    code_challenge_method: "S256",
  });
  await page.goto(`${prefix}/oauth/authorize?${query}`);
  return client_id;
}

/** The customer says yes, and the app fetches its tokens. */
export async function allowApp(page: Page): Promise<void> {
  await page.route(`${CALLBACK}**`, (route) => route.fulfill({ body: "Thank you." }));
  const client_id = await openConsent(page);
  await page.getByRole("button", { name: "Allow", exact: true }).click();
  await page.waitForURL(`${CALLBACK}**`);
  const code = new URL(page.url()).searchParams.get("code") ?? "";
  const form = { grant_type: "authorization_code", client_id, code, redirect_uri: CALLBACK, code_verifier: VERIFIER };
  const answer = await page.request.post("/oauth/token", { form });
  if (!answer.ok()) throw new Error(`the app gets no token: ${await answer.text()}`);
}

export const PASSWORD = "tarred hemp and driftwood";

/** The order that this browser opened last: its cookie names it. */
export async function lastOrderToken(page: Page): Promise<string> {
  const cookies = await page.context().cookies();
  const token = cookies.find(({ name }) => name === "__Host-holdfast-order")?.value;
  if (token === undefined) throw new Error("this browser knows no order");
  return token;
}

export function orderPathOf(token: string): string {
  return `/orders/${token.split(".")[0]}`;
}

/** An app at the authorization server under test: it registers, gets the customer's yes, and exchanges what it gets. */
import { env } from "cloudflare:workers";
import { createHash, randomBytes } from "node:crypto";
import { expect } from "vitest";
import type { Env } from "../../../workers/identity/env.ts";
import { verifyCapabilityToken } from "../../../workers/shared/capability-token.ts";
import { encodePrincipal, GUEST, PRINCIPAL_HEADER, type Principal } from "../../../workers/shared/principal.ts";
import { TEST_SECRETS } from "../../secrets.ts";
import { register, type SignedIn, sessionIdOf } from "./client.ts";
import { identity } from "./entrypoint.ts";

export const { DATABASE } = env as unknown as Env;
/** Of `PUBLIC_URL` in the toml. */
export const ISSUER = "http://localhost:8787";
export const CALLBACK = "https://app.example/callback";

export interface OAuthAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Absent members read as undefined and fail the assertion on them. */
  readonly body: Readonly<
    Record<"error" | "error_description" | "access_token" | "refresh_token" | "scope" | "client_id" | "client_secret", string>
  >;
}

async function answerOf(response: Response): Promise<OAuthAnswer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text || "null") as OAuthAnswer["body"] };
}

export async function postForm(
  path: string,
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<OAuthAnswer> {
  const body = typeof form === "string" ? form : new URLSearchParams(form).toString();
  const type = { "content-type": "application/x-www-form-urlencoded" };
  return await answerOf(await identity.fetch(`${ISSUER}${path}`, { method: "POST", headers: { ...type, ...headers }, body }));
}

export async function postJson(
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<OAuthAnswer> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const init = { method: "POST", headers: { "content-type": "application/json", ...headers }, body: text };
  return await answerOf(await identity.fetch(`${ISSUER}${path}`, init));
}

let networks = 0;

/** From a network of its own: what registers in one test takes nothing from another. */
export function registerApp(metadata: object): Promise<OAuthAnswer> {
  networks += 1;
  return postJson("/oauth/register", metadata, { "x-holdfast-client-address": `10.0.0.${networks}` });
}

export interface PublicApp {
  readonly clientId: string;
  readonly verifier: string;
  readonly challenge: string;
}

export async function publicApp(metadata: object = {}): Promise<PublicApp> {
  const answer = await registerApp({ redirect_uris: [CALLBACK], token_endpoint_auth_method: "none", ...metadata });
  expect(answer.status).toBe(201);
  const verifier = randomBytes(32).toString("base64url");
  return {
    clientId: answer.body.client_id,
    verifier,
    challenge: createHash("sha256").update(verifier).digest("base64url"),
  };
}

/** The query of `/oauth/authorize`; an undefined member is left out. */
export function queryOf(app: PublicApp, change: Readonly<Record<string, string | undefined>> = {}): string {
  const whole = {
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: CALLBACK,
    code_challenge: app.challenge,
    code_challenge_method: "S256",
    scope: "profile:read orders:read",
    state: "a-state",
    ...change,
  };
  return `?${new URLSearchParams(Object.entries(whole).filter((entry): entry is [string, string] => entry[1] !== undefined))}`;
}

/** The customer says yes or no. @returns what the app's address is told. */
export async function answer(query: string, customer: SignedIn, isAllowed = true): Promise<URLSearchParams> {
  const sessionId = sessionIdOf(customer.access_token);
  const answered = await identity.answerAuthorization({ query, customerId: customer.customer.id, sessionId, isAllowed });
  if (!answered.ok) throw new Error(`not answered: ${JSON.stringify(answered.error)}`);
  expect(answered.value.redirectTo.startsWith(`${CALLBACK}?`)).toBe(true);
  return new URL(answered.value.redirectTo).searchParams;
}

export function exchange(app: PublicApp, code: string, change: Readonly<Record<string, string>> = {}): Promise<OAuthAnswer> {
  const form = {
    grant_type: "authorization_code",
    client_id: app.clientId,
    code,
    code_verifier: app.verifier,
    redirect_uri: CALLBACK,
    ...change,
  };
  return postForm("/oauth/token", form);
}

export function refreshApp(app: PublicApp, refreshToken: string, change: Readonly<Record<string, string>> = {}) {
  return postForm("/oauth/token", {
    grant_type: "refresh_token",
    client_id: app.clientId,
    refresh_token: refreshToken,
    ...change,
  });
}

export interface AllowedApp {
  readonly app: PublicApp;
  readonly customer: SignedIn;
  readonly code: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** A customer who has let an app in. */
export async function allowedApp(customer?: SignedIn, app?: PublicApp): Promise<AllowedApp> {
  const [owner, used] = [customer ?? (await register()), app ?? (await publicApp())];
  const code = (await answer(queryOf(used), owner)).get("code") ?? "";
  const { status, body } = await exchange(used, code);
  expect(status).toBe(200);
  return { app: used, customer: owner, code, accessToken: body.access_token, refreshToken: body.refresh_token };
}

/** What the gateway learns of a token. */
export async function accessOf(accessToken: string) {
  const tokenId = await verifyCapabilityToken(TEST_SECRETS.CAPABILITY_SECRET, accessToken);
  return tokenId === undefined ? null : await identity.appAccess(tokenId);
}

export async function callAs(principal: Principal, method: string, path: string, body?: unknown) {
  const response = await identity.fetch(`${ISSUER}${path}`, {
    method,
    headers: { "content-type": "application/json", [PRINCIPAL_HEADER]: encodePrincipal(principal) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text || "null") };
}

/** With the admin key, as it were. */
export function operator(...scopes: string[]): Principal {
  return { ...GUEST, kind: "operator", scopes };
}

export function ownPages(customer: SignedIn): Principal {
  return { ...GUEST, kind: "customer", subject: customer.customer.id, sessionId: sessionIdOf(customer.access_token) };
}

/** As the gateway hands an app's call on. */
export async function principalOf(accessToken: string): Promise<Principal> {
  const access = await accessOf(accessToken);
  if (access === null) throw new Error("the token does not stand");
  const { clientId: client, customerId, scopes } = access;
  return { ...GUEST, kind: "customer", subject: customerId, scopes: [...scopes], client };
}

/** Calls the identity worker as the gateway does: full public paths, and the verified principal in its header. */
import { decodeJwt } from "jose";
import { expect } from "vitest";
import { CLIENT_ADDRESS_HEADER } from "../../../workers/shared/client-address.ts";
import { encodePrincipal, PRINCIPAL_HEADER, type Principal } from "../../../workers/shared/principal.ts";
import { identity } from "./entrypoint.ts";

export const PASSWORD = "tall-ships-at-dawn";

export interface SignedIn {
  readonly customer: {
    readonly id: string;
    readonly email: string;
    readonly email_confirmed: boolean;
    readonly name: string | null;
  };
  readonly access_token: string;
  readonly refresh_token: string;
  readonly device_token: string;
  readonly token_type: string;
  readonly expires_in: number;
}

/** Members that any answer of identity may have; an absent one reads as undefined and fails the assertion on it. */
export interface AnswerBody extends SignedIn {
  readonly code: string;
  readonly errors: readonly { readonly path: string }[];
  readonly id: string;
  readonly name: string | null;
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next_cursor: string | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
}

let addressCount = 0;

/** An address that no other test uses. */
export function freshEmail(): string {
  addressCount += 1;
  return `shopper.${addressCount}.${crypto.randomUUID().slice(0, 8)}@example.com`;
}

interface CallOptions {
  readonly accessToken?: string;
  /** Instead of a customer's token: whoever the gateway found. */
  readonly principal?: Principal;
  readonly userAgent?: string;
  /** `accept-language`. */
  readonly language?: string;
  /** As the gateway saw it. */
  readonly network?: string;
  /** Sent as it is, instead of JSON of `body`. */
  readonly raw?: string;
}

export async function call(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
  const headers = new Headers();
  if (options.accessToken !== undefined) headers.set(PRINCIPAL_HEADER, principalOf(options.accessToken));
  if (options.principal !== undefined) headers.set(PRINCIPAL_HEADER, encodePrincipal(options.principal));
  if (options.userAgent !== undefined) headers.set("user-agent", options.userAgent);
  if (options.language !== undefined) headers.set("accept-language", options.language);
  if (options.network !== undefined) headers.set(CLIENT_ADDRESS_HEADER, options.network);
  const text = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
  if (text !== undefined) headers.set("content-type", "application/json");
  const response = await identity.fetch(`https://shop.example${path}`, {
    method,
    headers,
    ...(text === undefined ? {} : { body: text }),
  });
  const answer = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(answer || "null") as AnswerBody };
}

function principalOf(accessToken: string): string {
  const { sub, sid } = decodeJwt<{ sid: string }>(accessToken);
  return encodePrincipal({ kind: "customer", subject: sub ?? null, sessionId: sid, scopes: [], capabilities: [], client: null });
}

export async function register(email = freshEmail(), password = PASSWORD): Promise<SignedIn> {
  const answer = await call("POST", "/v1/auth/register", { email, password });
  expect(answer.status).toBe(201);
  return answer.body;
}

export async function signIn(email: string, password = PASSWORD): Promise<SignedIn> {
  const answer = await call("POST", "/v1/auth/sign-in", { email, password });
  expect(answer.status).toBe(200);
  return answer.body;
}

export function refresh(refreshToken: string): Promise<Answer> {
  return call("POST", "/v1/auth/refresh", { refresh_token: refreshToken });
}

export function sessionIdOf(accessToken: string): string {
  return String(decodeJwt(accessToken)["sid"]);
}

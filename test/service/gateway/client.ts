/** Talks to the gateway under test and sets how its peers behave. */
import { createExecutionContext, SELF } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createGateway } from "../../../workers/gateway/app.ts";
import { configuration, type GatewayConfiguration } from "../../../workers/gateway/configuration.ts";
import type { GatewayEnv } from "../../../workers/gateway/env.ts";
import { type Principal, principalFromHeaders } from "../../../workers/shared/principal.ts";
import { TEST_SECRETS } from "../../secrets.ts";
import type { PeerApi, Received } from "./fakes/peer.ts";

export const ORIGIN = "https://shop.example";
export const ADMIN = { authorization: `Bearer ${TEST_SECRETS.ADMIN_API_KEY}` };

type PeerName =
  | "IDENTITY"
  | "CATALOG"
  | "INVENTORY"
  | "ORDERS"
  | "PAYMENTS"
  | "PAYMENT_SANDBOX"
  | "NOTIFICATIONS"
  | "ANALYTICS"
  | "DEAD_LETTERS"
  | "AUDIT"
  | "PRIVACY"
  | "STOREFRONT"
  | "MEDIA";
const peers = env as unknown as Readonly<Record<PeerName, PeerApi>>;
const PEERS: readonly PeerName[] = [
  "IDENTITY",
  "CATALOG",
  "INVENTORY",
  "ORDERS",
  "PAYMENTS",
  "PAYMENT_SANDBOX",
  "NOTIFICATIONS",
  "ANALYTICS",
  "DEAD_LETTERS",
  "AUDIT",
  "PRIVACY",
  "STOREFRONT",
  "MEDIA",
];

export function peer(name: PeerName): PeerApi {
  return peers[name];
}

export async function resetPeers(): Promise<void> {
  await Promise.all(PEERS.map((name) => peer(name).reset()));
}

export function call(path: string, init: RequestInit = {}): Promise<Response> {
  return SELF.fetch(`${ORIGIN}${path}`, { redirect: "manual", ...init });
}

/** A gateway of its own with other settings, such as production's; its memory is its own too. */
export function gatewayWith(settings: Partial<GatewayConfiguration>, bindings: Partial<GatewayEnv> = {}) {
  const handle = createGateway({ ...configuration, ...settings });
  return async (path: string, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(`${ORIGIN}${path}`, { redirect: "manual", ...init });
    return await handle(request, { ...(env as unknown as GatewayEnv), ...bindings }, createExecutionContext());
  };
}

export function post(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
  cf?: Record<string, unknown>,
): Promise<Response> {
  return call(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
    ...(cf === undefined ? {} : { cf }),
  });
}

/** What the peer saw, parsed from its echo. */
export async function echo(response: Response): Promise<Received & { readonly service: string; readonly principal: Principal }> {
  const seen = await response.json<Received & { readonly service: string }>();
  return { ...seen, principal: principalFromHeaders(new Headers(seen.headers)) };
}

export async function problemOf(response: Response): Promise<{ readonly status: number; readonly code: string }> {
  const { status, code } = await response.json<{ status: number; code: string }>();
  return { status, code };
}

/** Unique paths keep tests of one file apart, because the isolate remembers. */
let counter = 0;
export function fresh(prefix: string): string {
  counter += 1;
  return `${prefix}${counter}`;
}

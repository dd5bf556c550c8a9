/** A browser of the storefront under test: keeps cookies, sends forms as a browser does, and sets what peers answer. */
import { SELF } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { encodePrincipal, GUEST, PRINCIPAL_HEADER, type Principal } from "../../../workers/shared/principal.ts";
import type { FakePeer } from "./fakes/peer.ts";

/** Of `PUBLIC_URL` in the toml. */
export const ORIGIN = "http://localhost:8787";

type PeerName = "CATALOG" | "INVENTORY" | "ORDERS" | "IDENTITY" | "PRIVACY";
const PEERS: readonly PeerName[] = ["CATALOG", "INVENTORY", "ORDERS", "IDENTITY", "PRIVACY"];
const peers = env as unknown as Readonly<Record<PeerName, FakePeer>>;

export function peer(name: PeerName): FakePeer {
  return peers[name];
}

/** The header's categories are prepared: every page asks for them. */
export async function resetPeers(): Promise<void> {
  await Promise.all(PEERS.map((name) => peer(name).reset()));
  await peer("CATALOG").prepare({ "GET /v1/categories": { json: { items: [], next_cursor: null } } });
}

export interface Browser {
  readonly cookies: Map<string, string>;
  /** What the gateway would have verified. */
  principal: Principal;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** A form of one of our pages, as a browser sends it. */
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
}

interface BrowserOptions {
  readonly principal?: Principal;
  /** What the network says about the browser. */
  readonly cf?: Record<string, unknown>;
  /** Another app than the whole storefront. */
  readonly shop?: (request: Request) => Promise<Response>;
}

export function openBrowser({ principal = GUEST, cf = { country: "GB" }, shop }: BrowserOptions = {}): Browser {
  const cookies = new Map<string, string>();
  async function send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (cookies.size > 0) headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    headers.set(PRINCIPAL_HEADER, encodePrincipal(browser.principal));
    const request = new Request(`${ORIGIN}${path}`, { ...init, headers, redirect: "manual", cf });
    const response = await (shop ?? ((asked: Request) => SELF.fetch(asked)))(request);
    keepCookies(cookies, response);
    return response;
  }
  const browser: Browser = {
    cookies,
    principal,
    get: (path, headers = {}) => send(path, { headers }),
    post: (path, form, headers = {}) =>
      send(path, {
        method: "POST",
        body: new URLSearchParams(form),
        headers: { origin: ORIGIN, "sec-fetch-site": "same-origin", ...headers },
      }),
  };
  return browser;
}

function keepCookies(cookies: Map<string, string>, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair = "", ...attributes] = line.split(";");
    const at = pair.indexOf("=");
    const gone = attributes.some((attribute) => attribute.trim().toLowerCase() === "max-age=0");
    if (gone) cookies.delete(pair.slice(0, at));
    else cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}

export const CART_ID = "cart_01h455vb4pex5vsknk084sn02q";

export function shopperWithCart(cartId: string = CART_ID): Principal {
  return { ...GUEST, capabilities: [cartId] };
}

export async function prepareCart(cartId: string, quantities: readonly number[]): Promise<void> {
  const lines = quantities.map((quantity) => ({ quantity }));
  await peer("ORDERS").prepare({ [`GET /v1/carts/${cartId}`]: { json: { state: "open", lines } } });
}

/** The form token of the first form that has one. */
export function formToken(html: string): string {
  return /name="form_token" value="([^"]*)"/.exec(html)?.[1] ?? "";
}

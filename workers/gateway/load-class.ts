/**
 * Which calls are counted together when the shop is asked for more than it can do, and how patient each kind is. What has
 * begun is finished: a new cart is refused long before a cart that is filled, and a checkout last of all. Pure.
 */
import { CART_COOKIE } from "../shared/page-cookies.ts";
import type { LaneLimits } from "./load-lane.ts";
import { isReserved } from "./routing-table.ts";

export const LOAD_CLASSES = ["browse", "new_cart", "cart", "checkout", "account", "admin"] as const;
export type LoadClass = (typeof LOAD_CLASSES)[number];

/** A burst of this many is taken in; the shop promises a definite answer to five hundred buyers at once. */
const BURST = 640;
const MINUTE_MS = 60_000;

/**
 * Of calls under way, in the order in which classes give way. A lifetime is a little longer than the longest deadline of
 * the class's routes. `LOAD_LIMITS` changes targets and bursts.
 */
export const LANE_LIMITS: Readonly<Record<LoadClass, LaneLimits>> = {
  new_cart: { targetMs: 2_000, inFlightMin: 32, inFlightMax: BURST, lifetimeMs: MINUTE_MS },
  browse: { targetMs: 4_000, inFlightMin: 64, inFlightMax: BURST, lifetimeMs: 2 * MINUTE_MS },
  account: { targetMs: 4_000, inFlightMin: 32, inFlightMax: BURST, lifetimeMs: MINUTE_MS },
  cart: { targetMs: 4_000, inFlightMin: 64, inFlightMax: BURST, lifetimeMs: 2 * MINUTE_MS },
  checkout: { targetMs: 8_000, inFlightMin: 64, inFlightMax: BURST, lifetimeMs: 2 * MINUTE_MS },
  /** Imports, exports and audits take minutes without anything being wrong. */
  admin: { targetMs: 20_000, inFlightMin: 32, inFlightMax: BURST, lifetimeMs: 11 * MINUTE_MS },
};

/** Never refused: health, the contract, the signing keys, and what the payment provider tells us or shows for us. */
const EXEMPT = /^\/(?:healthz$|openapi\.json$|\.well-known\/|v1\/webhooks\/|payment-sandbox(?:\/|$))/;
const ADMIN = /^\/v1\/admin(?:\/|$)/;
const ACCOUNT = /^\/v1\/(?:auth|me)(?:\/|$)/;
const CART = /^\/v1\/(?:carts|orders)(?:\/|$)/;
const CHECKOUT = /^\/v1\/(?:carts\/[^/]+\/checkout|orders\/[^/]+\/(?:payment-return|abandon-payment))$/;

/** The same by the pages of the shop, in any language. */
const ACCOUNT_PAGE = /^(?:\/[a-z]{2})?\/(?:account|oauth)(?:\/|$)/;
const CART_PAGE = /^(?:\/[a-z]{2})?\/(?:cart|checkout|orders)(?:\/|$)/;
const CHECKOUT_PAGE = /^(?:\/[a-z]{2})?\/(?:checkout|orders\/[^/]+\/payment|checkout\/return)(?:\/|$)/;

/** Undefined: the call is never refused. */
export function loadClassOf(method: string, path: string, headers: Headers): LoadClass | undefined {
  if (EXEMPT.test(path)) return undefined;
  return isReserved(path) ? classOfCall(method, path) : classOfPage(method, path, headers);
}

function classOfCall(method: string, path: string): LoadClass {
  if (ADMIN.test(path)) return "admin";
  if (ACCOUNT.test(path)) return "account";
  if (CHECKOUT.test(path)) return "checkout";
  if (CART.test(path)) return method === "POST" && path === "/v1/carts" ? "new_cart" : "cart";
  return "browse";
}

function classOfPage(method: string, path: string, headers: Headers): LoadClass {
  if (ACCOUNT_PAGE.test(path)) return "account";
  if (CHECKOUT_PAGE.test(path)) return "checkout";
  if (!CART_PAGE.test(path)) return "browse";
  const opensCart = method === "POST" && headers.get("cookie")?.includes(`${CART_COOKIE}=`) !== true;
  return opensCart ? "new_cart" : "cart";
}

/** `checkout=8000/256,browse=500/1000`: target in milliseconds and largest burst of the classes that are named. */
const LIMIT_ENTRY = /^([a-z_]+)=(\d{2,6})\/(\d{2,5})$/;

/** @returns undefined when the text is not of that form. */
export function laneLimits(text: string): Readonly<Record<LoadClass, LaneLimits>> | undefined {
  const limits = { ...LANE_LIMITS };
  for (const entry of text.split(",").filter((part) => part.trim() !== "")) {
    const [, name, targetMs, inFlightMax] = LIMIT_ENTRY.exec(entry.trim()) ?? [];
    const loadClass = LOAD_CLASSES.find((known) => known === name);
    if (loadClass === undefined) return undefined;
    const { inFlightMin } = limits[loadClass];
    limits[loadClass] = {
      ...limits[loadClass],
      targetMs: Number(targetMs),
      inFlightMax: Math.max(inFlightMin, Number(inFlightMax)),
    };
  }
  return limits;
}

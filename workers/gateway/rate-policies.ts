/**
 * How many calls of which kind one caller may make in a minute: the one table of the limits, beside `routing-table.ts`.
 * Whoever is signed in has a bucket of their own; everybody else shares the bucket of their network (IPv4, or the /64 of
 * IPv6). Guesses at secrets have harder limits of their own (`durable-objects/attempt-quota`). Pure.
 */
import type { Principal } from "../shared/principal.ts";

/** The platform's limits count by 10 or by 60 seconds. */
export const RATE_WINDOW_SECONDS = 60;

export type RateBinding =
  `RATE_${"FILES" | "BROWSE" | "SEARCH" | "SHOP" | "ACCOUNT" | "CUSTOMER" | "CUSTOMER_STRICT" | "OPERATOR"}`;

export interface RatePolicy {
  /** As `RateLimit-Policy` names it. */
  readonly name: string;
  /** Calls per window. The limit of the binding in `wrangler.toml` is the same number; a test compares them. */
  readonly quota: number;
  /** The platform's counter, which all isolates of one location share. */
  readonly binding: RateBinding;
}

export const RATE_POLICIES = {
  /** Pictures, styles and scripts: a page of the shop loads dozens. */
  files: { name: "files", quota: 3_000, binding: "RATE_FILES" },
  browse: { name: "browse", quota: 1_200, binding: "RATE_BROWSE" },
  /** A search costs the catalogue more than a page; typing asks for suggestions at every letter. */
  search: { name: "search", quota: 240, binding: "RATE_SEARCH" },
  /** Carts, checkouts, orders. Offices and mobile networks put many shoppers behind one address. */
  shop: { name: "shop", quota: 600, binding: "RATE_SHOP" },
  /** Sign-in, register, reset, profile; and operators' calls without a credential. */
  account: { name: "account", quota: 60, binding: "RATE_ACCOUNT" },
  /** One signed-in customer, whatever they ask for, but for the next line. */
  customer: { name: "customer", quota: 1_200, binding: "RATE_CUSTOMER" },
  customerStrict: { name: "customer-strict", quota: 240, binding: "RATE_CUSTOMER_STRICT" },
  /** The admin key, or one operator. */
  operator: { name: "operator", quota: 6_000, binding: "RATE_OPERATOR" },
} as const satisfies Readonly<Record<string, RatePolicy>>;

export type RateClass = "files" | "browse" | "search" | "shop" | "account" | "admin";

/** Never counted: what the payment provider tells us or shows for us. Its refusals would be paid by shoppers. */
const EXEMPT = /^\/(?:v1\/webhooks\/|payment-sandbox(?:\/|$))/;
const FILES = /^\/(?:media|assets)\//;
const SEARCH = /^(?:\/v1|\/[a-z]{2})?\/search(?:\/|$)/;
/** A list of products is a search when it is asked for words. */
const LIST = "/v1/products";
const ASKS_WORDS = /[?&]q=[^&]/;
const ADMIN = /^\/v1\/admin(?:\/|$)/;
const ACCOUNT = /^(?:\/v1\/(?:auth|me)|(?:\/[a-z]{2})?\/account)(?:\/|$)/;
const SHOP = /^(?:\/v1\/(?:carts|orders)|(?:\/[a-z]{2})?\/(?:cart|checkout|orders))(?:\/|$)/;

/** Undefined: the call is not counted. @param search `?q=…` or empty */
export function rateClassOf(path: string, search: string): RateClass | undefined {
  if (EXEMPT.test(path)) return undefined;
  if (FILES.test(path)) return "files";
  if (ADMIN.test(path)) return "admin";
  if (ACCOUNT.test(path)) return "account";
  if (SHOP.test(path)) return "shop";
  return SEARCH.test(path) || (path === LIST && ASKS_WORDS.test(search)) ? "search" : "browse";
}

export function ratePolicyOf(rateClass: RateClass, kind: Principal["kind"]): RatePolicy {
  switch (kind) {
    case "operator":
      return RATE_POLICIES.operator;
    case "customer":
      return rateClass === "search" || rateClass === "account" ? RATE_POLICIES.customerStrict : RATE_POLICIES.customer;
    case "guest":
      return RATE_POLICIES[rateClass === "admin" ? "account" : rateClass];
  }
}

/** What every page knows about its request: language, market, who is asking. Pure. */

import { type Locale, localePath } from "../shared/locales.ts";
import { formatMoney as formatAmount } from "../shared/money.ts";
import type { Principal } from "../shared/principal.ts";
import type { CallContext } from "../shared/telemetry.ts";
import type { StorefrontEnv } from "./env.ts";
import type { Market } from "./markets.ts";

export type { Locale } from "../shared/locales.ts";
export type { Market } from "./markets.ts";

/** The parts of a page that belong to one shopper. */
export interface Personal {
  /** The open cart whose token came with the request; null without one. */
  readonly cartId: string | null;
  /** Units in it. 0 until `renderPage` has asked. */
  readonly cartCount: number;
  readonly customerId: string | null;
}

export interface PageContext {
  readonly locale: Locale;
  readonly market: Market;
  /** Of `PUBLIC_URL`, without a slash at the end. */
  readonly origin: string;
  /** Without the language's prefix: `/products/x`. */
  readonly path: string;
  /** `?q=…` or empty. */
  readonly search: string;
  /** For `<script nonce>`. A mark in cached pages, filled in for each request. */
  readonly nonce: string;
  /** For `CsrfField`. A mark in cached pages. */
  readonly csrfToken: string;
  /** `deferred` in cached pages: their header's personal piece is filled in for each request. */
  readonly personal: Personal | "deferred";
  /** GUEST in cached pages. */
  readonly principal: Principal;
  /** From which network the shopper comes, as the gateway saw it. Undefined in cached pages. */
  readonly network?: string | undefined;
  /** Where the shopper is, as the network knows it: a new cart lives nearby. Undefined in cached pages. */
  readonly cf?: IncomingRequestCfProperties | undefined;
  readonly call: CallContext;
  readonly env: StorefrontEnv;
}

/** A path of the shop in the page's language: `/cart` → `/de/cart`. */
export function link(page: Pick<PageContext, "locale">, path: string): string {
  return localePath(page.locale, path);
}

/** The BCP 47 tag that numbers, prices and dates are written by: the language as the country writes it. */
export function intlLocale(page: Pick<PageContext, "locale" | "market">): string {
  const { country } = page.market;
  switch (page.locale) {
    case "en":
      return ["US", "CA", "AU", "NZ", "IE", "SG"].includes(country) ? `en-${country}` : "en-GB";
    case "de":
      return ["AT", "CH"].includes(country) ? `de-${country}` : "de-DE";
    case "ja":
      return "ja-JP";
  }
}

/** `{ amount_minor: 1999, currency: "GBP" }` → `£19.99`. */
export function formatMoney(
  page: Pick<PageContext, "locale" | "market">,
  money: { readonly amount_minor: number; readonly currency: string },
): string {
  return formatAmount({ amountMinor: money.amount_minor, currency: money.currency }, intlLocale(page));
}

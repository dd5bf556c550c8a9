/** Makes the context of a request's page: language from the address, market from cookie or network, verified principal. */
import type { Context } from "hono";
import { CLIENT_ADDRESS_HEADER } from "../shared/client-address.ts";
import { splitLocale } from "../shared/locales.ts";
import { principalFromHeaders } from "../shared/principal.ts";
import { contextFromHeaders } from "../shared/telemetry.ts";
import { openContext } from "../shared/trace.ts";
import { configuration } from "./configuration.ts";
import { MARKET_COOKIE, readCookie } from "./cookies.ts";
import { issueFormToken } from "./csrf.ts";
import type { StorefrontHono } from "./env.ts";
import { COUNTRY_DEFAULT, isKnownCountry, marketOf } from "./markets.ts";
import type { PageContext } from "./page-context.ts";

const NONCE_BYTES = 16;

export function openPage(c: Context<StorefrontHono>): PageContext {
  const { headers } = c.req.raw;
  const url = new URL(c.req.url);
  const principal = principalFromHeaders(headers);
  const { locale, path } = splitLocale(url.pathname);
  const cf = c.req.raw.cf as IncomingRequestCfProperties | undefined;
  let formToken: string | undefined;
  return {
    locale,
    market: marketOf(countryOf(c, cf)),
    origin: configuration.publicOrigin,
    path,
    search: url.search,
    nonce: crypto.getRandomValues(new Uint8Array(NONCE_BYTES)).toBase64(),
    /** Made when a form asks for it: the first one sets a cookie. */
    get csrfToken() {
      formToken ??= issueFormToken(c);
      return formToken;
    },
    personal: {
      cartId: principal.capabilities.find((id) => id.startsWith("cart_")) ?? null,
      cartCount: 0,
      customerId: principal.kind === "customer" ? principal.subject : null,
    },
    principal,
    network: headers.get(CLIENT_ADDRESS_HEADER) ?? undefined,
    cf,
    call: openContext() ?? contextFromHeaders(headers),
    env: c.env,
  };
}

function countryOf(c: Context<StorefrontHono>, cf: IncomingRequestCfProperties | undefined): string {
  const chosen = readCookie(c, MARKET_COOKIE);
  if (isKnownCountry(chosen)) return chosen;
  const seen = cf?.country;
  return isKnownCountry(seen) ? seen : COUNTRY_DEFAULT;
}

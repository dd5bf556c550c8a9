/**
 * Which service owns which path, and what the gateway grants it: deadline, body, credentials, idempotency. The one table;
 * the longest matching path wins and everything below a path belongs to it. `*` stands for one segment. Data only.
 */

export type ServiceBinding =
  | "IDENTITY"
  | "CATALOG"
  | "INVENTORY"
  | "ORDERS"
  | "PAYMENTS"
  | "NOTIFICATIONS"
  | "ANALYTICS"
  | "DEAD_LETTERS"
  | "AUDIT"
  | "PRIVACY"
  | "DOCS"
  | "STOREFRONT"
  | "MEDIA"
  | "PAYMENT_SANDBOX";

/** How a request body is taken in. */
export interface BodyRule {
  /** `json` and `raw` are read whole (so they can be hashed and retried); `stream` passes through as it comes. */
  readonly form: "json" | "raw" | "stream";
  readonly maxBytes: number;
}

export interface Route {
  readonly path: string;
  readonly service: ServiceBinding;
  readonly deadlineMs: number;
  readonly body: BodyRule;
  /** `verified`: the gateway checks credentials and keeps them; `passed`: the service has its own (signatures). */
  readonly credentials: "verified" | "passed";
  /** Who runs the Idempotency-Key protocol of unsafe POSTs. */
  readonly idempotency: "gateway" | "service";
}

const MEBIBYTE = 1_048_576;
export const JSON_BODY: BodyRule = { form: "json", maxBytes: MEBIBYTE };
/** Stripe's events are a few kB; the signature needs the exact bytes. */
const WEBHOOK_BODY: BodyRule = { form: "raw", maxBytes: MEBIBYTE / 4 };
/** Forms, and an app's account of itself; a strange content type is refused in OAuth's words. */
const OAUTH_BODY: BodyRule = { form: "raw", maxBytes: MEBIBYTE / 64 };
const PAGE_BODY: BodyRule = { form: "raw", maxBytes: MEBIBYTE };
const PICTURE_BODY: BodyRule = { form: "stream", maxBytes: 20 * MEBIBYTE };
const UPLOAD_BODY: BodyRule = { form: "stream", maxBytes: 256 * MEBIBYTE };

const DEADLINE_MS = 10_000;
/** Quotes a cart, or talks to the payment provider. */
const DEADLINE_LONG_MS = 30_000;
/** Holds stock, authorises, commits and captures, each with its own deadline. */
const DEADLINE_CHECKOUT_MS = 60_000;
const DEADLINE_TRANSFER_MS = 600_000;

const STANDARD = { deadlineMs: DEADLINE_MS, body: JSON_BODY, credentials: "verified", idempotency: "gateway" } as const;

const OAUTH = { service: "IDENTITY", body: OAUTH_BODY, credentials: "passed", idempotency: "service" } as const;

export const ROUTES: readonly Route[] = [
  { ...STANDARD, path: "/v1/auth", service: "IDENTITY" },
  { ...STANDARD, path: "/v1/me", service: "IDENTITY" },
  { ...STANDARD, path: "/.well-known/jwks.json", service: "IDENTITY" },
  { ...STANDARD, path: "/v1/admin/staff", service: "IDENTITY" },
  { ...STANDARD, path: "/v1/admin/customers/*/authenticator", service: "IDENTITY" },
  { ...STANDARD, path: "/v1/admin/api-keys", service: "IDENTITY" },
  { ...STANDARD, path: "/v1/admin/log", service: "IDENTITY" },
  { ...STANDARD, path: "/.well-known/oauth-authorization-server", service: "IDENTITY" },
  { ...STANDARD, path: "/.well-known/oauth-protected-resource", service: "IDENTITY" },
  /** Clients bring their own credentials, and a code is used once in any case. `/oauth/authorize` is a page. */
  { ...STANDARD, ...OAUTH, path: "/oauth/token" },
  { ...STANDARD, ...OAUTH, path: "/oauth/revoke" },
  { ...STANDARD, ...OAUTH, path: "/oauth/register" },
  { ...STANDARD, path: "/v1/admin/oauth-clients", service: "IDENTITY" },

  { ...STANDARD, path: "/v1/products", service: "CATALOG" },
  { ...STANDARD, path: "/v1/categories", service: "CATALOG" },
  { ...STANDARD, path: "/v1/search", service: "CATALOG" },
  { ...STANDARD, path: "/v1/admin/products", service: "CATALOG" },
  { ...STANDARD, path: "/v1/admin/categories", service: "CATALOG" },
  {
    ...STANDARD,
    path: "/v1/admin/imports",
    service: "CATALOG",
    body: UPLOAD_BODY,
    deadlineMs: DEADLINE_TRANSFER_MS,
    idempotency: "service",
  },
  { ...STANDARD, path: "/v1/admin/imports/*", service: "CATALOG" },
  { ...STANDARD, path: "/v1/admin/exports", service: "CATALOG", deadlineMs: DEADLINE_TRANSFER_MS },

  { ...STANDARD, path: "/v1/availability", service: "INVENTORY" },
  { ...STANDARD, path: "/v1/stock-feed", service: "INVENTORY" },
  { ...STANDARD, path: "/v1/admin/stock", service: "INVENTORY" },

  { ...STANDARD, path: "/v1/admin/recovery/sku", service: "INVENTORY", deadlineMs: DEADLINE_LONG_MS },

  { ...STANDARD, path: "/v1/carts", service: "ORDERS" },
  { ...STANDARD, path: "/v1/carts/*/lines", service: "ORDERS", deadlineMs: DEADLINE_LONG_MS },
  /** Its key is written in the transaction that makes the order. */
  { ...STANDARD, path: "/v1/carts/*/checkout", service: "ORDERS", deadlineMs: DEADLINE_CHECKOUT_MS, idempotency: "service" },
  { ...STANDARD, path: "/v1/shipping-options", service: "ORDERS" },
  { ...STANDARD, path: "/v1/orders", service: "ORDERS", deadlineMs: DEADLINE_LONG_MS },
  { ...STANDARD, path: "/v1/admin/orders", service: "ORDERS", deadlineMs: DEADLINE_LONG_MS },
  { ...STANDARD, path: "/v1/admin/recovery/partition", service: "ORDERS", deadlineMs: DEADLINE_LONG_MS },
  { ...STANDARD, path: "/v1/admin/shipping-rates", service: "ORDERS" },
  { ...STANDARD, path: "/v1/admin/tax-rates", service: "ORDERS" },

  {
    ...STANDARD,
    path: "/v1/webhooks/stripe",
    service: "PAYMENTS",
    body: WEBHOOK_BODY,
    credentials: "passed",
    idempotency: "service",
    deadlineMs: DEADLINE_LONG_MS,
  },
  { ...STANDARD, path: "/v1/admin/payments", service: "PAYMENTS", deadlineMs: DEADLINE_CHECKOUT_MS },
  { ...STANDARD, path: "/v1/admin/ledger", service: "PAYMENTS" },

  { ...STANDARD, path: "/v1/admin/notifications", service: "NOTIFICATIONS" },
  { ...STANDARD, path: "/v1/admin/reports", service: "ANALYTICS", deadlineMs: DEADLINE_LONG_MS },
  { ...STANDARD, path: "/v1/admin/dead-letters", service: "DEAD_LETTERS" },
  /** Reads every log and every ledger row. */
  { ...STANDARD, path: "/v1/admin/audit", service: "AUDIT", deadlineMs: DEADLINE_TRANSFER_MS },
  { ...STANDARD, path: "/v1/admin/projections", service: "AUDIT", deadlineMs: DEADLINE_CHECKOUT_MS },

  /** Several services are asked one after the other before it answers. */
  { ...STANDARD, path: "/v1/me/export", service: "PRIVACY", deadlineMs: DEADLINE_CHECKOUT_MS },
  { ...STANDARD, path: "/v1/me/erasure", service: "PRIVACY", deadlineMs: DEADLINE_CHECKOUT_MS },
  { ...STANDARD, path: "/v1/orders/*/export", service: "PRIVACY", deadlineMs: DEADLINE_CHECKOUT_MS },
  { ...STANDARD, path: "/v1/orders/*/erasure", service: "PRIVACY", deadlineMs: DEADLINE_CHECKOUT_MS },
  { ...STANDARD, path: "/v1/admin/customers/*/export", service: "PRIVACY", deadlineMs: DEADLINE_CHECKOUT_MS },
  { ...STANDARD, path: "/v1/admin/customers/*/erasure", service: "PRIVACY", deadlineMs: DEADLINE_CHECKOUT_MS },
  { ...STANDARD, path: "/v1/admin/privacy-requests", service: "PRIVACY" },
  /** Its answers are archives: none is kept for a replay. */
  { ...STANDARD, path: "/v1/privacy", service: "PRIVACY", deadlineMs: DEADLINE_CHECKOUT_MS, idempotency: "service" },

  {
    ...STANDARD,
    path: "/payment-sandbox",
    service: "PAYMENT_SANDBOX",
    body: PAGE_BODY,
    credentials: "passed",
    idempotency: "service",
  },
  { ...STANDARD, path: "/docs", service: "DOCS" },

  { ...STANDARD, path: "/v1/admin/media", service: "MEDIA", body: PICTURE_BODY, idempotency: "service" },
  { ...STANDARD, path: "/media", service: "MEDIA" },

  /** Every other path is a page of the shop; `isReserved` keeps it away from the API's. */
  { ...STANDARD, path: "", service: "STOREFRONT", body: PAGE_BODY, idempotency: "service", deadlineMs: DEADLINE_CHECKOUT_MS },
];

/** Paths of the API and of well-known documents: what no service owns there is an API problem, never a page. */
export function isReserved(path: string): boolean {
  return /^\/(?:v1|\.well-known)(?:\/|$)/.test(path);
}

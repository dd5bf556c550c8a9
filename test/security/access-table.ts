/**
 * Who may do what, route by route: the one list that the matrix is tried by. `routers.test.ts` holds it against the routers
 * themselves, so that a route without an entry fails, and an entry without a route too. Data only.
 */
import type { OperatorScope } from "../../workers/shared/principal.ts";

export type Outcome = "allowed" | 401 | 403 | 404;

/** Who asks for a thing of the victim: a customer with an account, a cart, an order. */
export type Caller =
  | "nobody"
  /** The victim, signed in. */
  | "owner"
  /** Nobody's account, but the victim's cart token and order token. */
  | "holder"
  /** Another customer, signed in. */
  | "other"
  /** Nobody's account, and the tokens of somebody else's cart and order. */
  | "stranger"
  /** The admin key. */
  | "admin";

/** What does not depend on scopes. Expired, revoked and forged bearers are 401 at every rule but `unread`. */
export const RULES = {
  /** Credentials are not looked at: documents, and what brings its own signature. */
  unread: { nobody: "allowed", owner: "allowed", holder: "allowed", other: "allowed", stranger: "allowed", admin: "allowed" },
  /** Nothing in it is anybody's. */
  public: { nobody: "allowed", owner: "allowed", holder: "allowed", other: "allowed", stranger: "allowed", admin: "allowed" },
  /** One's own account, whoever one is. */
  account: { nobody: 401, owner: "allowed", holder: 401, other: "allowed", stranger: 401, admin: 401 },
  /** One thing of one account. */
  accountItem: { nobody: 401, owner: "allowed", holder: 401, other: 404, stranger: 401, admin: 401 },
  /** The victim has none: who has one is tried with a software key in identity's own tests. */
  ownPasskey: { nobody: 401, owner: 404, holder: 401, other: 404, stranger: 401, admin: 401 },
  /** A cart or an order: its token, or its owner. */
  owned: { nobody: 404, owner: "allowed", holder: "allowed", other: 404, stranger: 404, admin: 404 },
  /** The order's token alone: browsers come back from the bank without a login. */
  orderToken: { nobody: 404, owner: 404, holder: "allowed", other: 404, stranger: 404, admin: 404 },
  /** The token of a guest's order; the victim's belongs to an account, which a link that is passed on must not reach into. */
  guestOrder: { nobody: 404, owner: 404, holder: 403, other: 404, stranger: 404, admin: 404 },
  /** What came of such a request: there was none about the victim's order. */
  guestOrderRequest: { nobody: 404, owner: 404, holder: 404, other: 404, stranger: 404, admin: 404 },
} as const satisfies Readonly<Record<string, Readonly<Record<Caller, Outcome>>>>;

export type Rule = keyof typeof RULES | OperatorScope;

/** Of `/openapi.json`. */
export const API: readonly (readonly [Rule, readonly string[]])[] = [
  ["unread", ["GET /healthz", "POST /oauth/register", "POST /oauth/revoke", "POST /oauth/token", "POST /v1/webhooks/stripe"]],
  [
    "public",
    [
      "GET /.well-known/jwks.json",
      "GET /.well-known/oauth-authorization-server",
      "GET /.well-known/oauth-protected-resource",
      "GET /media/{key}",
      "GET /v1/availability",
      "GET /v1/categories",
      "GET /v1/categories/{handle}",
      "GET /v1/products",
      "GET /v1/products/{handle}",
      "GET /v1/search/suggestions",
      "GET /v1/shipping-options",
      "GET /v1/stock-feed",
      "POST /v1/auth/accept-invitation",
      "POST /v1/auth/passkey",
      "POST /v1/auth/passkey/options",
      "POST /v1/auth/refresh",
      "POST /v1/auth/register",
      "POST /v1/auth/request-password-reset",
      "POST /v1/auth/reset-password",
      "POST /v1/auth/second-factor",
      "POST /v1/auth/sign-in",
      "POST /v1/carts",
      "POST /v1/privacy/links",
      "POST /v1/privacy/links/archive",
      "POST /v1/privacy/links/open",
    ],
  ],
  [
    "account",
    [
      "GET /v1/me",
      "GET /v1/me/addresses",
      "GET /v1/me/authenticator",
      "GET /v1/me/passkeys",
      "GET /v1/me/apps",
      "GET /v1/me/export",
      "GET /v1/me/export/archive",
      "GET /v1/me/sessions",
      "GET /v1/orders",
      "PATCH /v1/me",
      "POST /v1/auth/sign-out",
      "POST /v1/auth/sign-out-everywhere",
      "POST /v1/me/addresses",
      "POST /v1/me/authenticator",
      "POST /v1/me/authenticator/confirm",
      "POST /v1/me/authenticator/disable",
      "POST /v1/me/email",
      "POST /v1/me/email/confirm",
      "POST /v1/me/email/request-confirmation",
      "POST /v1/me/erasure",
      "POST /v1/me/export",
      "POST /v1/me/passkeys",
      "POST /v1/me/passkey-options",
      "POST /v1/me/password",
      "POST /v1/me/recovery-codes",
    ],
  ],
  ["ownPasskey", ["DELETE /v1/me/passkeys/{id}", "PATCH /v1/me/passkeys/{id}"]],
  [
    "accountItem",
    ["PATCH /v1/me/addresses/{id}", "DELETE /v1/me/addresses/{id}", "DELETE /v1/me/apps/{id}", "DELETE /v1/me/sessions/{id}"],
  ],
  [
    "owned",
    [
      "GET /v1/carts/{id}",
      "GET /v1/carts/{id}/shipping-options",
      "GET /v1/orders/{id}",
      "PATCH /v1/carts/{id}",
      "POST /v1/carts/{id}/checkout",
      "POST /v1/orders/{id}/payment-abandonment",
      "PUT /v1/carts/{id}/lines",
      "PUT /v1/carts/{id}/lines/{sku}",
    ],
  ],
  ["orderToken", ["GET /v1/orders/{id}/payment-return", "POST /v1/orders/{id}/payment-return"]],
  ["guestOrder", ["POST /v1/orders/{id}/erasure", "POST /v1/orders/{id}/export"]],
  ["guestOrderRequest", ["GET /v1/orders/{id}/erasure", "GET /v1/orders/{id}/export", "GET /v1/orders/{id}/export/archive"]],
  [
    "products:read",
    [
      "GET /v1/admin/categories",
      "GET /v1/admin/exports/products.csv",
      "GET /v1/admin/imports",
      "GET /v1/admin/imports/{id}",
      "GET /v1/admin/imports/{id}/refusals",
      "GET /v1/admin/media",
      "GET /v1/admin/products",
      "GET /v1/admin/products/{id}",
    ],
  ],
  [
    "products:write",
    [
      "DELETE /v1/admin/categories/{handle}",
      "DELETE /v1/admin/media/{key}",
      "DELETE /v1/admin/products/{id}",
      "DELETE /v1/admin/products/{id}/variants/{variant_id}",
      "PATCH /v1/admin/categories/{handle}",
      "PATCH /v1/admin/products/{id}",
      "PATCH /v1/admin/products/{id}/variants/{variant_id}",
      "POST /v1/admin/categories",
      "POST /v1/admin/imports",
      "POST /v1/admin/products",
      "POST /v1/admin/products/{id}/variants",
      "PUT /v1/admin/media/{key}",
    ],
  ],
  ["stock:read", ["GET /v1/admin/stock/{sku}", "GET /v1/admin/stock/{sku}/movements"]],
  [
    "stock:write",
    ["POST /v1/admin/stock/{sku}/adjustments", "POST /v1/admin/stock/{sku}/receipts", "PUT /v1/admin/stock/{sku}/policy"],
  ],
  ["orders:read", ["GET /v1/admin/orders", "GET /v1/admin/orders/{id}"]],
  [
    "orders:write",
    ["POST /v1/admin/orders/{id}/cancel", "POST /v1/admin/orders/{id}/complete", "POST /v1/admin/orders/{id}/refunds"],
  ],
  ["shipments:write", ["POST /v1/admin/orders/{id}/shipments"]],
  ["staff:read", ["GET /v1/admin/staff"]],
  ["staff:write", ["DELETE /v1/admin/staff/{id}", "PATCH /v1/admin/staff/{id}", "POST /v1/admin/staff"]],
  ["keys:read", ["GET /v1/admin/api-keys", "GET /v1/admin/oauth-clients"]],
  [
    "keys:write",
    [
      "DELETE /v1/admin/api-keys/{id}",
      "DELETE /v1/admin/oauth-clients/{id}",
      "POST /v1/admin/api-keys",
      "POST /v1/admin/api-keys/{id}/rotate",
      "POST /v1/admin/oauth-clients",
      "POST /v1/admin/oauth-clients/{id}/rotate-secret",
    ],
  ],
  ["log:read", ["GET /v1/admin/log", "GET /v1/admin/log/verification"]],
  [
    "customers:read",
    ["GET /v1/admin/customers/{id}/erasure", "GET /v1/admin/customers/{id}/export", "GET /v1/admin/privacy-requests"],
  ],
  [
    "customers:write",
    [
      "DELETE /v1/admin/customers/{id}/authenticator",
      "GET /v1/admin/customers/{id}/export/archive",
      "POST /v1/admin/customers/{id}/erasure",
      "POST /v1/admin/customers/{id}/export",
      "POST /v1/admin/privacy-requests/{id}/repeat",
    ],
  ],
  ["payments:read", ["GET /v1/admin/ledger", "GET /v1/admin/payments"]],
  ["payments:write", ["POST /v1/admin/payments/reconcile"]],
  ["settings:read", ["GET /v1/admin/shipping-rates", "GET /v1/admin/tax-rates"]],
  [
    "settings:write",
    [
      "POST /v1/admin/recovery/partition/{name}",
      "POST /v1/admin/recovery/sku/{sku}",
      "PUT /v1/admin/shipping-rates",
      "PUT /v1/admin/tax-rates",
    ],
  ],
  ["reports:read", ["GET /v1/admin/reports/sales", "GET /v1/admin/reports/stock", "GET /v1/admin/reports/stock-movements"]],
  ["notifications:read", ["GET /v1/admin/notifications", "GET /v1/admin/notifications/{id}"]],
  ["notifications:write", ["POST /v1/admin/notifications/{id}/resend"]],
  ["queues:read", ["GET /v1/admin/dead-letters", "GET /v1/admin/dead-letters/{id}"]],
  ["queues:write", ["POST /v1/admin/dead-letters/{id}/discard", "POST /v1/admin/dead-letters/{id}/replay"]],
  [
    "audit:read",
    ["GET /v1/admin/audit", "GET /v1/admin/audit/runs/{run_id}", "GET /v1/admin/projections", "GET /v1/admin/projections/{name}"],
  ],
  ["audit:write", ["POST /v1/admin/projections/{name}/rebuild"]],
];

/** What services answer beside the API's document, each with its own tests. */
export const UNPUBLISHED: readonly string[] = [
  "GET /docs",
  "GET /docs/standalone.js",
  "GET /payment-sandbox/authenticate/:id",
  "POST /payment-sandbox/authenticate/:id/approve",
  "POST /payment-sandbox/authenticate/:id/decline",
  "POST /payment-sandbox/control",
];

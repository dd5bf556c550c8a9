/**
 * Who is calling, verified once by the gateway and handed inward in a header that the gateway always overwrites.
 * Services decide what a principal may do; they never see its credentials.
 */
import * as z from "zod";
import { ProblemError } from "./problem.ts";

export const PRINCIPAL_HEADER = "x-holdfast-principal";
/** Every header of this prefix is removed from requests that come from outside, also in the spelling of CGI (`X_Holdfast_…`). */
export const INTERNAL_HEADER_PREFIX = "x-holdfast-";

export function isInternalHeader(name: string): boolean {
  return name.toLowerCase().replaceAll("_", "-").startsWith(INTERNAL_HEADER_PREFIX);
}

export const Principal = z.strictObject({
  kind: z.enum(["guest", "customer", "operator"]),
  /** The account, or the API key that acts for nobody; null for guests and for the admin key. */
  subject: z.string().nullable(),
  /** Session the token belongs to; null without one. */
  sessionId: z.string().nullable(),
  /** `*` allows everything; else `resource:read` or `resource:write`. Empty for a customer on the shop's own pages. */
  scopes: z.array(z.string()),
  /** Ids of carts and orders whose token was presented and verified. */
  capabilities: z.array(z.string()),
  /** The app or key that acts, within `scopes`; null for the shop's own pages and the admin key. */
  client: z.string().nullable().default(null),
});
export type Principal = z.infer<typeof Principal>;

export const GUEST: Principal = {
  kind: "guest",
  subject: null,
  sessionId: null,
  scopes: [],
  capabilities: [],
  client: null,
};

export function encodePrincipal(principal: z.input<typeof Principal>): string {
  return encodeURIComponent(JSON.stringify(principal));
}

/** Missing means guest: a service reached without the gateway has no one to trust. */
export function principalFromHeaders(headers: Headers): Principal {
  const encoded = headers.get(PRINCIPAL_HEADER);
  return encoded === null ? GUEST : Principal.parse(JSON.parse(decodeURIComponent(encoded)));
}

/** What operators may be allowed, one by one. `*` beside them allows everything, also what is added later. */
export const OPERATOR_SCOPES = [
  "products:read",
  "products:write",
  "stock:read",
  "stock:write",
  "orders:read",
  "orders:write",
  "shipments:write",
  "payments:read",
  "payments:write",
  "reports:read",
  "reports:write",
  "notifications:read",
  "notifications:write",
  "customers:read",
  "customers:write",
  "settings:read",
  "settings:write",
  "queues:read",
  "queues:write",
  "audit:read",
  "audit:write",
  "staff:read",
  "staff:write",
  "keys:read",
  "keys:write",
  "log:read",
] as const;
export type OperatorScope = (typeof OPERATOR_SCOPES)[number];

/** What an API key or an app may have of them. They make no keys and no staff: who stole one would stay after it is revoked. */
export const CLIENT_SCOPES: readonly OperatorScope[] = OPERATOR_SCOPES.filter(
  (scope) => scope !== "keys:write" && scope !== "staff:write",
);

export function mayOperate(principal: Principal, scope: OperatorScope): boolean {
  if (principal.kind !== "operator") return false;
  return principal.scopes.includes("*") || principal.scopes.includes(scope);
}

/** @throws ProblemError 401 without a login, 403 with one that lacks the scope. */
export function requireOperator(principal: Principal, scope: OperatorScope): void {
  if (mayOperate(principal, scope)) return;
  if (principal.kind === "guest") {
    throw new ProblemError({
      status: 401,
      code: "authentication_required",
      detail: "Send the admin key or an operator's token as `Authorization: Bearer …`.",
      headers: { "www-authenticate": 'Bearer realm="holdfast"' },
    });
  }
  throw new ProblemError({ status: 403, code: "insufficient_scope", detail: `This needs the scope ${scope}.` });
}

/** What a customer can let an app do. Everything else of an account is the customer's alone. */
export const CUSTOMER_SCOPES = [
  "profile:read",
  "profile:write",
  "addresses:read",
  "addresses:write",
  "carts:write",
  "orders:read",
] as const;
export type CustomerScope = (typeof CUSTOMER_SCOPES)[number];

/**
 * The customer that this call acts for; staff have an account like everybody. The shop's own pages act in everything, an app only within its scopes; without a
 * scope no app does. @returns null for everybody else: an app without the scope is a guest like any other.
 */
export function customerFor(principal: Principal, scope?: CustomerScope): string | null {
  if (principal.kind !== "customer" && principal.sessionId === null) return null;
  const isAllowed = principal.client === null || (scope !== undefined && principal.scopes.includes(scope));
  return isAllowed ? principal.subject : null;
}

/**
 * @param scope what an app needs for this; left out, no app may do it.
 * @throws ProblemError 401 when nobody is signed in, 403 for an app that may not. @returns the customer's id.
 */
export function requireCustomer(principal: Principal, scope?: CustomerScope): string {
  const customerId = customerFor(principal, scope);
  if (customerId !== null) return customerId;
  if (principal.kind === "customer" && principal.client !== null) throw insufficientScope(scope);
  throw new ProblemError({
    status: 401,
    code: "authentication_required",
    detail: "Sign in and send the access token as `Authorization: Bearer …`.",
    headers: { "www-authenticate": 'Bearer realm="holdfast"' },
  });
}

/** RFC 6750 §3.1. */
function insufficientScope(scope: CustomerScope | undefined): ProblemError {
  const needed = scope === undefined ? "" : `, scope="${scope}"`;
  return new ProblemError({
    status: 403,
    code: "insufficient_scope",
    detail: scope === undefined ? "No app may do this; the customer does it in the shop." : `This needs the scope ${scope}.`,
    headers: { "www-authenticate": `Bearer realm="holdfast", error="insufficient_scope"${needed}` },
  });
}

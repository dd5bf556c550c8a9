/**
 * Who is calling, verified once by the gateway and handed inward in a header that the gateway always overwrites.
 * Services decide what a principal may do; they never see its credentials.
 */
import * as z from "zod";
import { ProblemError } from "./problem.ts";

export const PRINCIPAL_HEADER = "x-holdfast-principal";
/** Every header of this prefix is removed from requests that come from outside. */
export const INTERNAL_HEADER_PREFIX = "x-holdfast-";

export const Principal = z.strictObject({
  kind: z.enum(["guest", "customer", "operator"]),
  /** The account, or the API key that acts for nobody; null for guests and for the admin key. */
  subject: z.string().nullable(),
  /** Session the token belongs to; null without one. */
  sessionId: z.string().nullable(),
  /** `*` allows everything; else `resource:read` or `resource:write`. */
  scopes: z.array(z.string()),
  /** Ids of carts and orders whose token was presented and verified. */
  capabilities: z.array(z.string()),
  /** The app or API key that acts; null when the person or the admin key acts directly. */
  client: z.string().nullable().default(null),
});
export type Principal = z.infer<typeof Principal>;

export const GUEST: Principal = { kind: "guest", subject: null, sessionId: null, scopes: [], capabilities: [], client: null };

export function encodePrincipal(principal: Principal): string {
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

/** The account that somebody signed in to: staff have one like everybody. Null for guests, keys and the admin key. */
export function customerOf({ kind, subject, sessionId }: Principal): string | null {
  return kind === "customer" || sessionId !== null ? subject : null;
}

/** @throws ProblemError 401 when nobody is signed in. @returns the customer's id. */
export function requireCustomer(principal: Principal): string {
  const customerId = customerOf(principal);
  if (customerId !== null) return customerId;
  throw new ProblemError({
    status: 401,
    code: "authentication_required",
    detail: "Sign in and send the access token as `Authorization: Bearer …`.",
    headers: { "www-authenticate": 'Bearer realm="holdfast"' },
  });
}

/**
 * What each role of the staff may do, as data: the one table. A role is granted by name and its scopes are looked up at every
 * call, so that a change here or of somebody's role is in force with the next one. Pure.
 */
import { OPERATOR_SCOPES, type OperatorScope } from "./principal.ts";

export const STAFF_ROLES = ["owner", "manager", "support", "warehouse", "analyst"] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** Everything, also what is added later. */
export const EVERY_SCOPE = "*";

/** Runs the shop, staff and integrations; the machinery below it (queues, rebuilds) and its owners are the owners' own. */
const MANAGER: readonly OperatorScope[] = OPERATOR_SCOPES.filter((scope) => scope !== "queues:write" && scope !== "audit:write");

const SCOPES: Readonly<Record<StaffRole, readonly (OperatorScope | typeof EVERY_SCOPE)[]>> = {
  owner: [EVERY_SCOPE],
  manager: MANAGER,
  /** Answers shoppers and makes it right again: cancels, refunds, sends a mail once more. */
  support: [
    "products:read",
    "stock:read",
    "orders:read",
    "orders:write",
    "shipments:write",
    "payments:read",
    "customers:read",
    "customers:write",
    "notifications:read",
    "notifications:write",
  ],
  /** Receives, counts and ships; no money, no accounts. */
  warehouse: ["products:read", "stock:read", "stock:write", "orders:read", "shipments:write"],
  /** Figures, and nothing about a person. */
  analyst: ["products:read", "stock:read", "reports:read", "audit:read"],
};

export function scopesOf(role: StaffRole): readonly string[] {
  return SCOPES[role];
}

/** True when whoever has `held` has every one of `wanted`: nobody hands on more than they have. */
export function covers(held: readonly string[], wanted: readonly string[]): boolean {
  return held.includes(EVERY_SCOPE) || wanted.every((scope) => held.includes(scope));
}

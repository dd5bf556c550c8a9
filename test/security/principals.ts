/** Everybody who is tried at every route. A new kind of principal, such as a staff role, is one more row. */
import { encodePrincipal, GUEST, OPERATOR_SCOPES, type OperatorScope, PRINCIPAL_HEADER } from "../../workers/shared/principal.ts";
import { covers, STAFF_ROLES, scopesOf } from "../../workers/shared/staff-roles.ts";
import { type Caller, type Outcome, RULES, type Rule } from "./access-table.ts";
import type { AttackedSystem } from "./global-setup.ts";
import { type Headers, type Scene, withBearer } from "./scene.ts";

export interface PrincipalRow {
  readonly name: string;
  /** Through the gateway, or behind it with a principal of the test's own making. */
  readonly door: "front" | "side";
  readonly headers: (scene: Scene, attacked: AttackedSystem, rule: Rule) => Headers;
  /** Undefined: this principal is not tried at routes of the rule. */
  readonly outcome: (rule: Rule) => Outcome | undefined;
  /** Who may see the victim's data where they are let in. */
  readonly trusted: boolean;
}

function isScope(rule: Rule): rule is OperatorScope {
  return !(rule in RULES);
}

/** Guests are asked to sign in, customers are told that they may not. */
function caller(who: Caller, scoped: Outcome): (rule: Rule) => Outcome {
  return (rule) => (isScope(rule) ? scoped : RULES[rule][who]);
}

function ended(rule: Rule): Outcome {
  return rule === "unread" ? "allowed" : 401;
}

/** An operator with these scopes, at the routes of operators alone. */
function staff(scopes: (needed: OperatorScope) => readonly OperatorScope[]) {
  return {
    door: "side",
    trusted: true,
    headers: (_scene: Scene, _attacked: AttackedSystem, rule: Rule) => {
      const principal = { ...GUEST, kind: "operator" as const, subject: "stf_1", scopes: isScope(rule) ? [...scopes(rule)] : [] };
      return { [PRINCIPAL_HEADER]: encodePrincipal(principal) };
    },
    outcome: (rule: Rule): Outcome | undefined => (isScope(rule) ? (scopes(rule).includes(rule) ? "allowed" : 403) : undefined),
  } as const;
}

export const PRINCIPALS: readonly PrincipalRow[] = [
  { name: "nobody", door: "front", headers: () => ({}), outcome: caller("nobody", 401), trusted: false },
  {
    name: "the owner",
    door: "front",
    headers: ({ victim }) => withBearer(victim.bearer),
    outcome: caller("owner", 403),
    trusted: true,
  },
  {
    name: "the holder of the things' tokens",
    door: "front",
    headers: ({ victim }) => ({ "cart-token": victim.cart.token, "order-token": victim.orderToken }),
    outcome: caller("holder", 401),
    trusted: true,
  },
  {
    name: "another customer, with the tokens of their own things",
    door: "front",
    headers: ({ other }) => ({ ...withBearer(other.bearer), "cart-token": other.cart.token, "order-token": other.orderToken }),
    outcome: caller("other", 403),
    trusted: false,
  },
  {
    name: "a stranger with the tokens of somebody else's things",
    door: "front",
    headers: ({ other }) => ({ "cart-token": other.cart.token, "order-token": other.orderToken }),
    outcome: caller("stranger", 401),
    trusted: false,
  },
  {
    name: "a stranger with cart token and order token exchanged",
    door: "front",
    headers: ({ victim }) => ({ "cart-token": victim.orderToken, "order-token": victim.cart.token }),
    outcome: caller("stranger", 401),
    trusted: false,
  },
  {
    name: "the session that was signed out",
    door: "front",
    headers: ({ revokedBearer }) => withBearer(revokedBearer),
    outcome: ended,
    trusted: false,
  },
  {
    name: "the token that has expired",
    door: "front",
    headers: ({ expiredBearer }) => withBearer(expiredBearer),
    outcome: ended,
    trusted: false,
  },
  {
    name: "an app that may see the victim's profile, and nothing else",
    door: "front",
    headers: ({ app }) => withBearer(app.bearer),
    outcome: (rule) => {
      if (isScope(rule) || rule === "ownPasskey") return 403;
      return rule === "account" || rule === "accountItem" ? undefined : RULES[rule].stranger;
    },
    trusted: true,
  },
  {
    name: "the admin key",
    door: "front",
    headers: (_scene, attacked) => withBearer(attacked.adminKey),
    outcome: caller("admin", "allowed"),
    trusted: true,
  },
  {
    name: "staff with every scope but the one that is needed",
    ...staff((needed) => OPERATOR_SCOPES.filter((scope) => scope !== needed)),
  },
  { name: "staff with that scope alone", ...staff((needed) => [needed]) },
  ...STAFF_ROLES.map(
    (role): PrincipalRow => ({
      name: `a signed-in ${role}`,
      door: "front",
      headers: ({ staffBearers }) => withBearer(staffBearers[role]),
      outcome: (rule) => (isScope(rule) ? (covers(scopesOf(role), [rule]) ? "allowed" : 403) : undefined),
      trusted: true,
    }),
  ),
];

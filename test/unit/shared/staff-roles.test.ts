/** The table of roles: who may do what, spelled out where a slip would cost most. */
import { describe, expect, it } from "vitest";
import { OPERATOR_SCOPES } from "../../../workers/shared/principal.ts";
import { covers, STAFF_ROLES, scopesOf } from "../../../workers/shared/staff-roles.ts";

const may = (scope: string) => STAFF_ROLES.filter((role) => covers(scopesOf(role), [scope]));

describe("the roles of the staff", () => {
  it("have scopes that exist, each once", () => {
    for (const role of STAFF_ROLES) {
      const scopes = scopesOf(role);
      expect(new Set(scopes).size).toBe(scopes.length);
      for (const scope of scopes) expect(["*", ...OPERATOR_SCOPES]).toContain(scope);
    }
  });

  it.each([
    ["staff:write", ["owner", "manager"]],
    ["keys:write", ["owner", "manager"]],
    ["log:read", ["owner", "manager"]],
    ["settings:write", ["owner", "manager"]],
    ["payments:write", ["owner", "manager"]],
    ["orders:write", ["owner", "manager", "support"]],
    ["shipments:write", ["owner", "manager", "support", "warehouse"]],
    ["stock:write", ["owner", "manager", "warehouse"]],
    ["customers:read", ["owner", "manager", "support"]],
    ["reports:read", ["owner", "manager", "analyst"]],
    ["queues:write", ["owner"]],
    ["audit:write", ["owner"]],
    ["something:new", ["owner"]],
  ])("let %s to %j only", (scope, roles) => {
    expect(may(scope)).toEqual(roles);
  });

  it("let an analyst read figures and nothing that changes or names somebody", () => {
    for (const scope of scopesOf("analyst")) expect(scope).toMatch(/^(?:products|stock|reports|audit):read$/);
  });

  it("let nobody but owners hand out what owners have", () => {
    for (const role of STAFF_ROLES) expect(covers(scopesOf(role), scopesOf("owner"))).toBe(role === "owner");
    expect(covers([], [])).toBe(true);
    expect(covers(["stock:read"], ["*"])).toBe(false);
  });
});

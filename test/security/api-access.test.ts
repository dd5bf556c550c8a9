/** The matrix: every operation of the API × every kind of principal, about the victim's things. */
import { beforeAll, describe, expect, inject, it } from "vitest";
import { pooled } from "../system/pooled.ts";
import { type ApiDocument, type DescribedOperation, operations } from "../system/published-api.ts";
import { API, type Outcome, type Rule } from "./access-table.ts";
import { PRINCIPALS, type PrincipalRow } from "./principals.ts";
import { nameOf, type Reply, send } from "./requests.ts";
import { CANARY, type Scene, setScene, signIn, stateOf, withBearer } from "./scene.ts";

const attacked = inject("attacked");
let document: ApiDocument;
let scene: Scene;

beforeAll(async () => {
  const [published, set] = await Promise.all([fetch(`${attacked.url}/openapi.json`), setScene(attacked)]);
  document = (await published.json()) as ApiDocument;
  scene = set;
  // So that there is something to read.
  for (const { bearer } of [scene.victim, scene.other])
    expect((await scene.shop.call("POST", "/v1/me/export", { headers: withBearer(bearer) })).status).toBe(202);
});

interface Cell {
  readonly target: DescribedOperation;
  readonly rule: Rule;
  readonly principal: PrincipalRow;
  readonly outcome: Outcome;
}

function cells(wanted: (outcome: Outcome) => boolean): Cell[] {
  const rules = new Map(API.flatMap(([rule, routes]) => routes.map((route) => [route, rule] as const)));
  return operations(document).flatMap((target) =>
    PRINCIPALS.flatMap((principal) => {
      const rule = rules.get(nameOf(target));
      const outcome = rule === undefined ? undefined : principal.outcome(rule);
      return rule === undefined || outcome === undefined || !wanted(outcome) ? [] : [{ target, rule, principal, outcome }];
    }),
  );
}

async function knock({ target, rule, principal }: Cell, over: Record<string, string> = {}): Promise<Reply> {
  const origin = principal.door === "front" ? attacked.url : attacked.sideDoor;
  return await send(origin, document, target, scene, { ...principal.headers(scene, attacked, rule), ...over });
}

/** The victim's data in an answer for somebody else. */
function leak({ text, headers }: Reply): boolean {
  const said = text + [...headers].join("\n");
  const secrets = [CANARY, scene.victim.cart.token, scene.victim.orderToken, scene.victim.refreshToken];
  // Refusals repeat the path that was asked for, not more.
  return secrets.some((secret) => said.replaceAll(`${CANARY}.jpg`, "").includes(secret));
}

function fault(cell: Cell, reply: Reply): string | undefined {
  const said = `${nameOf(cell.target)} as ${cell.principal.name} → ${reply.status} ${reply.text.slice(0, 200)}`;
  if (!cell.principal.trusted && leak(reply)) return `LEAK ${said}`;
  // A loaded machine may find a service slow; that is the answer then.
  if (reply.status >= 500) return nameOf(cell.target) === "GET /healthz" ? undefined : said;
  if (typeof cell.outcome === "number") return reply.status === cell.outcome && isProblem(reply) ? undefined : said;
  // Nobody hands on what they have not: that is no lack of the scope.
  if (reply.text.includes('"beyond_own_scopes"')) return undefined;
  // Operators are told what does not exist; for everybody else that would be a refusal.
  const refusals = cell.rule === "unread" ? [] : cell.rule.includes(":") ? [401, 403] : [401, 403, 404];
  return refusals.includes(reply.status) ? said : undefined;
}

function isProblem(reply: Reply): boolean {
  return reply.headers.get("content-type") === "application/problem+json" && typeof JSON.parse(reply.text).code === "string";
}

/** What ends a session is done with one of its own, and what ends an account last of all. */
const ENDS_SESSIONS = [
  "POST /v1/auth/sign-out",
  "POST /v1/auth/sign-out-everywhere",
  "POST /v1/me/password",
  "POST /v1/me/erasure",
];
const LAST = [...ENDS_SESSIONS, "POST /v1/admin/customers/{id}/erasure"];
const METHODS = ["GET", "PATCH", "PUT", "POST", "DELETE"];

async function ownSession({ target, principal }: Cell): Promise<Record<string, string>> {
  if (!ENDS_SESSIONS.includes(nameOf(target))) return {};
  const { email } = principal.name === "the owner" ? scene.victim : scene.other;
  return { ...withBearer((await signIn(scene.shop, email)).access_token) };
}

function weightOf({ target }: Cell): number {
  return LAST.indexOf(nameOf(target)) * METHODS.length + METHODS.indexOf(target.method);
}

describe("every operation", () => {
  it("shows the victim their own things, with the mark that the tests look for", async () => {
    const own = ["/v1/me", "/v1/me/addresses", `/v1/carts/${scene.victim.cart.id}`, `/v1/orders/${scene.victim.order.id}`];
    for (const path of own) {
      const { body } = await scene.shop.call("GET", path, { headers: withBearer(scene.victim.bearer) });
      expect(JSON.stringify(body)).toContain(CANARY);
    }
  });

  it("refuses whoever may not, says nothing of the victim, and changes nothing of theirs", async () => {
    const before = await stateOf(scene);
    const refused = cells((outcome) => outcome !== "allowed");
    expect(refused.length).toBeGreaterThan(500);
    const faults = await pooled(refused, async (cell) => fault(cell, await knock(cell)));
    expect(faults.filter((found) => found !== undefined)).toEqual([]);
    expect(await stateOf(scene)).toEqual(before);
  });

  it("lets in whoever may, and shows customers nothing of one another", async () => {
    const allowed = Map.groupBy(
      cells((outcome) => outcome === "allowed"),
      weightOf,
    );
    const found: string[] = [];
    for (const [, round] of [...allowed].toSorted(([a], [b]) => a - b)) {
      const faults = await pooled(round, async (cell) => fault(cell, await knock(cell, await ownSession(cell))));
      found.push(...faults.filter((each) => each !== undefined));
    }
    expect(found).toEqual([]);
  });
});

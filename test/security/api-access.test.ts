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
  if (reply.status >= 500) return said;
  if (typeof cell.outcome === "number") return reply.status === cell.outcome && isProblem(reply) ? undefined : said;
  // Operators are told what does not exist; for everybody else that would be a refusal.
  const refusals = cell.rule.includes(":") ? [401, 403] : [401, 403, 404];
  return refusals.includes(reply.status) ? said : undefined;
}

function isProblem(reply: Reply): boolean {
  return reply.headers.get("content-type") === "application/problem+json" && typeof JSON.parse(reply.text).code === "string";
}

async function faults(tried: readonly Cell[]): Promise<string[]> {
  expect(tried.length).toBeGreaterThan(100);
  return (await pooled(tried, async (cell) => fault(cell, await knock(cell)))).filter((found) => found !== undefined);
}

/** What ends a session is done with one of its own, and last. */
const ENDS_SESSIONS = ["POST /v1/me/password", "POST /v1/auth/sign-out", "POST /v1/auth/sign-out-everywhere"];
const ORDER = ["GET", "PATCH", "PUT", "POST", "DELETE"];

function gentlestFirst(a: Cell, b: Cell): number {
  const weight = ({ target }: Cell) => ORDER.indexOf(target.method) + (ENDS_SESSIONS.includes(nameOf(target)) ? ORDER.length : 0);
  return weight(a) - weight(b);
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
    expect(await faults(cells((outcome) => outcome !== "allowed"))).toEqual([]);
    expect(await stateOf(scene)).toEqual(before);
  });

  it("lets in whoever may, and shows customers nothing of one another", async () => {
    const allowed = cells((outcome) => outcome === "allowed").toSorted(gentlestFirst);
    const reads = allowed.filter(({ target }) => target.method === "GET");
    const found = await faults(reads);
    for (const cell of allowed.slice(reads.length)) {
      const mail = cell.principal.name === "the owner" ? scene.victim.email : scene.other.email;
      const fresh = ENDS_SESSIONS.includes(nameOf(cell.target)) && cell.rule === "account" ? (await signIn(scene.shop, mail)).access_token : undefined;
      const wrong = fault(cell, await knock(cell, fresh === undefined ? {} : { ...withBearer(fresh) }));
      if (wrong !== undefined) found.push(wrong);
    }
    expect(found).toEqual([]);
  });
});

/** Every privileged route of every service leaves one entry in the log, whoever tries it; and nothing of a person in it. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { STAFF_ROLES } from "../../workers/shared/staff-roles.ts";
import { pooled } from "../system/pooled.ts";
import { type ApiDocument, type DescribedOperation, operations } from "../system/published-api.ts";
import { perform, privilegedChanges, type Trace, UNTRIED } from "./privileged-changes.ts";
import { nameOf, send } from "./requests.ts";
import { CANARY, type Headers, type Scene, setScene, signToken, withBearer } from "./scene.ts";

const attacked = inject("attacked");
let document: ApiDocument;
let scene: Scene;

beforeAll(async () => {
  const [published, set] = await Promise.all([fetch(`${attacked.url}/openapi.json`), setScene(attacked)]);
  document = (await published.json()) as ApiDocument;
  scene = set;
});

/** That nobody takes: other suites use the same shop at the same time. */
const NO_BODY = { nonsense: true };

interface Entry {
  readonly id: string;
  readonly method: string;
  readonly actor: { readonly kind: string; readonly id: string | null; readonly role: string | null };
  readonly request_id: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly outcome: { readonly status: number } | null;
}

interface Page {
  readonly items: readonly Entry[];
  readonly next_cursor: string | null;
}

async function entriesSince(from: number): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query = `from=${new Date(from).toISOString()}&limit=100${cursor === "" ? "" : `&cursor=${cursor}`}`;
    const page: { readonly body: Page } = await scene.shop.admin<Page>("GET", `/v1/admin/log?${query}`);
    entries.push(...page.body.items);
    cursor = page.body.next_cursor;
  }
  return entries;
}

function unsafe(): DescribedOperation[] {
  return operations(document).filter(({ method, path }) => path.startsWith("/v1/admin/") && method !== "GET");
}

/** @returns what is wrong with the entries of one call to every unsafe route. */
async function tryAll(
  headers: Headers,
  { body, status }: { readonly body?: unknown; readonly status?: number },
): Promise<{ readonly wrong: string[]; readonly entries: readonly Entry[] }> {
  const since = Date.now();
  const calls = await pooled(unsafe(), async (target) => {
    const requestId = randomUUID();
    const asked = { ...headers, "x-request-id": requestId };
    const reply = await send(attacked.url, document, target, scene, asked, body);
    return { target, requestId, reply };
  });
  const entries = await entriesSince(since);
  const wrong = calls.flatMap(({ target, requestId, reply }) => {
    const own = entries.filter((entry) => entry.request_id === requestId);
    const isRight = own.length === 1 && own[0]?.method === target.method && own[0].outcome?.status === reply.status;
    const asExpected = status === undefined || reply.status === status;
    return isRight && asExpected ? [] : [`${nameOf(target)} → ${reply.status}: ${JSON.stringify(own)}`];
  });
  return { wrong, entries };
}

/** Whether an entry says of an act what its kind has to say. */
function leavesTrace(trace: Trace, { before, after }: Entry): boolean {
  const isEmpty = (state: unknown) => JSON.stringify(state ?? {}) === "{}";
  switch (trace) {
    case "changed":
      return before !== null && after !== null && !(isEmpty(before) && isEmpty(after));
    case "made":
    case "begun":
      return before === null && !isEmpty(after);
    case "removed":
      return !isEmpty(before) && after === null;
    case "same":
      return before !== null && after !== null && isEmpty(before) && isEmpty(after);
  }
}

describe("the log of privileged acts", () => {
  it("says what each act changed, before and after, at every privileged route that there is", async () => {
    const acts = privilegedChanges(attacked, scene);
    const listed = [...Object.keys(acts), ...Object.keys(UNTRIED)];
    expect(listed.toSorted()).toEqual(unsafe().map(nameOf).toSorted());
    const since = Date.now();
    const done = await pooled(Object.entries(acts), async ([name, [trace, prepare]]) => {
      const requestId = randomUUID();
      const answer = await perform(attacked, name, await prepare(), requestId);
      return { name, trace, requestId, answer };
    });
    const entries = await entriesSince(since);
    const silent = done.flatMap(({ name, trace, requestId, answer }) => {
      const entry = entries.find((each) => each.request_id === requestId);
      const isRight = answer.startsWith("2") && entry !== undefined && leavesTrace(trace, entry);
      return isRight ? [] : [`${name} (${trace}): ${answer.slice(0, 300)} left ${JSON.stringify(entry)}`];
    });
    expect(silent).toEqual([]);
  });

  it("has exactly one entry of every unsafe route that the admin key tries, with how it ended", async () => {
    expect(unsafe().length).toBeGreaterThan(30);
    const { wrong, entries } = await tryAll(withBearer(attacked.adminKey), { body: NO_BODY });
    expect(wrong).toEqual([]);
    expect(JSON.stringify(entries)).not.toContain(attacked.adminKey);
  });

  it("has one of every attempt that an analyst was refused, by role and account", async () => {
    const { customerId: sub, sessionId: sid } = attacked.staff.analyst;
    const { wrong, entries } = await tryAll(withBearer(await signToken(attacked.signingKey, { sub, sid })), { status: 403 });
    expect(wrong).toEqual([]);
    for (const { actor } of entries.filter((entry) => entry.actor.id === sub))
      expect(actor).toMatchObject({ kind: "staff", role: "analyst" });
  });

  it("has one of what a customer tried", async () => {
    const requestId = randomUUID();
    const since = Date.now();
    const headers = { ...withBearer(scene.other.bearer), "x-request-id": requestId };
    expect(
      (await scene.shop.call("POST", "/v1/admin/staff", { headers, body: { email: "a@b.example", role: "owner" } })).status,
    ).toBe(403);
    const own = (await entriesSince(since)).filter((entry) => entry.request_id === requestId);
    expect(own).toMatchObject([{ actor: { kind: "customer", id: scene.other.customerId }, outcome: { status: 403 } }]);
  });

  it("says nothing of people and holds no secret, and its chain is whole", async () => {
    const email = `${CANARY}-${randomUUID()}@shop.example`;
    const invited = await scene.shop.admin<{ id: string }>("POST", "/v1/admin/staff", { body: { email, role: STAFF_ROLES[4] } });
    const made = await scene.shop.admin<{ key: string }>("POST", "/v1/admin/api-keys", {
      body: { name: CANARY, scopes: ["stock:read"] },
    });
    expect([invited.status, made.status]).toEqual([201, 201]);
    const written = (await entriesSince(0)).map((entry) => JSON.stringify(entry).replaceAll(`${CANARY}.jpg`, ""));
    expect(written.join()).toContain(invited.body.id);
    const { key } = made.body;
    const secrets = ["@shop.example", CANARY, key, key.slice(0, -4), attacked.adminKey];
    expect(written.filter((entry) => secrets.some((secret) => entry.includes(secret)))).toEqual([]);
    type Check = { intact: boolean; checked: number; next_cursor: string | null };
    const check = await scene.shop.admin<Check>("GET", "/v1/admin/log/verification");
    expect(check.body).toMatchObject({ intact: true, next_cursor: null });
    expect(check.body.checked).toBeGreaterThan(100);
  });
});

/** Every privileged route of every service leaves one entry in the log, whoever tries it; and nothing of a person in it. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { STAFF_ROLES } from "../../workers/shared/staff-roles.ts";
import { pooled } from "../system/pooled.ts";
import { type ApiDocument, type DescribedOperation, operations } from "../system/published-api.ts";
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

interface Entry {
  readonly id: string;
  readonly method: string;
  readonly actor: { readonly kind: string; readonly id: string | null; readonly role: string | null };
  readonly request_id: string;
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
  status?: number,
): Promise<{ readonly wrong: string[]; readonly entries: readonly Entry[] }> {
  const since = Date.now();
  const calls = await pooled(unsafe(), async (target) => {
    const requestId = randomUUID();
    const reply = await send(attacked.url, document, target, scene, { ...headers, "x-request-id": requestId });
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

describe("the log of privileged acts", () => {
  it("has exactly one entry of every unsafe route that the admin key tries, with how it ended", async () => {
    expect(unsafe().length).toBeGreaterThan(30);
    const { wrong, entries } = await tryAll(withBearer(attacked.adminKey));
    expect(wrong).toEqual([]);
    expect(JSON.stringify(entries)).not.toContain(attacked.adminKey);
  });

  it("has one of every attempt that an analyst was refused, by role and account", async () => {
    const { customerId: sub, sessionId: sid } = attacked.staff.analyst;
    const { wrong, entries } = await tryAll(withBearer(await signToken(attacked.signingKey, { sub, sid })), 403);
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
    const written = JSON.stringify(await entriesSince(0));
    expect(written).toContain(invited.body.id);
    const { key } = made.body;
    for (const secret of [email, key, key.slice(0, -4), attacked.adminKey]) expect(written).not.toContain(secret);
    expect(written.replaceAll(`${CANARY}.jpg`, "")).not.toContain(CANARY);
    type Check = { intact: boolean; checked: number; next_cursor: string | null };
    const check = await scene.shop.admin<Check>("GET", "/v1/admin/log/verification");
    expect(check.body).toMatchObject({ intact: true, next_cursor: null });
    expect(check.body.checked).toBeGreaterThan(100);
  });
});

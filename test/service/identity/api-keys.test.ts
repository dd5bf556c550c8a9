/** Keys of integrations: known once, checked as of now, never mightier than whoever made them. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { isApiKey } from "../../../workers/shared/api-key.ts";
import { sha256Hex } from "../../../workers/shared/idempotency.ts";
import { GUEST, type Principal } from "../../../workers/shared/principal.ts";
import { type Answer, call } from "./client.ts";
import { identity } from "./entrypoint.ts";
import { ADMIN_KEY, bindings, changeRole, remove, seat } from "./staff-desk.ts";

const { DATABASE } = bindings;
const DAY_MS = 86_400_000;

afterEach(() => {
  vi.useRealTimers();
});

interface Made {
  readonly key: string;
  readonly api_key: { readonly id: string; readonly status: string; readonly last_used_at: string | null };
}

function make(body: Record<string, unknown> = {}, principal: Principal = ADMIN_KEY): Promise<Answer> {
  return call("POST", "/v1/admin/api-keys", { name: "ERP", scopes: ["stock:read", "stock:write"], ...body }, { principal });
}

async function made(body: Record<string, unknown> = {}, principal?: Principal): Promise<Made> {
  const answer = await make(body, principal);
  expect(answer.status).toBe(201);
  return answer.body as unknown as Made;
}

async function rotate(id: string, overlapSeconds: number, principal: Principal = ADMIN_KEY): Promise<Answer> {
  return await call("POST", `/v1/admin/api-keys/${id}/rotate`, { overlap_seconds: overlapSeconds }, { principal });
}

async function open(key: string) {
  return await identity.apiKeyStanding(await sha256Hex(key));
}

async function listed(id: string): Promise<Record<string, unknown> | undefined> {
  const { body } = await call("GET", "/v1/admin/api-keys?limit=100", undefined, { principal: ADMIN_KEY });
  return body.items.find((item) => item["id"] === id);
}

function passTime(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + milliseconds });
}

describe("an API key", () => {
  it("is told once, looks like one, and rests as a hash only", async () => {
    const { key, api_key } = await made();
    expect(isApiKey(key)).toBe(true);
    expect(await open(key)).toEqual({ keyId: api_key.id, scopes: ["stock:read", "stock:write"] });
    const tables = await DATABASE.batch([
      DATABASE.prepare("SELECT * FROM api_keys"),
      DATABASE.prepare("SELECT * FROM api_key_secrets"),
    ]);
    for (const { results } of tables) expect(JSON.stringify(results)).not.toContain(key.slice(0, -4));
    expect(JSON.stringify(await listed(api_key.id))).not.toContain(key.slice(0, -4));
  });

  it("opens nothing once it is revoked, expired or rotated away; and revoked it stays", async () => {
    const revoked = await made();
    await call("DELETE", `/v1/admin/api-keys/${revoked.api_key.id}`, undefined, { principal: ADMIN_KEY });
    expect(await open(revoked.key)).toBeNull();
    expect((await rotate(revoked.api_key.id, 0)).body.code).toBe("key_ended");
    const undo = DATABASE.prepare("UPDATE api_keys SET revoked_at_ms = NULL WHERE id = ?").bind(revoked.api_key.id);
    await expect(undo.run()).rejects.toThrow(/stays revoked/);
    const rotated = await made();
    const next = (await rotate(rotated.api_key.id, 0)).body as unknown as Made;
    expect(await open(rotated.key)).toBeNull();
    expect(await open(next.key)).toMatchObject({ keyId: rotated.api_key.id });
    const expiring = await made({ expires_at: new Date(Date.now() + DAY_MS).toISOString() });
    expect(await open(expiring.key)).not.toBeNull();
    passTime(DAY_MS + 1);
    expect(await open(expiring.key)).toBeNull();
    expect(await listed(expiring.api_key.id)).toMatchObject({ status: "expired", effective_scopes: [] });
    expect(await open("hf_live_unknown")).toBeNull();
    expect(await identity.apiKeyStanding("nonsense")).toBeNull();
  });

  it("goes on for the overlap of a rotation beside its successor, and no longer", async () => {
    const first = await made();
    const second = (await rotate(first.api_key.id, 3_600)).body as unknown as Made;
    expect([await open(first.key), await open(second.key)]).not.toContain(null);
    expect((await listed(first.api_key.id))?.["secrets"]).toHaveLength(2);
    // A second rotation does not give the oldest more time.
    await rotate(first.api_key.id, 604_800);
    passTime(3_600_001);
    expect(await open(first.key)).toBeNull();
    expect(await open(second.key)).not.toBeNull();
  });

  it("says when it was last used, to the minute, and off the caller's way", async () => {
    const { key, api_key } = await made();
    expect(api_key.last_used_at).toBeNull();
    await open(key);
    await vi.waitFor(async () => expect((await listed(api_key.id))?.["last_used_at"]).not.toBeNull());
    const first = (await listed(api_key.id))?.["last_used_at"];
    await open(key);
    expect((await listed(api_key.id))?.["last_used_at"]).toBe(first);
    passTime(61_000);
    await open(key);
    await vi.waitFor(async () => expect((await listed(api_key.id))?.["last_used_at"]).not.toBe(first));
  });
});

describe("the scopes of a key", () => {
  it("are none that its maker lacks (regression: a key with more scopes than its maker)", async () => {
    const manager = await (await seat("manager")).principal();
    for (const scopes of [["queues:write"], ["stock:read", "audit:write"]])
      expect((await make({ scopes }, manager)).body.code).toBe("beyond_own_scopes");
    for (const scopes of [["*"], ["staff:write"], ["keys:write"], ["root"], []])
      expect((await make({ scopes })).body.code).toBe("invalid_body");
    const ownersKey = await made({ scopes: ["queues:write"] });
    expect((await rotate(ownersKey.api_key.id, 0, manager)).body.code).toBe("beyond_own_scopes");
  });

  it("shrink with its maker's role at once, and end with it; whoever rotates it takes it over", async () => {
    const member = await seat("manager");
    const { key, api_key } = await made({ scopes: ["stock:read", "stock:write", "payments:read"] }, await member.principal());
    await changeRole(member, "warehouse");
    expect(await open(key)).toEqual({ keyId: api_key.id, scopes: ["stock:read", "stock:write"] });
    await remove(member);
    expect(await open(key)).toBeNull();
    expect(await listed(api_key.id)).toMatchObject({ status: "suspended", maker_id: member.customerId });
    expect((await rotate(api_key.id, 3_600)).body).toMatchObject({ api_key: { status: "active", maker_id: null } });
    expect((await open(key))?.scopes).toHaveLength(3);
  });

  it("make no further keys, whatever a key's scopes say", async () => {
    const asKey = {
      ...GUEST,
      kind: "operator" as const,
      subject: "key_1",
      client: "key_1",
      scopes: ["keys:write", "stock:read"],
    };
    expect((await make({ scopes: ["stock:read"] }, asKey)).body.code).toBe("person_required");
  });
});

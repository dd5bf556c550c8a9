/** The log of privileged acts: it is read by whom it concerns, and cannot be changed unnoticed. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { REFUSALS_PER_HOUR, RETENTION_MS } from "../../../durable-objects/privileged-log/index.ts";
import { privilegedLog } from "../../../workers/identity/privileged-log.ts";
import { newId } from "../../../workers/shared/identifiers.ts";
import { GUEST } from "../../../workers/shared/principal.ts";
import type { PrivilegedAttempt } from "../../../workers/shared/privileged-act.ts";
import { type Answer, call, freshEmail } from "./client.ts";
import { identity } from "./entrypoint.ts";
import { ADMIN_KEY, accept, bindings, invite, linkFor } from "./staff-desk.ts";

const principal = { ...GUEST, kind: "operator" as const, scopes: ["log:read"] };

afterEach(() => {
  vi.useRealTimers();
});

function attempt(change: Partial<PrivilegedAttempt> = {}): PrivilegedAttempt {
  return {
    id: newId("log", Date.now()),
    actor: { kind: "staff", id: newId("cus", Date.now()), client: null, role: "support" },
    method: "POST",
    path: "/v1/admin/orders/ord_1/cancel",
    resource: "orders/ord_1",
    requestId: crypto.randomUUID(),
    network: "203.0.113.9",
    asked: '{"restock":true}',
    ...change,
  };
}

const DONE = { status: 200, code: null, change: '{"before":{"status":"placed"},"after":{"status":"cancelled"}}' };

function read(query: string): Promise<Answer> {
  return call("GET", `/v1/admin/log?${query}`, undefined, { principal });
}

async function verification(): Promise<Record<string, unknown>> {
  return (await call("GET", "/v1/admin/log/verification", undefined, { principal })).body as unknown as Record<string, unknown>;
}

function inLog<T>(work: (sql: SqlStorage) => T): Promise<T> {
  return runInDurableObject(privilegedLog(bindings), (_, state) => work(state.storage.sql));
}

describe("an entry", () => {
  it("holds who, what, before, after, when, from where and what became of it; once, however often it is told", async () => {
    const made = attempt();
    for (let time = 0; time < 2; time++) {
      await identity.recordAttempt(made);
      await identity.recordOutcome(made.id, DONE);
    }
    await identity.recordOutcome(made.id, { status: 500, code: "internal_error", change: null });
    const { body } = await read(`actor=${made.actor.id}`);
    expect(body.items).toEqual([
      {
        id: made.id,
        sequence: expect.any(Number),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        at: expect.any(String),
        actor: made.actor,
        method: "POST",
        path: made.path,
        resource: "orders/ord_1",
        request_id: made.requestId,
        network: "203.0.113.9",
        asked: { restock: true },
        before: { status: "placed" },
        after: { status: "cancelled" },
        outcome: { at: expect.any(String), status: 200, code: null },
      },
    ]);
  });

  it("without an outcome says that nobody heard of one", async () => {
    const made = attempt();
    await identity.recordAttempt(made);
    expect((await read(`actor=${made.actor.id}`)).body.items).toMatchObject([{ outcome: null }]);
  });

  it("is found by actor, by resource and what lies below it, by time, and a page at a time", async () => {
    const resource = `stock/SKU-${crypto.randomUUID()}`;
    const mine = [1, 2, 3].map(() => attempt({ resource }));
    for (const each of mine) await identity.recordAttempt(each);
    const made = attempt({ resource: "stock" });
    await identity.recordAttempt(made);
    await identity.recordOutcome(made.id, { status: 201, code: null, change: JSON.stringify({ resource }) });
    const first = await read(`resource=${resource}&limit=3`);
    const rest = await read(`resource=${resource}&limit=3&cursor=${first.body.next_cursor}`);
    const ids = [...first.body.items, ...rest.body.items].map((item) => item["id"]);
    expect(ids).toEqual([made, ...mine.toReversed()].map(({ id }) => id));
    expect((await read("resource=stock&limit=2")).body.items).toHaveLength(2);
    expect((await read(`resource=${resource}&to=2020-01-01T00:00:00Z`)).body.items).toEqual([]);
    expect((await read(`resource=${resource}&from=2020-01-01T00:00:00Z`)).body.items).toHaveLength(4);
    for (const query of ["cursor=x", "from=yesterday", "limit=0", "sort=at"]) expect((await read(query)).status).toBe(400);
  });

  it("is made when somebody joins the staff, which is no operator's call", async () => {
    const email = freshEmail();
    const { body } = await invite(email, "warehouse", ADMIN_KEY);
    await accept(await linkFor(email));
    const entries = (await read(`resource=staff/${body.id}`)).body.items;
    expect(entries).toMatchObject([{ actor: { role: "warehouse" }, after: { role: "warehouse" }, outcome: { status: 200 } }]);
    expect(JSON.stringify(entries)).not.toContain(email);
  });

  it("of somebody who is no operator is kept so many times an hour, so that nobody fills the log", async () => {
    const actor = { kind: "customer" as const, id: newId("cus", Date.now()), client: null, role: null };
    const refuse = () => identity.recordRefusal(attempt({ actor }), { status: 403, code: "insufficient_scope", change: null });
    for (let time = 0; time < REFUSALS_PER_HOUR + 5; time++) await refuse();
    expect((await read(`actor=${actor.id}&limit=100`)).body.items).toHaveLength(REFUSALS_PER_HOUR);
  });
});

describe("the log", () => {
  it("refuses to be changed or shortened", async () => {
    await identity.recordAttempt(attempt());
    const statements = [
      "UPDATE records SET actor = 'x'",
      "DELETE FROM records",
      // REPLACE asks no trigger for deletions.
      "INSERT OR REPLACE INTO records SELECT * FROM records",
      "INSERT OR REPLACE INTO records SELECT sequence + 1, kind, entry, at_ms, actor, resource, body, hash FROM records ORDER BY sequence DESC LIMIT 1",
    ];
    for (const statement of statements) await inLog((sql) => expect(() => sql.exec(statement), statement).toThrow(/record/));
    expect(await verification()).toMatchObject({ intact: true, broken_at: null });
  });

  it("lets go of what is older than its retention, and stays whole", async () => {
    const old = attempt();
    await identity.recordAttempt(old);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + RETENTION_MS + 1_000 });
    const young = attempt();
    await identity.recordAttempt(young);
    await runDurableObjectAlarm(privilegedLog(bindings));
    expect((await read(`actor=${old.actor.id}`)).body.items).toEqual([]);
    expect((await read(`actor=${young.actor.id}`)).body.items).toHaveLength(1);
    expect(await verification()).toMatchObject({ intact: true });
  });

  // Last: it damages the log of this file.
  it("tells where somebody with the disk in their hands changed it", async () => {
    for (let time = 0; time < 5; time++) await identity.recordAttempt(attempt());
    const { head } = (await verification()) as { head: { sequence: number } };
    const damaged = head.sequence - 2;
    await inLog((sql) => {
      sql.exec("DROP TRIGGER records_stay_as_written");
      sql.exec("UPDATE records SET body = replace(body, 'support', 'owner') WHERE sequence = ?", damaged);
    });
    expect(await verification()).toMatchObject({ intact: false, broken_at: damaged, head: { sequence: damaged - 1 } });
  });
});

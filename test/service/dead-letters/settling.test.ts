/** The operators' desk: list, read, replay, discard; who may, and what hostile ids get. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { queueOf } from "../../../queues/dead-letters/queue-bindings.ts";
import { bindings, breakQueues, call, die, emptyEverything, GUEST, onlyLetter, sent, WITH_SCOPE } from "./letters.ts";

const BODY = { source: "/orders/partitions/0-1", sequence: 1, event: null };
const UNKNOWN = "dlq_01h455vb4pex5vsknk084sn02q";

beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  await emptyEverything();
});

async function deadLetter(messageId = "m1"): Promise<string> {
  await die({ messageId });
  return (await onlyLetter()).id;
}

describe("replaying a dead letter", () => {
  it("sends its body back to its own queue, once, however often it is asked", async () => {
    const id = await deadLetter();
    const first = await call(`/${id}/replay`, "POST");
    expect(first).toMatchObject({ status: 200, body: { state: "replayed", replayed_at: expect.any(String) } });
    const again = await call(`/${id}/replay`, "POST");
    expect(again).toEqual(first);
    expect(sent).toEqual([{ queue: "order-events-ledger", body: BODY }]);
  });

  it("dies again when the cause stands: the same letter, dead, with the new reason and more attempts; and can be replayed again", async () => {
    const id = await deadLetter("m1");
    await call(`/${id}/replay`, "POST");
    await die({ messageId: "m2", reason: "still no such partition" });
    expect(await onlyLetter()).toMatchObject({
      id,
      state: "dead",
      deaths: 2,
      attempts: 12,
      reason: "still no such partition",
      history: [{ reason: "still no such partition" }, { reason: "no such partition" }],
    });
    expect((await call(`/${id}/replay`, "POST")).body.state).toBe("replayed");
    expect(sent).toHaveLength(2);
  });

  it("is not undone by the old death told late", async () => {
    const id = await deadLetter("m1");
    await call(`/${id}/replay`, "POST");
    await die({ messageId: "m1" });
    expect((await onlyLetter()).state).toBe("replayed");
  });

  it("leaves the letter dead when the queue cannot be reached", async () => {
    const id = await deadLetter();
    breakQueues(true);
    expect(await call(`/${id}/replay`, "POST")).toMatchObject({ status: 503, body: { code: "queue_unavailable" } });
    expect((await onlyLetter()).state).toBe("dead");
    breakQueues(false);
    expect((await call(`/${id}/replay`, "POST")).status).toBe(200);
  });

  it("refuses what was discarded, what is not there, and what has no queue any more", async () => {
    const id = await deadLetter();
    await call(`/${id}/discard`, "POST");
    expect(await call(`/${id}/replay`, "POST")).toMatchObject({ status: 409, body: { code: "dead_letter_discarded" } });
    expect(await call(`/${UNKNOWN}/replay`, "POST")).toMatchObject({ status: 404, body: { code: "not_found" } });
    await emptyEverything();
    await die({ messageId: "m1", queue: "order-events-retired" });
    const { id: orphan } = await onlyLetter();
    expect(await call(`/${orphan}/replay`, "POST")).toMatchObject({ status: 409, body: { code: "queue_unknown" } });
    expect(sent).toEqual([]);
  });

  it("knows the binding of every queue that its config names", () => {
    const queues = Object.keys(bindings).filter((name) => !name.startsWith("__") && Reflect.get(bindings, name)?.sendBatch);
    const missing = queues.filter((name) => queueOf(bindings, name.toLowerCase().replaceAll("_", "-")) === undefined);
    expect(queues.length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });
});

describe("discarding a dead letter", () => {
  it("closes it, once, and sends nothing", async () => {
    const id = await deadLetter();
    const first = await call(`/${id}/discard`, "POST");
    expect(first).toMatchObject({ status: 200, body: { state: "discarded", discarded_at: expect.any(String) } });
    expect(await call(`/${id}/discard`, "POST")).toEqual(first);
    expect(sent).toEqual([]);
  });

  it("is refused while the letter is on its way again", async () => {
    const id = await deadLetter();
    await call(`/${id}/replay`, "POST");
    expect(await call(`/${id}/discard`, "POST")).toMatchObject({ status: 409, body: { code: "dead_letter_replayed" } });
  });

  it("does not hide a later death of the same poison", async () => {
    const id = await deadLetter("m1");
    await call(`/${id}/discard`, "POST");
    await die({ messageId: "m2" });
    expect(await onlyLetter()).toMatchObject({ id, state: "dead", deaths: 2 });
  });
});

describe("the list of dead letters", () => {
  it("filters by queue and state and pages through every letter once, newest first", async () => {
    const queues = ["order-events-ledger", "order-events-analytics", "stock-events-analytics"] as const;
    for (let index = 0; index < 9; index++)
      await die({ messageId: `m${index}`, queue: queues[index % 3] ?? queues[0], body: { index } });
    const all = (await call("")).body.items;
    expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted((a, b) => (a < b ? 1 : -1)));
    const pages: string[] = [];
    for (let cursor = ""; ; ) {
      const { items, next_cursor: next } = (await call(`?limit=2${cursor}`)).body;
      pages.push(...items.map(({ id }) => id));
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(pages).toEqual(all.map(({ id }) => id));
    const [newest] = all;
    await call(`/${newest?.id}/discard`, "POST");
    expect((await call("?state=discarded")).body.items.map(({ id }) => id)).toEqual([newest?.id]);
    expect((await call("?state=dead")).body.items).toHaveLength(8);
    expect((await call("?queue=order-events-analytics")).body.items).toHaveLength(3);
    expect((await call("?queue=no-such-queue")).body.items).toEqual([]);
  });

  it("holds no bodies: those are read one by one", async () => {
    await die({ messageId: "m1" });
    expect((await call("")).body.items[0]).not.toHaveProperty("body");
  });
});

describe("who may see and settle dead letters", () => {
  it.each([
    ["GET", "", "queues:read"],
    ["GET", `/${UNKNOWN}`, "queues:read"],
    ["POST", `/${UNKNOWN}/replay`, "queues:write"],
    ["POST", `/${UNKNOWN}/discard`, "queues:write"],
  ])("%s %s needs %s", async (method, path, scope) => {
    expect(await call(path, method, GUEST)).toMatchObject({ status: 401, body: { code: "authentication_required" } });
    expect(await call(path, method, WITH_SCOPE("orders:write"))).toMatchObject({ status: 403 });
    expect((await call(path, method, WITH_SCOPE(scope))).status).toBe(path === "" ? 200 : 404);
  });

  it.each([
    "dlq_",
    "ord_01h455vb4pex5vsknk084sn02q",
    "dlq_81h455vb4pex5vsknk084sn02q",
    "' OR 1=1 --",
    "%00",
    "x".repeat(5_000),
    "__proto__",
    "..%2f..%2fadmin",
  ])("the id %s is refused with a problem", async (id) => {
    for (const [method, tail] of [
      ["GET", ""],
      ["POST", "/replay"],
      ["POST", "/discard"],
    ] as const) {
      const { status, type } = await call(`/${encodeURIComponent(decodeURIComponent(id))}${tail}`, method);
      expect([400, 404]).toContain(status);
      expect(type).toBe("application/problem+json");
    }
  });

  it.each(["?queue=%00", "?queue=A", "?state=alive", "?cursor=x", "?limit=0", "?limit=101", "?unknown=1"])(
    "the query %s is refused",
    async (query) => {
      expect((await call(query)).status).toBe(400);
    },
  );
});

/** What dies is written down once, with its reason, over a real queue batch and a real D1. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RETENTION_MS } from "../../../queues/dead-letters/remove-old.ts";
import { bindings, call, deliver, die, emptyEverything, noticeOf, onlyLetter, worker } from "./letters.ts";

const START = new Date("2026-11-21T10:00:00.000Z");

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(START);
  vi.spyOn(console, "error").mockImplementation(() => {});
  await emptyEverything();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a dead letter", () => {
  it("keeps the queue, the body, the reason, the attempts and the time", async () => {
    const body = { source: "/orders/partitions/3-7", sequence: 4, event: null };
    const result = await die({ messageId: "m1", queue: "order-events-analytics", reason: "✖ Invalid input → at event", body });
    expect(result).toMatchObject({ ackAll: true, retryMessages: [] });
    expect(await onlyLetter()).toEqual({
      id: expect.stringMatching(/^dlq_[0-9a-z]{26}$/),
      queue: "order-events-analytics",
      state: "dead",
      reason: "✖ Invalid input → at event",
      attempts: 6,
      deaths: 1,
      received_at: START.toISOString(),
      died_at: START.toISOString(),
      replayed_at: null,
      discarded_at: null,
      body,
      history: [{ died_at: START.toISOString(), reason: "✖ Invalid input → at event", attempts: 6 }],
    });
  });

  it("is one, however often its death is told, even in one batch", async () => {
    await die({ messageId: "m1" }, { messageId: "m1" });
    await die({ messageId: "m1", reason: "told again" });
    expect(await onlyLetter()).toMatchObject({ deaths: 1, attempts: 6, reason: "no such partition" });
  });

  it("is one per body and queue: the same poison under a new message id is the same letter", async () => {
    await die({ messageId: "m1", reason: "first" });
    vi.setSystemTime(START.getTime() + 60_000);
    await die({ messageId: "m2", reason: "second" });
    expect(await onlyLetter()).toMatchObject({
      deaths: 2,
      attempts: 12,
      reason: "second",
      received_at: START.toISOString(),
      died_at: "2026-11-21T10:01:00.000Z",
      history: [{ reason: "second" }, { reason: "first" }],
    });
    await die({ messageId: "m1", queue: "order-events-analytics" });
    expect((await call("")).body.items).toHaveLength(2);
  });

  it("comes without a word from consumers that crash: the platform moves the body, and the reason says where to look", async () => {
    const body = { outbox: "due" };
    const result = await deliver("notification-outbox-dead", [{ id: "m1", body }]);
    expect(result.ackAll).toBe(true);
    expect(await onlyLetter()).toMatchObject({
      queue: "notification-outbox",
      body,
      attempts: 6,
      reason: "its consumer failed 6 times without a reason; see that worker's log",
    });
  });

  it("takes every body that a queue can carry", async () => {
    const bodies = [null, "not JSON {", 17, [], { deep: [{ __proto__x: "\u0000" }] }, "x".repeat(100_000)];
    await deliver(
      "order-events-ledger-dead",
      bodies.map((body, index) => ({ id: `m${index}`, body })),
    );
    const { items } = (await call("?limit=100")).body;
    const kept = await Promise.all(items.map(async ({ id }) => JSON.stringify((await call(`/${id}`)).body.body)));
    expect(kept.sort()).toEqual(bodies.map((body) => JSON.stringify(body)).sort());
    const exotic = await deliver("order-events-ledger-dead", [{ id: "m9", body: 10n }]);
    expect(exotic.ackAll).toBe(true);
  });

  it("is itself one when a notice cannot be read", async () => {
    await deliver("dead-letters", [{ id: "n1", body: { ...noticeOf({ messageId: "m1" }), attempts: "six" } }]);
    expect(await onlyLetter()).toMatchObject({ queue: "dead-letters", reason: "it is no notice of a dead letter" });
  });

  it("is not acked before it is written down, and waits longer every time", async () => {
    const away = { prepare: () => ({ bind: () => ({}) }), batch: () => Promise.reject(new Error("D1 is away")) };
    const DATABASE = away as unknown as D1Database;
    const notice = { id: "n1", body: noticeOf({ messageId: "m1" }) };
    const first = await deliver("dead-letters", [notice], { DATABASE });
    expect(first).toMatchObject({ ackAll: false, explicitAcks: [], retryMessages: [{ msgId: "n1" }] });
    await deliver("dead-letters", [{ ...notice, attempts: 2 }]);
    expect(await onlyLetter()).toMatchObject({ deaths: 1 });
  });

  it("is removed ninety days after it last changed, its deaths with it", async () => {
    await die({ messageId: "m1" });
    vi.setSystemTime(START.getTime() + 1);
    await die({ messageId: "m2", queue: "order-events-analytics" });
    vi.setSystemTime(START.getTime() + RETENTION_MS);
    await worker().scheduled();
    expect(await onlyLetter()).toMatchObject({ queue: "order-events-analytics" });
    vi.setSystemTime(START.getTime() + RETENTION_MS + 1);
    await worker().scheduled();
    expect((await call("")).body.items).toEqual([]);
    expect(await bindings.DATABASE.prepare("SELECT COUNT(*) AS count FROM deaths").first()).toEqual({ count: 0 });
  });
});

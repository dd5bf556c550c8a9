/** The journal is the outbox: everything past the cursor is sent, in order, and a failed send loses nothing. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SkuStock } from "../../../durable-objects/sku-stock/index.ts";
import type { StockWakeUp } from "../../../durable-objects/sku-stock/publish-movements.ts";
import { StockEvent, skuOfSource } from "../../../queues/contracts/stock-events.ts";
import { commit, fresh, hold, inventory, query, setBalances, stocked, stub } from "./shop.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Puts a queue of our own in place of the object's; `fail` makes its next sends throw. */
async function replaceQueue(sku: string, queue: { sent: number[]; failures: number }): Promise<void> {
  await runInDurableObject(stub(sku), (object: SkuStock) => {
    const sendBatch = async (messages: Iterable<{ body: StockWakeUp }>) => {
      if (queue.failures > 0) {
        queue.failures -= 1;
        throw new Error("queue unavailable");
      }
      for (const { body } of messages) queue.sent.push(body.sequence);
    };
    Reflect.set(object, "env", { STOCK_EVENTS_TEST: { sendBatch }, OTHER: {} });
  });
}

const alarmAtMs = (sku: string) => runInDurableObject(stub(sku), (_object: SkuStock, state) => state.storage.getAlarm());
const published = (sku: string) => query<{ value: number }>(sku, "SELECT published_sequence AS value FROM account");

describe("publishing", () => {
  it("sends every movement past the cursor once, in order, after failures", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const sku = await stocked(500);
    const queue = { sent: [] as number[], failures: 2 };
    await replaceQueue(sku, queue);
    for (let index = 0; index < 121; index++) await hold(fresh("hold"), [{ sku, quantity: 1 }]);
    await vi.waitFor(
      async () => {
        await runDurableObjectAlarm(stub(sku));
        expect(await published(sku)).toEqual([{ value: 122 }]);
      },
      { timeout: 15_000, interval: 20 },
    );
    expect(queue.failures).toBe(0);
    expect(queue.sent).toEqual(Array.from({ length: 122 }, (_, index) => index + 1));
  });

  it("rings by a timer: no sale of the next half minute sets or spends an alarm, or writes the cursor alone", async () => {
    const sku = await stocked(5);
    const queue = { sent: [] as number[], failures: 0 };
    await replaceQueue(sku, queue);
    const isSent = async (last: number) =>
      await vi.waitFor(() => expect(queue.sent.at(-1)).toBe(last), { timeout: 10_000, interval: 50 });
    await hold(fresh("hold"), [{ sku, quantity: 1 }]);
    const behind = await alarmAtMs(sku);
    await isSent(2);
    expect(await published(sku)).toEqual([{ value: 0 }]);
    await hold(fresh("hold"), [{ sku, quantity: 1 }]);
    expect(await published(sku)).toEqual([{ value: 2 }]);
    await isSent(3);
    expect(behind).not.toBeNull();
    expect(await alarmAtMs(sku)).toBe(behind);
    await runDurableObjectAlarm(stub(sku));
    expect(await published(sku)).toEqual([{ value: 3 }]);
    expect(queue.sent).toEqual([1, 2, 3]);
  });

  it("arms the alarm with the commit itself, so that a killed object still publishes", async () => {
    const sku = await stocked(5);
    await hold(fresh("hold"), [{ sku, quantity: 1 }]);
    const soonMs = Date.now() + 60_000;
    await evictDurableObject(stub(sku));
    expect(await alarmAtMs(sku)).toBeLessThan(soonMs);
    await runDurableObjectAlarm(stub(sku));
    expect(await published(sku)).toEqual([{ value: 2 }]);
  });

  it("hands followers the same events by page, valid and gapless", async () => {
    const sku = fresh("a/b %é");
    await setBalances({ sku, location: "main", quantity: 5, backorderable: false });
    const holdId = fresh("hold");
    await hold(holdId, [{ sku, quantity: 2 }]);
    await commit(holdId, sku);
    const events = [...(await inventory.readEvents(sku, 0, 2)), ...(await inventory.readEvents(sku, 2, 2))];
    expect(events.map((event) => [event.sequence, event.data.kind, event.data.onHandAfter, event.data.heldAfter])).toEqual([
      [1, "opened", 5, 0],
      [2, "held", 5, 2],
      [3, "committed", 3, 0],
    ]);
    for (const event of events) {
      expect(StockEvent.parse(event)).toEqual(event);
      expect(skuOfSource(event.source)).toBe(sku);
    }
    expect(await inventory.readEvents(fresh("UNKNOWN"), 0, 10)).toEqual([]);
  });
});

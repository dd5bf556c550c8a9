/** Batches that the platform accepts, in order, with a cursor that never runs ahead of the send. */
import { describe, expect, it, vi } from "vitest";
import { nextBatch, publishMovements, type StockWakeUp } from "../../../durable-objects/sku-stock/publish-movements.ts";
import { stockEventOf } from "../../../durable-objects/sku-stock/stock-event.ts";
import { BATCH_BYTES_MAX, MESSAGE_BYTES_MAX } from "../../../queues/contracts/envelope.ts";
import { StockEvent } from "../../../queues/contracts/stock-events.ts";
import { later } from "../../../workers/shared/later.ts";

function event(sequence: number, reference = "hold") {
  return stockEventOf("SKU 1", {
    sequence,
    atMs: 1_700_000_000_000,
    kind: "held",
    location: "main",
    quantity: 1,
    reference,
    resolvesHold: false,
    onHandAfter: 5,
    heldAfter: 1,
    backorderedAfter: 0,
    availableAfter: 4,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
  });
}

function journal(count: number) {
  const events = Array.from({ length: count }, (_, index) => event(index + 1));
  return (after: number, limit: number) => events.slice(after, after + limit);
}

function queue(failAt = Number.POSITIVE_INFINITY) {
  const sent: StockWakeUp[][] = [];
  let calls = 0;
  return {
    sent,
    async sendBatch(messages: Iterable<{ body: StockWakeUp }>) {
      calls += 1;
      if (calls === failAt) throw new Error("unavailable");
      sent.push([...messages].map(({ body }) => body));
    },
  };
}

describe("publishing", () => {
  it("makes events of the contract's shape", () => {
    expect(StockEvent.parse(event(1))).toEqual(event(1));
    expect(event(1).id).toBe("/inventory/skus/SKU%201#1");
  });

  it("sends to every queue in order, at most 100 a batch, and marks after each batch", async () => {
    const queues = [queue(), queue()];
    const marked: number[] = [];
    const last = await publishMovements({ queues, later, read: journal(250), markPublished: (at) => marked.push(at) }, 20);
    expect([last, marked]).toEqual([250, [120, 220, 250]]);
    for (const { sent } of queues) {
      expect(sent.flat().map((wakeUp) => wakeUp.sequence)).toEqual(Array.from({ length: 230 }, (_, index) => index + 21));
    }
  });

  it("gives up a queue that hangs, so that the alarm comes again", async () => {
    vi.useFakeTimers();
    const marked: number[] = [];
    const hanging = { sendBatch: () => new Promise<never>(() => undefined) };
    const sent = publishMovements(
      { queues: [queue(), hanging], later, read: journal(5), markPublished: (at) => marked.push(at) },
      0,
    );
    const refused = expect(sent).rejects.toThrow("No answer within 10000 ms");
    await vi.advanceTimersByTimeAsync(10_000);
    await refused;
    expect(marked).toEqual([]);
    vi.useRealTimers();
  });

  it("marks nothing of a batch that one queue refused", async () => {
    const marked: number[] = [];
    const publication = {
      queues: [queue(), queue(2)],
      later,
      read: journal(150),
      markPublished: (at: number) => marked.push(at),
    };
    await expect(publishMovements(publication, 0)).rejects.toThrow("unavailable");
    expect(marked).toEqual([100]);
  });

  it("cuts batches by size and sends what is too large as a bare wake-up", () => {
    const large = "x".repeat(MESSAGE_BYTES_MAX * 0.9);
    expect(nextBatch([1, 2, 3].map((sequence) => event(sequence, large)))).toHaveLength(
      Math.floor(BATCH_BYTES_MAX / (MESSAGE_BYTES_MAX * 0.9)),
    );
    const [huge] = nextBatch([event(7, "x".repeat(MESSAGE_BYTES_MAX))]);
    expect(huge).toEqual({ source: "/inventory/skus/SKU%201", sequence: 7, event: null });
    expect(nextBatch([])).toEqual([]);
  });
});

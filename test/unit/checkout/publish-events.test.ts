import { describe, expect, it } from "vitest";
import { sealEvent } from "../../../durable-objects/checkout-partition/order-facts.ts";
import { EventPublisher, nextBatch } from "../../../durable-objects/checkout-partition/publish-events.ts";
import { BATCH_BYTES_MAX, BATCH_MESSAGES_MAX } from "../../../queues/contracts/envelope.ts";
import type { OrderEvent } from "../../../queues/contracts/order-events.ts";
import { ObjectTimers } from "../../../workers/shared/later.ts";

function event(sequence: number, reasonLength = 10): OrderEvent {
  const data = { orderId: "ord_1", number: null, currency: "GBP", reason: "x".repeat(reasonLength) };
  return sealEvent({ type: "order.failed", data }, { partition: "0-3", sequence, nowMs: 0, traceparent: "t" });
}

class Log {
  published = 0;
  readonly events: OrderEvent[] = [];
  publishedSequence = () => this.published;
  lastSequence = () => this.events.length;
  read = (after: number, limit: number) => this.events.slice(after, after + limit);
  setPublished = (sequence: number) => {
    this.published = sequence;
  };
}

describe("a batch", () => {
  it("holds what a queue takes, in order, and never nothing", () => {
    const batch = nextBatch(Array.from({ length: 5 }, (_, index) => event(index + 1, 60_000)));
    expect(batch.map((message) => message.sequence)).toEqual([1, 2, 3]);
    expect(JSON.stringify(batch).length).toBeLessThan(BATCH_BYTES_MAX);
    expect(nextBatch([])).toEqual([]);
  });

  it("sends only the place of an event that is too large for a message", () => {
    expect(nextBatch([event(1, 120_000)])).toEqual([{ source: "/orders/partitions/0-3", sequence: 1, event: null }]);
  });
});

describe("the publisher", () => {
  function setup() {
    const log = new Log();
    const sent: number[] = [];
    const clock = { nowMs: 0, now: () => clock.nowMs };
    const state = { down: false, armed: [] as number[] };
    const sendBatch = async (messages: Iterable<MessageSendRequest>) => {
      await Promise.resolve();
      if (state.down) throw new Error("down");
      for (const { body } of messages) sent.push((body as { sequence: number }).sequence);
      return {} as QueueSendBatchResponse;
    };
    const arm = (atMs: number) => state.armed.push(atMs);
    const { later } = new ObjectTimers();
    const publisher = new EventPublisher({ log, queues: () => [{ sendBatch }], clock, later, arm });
    const add = (count: number) => {
      for (let index = 0; index < count; index++) log.events.push(event(log.events.length + 1));
    };
    return { log, sent, clock, state, publisher, add };
  }

  it("sends everything once, batch after batch, also what is committed while it sends", async () => {
    const { log, sent, publisher, add } = setup();
    add(BATCH_MESSAGES_MAX + 5);
    const first = publisher.publish();
    add(3);
    await Promise.all([first, publisher.publish(), publisher.publish()]);
    expect(sent).toEqual(Array.from({ length: BATCH_MESSAGES_MAX + 8 }, (_, index) => index + 1));
    expect(log.published).toBe(BATCH_MESSAGES_MAX + 8);
  });

  it("keeps its place when a queue fails, and backs off until the alarm", async () => {
    const { log, sent, clock, state, publisher, add } = setup();
    add(2);
    state.down = true;
    await publisher.publish();
    expect(state.armed).toEqual([1_000]);
    state.down = false;
    await publisher.publish();
    expect(sent).toEqual([]);
    clock.nowMs = 1_000;
    await publisher.publish();
    expect(sent).toEqual([1, 2]);
    expect(log.published).toBe(2);
  });

  it("arms the alarm again when one rings before the next try is due", async () => {
    const { state, publisher, add } = setup();
    add(1);
    state.down = true;
    await publisher.publish();
    state.armed.length = 0;
    await publisher.publish();
    expect(state.armed).toEqual([1_000]);
  });
});

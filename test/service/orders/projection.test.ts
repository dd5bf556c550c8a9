import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { type OrderEvent, orderEventSource } from "../../../queues/contracts/order-events.ts";
import type { Env } from "../../../workers/orders/env.ts";
import Orders from "../../../workers/orders/index.ts";
import { createProjection } from "../../../workers/orders/project-orders.ts";
import { catchUp } from "../../../workers/shared/follow-log.ts";
import { partitionUnderTest } from "./partition-harness.ts";
import { bindings, CONTEXT, orders as worker } from "./shop.ts";

interface Row {
  readonly order_id: string;
}

async function rows(orderIds: readonly string[]): Promise<readonly Row[]> {
  const { results } = await bindings.DATABASE.prepare(
    "SELECT * FROM orders WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY order_id",
  )
    .bind(JSON.stringify(orderIds))
    .all<Row>();
  return results;
}

/** A partition with a history: placed, refunded, shipped and refused orders. */
async function history() {
  const harness = await partitionUnderTest({ A: 100, B: 1 });
  const placed = [];
  for (let index = 0; index < 4; index++) placed.push(await harness.placedOrder([{ sku: "A", quantity: index + 1 }]));
  const [first, second] = placed;
  if (first === undefined || second === undefined) throw new Error("no orders");
  await harness.api.refund(
    { orderId: first.id, idempotencyKey: "r", bodySha256: "b", amountMinor: 100, lines: [], restock: false },
    CONTEXT,
  );
  await harness.api.ship({ orderId: second.id, idempotencyKey: "s", carrier: "Post", trackingNumber: "1", lines: [] }, CONTEXT);
  await harness.checkout(await harness.fullCart([{ sku: "B", quantity: 2 }]), "short");
  const events = await harness.api.readEvents(0, 500);
  const name = `${harness.partition.region}-${harness.partition.number}`;
  return { harness, events, source: orderEventSource(name), orderIds: [...new Set(events.map((event) => event.data.orderId))] };
}

type Messages = Parameters<typeof createMessageBatch>[1];
type Delivered = OrderEvent | { readonly source: string; readonly sequence: number };

function messagesOf(events: readonly Delivered[]): Messages {
  return events.map((event, index) => ({
    id: `message-${index}`,
    timestamp: new Date(),
    attempts: 1,
    body: { source: event.source, sequence: event.sequence, event: "data" in event ? event : null },
  }));
}

async function consume(messages: Messages): Promise<FetcherQueueResult> {
  const batch = createMessageBatch("order-events-projection", messages);
  const context = createExecutionContext();
  await new Orders(context, env as unknown as Env).queue(batch);
  return await getQueueResult(batch, context);
}

async function deliver(events: readonly Delivered[]): Promise<FetcherQueueResult> {
  return await consume(messagesOf(events));
}

async function rebuilt(source: string, orderIds: readonly string[]): Promise<readonly Row[]> {
  const { DATABASE } = bindings;
  await DATABASE.batch([
    DATABASE.prepare("DELETE FROM orders WHERE order_id IN (SELECT value FROM json_each(?))").bind(JSON.stringify(orderIds)),
    DATABASE.prepare("DELETE FROM follower_cursors WHERE source = ?").bind(source),
  ]);
  await catchUp(createProjection(env as unknown as Env), source);
  return await rows(orderIds);
}

describe("the orders projection", () => {
  it("shows each order as its partition has it, with the e-mail that events do not carry", async () => {
    const { events, orderIds, harness } = await history();
    expect(JSON.stringify(events)).not.toContain("canary.test");
    await deliver(events);
    const projected = await rows(orderIds);
    expect(projected).toHaveLength(5);
    for (const row of projected) {
      const order = await harness.api.readOrder(row.order_id);
      if (!order.ok) throw new Error(order.error.code);
      expect(row).toMatchObject({
        status: order.value.status,
        number: order.value.number,
        email: "ada@canary.test",
        total_minor: order.value.totals.totalMinor,
        refunded_minor: order.value.payment.refundedMinor,
        created_at_ms: order.value.createdAtMs,
      });
    }
  });

  it.each([
    ["reversed", (events: readonly OrderEvent[]) => events.toReversed()],
    ["repeated", (events: readonly OrderEvent[]) => [...events, ...events, ...events]],
    ["all lost but the last", (events: readonly OrderEvent[]) => events.slice(-1)],
    ["every other lost", (events: readonly OrderEvent[]) => events.filter((event) => event.sequence % 2 === 1)],
    ["too large for the queue", (events: readonly OrderEvent[]) => events.map(({ source, sequence }) => ({ source, sequence }))],
  ])("ends in the same rows when messages are %s", async (_, mangle) => {
    const { events, source, orderIds } = await history();
    const result = await deliver(mangle(events));
    expect(result.retryMessages).toEqual([]);
    const last = events.at(-1);
    if (last !== undefined) await deliver([last]);
    const followed = await rows(orderIds);
    expect(followed).toHaveLength(5);
    expect(followed).toEqual(await rebuilt(source, orderIds));
  });

  it("applies every event once when two consumers get the same messages at the same time", async () => {
    const { events, source, orderIds } = await history();
    await Promise.all([deliver(events), deliver(events), deliver(events.toReversed())]);
    const followed = await rows(orderIds);
    expect(followed).toEqual(await rebuilt(source, orderIds));
  });

  it("retries a poisonous message and acknowledges the good ones beside it", async () => {
    const { events } = await history();
    const poison = {
      id: "poison",
      timestamp: new Date(),
      attempts: 1,
      body: { source: "/orders/partitions/9-9", surprise: true },
    };
    const result = await consume([poison, ...messagesOf(events)]);
    expect(result.retryMessages.map((message) => message.msgId)).toEqual(["poison"]);
    expect(result.explicitAcks).toHaveLength(events.length);
  });

  it("catches up with every partition that was ever used, without any message", async () => {
    const { events, source, orderIds } = await history();
    const [, name] = /partitions\/(.+)$/.exec(source) ?? [];
    await bindings.DATABASE.prepare("INSERT OR IGNORE INTO partitions (name, first_used_at_ms) VALUES (?, 0)").bind(name).run();
    expect(await worker.listSources()).toContain(source);
    expect(await worker.catchUp(CONTEXT)).toBeGreaterThanOrEqual(events.length);
    expect(await rows(orderIds)).toHaveLength(5);
    expect(await worker.catchUp(CONTEXT)).toBe(0);
  });
});

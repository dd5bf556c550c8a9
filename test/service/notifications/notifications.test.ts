/** From the order log to the mailbox, over a real queue batch, a real D1 and a real RPC hop to the owner of the log. */
import { createExecutionContext, createMessageBatch, getQueueResult, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { OrderEvent } from "../../../queues/contracts/order-events.ts";
import { readConfiguration } from "../../../queues/notifications/configuration.ts";
import type { Env, OutboxWake } from "../../../queues/notifications/env.ts";
import Notifications from "../../../queues/notifications/index.ts";
import { horizonMs } from "../../../queues/notifications/mail-horizon.ts";
import { LEASE_MS } from "../../../queues/notifications/outbox.ts";
import { MESSAGES_PER_RUN } from "../../../queues/notifications/send-due.ts";
import { newContext } from "../../../workers/shared/telemetry.ts";
import type { FakeOrders } from "./fakes/fake-owner.ts";
import { makeOrder, PartitionLog, wakeUp } from "./fixtures.ts";

const bindings = env as unknown as Env & { readonly ORDERS: FakeOrders };
const QUEUE = "order-events-notifications";

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Record<string, string>;
}

const mails: Mail[] = [];
const rings: number[] = [];
let refuseMail: Error | null = null;

const testEnv = {
  ...bindings,
  ORDERS: bindings.ORDERS,
  DATABASE: bindings.DATABASE,
  MAIL: {
    async send(mail: Mail) {
      if (refuseMail !== null) throw refuseMail;
      mails.push(mail);
      return { messageId: `<${mails.length}@mail>` };
    },
  } as unknown as SendEmail,
  OUTBOX: {
    async send(_wake: OutboxWake, options?: { delaySeconds?: number }) {
      rings.push(options?.delaySeconds ?? 0);
    },
  } as unknown as Queue<OutboxWake>,
};

function worker(overrides: Partial<Env> = {}) {
  const context = createExecutionContext();
  return { worker: new Notifications(context, { ...testEnv, ...overrides }), context };
}

async function deliver(bodies: readonly unknown[], overrides: Partial<Env> = {}) {
  const messages = bodies.map((body, index) => ({ id: String(index), timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch(QUEUE, messages);
  const { worker: consumer, context } = worker(overrides);
  await consumer.queue(batch);
  return await getQueueResult(batch, context);
}

async function ringOutbox(): Promise<void> {
  const batch = createMessageBatch("notification-outbox", [
    { id: "ring", timestamp: new Date(), attempts: 1, body: { outbox: "due" } },
  ]);
  await worker().worker.queue(batch);
}

const rows = async () =>
  (await bindings.DATABASE.prepare("SELECT template, status, attempts, recipient, error FROM notifications ORDER BY id").all())
    .results;

async function seed(log: PartitionLog, orders: readonly ReturnType<typeof makeOrder>[]) {
  for (const order of orders) await bindings.ORDERS.addOrder(order);
  await bindings.ORDERS.addEvents(log.events);
}

describe("notifications", () => {
  beforeEach(async () => {
    mails.length = 0;
    rings.length = 0;
    refuseMail = null;
    vi.useRealTimers();
    await bindings.ORDERS.reset();
    for (const table of ["follower_cursors", "notifications", "outbox_alarm", "push_subscriptions"]) {
      await bindings.DATABASE.exec(`DELETE FROM ${table}`);
    }
  });

  it("mails a confirmation for a placed order and nothing for one that was only submitted", async () => {
    const log = new PartitionLog("0-1");
    const [placed, submitted] = [makeOrder(), makeOrder()];
    log.submitted(placed);
    log.submitted(submitted);
    log.placed(placed);
    await seed(log, [placed, submitted]);
    const result = await deliver(log.events.map((event) => wakeUp(event)));
    expect(result.explicitAcks).toHaveLength(3);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      to: "ada@example.com",
      headers: { "X-Entity-Ref-ID": `${log.source}#3/order_confirmation` },
    });
    expect(mails[0]?.text).toContain(`http://localhost:8787/orders/${placed.id}?token=${placed.id}.token`);
    expect(await rows()).toEqual([
      { template: "order_confirmation", status: "sent", attempts: 1, recipient: "ada@example.com", error: null },
    ]);
  });

  it("keeps what is too old to be news as skipped, so that a database that was set back does not tell it twice", async () => {
    const log = new PartitionLog("0-1");
    const [old, fresh] = [makeOrder(), makeOrder({ email: "grace@example.com" })];
    log.placed(old, Date.now() - 73 * 3_600_000);
    log.placed(fresh, Date.now() - 71 * 3_600_000);
    await seed(log, [old, fresh]);
    await worker().worker.catchUp(newContext());
    expect(mails.map((mail) => mail.to)).toEqual(["grace@example.com"]);
    expect((await rows()).map(({ status, error }) => [status, error]).sort()).toEqual([
      ["sent", null],
      ["skipped", "too_old"],
    ]);
  });

  it("takes nothing for news from before the time that a restore names, however short ago", () => {
    const { horizon } = readConfiguration({ ...bindings, MAILS_NOT_BEFORE: "2026-11-21T12:00:00Z" });
    const atMs = (time: string) => horizonMs(horizon, Date.parse(time));
    expect(atMs("2026-11-21T13:00:00Z")).toBe(Date.parse("2026-11-21T12:00:00Z"));
    expect(atMs("2026-12-21T13:00:00Z")).toBe(Date.parse("2026-12-18T13:00:00Z"));
    expect(() => readConfiguration({ ...bindings, MAILS_NOT_BEFORE: "yesterday" })).toThrow(
      /MAILS_NOT_BEFORE: must be a UTC time/,
    );
  });

  it("sends each mail once, whatever is lost, repeated or out of order", async () => {
    const log = new PartitionLog("0-1");
    const orders = Array.from({ length: 8 }, (_, index) => makeOrder({ email: `buyer${index}@example.com` }));
    for (const order of orders) log.placed(order);
    await seed(log, orders);
    const [first, second, ...others] = log.events as [OrderEvent, OrderEvent, ...OrderEvent[]];
    const last = others.at(-1) as OrderEvent;
    await deliver([wakeUp(second), wakeUp(first), wakeUp(second)]);
    await deliver([wakeUp(last, false)]);
    await deliver([wakeUp(first), wakeUp(last), wakeUp(second)]);
    expect(mails.map((mail) => mail.to).sort()).toEqual(orders.map((order) => order.email).sort());
  });

  it("lets two racing consumers of the same events send each mail once", async () => {
    const log = new PartitionLog("0-1");
    const orders = Array.from({ length: 6 }, (_, index) => makeOrder({ email: `buyer${index}@example.com` }));
    for (const order of orders) log.placed(order);
    await seed(log, orders);
    const bodies = log.events.map((event) => wakeUp(event));
    const results = await Promise.all([deliver(bodies), deliver(bodies), deliver(bodies)]);
    expect(results.flatMap((result) => result.retryMessages)).toEqual([]);
    expect(mails).toHaveLength(6);
    expect(new Set(mails.map((mail) => mail.to)).size).toBe(6);
  });

  it("retries a message that it cannot read, to the dead-letter queue in the end, and still serves the others", async () => {
    const log = new PartitionLog("0-1");
    const order = makeOrder();
    const event = log.placed(order);
    await seed(log, [order]);
    const forged = { ...wakeUp(event), source: "/orders/partitions/0-2" };
    const nowhere = Array.from({ length: 20 }, (_, index) => ({ source: `/nowhere/${index}`, sequence: 1, event: null }));
    const result = await deliver([wakeUp(event, false), "garbage", { ...wakeUp(event), extra: 1 }, forged, ...nowhere]);
    expect(result.explicitAcks).toEqual(["0"]);
    expect(result.retryMessages).toHaveLength(3 + nowhere.length);
    expect(mails).toHaveLength(1);
  });

  it("retries the messages of a source that cannot be followed and serves the other sources", async () => {
    const [broken, sound] = [new PartitionLog("0-1"), new PartitionLog("0-2")];
    const order = makeOrder();
    broken.submitted(order);
    broken.placed(order);
    sound.placed(order);
    await bindings.ORDERS.addOrder(order);
    const [, gap] = broken.events as [OrderEvent, OrderEvent];
    const result = await deliver([wakeUp(gap), ...sound.events.map((event) => wakeUp(event))]);
    expect(result.retryMessages.map((message) => message.msgId)).toEqual(["0"]);
    expect(result.explicitAcks).toEqual(["1"]);
    expect(mails).toHaveLength(1);
  });

  it("sends what a consumer had committed but not sent when it died", async () => {
    const log = new PartitionLog("0-1");
    const order = makeOrder();
    log.placed(order);
    await seed(log, [order]);
    const dying = { send: () => new Promise<never>(() => {}) } as unknown as SendEmail;
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    void deliver(
      log.events.map((event) => wakeUp(event)),
      { MAIL: dying },
    ).catch(() => undefined);
    await vi.waitFor(async () => expect(await rows()).toMatchObject([{ status: "queued", attempts: 1 }]));
    await ringOutbox();
    expect(mails).toHaveLength(0);
    vi.setSystemTime(Date.now() + LEASE_MS + 1);
    await ringOutbox();
    expect(mails).toHaveLength(1);
    expect(await rows()).toMatchObject([{ status: "sent", attempts: 2 }]);
  });

  it("tries a failed mail again after a delay, asks for one ring only, and gives up on a refused recipient", async () => {
    const log = new PartitionLog("0-1");
    const [later, refused] = [makeOrder(), makeOrder({ email: "gone@example.com" })];
    const [first, second] = [log.placed(later), log.placed(refused)];
    await seed(log, [later, refused]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    refuseMail = new Error("the provider is down");
    await deliver([wakeUp(first)]);
    expect(await rows()).toMatchObject([{ status: "queued", error: "the provider is down" }]);
    expect(rings).toEqual([10]);
    refuseMail = Object.assign(new Error("suppressed"), { code: "E_RECIPIENT_SUPPRESSED" });
    // Rows are listed by id, and ids of one millisecond have no order.
    vi.setSystemTime(Date.now() + 1);
    await deliver([wakeUp(second)]);
    expect(rings).toEqual([10]);
    refuseMail = null;
    await ringOutbox();
    expect(mails).toHaveLength(0);
    vi.setSystemTime(Date.now() + 10_001);
    await ringOutbox();
    expect(await rows()).toMatchObject([{ status: "sent" }, { status: "failed", error: "E_RECIPIENT_SUPPRESSED: suppressed" }]);
    expect(mails).toHaveLength(1);
  });

  it("waits for orders to come back instead of losing the mail", async () => {
    const log = new PartitionLog("0-1");
    const order = makeOrder();
    log.placed(order);
    await seed(log, [order]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    await bindings.ORDERS.setOutage(true);
    const result = await deliver(log.events.map((event) => wakeUp(event)));
    expect(result.explicitAcks).toEqual(["0"]);
    expect(await rows()).toMatchObject([{ status: "queued", error: "orders: unavailable" }]);
    await bindings.ORDERS.setOutage(false);
    vi.setSystemTime(Date.now() + 10_001);
    await ringOutbox();
    expect(mails).toHaveLength(1);
  });

  it("rings at once for what one run leaves over, until all is sent", async () => {
    const log = new PartitionLog("0-1");
    const orders = Array.from({ length: 2 * MESSAGES_PER_RUN + 3 }, () => makeOrder());
    for (const order of orders) log.placed(order);
    await seed(log, orders);
    await deliver(log.events.map((event) => wakeUp(event)));
    let rung = 0;
    while (rung < rings.length && rings[rung] === 0) {
      rung += 1;
      await ringOutbox();
    }
    expect(rung).toBe(2);
    expect(mails).toHaveLength(orders.length);
  });

  it("tells of a cancellation and of its money in one mail, beside the refund that came before", async () => {
    const log = new PartitionLog("0-1");
    const order = makeOrder({ payment: { status: "refunded", paymentId: "pi_1", amountMinor: 3_394, refundedMinor: 3_394 } });
    log.placed(order);
    log.refunded(order, 500);
    log.refundedAndCancelled(order, 2_894);
    await seed(log, [order]);
    await deliver(log.events.map((event) => wakeUp(event)));
    const titles = mails.map((mail) => /We refunded £5\.00|is cancelled[\s\S]*£33\.94/.exec(mail.text)?.[0].slice(0, 12));
    expect(titles.sort()).toEqual(["We refunded ", "is cancelled", undefined]);
  });

  it("mails shipments, refunds and cancellations of an accepted order, and no cancellation of one that never was", async () => {
    const log = new PartitionLog("0-1");
    const accepted = makeOrder({ payment: { status: "refunded", paymentId: "pi_1", amountMinor: 3_394, refundedMinor: 3_394 } });
    const abandoned = makeOrder({ email: "abandoned@example.com", number: null });
    log.placed(accepted);
    log.shipped(accepted, false);
    log.refunded(accepted, 1_250, [{ sku: "MUG-1", quantity: 1, amountMinor: 1_250 }]);
    log.cancelled(accepted);
    log.cancelled(abandoned);
    await seed(log, [accepted, abandoned]);
    await deliver(log.events.map((event) => wakeUp(event)));
    expect(mails.map((mail) => mail.subject).sort()).toEqual([
      "Part of your order 20261121-0-0-1 is on its way",
      "We refunded £12.50 of your order 20261121-0-0-1",
      "Your order 20261121-0-0-1 at Holdfast Demo Shop",
      "Your order 20261121-0-0-1 is cancelled",
    ]);
    expect(mails.every((mail) => mail.to === accepted.email)).toBe(true);
  });

  it("logs an order without an address as skipped", async () => {
    const log = new PartitionLog("0-1");
    const order = makeOrder({ email: "" });
    log.placed(order);
    await seed(log, [order]);
    await deliver(log.events.map((event) => wakeUp(event)));
    expect(await rows()).toMatchObject([{ status: "skipped", error: "no_recipient" }]);
  });

  it("catches up from zero with every source and lists what was sent", async () => {
    const logs = [new PartitionLog("0-1"), new PartitionLog("3-7")];
    const orders = logs.map(() => makeOrder());
    for (const [index, log] of logs.entries()) log.placed(orders[index] ?? makeOrder());
    for (const log of logs) await seed(log, orders);
    const { worker: consumer } = worker();
    expect(await consumer.catchUp(newContext())).toBe(2);
    expect(await consumer.catchUp(newContext())).toBe(0);
    const sent = await consumer.listSent("", 10);
    expect(sent.map((one) => [one.orderId, one.status]).sort()).toEqual(orders.map((order) => [order.id, "sent"]).sort());
    expect(await consumer.listSent(sent[0]?.id ?? "", 10)).toHaveLength(1);
  });

  it("sends through the platform's own mail binding", async () => {
    const log = new PartitionLog("0-1");
    const order = makeOrder();
    log.placed(order);
    await seed(log, [order]);
    const { worker: consumer, context } = worker({ MAIL: bindings.MAIL });
    await consumer.catchUp(newContext());
    await waitOnExecutionContext(context);
    const row = await bindings.DATABASE.prepare("SELECT status, provider_id FROM notifications").first();
    expect(row).toMatchObject({ status: "sent", provider_id: expect.stringContaining("@") });
  });
});

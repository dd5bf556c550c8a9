/** The ledger as a follower: whatever the queue loses, repeats or reorders, each event is booked once and the books balance. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import type { OrderEvent } from "../../../queues/contracts/order-events.ts";
import { ledgerFollower } from "../../../workers/payments/follow-orders.ts";
import Payments from "../../../workers/payments/index.ts";
import { ledgerBalances } from "../../../workers/payments/list-books.ts";
import { rememberPayment } from "../../../workers/payments/payment-rows.ts";
import { catchUp, followEach, followSource, type WakeUp } from "../../../workers/shared/follow-log.ts";
import { bindings, db, envelope, newOrderId, payments, placedEvent, rowOf } from "./desk.ts";

const SOURCE = "/orders/partitions/0-1";
const ORDERS = Array.from({ length: 40 }, () => newOrderId());
let sequence = 0;

function next() {
  sequence += 1;
  return { source: SOURCE, sequence };
}

function placed(orderId: string, amountMinor: number): OrderEvent {
  return placedEvent(next(), { orderId, paymentId: `pi_${orderId}`, amountMinor });
}

function refunded(orderId: string, amountMinor: number): OrderEvent {
  const data = { orderId, number: null, currency: "GBP", refundId: `ref_${sequence}`, amountMinor, lines: [], restocked: false };
  return { ...envelope(next()), type: "order.refunded", data };
}

function completed(orderId: string): OrderEvent {
  return { ...envelope(next()), type: "order.completed", data: { orderId, number: null, currency: "GBP" } };
}

function someLog(): OrderEvent[] {
  sequence = 0;
  return [
    ...ORDERS.flatMap((orderId, index) => [placed(orderId, 1_000 + 37 * index), completed(orderId)]),
    ...ORDERS.flatMap((orderId, index) => (index % 3 === 0 ? [refunded(orderId, 333), refunded(orderId, 101)] : [])),
  ];
}

function follower(log: readonly OrderEvent[]) {
  const readEvents = async (source: string, after: number, limit: number) =>
    source === SOURCE ? log.filter((event) => event.sequence > after).slice(0, limit) : [];
  return ledgerFollower(db, { readEvents, readEventsOf: async () => [] });
}

const wakeUp = (event: OrderEvent): WakeUp<OrderEvent> => ({ source: event.source, sequence: event.sequence, event });

async function entries() {
  const { results } = await db.prepare("SELECT * FROM ledger_entries ORDER BY event_id, account, direction").all();
  return results.map(({ id: _, ...entry }) => entry);
}

async function unbalancedEvents() {
  const { results } = await db
    .prepare(
      `SELECT event_id FROM ledger_entries GROUP BY event_id
       HAVING sum(CASE direction WHEN 'debit' THEN amount_minor ELSE -amount_minor END) <> 0`,
    )
    .all();
  return results;
}

beforeEach(async () => {
  await db.batch([db.prepare("DELETE FROM ledger_entries"), db.prepare("DELETE FROM follower_cursors")]);
});

describe("the ledger", () => {
  it("books a log once and in balance when messages come in any order, twice, or not at all", async () => {
    const log = someLog();
    await catchUp(follower(log), SOURCE);
    const expected = await entries();
    expect(expected.length).toBeGreaterThan(100);
    for (const seed of [1, 2, 3]) {
      await db.batch([db.prepare("DELETE FROM ledger_entries"), db.prepare("DELETE FROM follower_cursors")]);
      const messages = shuffled(
        [...log, ...log].filter((_, index) => (index * seed) % 4 !== 0),
        seed,
      );
      for (let start = 0; start < messages.length; start += 7) {
        await followSource(follower(log), SOURCE, messages.slice(start, start + 7).map(wakeUp));
      }
      await followSource(follower(log), SOURCE, log.slice(-1).map(wakeUp));
      expect(await entries()).toEqual(expected);
    }
    expect(await unbalancedEvents()).toEqual([]);
    const [balance] = await ledgerBalances(db);
    expect(balance?.debitsMinor).toBe(balance?.creditsMinor);
  });

  it("books once when two consumers follow the same log at once", async () => {
    const log = someLog();
    await Promise.all([1, 2, 3].map(() => catchUp(follower(log), SOURCE)));
    const booked = await entries();
    await db.batch([db.prepare("DELETE FROM ledger_entries"), db.prepare("DELETE FROM follower_cursors")]);
    await catchUp(follower(log), SOURCE);
    expect(booked).toEqual(await entries());
  });

  it("takes a full refund back from the accounts that the sale went to", async () => {
    const [orderId = ""] = ORDERS;
    sequence = 0;
    const log = [placed(orderId, 1_999), refunded(orderId, 1_000), refunded(orderId, 999)];
    await catchUp(follower(log), SOURCE);
    const { results } = await db
      .prepare(
        `SELECT account, sum(CASE direction WHEN 'debit' THEN amount_minor ELSE -amount_minor END) AS balance
         FROM ledger_entries GROUP BY account ORDER BY account`,
      )
      .all<{ account: string; balance: number }>();
    expect(results.map((row) => row.balance)).toEqual([0, 0, 0, 0]);
  });

  it("writes the row of each payment that was taken, and takes none back", async () => {
    const refunded = { capturedMinor: 1_999, refundedMinor: 500, currency: "GBP", declineCode: null, createdAtMs: 1_000 };
    const [kept, changed, free] = [newOrderId(), newOrderId(), newOrderId()];
    sequence = 0;
    const log = [
      placed(kept, 1_999),
      placed(changed, 1_999),
      placedEvent(next(), { orderId: free, paymentId: null, amountMinor: 0 }),
    ];
    const news = { ...refunded, paymentId: `pi_${changed}`, orderId: changed, amountMinor: 1_999, status: "captured" as const };
    await rememberPayment(db, news, 1_000).run();
    await catchUp(follower(log), SOURCE);
    expect(await rowOf(`pi_${kept}`)).toMatchObject({
      order_id: kept,
      status: "captured",
      captured_minor: 1_999,
      refunded_minor: 0,
    });
    expect(await rowOf(`pi_${changed}`)).toMatchObject({ captured_minor: 1_999, refunded_minor: 500, updated_at_ms: 1_000 });
    expect(await db.prepare("SELECT 1 FROM payments WHERE order_id = ?").bind(free).first()).toBeNull();
  });

  it("books an order whose payment's row says another amount, and leaves the row to reconciling", async () => {
    const orderId = newOrderId();
    sequence = 0;
    const facts = { paymentId: `pi_${orderId}`, orderId, amountMinor: 999, currency: "GBP", status: "authorized" as const };
    await rememberPayment(
      db,
      { ...facts, capturedMinor: 0, refundedMinor: 0, declineCode: null, createdAtMs: 1_000 },
      1_000,
    ).run();
    await catchUp(follower([placed(orderId, 1_999)]), SOURCE);
    expect(await entries()).not.toEqual([]);
    expect(await rowOf(`pi_${orderId}`)).toMatchObject({ status: "authorized", captured_minor: 0 });
  });

  it("acknowledges what it booked and brings back what does not parse", async () => {
    sequence = 0;
    const [orderId = ""] = ORDERS;
    const event = placed(orderId, 1_999);
    const batch = createMessageBatch("order-events-ledger", [
      { id: "good", timestamp: new Date(), attempts: 1, body: wakeUp(event) },
      { id: "bad", timestamp: new Date(), attempts: 1, body: { source: SOURCE, sequence: "one" } as never },
    ]);
    const ctx = createExecutionContext();
    await new Payments(ctx, bindings).queue(batch);
    const result = await getQueueResult(batch, ctx);
    expect(result.explicitAcks).toEqual(["good"]);
    expect(result.retryMessages.map((message) => message.msgId)).toEqual(["bad"]);
    expect(await entries()).not.toEqual([]);
  });

  it("is listed newest first, in pages, for operators only", async () => {
    const log = someLog();
    expect(await followEach(follower(log), new Map([[SOURCE, log.slice(-1).map(wakeUp)]]))).toEqual(new Map());
    const get = (query: string, principal: object) =>
      payments.fetch(`http://gateway/v1/admin/ledger${query}`, {
        headers: { "x-holdfast-principal": encodeURIComponent(JSON.stringify(principal)) },
      });
    const operator = { kind: "operator", subject: null, sessionId: null, scopes: ["payments:read"], capabilities: [] };
    const guest = { ...operator, kind: "guest", scopes: [] };
    expect((await get("", guest)).status).toBe(401);
    expect((await get("", { ...operator, scopes: ["orders:read"] })).status).toBe(403);
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const answer = await get(`?limit=50${cursor === "" ? "" : `&cursor=${cursor}`}`, operator);
      expect(answer.status).toBe(200);
      const page = (await answer.json()) as {
        items: { event_id: string; account: string; direction: string }[];
        next_cursor: string | null;
      };
      seen.push(...page.items.map((item) => `${item.event_id} ${item.account} ${item.direction}`));
      cursor = page.next_cursor;
    }
    expect(new Set(seen).size).toBe((await entries()).length);
    expect(seen).toHaveLength(new Set(seen).size);
    const ofOne = await get(`?order_id=${ORDERS[0] ?? ""}`, operator);
    expect(((await ofOne.json()) as { items: unknown[] }).items).toHaveLength(12);
    expect((await get("?cursor=nonsense", operator)).status).toBe(400);
    expect((await get("?limit=0", operator)).status).toBe(400);
  });
});

/** Deterministic for a seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed;
  const keyed = items.map((item) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return { item, key: state };
  });
  return keyed.sort((left, right) => left.key - right.key).map(({ item }) => item);
}

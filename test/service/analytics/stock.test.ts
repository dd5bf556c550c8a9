/** Stock tables against the journals, in any order of delivery, on a real D1. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Env } from "../../../queues/analytics/env.ts";
import { stockFollower } from "../../../queues/analytics/follow-stock.ts";
import Analytics from "../../../queues/analytics/index.ts";
import type { StockEvent } from "../../../queues/contracts/stock-events.ts";
import { followMany } from "../../../workers/shared/follow-log.ts";
import { encodePrincipal, PRINCIPAL_HEADER } from "../../../workers/shared/principal.ts";
import type { FakeInventory, FakeOrders } from "../notifications/fakes/fake-owner.ts";
import { DAY_MS, FIRST_DAY, SkuJournal, wakeUp } from "./fixtures.ts";

const bindings = env as unknown as Env & { readonly ORDERS: FakeOrders; readonly INVENTORY: FakeInventory };
const OPERATOR = encodePrincipal({
  kind: "operator",
  subject: null,
  sessionId: null,
  scopes: ["*"],
  capabilities: [],
  client: null,
});
const TABLES = ["follower_cursors", "stock_skus", "stock_levels", "stock_movements"];

function worker() {
  const context = createExecutionContext();
  return { worker: new Analytics(context, bindings), context };
}

async function deliver(bodies: readonly unknown[]) {
  const messages = bodies.map((body, index) => ({ id: String(index), timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch("stock-events-analytics", messages);
  const { worker: consumer, context } = worker();
  await consumer.queue(batch);
  return await getQueueResult(batch, context);
}

async function get<T>(path: string): Promise<T> {
  const request = new Request(`https://gateway${path}`, { headers: { [PRINCIPAL_HEADER]: OPERATOR } });
  const response = await worker().worker.fetch(request);
  expect(response.status).toBe(200);
  return await response.json();
}

async function clear(): Promise<void> {
  await bindings.INVENTORY.reset();
  for (const table of TABLES) await bindings.DATABASE.exec(`DELETE FROM ${table}`);
}

async function snapshot(): Promise<unknown> {
  const tables = TABLES.map((table) => bindings.DATABASE.prepare(`SELECT * FROM ${table}`).all());
  return (await Promise.all(tables)).map((answer) => answer.results.map((row) => JSON.stringify(row)).sort());
}

const journals = fc
  .array(
    fc.array(fc.record({ onHand: fc.nat(20), location: fc.constantFrom("main", "annex"), day: fc.nat(3) }), {
      minLength: 1,
      maxLength: 12,
    }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((moves) =>
    moves.map((steps, index) => {
      const journal = new SkuJournal(`SKU ${index}/ä`);
      for (const { onHand, location, day } of steps) journal.move("adjusted", 1, onHand, 0, FIRST_DAY + day * DAY_MS, location);
      return journal;
    }),
  );

describe("stock projections", () => {
  beforeEach(clear);

  it("end as the journals end, whatever is lost, repeated or reordered, and as their rebuild", async () => {
    const property = fc.asyncProperty(journals, fc.infiniteStream(fc.nat()), async (all, random) => {
      await clear();
      for (const journal of all) await bindings.INVENTORY.addEvents(journal.events);
      const next = () => random.next().value as number;
      const events = all.flatMap((journal) => journal.events);
      const kept = events.filter(
        (event) => next() % 4 > 0 || event === all.find((one) => one.source === event.source)?.events.at(-1),
      );
      const shuffled = [...kept, ...kept.slice(0, 5)]
        .map((event) => ({ event, order: next() }))
        .sort((a, b) => a.order - b.order);
      for (let at = 0; at < shuffled.length; at += 30) {
        const result = await deliver(shuffled.slice(at, at + 30).map(({ event }) => wakeUp(event)));
        expect(result.retryMessages).toEqual([]);
      }
      const delivered = await snapshot();
      const levels = await worker().worker.listStockLevels("", 1_000);
      for (const journal of all) expectBalances(journal, levels);
      for (const table of TABLES) await bindings.DATABASE.exec(`DELETE FROM ${table}`);
      await worker().worker.catchUp();
      expect(await snapshot()).toEqual(delivered);
    });
    await fc.assert(property, { numRuns: 40 });
  });

  type Levels = Awaited<ReturnType<Analytics["listStockLevels"]>>;

  function expectBalances(journal: SkuJournal, levels: Levels): void {
    const own = levels.filter((level) => level.sku === journal.sku);
    for (const level of own) {
      const last = journal.events.findLast((event) => event.data.location === level.location);
      expect([level.onHand, level.sequence]).toEqual([last?.data.onHandAfter, journal.events.length]);
    }
    expect(own.map((level) => level.location).sort()).toEqual(
      [...new Set(journal.events.map((event) => event.data.location))].sort(),
    );
  }

  it("flags a SKU as low from the moment it fell to the threshold until there is enough again", async () => {
    const journal = new SkuJournal("MUG");
    const at = (hours: number) => FIRST_DAY + hours * 3_600_000;
    journal.move("opened", 9, 9, 0, at(0));
    journal.move("held", 4, 9, 4, at(1));
    journal.move("committed", 4, 5, 0, at(2));
    await deliver(journal.events.map((event) => wakeUp(event)));
    await deliver([wakeUp(journal.move("held", 1, 5, 1, at(3)))]);
    const low = await get<{ items: unknown[] }>("/v1/admin/reports/stock?low=true");
    expect(low.items).toEqual([
      {
        sku: "MUG",
        available: 4,
        backordered: 0,
        low: true,
        low_since: "2026-11-01T01:00:00.000Z",
        moved_at: "2026-11-01T03:00:00.000Z",
        locations: [{ location: "main", on_hand: 5, held: 1 }],
      },
    ]);
    await deliver([wakeUp(journal.move("received", 50, 55, 1, at(4)))]);
    expect((await get<{ items: unknown[] }>("/v1/admin/reports/stock?low=true")).items).toEqual([]);
    expect((await get<{ items: unknown[] }>("/v1/admin/reports/stock")).items).toMatchObject([
      { sku: "MUG", low: false, low_since: null },
    ]);
  });

  it("sums movements by day, SKU and kind, and pages through them", async () => {
    const [mug, tea] = [new SkuJournal("MUG"), new SkuJournal("TEA")];
    for (let index = 0; index < 5; index++) mug.move("held", 2, 100, 2 * index + 2);
    mug.move("adjusted", -3, 97, 10, FIRST_DAY + DAY_MS);
    tea.move("received", 7, 7, 0);
    await deliver([...mug.events, ...tea.events].map((event) => wakeUp(event)));
    const path = "/v1/admin/reports/stock-movements?from=2026-11-01&to=2026-11-02";
    const first = await get<{ items: unknown[]; next_cursor: string }>(`${path}&limit=2`);
    expect(first.items).toEqual([
      { day: "2026-11-01", sku: "MUG", kind: "held", movements: 5, quantity: 10 },
      { day: "2026-11-01", sku: "TEA", kind: "received", movements: 1, quantity: 7 },
    ]);
    const second = await get<{ items: unknown[]; next_cursor: null }>(`${path}&limit=2&cursor=${first.next_cursor}`);
    expect(second).toMatchObject({ items: [{ day: "2026-11-02", kind: "adjusted", quantity: -3 }], next_cursor: null });
    expect((await get<{ items: unknown[] }>(`${path}&sku=TEA&kind=received`)).items).toHaveLength(1);
    const one = await get<{ next_cursor: string }>(`${path}&limit=1`);
    expect(await get(`${path}&limit=1&cursor=${one.next_cursor}`)).toMatchObject({ items: [{ day: "2026-11-01", sku: "TEA" }] });
  });

  it("retries only the SKU whose log cannot be followed", async () => {
    const [broken, sound] = [new SkuJournal("BROKEN"), new SkuJournal("SOUND")];
    broken.move("opened", 5, 5, 0);
    const gap = broken.move("received", 1, 6, 0);
    const result = await deliver([wakeUp(gap), wakeUp(sound.move("opened", 1, 1, 0)), { source: "x" }]);
    expect(result.retryMessages.map((message) => message.msgId).sort()).toEqual(["0", "2"]);
    expect(result.explicitAcks).toEqual(["1"]);
  });

  it("applies a hundred SKUs in one transaction, and one by one when a consumer overtook some of them", async () => {
    let transactions = 0;
    const counting = new Proxy(bindings.DATABASE, {
      get(target, property) {
        if (property === "batch") transactions += 1;
        const value = Reflect.get(target, property);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const follower = stockFollower({ database: counting, inventory: bindings.INVENTORY, lowStockThreshold: 5 });
    const all = Array.from({ length: 100 }, (_, index) => new SkuJournal(`SKU-${index}`));
    const events: StockEvent[] = all.map((journal) => journal.move("opened", 10, 10, 0));
    const wakeUps = new Map(events.map((event) => [event.source, [wakeUp(event)]]));
    expect(await followMany(follower, wakeUps)).toEqual(new Map());
    expect(transactions).toBe(1);

    const moved = new Map(all.map((journal) => [journal.source, [wakeUp(journal.move("held", 1, 10, 1))]]));
    const stale = {
      ...follower,
      readCursors: async (sources: readonly string[]) => new Map(sources.map((source) => [source, 1])),
    };
    const overtaken = all.slice(0, 3);
    for (const journal of overtaken) await followMany(follower, new Map([[journal.source, moved.get(journal.source) ?? []]]));
    expect(await followMany(stale, moved)).toEqual(new Map());
    const { results } = await bindings.DATABASE.prepare("SELECT SUM(movements) AS movements FROM stock_movements").all();
    expect(results).toEqual([{ movements: 200 }]);
  });
});

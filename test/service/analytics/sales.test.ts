/** Sales figures against an independent sum, in any order of delivery, on a real D1. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Env } from "../../../queues/analytics/env.ts";
import Analytics from "../../../queues/analytics/index.ts";
import type { OrderEvent } from "../../../queues/contracts/order-events.ts";
import { encodePrincipal, GUEST, PRINCIPAL_HEADER, type Principal } from "../../../workers/shared/principal.ts";
import type { FakeInventory, FakeOrders } from "../notifications/fakes/fake-owner.ts";
import { makeOrder, PartitionLog } from "../notifications/fixtures.ts";
import { DAY_MS, FIRST_DAY, type Sale, shop, wakeUp } from "./fixtures.ts";

const bindings = env as unknown as Env & { readonly ORDERS: FakeOrders; readonly INVENTORY: FakeInventory };
const OPERATOR: Principal = { ...GUEST, kind: "operator", scopes: ["reports:read"] };
const TABLES = ["follower_cursors", "order_facts", "country_sales", "product_sales", "product_titles"];

function worker() {
  const context = createExecutionContext();
  return { worker: new Analytics(context, bindings), context };
}

async function deliver(bodies: readonly unknown[]) {
  const messages = bodies.map((body, index) => ({ id: String(index), timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch("order-events-analytics", messages);
  const { worker: consumer, context } = worker();
  await consumer.queue(batch);
  return await getQueueResult(batch, context);
}

async function get(path: string, principal: Principal = OPERATOR): Promise<Response> {
  const headers = { [PRINCIPAL_HEADER]: encodePrincipal(principal) };
  return await worker().worker.fetch(new Request(`https://gateway${path}`, { headers }));
}

interface Item {
  readonly period: string;
  readonly orders: number;
  readonly units: number;
  readonly gross: { readonly amount_minor: number; readonly currency: string };
  readonly discounts: { readonly amount_minor: number };
  readonly refunds: { readonly amount_minor: number };
  readonly net: { readonly amount_minor: number };
  readonly shipping: { readonly amount_minor: number };
  readonly tax: { readonly amount_minor: number };
  readonly total: { readonly amount_minor: number };
  readonly product_id?: string;
  readonly country?: string;
}

async function report(
  query: string,
): Promise<{ items: Item[]; totals: (Item & { currency: string })[]; next_cursor: string | null }> {
  const response = await get(`/v1/admin/reports/sales?${query}`);
  expect(response.status).toBe(200);
  return await response.json();
}

async function clear(): Promise<void> {
  await bindings.ORDERS.reset();
  await bindings.INVENTORY.reset();
  for (const table of TABLES) await bindings.DATABASE.exec(`DELETE FROM ${table}`);
}

async function snapshot(): Promise<unknown> {
  const tables = TABLES.map((table) => bindings.DATABASE.prepare(`SELECT * FROM ${table}`).all());
  return (await Promise.all(tables)).map((answer) => answer.results.map((row) => JSON.stringify(row)).sort());
}

/** The partitions' logs: orders as they come, a refund after its order. */
function logsOf(sales: readonly Sale[]): PartitionLog[] {
  const logs = new Map<string, PartitionLog>();
  for (const { partition, order, placedAtMs, refunds } of sales) {
    const log = logs.get(partition) ?? new PartitionLog(partition);
    logs.set(partition, log);
    log.submitted(order);
    log.placed(order, placedAtMs);
    for (const { amountMinor, atMs, lines } of refunds) log.refunded(order, amountMinor, lines, atMs);
  }
  return [...logs.values()];
}

/** gross, discounts, refunds, units and orders per key, added up without any of the code under test. */
function expectedSums(sales: readonly Sale[], keyOf: (sale: Sale, atMs: number) => string) {
  const sums = new Map<string, [number, number, number, number, number]>();
  const add = (key: string, more: readonly number[]) => {
    const now = sums.get(key) ?? [0, 0, 0, 0, 0];
    sums.set(key, now.map((value, index) => value + (more[index] ?? 0)) as [number, number, number, number, number]);
  };
  for (const sale of sales) {
    const { lines, totals } = sale.order;
    const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    add(keyOf(sale, sale.placedAtMs), [totals.subtotalMinor, totals.discountMinor, 0, units, 1]);
    for (const { amountMinor, atMs } of sale.refunds) add(keyOf(sale, atMs), [0, 0, amountMinor, 0, 0]);
  }
  return sums;
}

function actualSums(items: readonly Item[], keyOf: (item: Item) => string) {
  return new Map(
    items.map((item) => {
      expect(item.net.amount_minor).toBe(item.gross.amount_minor - item.discounts.amount_minor - item.refunds.amount_minor);
      const { gross, discounts, refunds, units, orders } = item;
      return [keyOf(item), [gross.amount_minor, discounts.amount_minor, refunds.amount_minor, units, orders]];
    }),
  );
}

const day = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);
const RANGE = `from=${day(FIRST_DAY)}&to=${day(FIRST_DAY + 70 * DAY_MS)}`;

describe("the sales report", () => {
  beforeEach(clear);

  it("agrees to the penny with the orders, by every grouping, in whatever order the messages come, and with its rebuild", async () => {
    const property = fc.asyncProperty(shop, fc.infiniteStream(fc.nat()), async (sales, random) => {
      await clear();
      const logs = logsOf(sales);
      for (const log of logs) await bindings.ORDERS.addEvents(log.events);
      await deliverShuffled(logs, random);
      const delivered = await snapshot();
      expectAgreement(sales, {
        days: await report(`${RANGE}&group_by=day`),
        months: await report(`${RANGE}&group_by=month`),
        countries: await report(`${RANGE}&group_by=country`),
        products: await report(`${RANGE}&group_by=product`),
      });
      for (const table of TABLES) await bindings.DATABASE.exec(`DELETE FROM ${table}`);
      await worker().worker.catchUp();
      expect(await snapshot()).toEqual(delivered);
    });
    await fc.assert(property, { numRuns: 40 });
  });

  async function deliverShuffled(logs: readonly PartitionLog[], random: Iterator<number>): Promise<void> {
    const next = () => random.next().value as number;
    const messages = logs.flatMap((log) => log.events.map((event) => ({ event, order: next() })));
    const lossy = messages.filter(
      ({ event }) => next() % 5 > 0 || event.sequence === logs.find((log) => log.source === event.source)?.events.length,
    );
    const repeated = [...lossy, ...lossy.filter(() => next() % 4 === 0).map(({ event }) => ({ event, order: next() }))];
    const bodies = repeated.sort((a, b) => a.order - b.order).map(({ event }) => wakeUp(event, next() % 7 > 0));
    const results = [];
    for (let at = 0; at < bodies.length; at += 20) results.push(await deliver(bodies.slice(at, at + 20)));
    expect(results.flatMap((result) => result.retryMessages)).toEqual([]);
  }

  type Report = Awaited<ReturnType<typeof report>>;

  function expectAgreement(sales: readonly Sale[], reports: Record<"days" | "months" | "countries" | "products", Report>): void {
    const { days, months, countries, products } = reports;
    const perCurrency = expectedSums(sales, ({ order }) => order.currency);
    expect(actualSums(days.totals, (total) => total.gross.currency)).toEqual(perCurrency);
    const perDay = expectedSums(sales, ({ order }, atMs) => `${day(atMs)} ${order.currency}`);
    expect(actualSums(days.items, (item) => `${item.period} ${item.gross.currency}`)).toEqual(perDay);
    const perMonth = expectedSums(sales, ({ order }, atMs) => `${day(atMs).slice(0, 7)} ${order.currency}`);
    expect(actualSums(months.items, (item) => `${item.period} ${item.gross.currency}`)).toEqual(perMonth);
    const perCountry = expectedSums(sales, ({ order }) => `${order.shippingAddress.country} ${order.currency}`);
    expect(actualSums(countries.items, (item) => `${item.country} ${item.gross.currency}`)).toEqual(perCountry);
    for (const total of products.totals) {
      const own = products.items.filter((item) => item.gross.currency === total.currency);
      for (const figure of ["gross", "discounts", "refunds", "net", "shipping", "tax", "total"] as const) {
        expect(own.reduce((sum, item) => sum + item[figure].amount_minor, 0)).toBe(total[figure].amount_minor);
      }
      expect(own.reduce((sum, item) => sum + item.units, 0)).toBe(total.units);
    }
  }

  it("counts an order of hundreds of lines", async () => {
    const lines = Array.from({ length: 400 }, (_, index) => ({
      sku: `S-${index}`,
      productId: `prod_${index}`,
      title: `Thing ${index}`,
      quantity: 2,
      unitPriceMinor: 101,
      totalMinor: 202,
    }));
    const totals = { subtotalMinor: 80_800, discountMinor: 0, shippingMinor: 0, taxMinor: 0, totalMinor: 80_800 };
    const order = makeOrder({ lines, totals });
    const log = new PartitionLog("0-1");
    await deliver([wakeUp(log.placed(order, FIRST_DAY))]);
    const { items, totals: sums } = await report("group_by=product&from=2026-11-01&to=2026-11-01");
    expect(items).toHaveLength(400);
    expect(sums).toMatchObject([{ orders: 1, units: 800, gross: { amount_minor: 80_800 } }]);
  });

  it("applies the same events once when two consumers race", async () => {
    const log = new PartitionLog("0-1");
    const events: OrderEvent[] = Array.from({ length: 30 }, () => log.placed(makeOrder()));
    await bindings.ORDERS.addEvents(log.events);
    const bodies = events.map((event) => wakeUp(event));
    const results = await Promise.all([deliver(bodies), deliver(bodies), deliver(bodies.slice(10)), deliver(bodies.slice(0, 7))]);
    expect(results.flatMap((result) => result.retryMessages)).toEqual([]);
    expect(await worker().worker.salesTotals()).toEqual([
      { currency: "GBP", orders: 30, units: 90, grossMinor: 30 * 2_999, refundsMinor: 0 },
    ]);
  });

  it("does not count a refund of an order that was never placed", async () => {
    const log = new PartitionLog("0-1");
    const order = makeOrder();
    log.submitted(order);
    log.refunded(order, 500);
    const result = await deliver(log.events.map((event) => wakeUp(event)));
    expect(result.explicitAcks).toHaveLength(2);
    expect(await worker().worker.salesTotals()).toEqual([]);
  });

  it("pages, filters by currency, and gives the same as CSV without formulas", async () => {
    const log = new PartitionLog("0-1");
    const [line] = makeOrder().lines;
    if (line === undefined) throw new Error("the fixture has lines");
    log.placed(makeOrder({ lines: [{ ...line, title: '=HYPERLINK("x"),1' }] }), FIRST_DAY + 20 * DAY_MS);
    log.placed(makeOrder({ currency: "EUR" }), FIRST_DAY);
    log.placed(makeOrder(), FIRST_DAY);
    await deliver(log.events.map((event) => wakeUp(event)));
    const range = "from=2026-11-01&to=2026-11-30";
    const first = await report(`${range}&limit=2`);
    expect(first.items.map((item) => [item.period, item.gross.currency])).toEqual([
      ["2026-11-01", "EUR"],
      ["2026-11-01", "GBP"],
    ]);
    const second = await report(`${range}&limit=2&cursor=${first.next_cursor}`);
    expect(second.items.map((item) => item.period)).toEqual(["2026-11-21"]);
    expect(second.next_cursor).toBeNull();
    expect((await report(`${range}&currency=EUR`)).totals.map((total) => total.currency)).toEqual(["EUR"]);
    const csv = await get(`/v1/admin/reports/sales?${range}&group_by=product&currency=GBP&format=csv`);
    expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const text = await csv.text();
    expect(text).toContain(`"'=HYPERLINK(""x""),1"`);
    expect(text).toMatch(/^period,product_id,title,country,currency,orders,units,gross,/);
    expect(text).toContain("50.00");
  });

  it.each([
    ["from=2026-11-31", "from"],
    ["from=yesterday", "from"],
    ["from=2026-11-02&to=2026-11-01", "from"],
    ["from=2020-01-01&to=2026-01-01", "to"],
    ["group_by=hour", "group_by"],
    ["currency=GBX", "currency"],
    ["limit=0", "limit"],
    ["drop=table", "drop"],
  ])("refuses %s with its path", async (query, path) => {
    const response = await get(`/v1/admin/reports/sales?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "invalid_request", errors: [{ path }] });
  });

  it("refuses a cursor that is not its own, guests, and operators without the scope", async () => {
    expect((await get("/v1/admin/reports/sales?cursor=bm9wZQ")).status).toBe(400);
    expect((await get("/v1/admin/reports/sales", { ...OPERATOR, kind: "guest" })).status).toBe(401);
    expect((await get("/v1/admin/reports/sales", { ...OPERATOR, scopes: ["stock:read"] })).status).toBe(403);
    expect((await get("/v1/admin/reports/stock", { ...OPERATOR, kind: "customer" })).status).toBe(403);
    expect((await get("/v1/admin/reports/stock-movements", { ...OPERATOR, kind: "guest" })).status).toBe(401);
  });
});

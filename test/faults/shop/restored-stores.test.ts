/**
 * One store is set back in time, as an operator's restore does, and the others are not: what the audit says of it, what a
 * rebuild mends, and what must not happen twice. The pages of it are in docs/runbooks/restore-database.md.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { orderEventSource } from "../../../queues/contracts/order-events.ts";
import { partitionName, partitionOf } from "../../../workers/shared/identifiers.ts";
import type { RebuildState } from "../../../workers/shared/rebuild-projection.ts";
import { newContext } from "../../../workers/shared/telemetry.ts";
import { auditShop } from "../rig/audit-shop.ts";
import { quiesce } from "../rig/clock.ts";
import { world } from "../rig/outside-world.ts";
import { openShop, type Shop } from "../rig/shop.ts";
import { bookmarkDatabase, bookmarkObject } from "../rig/time-travel.ts";
import { here, rig } from "../rig/wiring.ts";

/** Each is a bounded piece: a rebuild that needs more of them for so little does not end. */
const PIECES_MAX = 12;
const OWNERS = {
  orders: () => here.orders(),
  ledger: () => here.payments(),
  notifications: () => here.notifications(),
  sales: () => here.analytics(),
  stock: () => here.analytics(),
};

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});

async function buy(sku: string, quantity: number, continent = "EU"): Promise<string> {
  const told = await shop.checkout(await shop.cart({ [sku]: quantity }, continent));
  expect(told.status).toBe(201);
  await quiesce();
  return told.body.order.id;
}

async function rebuild(name: keyof typeof OWNERS): Promise<RebuildState | null> {
  for (let pieces = 1; pieces < PIECES_MAX; pieces++) {
    const state = await OWNERS[name]().rebuildProjection(name);
    if (state?.state === "completed") return state;
  }
  return null;
}

async function auditAbout(subject: string, invariant = ""): Promise<string[]> {
  return (await auditShop()).filter((line) => line.includes(subject) && line.startsWith(invariant));
}

function sourceOf(orderId: string): string {
  const partition = partitionOf(orderId);
  if (partition === undefined) throw new Error(`not an order: ${orderId}`);
  return orderEventSource(partitionName(partition));
}

function partitionObject(orderId: string): () => DurableObjectStub {
  const name = sourceOf(orderId).split("/").at(-1) ?? "";
  return () => rig.CHECKOUT_PARTITION.getByName(name);
}

describe("a SKU's object that was set back", () => {
  async function soldAndSetBack() {
    const sku = await shop.sku(10);
    await buy(sku, 2);
    const restore = await bookmarkObject(() => rig.SKU_STOCK.getByName(sku));
    const orderId = await buy(sku, 3);
    await restore();
    return { sku, orderId };
  }

  it("is named by the audit, because its follower stands beyond the end of its journal", async () => {
    const { sku } = await soldAndSetBack();
    expect(await auditAbout(sku, "I12")).toEqual([
      `I12 ${sku}: analytics has applied 5 events of its journal, which ends at 3: its object was set back in time`,
    ]);
  });

  it("is followed again from its end after a rebuild, which comes to an end", async () => {
    const { sku } = await soldAndSetBack();
    const steady = await shop.sku(5);
    await buy(steady, 1);
    await rig.DATABASE_ANALYTICS.prepare("UPDATE stock_skus SET moved_at = '2000-01-01T00:00:00.000Z' WHERE sku = ?")
      .bind(steady)
      .run();
    expect(await auditAbout(steady, "I12")).toEqual([expect.stringContaining('movedAt is "2000-01-01')]);
    expect((await rebuild("stock"))?.setBack ?? 0).toBeGreaterThan(0);
    expect([...(await auditAbout(sku, "I12")), ...(await auditAbout(steady))]).toEqual([]);
    await buy(sku, 1);
    expect(await auditAbout(sku, "I12")).toEqual([]);
    const { results } = await rig.DATABASE_ANALYTICS.prepare("SELECT sequence, available FROM stock_skus WHERE sku = ?")
      .bind(sku)
      .all();
    expect(results).toEqual([{ sequence: 5, available: 7 }]);
  });

  it("gets no units back for an order that it knows nothing of, and says so in its journal", async () => {
    const { sku, orderId } = await soldAndSetBack();
    expect(await shop.available(sku)).toBe(8);
    expect((await shop.cancel(orderId)).status).toBe(200);
    expect(await shop.available(sku)).toBe(8);
    const [last] = (await here.inventory().readEvents(sku, 3, 10)).slice(-1);
    expect(last?.data).toMatchObject({ kind: "restocked", quantity: 0 });
    expect(await auditAbout(orderId, "I4")).toEqual([`I4 ${orderId}: no SKU has its hold committed`]);
  });
});

describe("a partition that was set back", () => {
  it("is named for every follower, and rebuilds set them back without a second mail", async () => {
    const sku = await shop.sku(100);
    const kept = await buy(sku, 1, "SA");
    const restore = await bookmarkObject(partitionObject(kept));
    await buyIn(sku, kept);
    await restore();
    const source = sourceOf(kept);
    const named = await auditAbout(source, "I12");
    expect(named.map((line) => / (\w+) has applied/.exec(line)?.[1]).sort()).toEqual([
      "analytics",
      "notifications",
      "orders",
      "payments",
    ]);
    const mails = world.mails.length;
    for (const name of ["orders", "ledger", "notifications", "sales"] as const)
      expect(await rebuild(name), name).toMatchObject({ setBack: 1 });
    expect(await auditAbout(source, "I12")).toEqual([]);
    expect(world.mails).toHaveLength(mails);
    const again = await buyIn(sku, kept);
    expect(world.mails).toHaveLength(mails + 1);
    expect(await auditAbout(again)).toEqual([]);
  });

  /** Another order in the same partition: numbers within a region are random. */
  async function buyIn(sku: string, neighbour: string): Promise<string> {
    for (;;) {
      const cart = await shop.cart({ [sku]: 1 }, "SA");
      if (sourceOf(cart.id) !== sourceOf(neighbour)) continue;
      const told = await shop.checkout(cart);
      await quiesce();
      return told.body.order.id;
    }
  }
});

describe("a database that was set back", () => {
  it("of orders finds its partitions again by the ledger, and by any other follower in an audit", async () => {
    const sku = await shop.sku(100);
    await buy(sku, 1, "EU");
    const restoreOrders = await bookmarkDatabase(rig.DATABASE_ORDERS);
    const restorePayments = await bookmarkDatabase(rig.DATABASE_PAYMENTS);
    const first = await buy(sku, 1, "OC");
    await restoreOrders();
    expect(await here.orders().listSources()).toContain(sourceOf(first));
    expect(await here.orders().catchUp(newContext())).toBeGreaterThan(0);
    expect(await auditAbout(first)).toEqual([]);
    const second = await buy(sku, 1, "AF");
    await restoreOrders();
    await restorePayments();
    expect(await auditAbout(second, "I12")).toEqual([]);
    expect(await here.orders().listSources()).toContain(sourceOf(second));
    expect((await rebuild("orders"))?.state).toBe("completed");
  });

  it("of inventory hears from the audit which SKUs were used since", async () => {
    const sku = await shop.sku(10);
    const restore = await bookmarkDatabase(rig.DATABASE_INVENTORY);
    await buy(sku, 1);
    await restore();
    expect(await here.inventory().listTouchedSkus("", 1_000)).not.toContain(sku);
    expect(await auditAbout(sku)).toEqual([
      `I12 ${sku}: inventory had forgotten that it was ever used; it is remembered now: audit again`,
    ]);
    expect(await here.inventory().listTouchedSkus("", 1_000)).toContain(sku);
    expect(await auditAbout(sku)).toEqual([]);
  });
});

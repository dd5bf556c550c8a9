/** What the schedule brings back when every message was lost and nothing more happens. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Env } from "../../../queues/analytics/env.ts";
import Analytics from "../../../queues/analytics/index.ts";
import { SKUS_READ_MAX } from "../../../workers/inventory/contract.ts";
import type { FakeInventory, FakeOrders } from "../notifications/fakes/fake-owner.ts";
import { makeOrder, PartitionLog } from "../notifications/fixtures.ts";
import { SkuJournal } from "./fixtures.ts";

const bindings = env as unknown as Env & { readonly ORDERS: FakeOrders; readonly INVENTORY: FakeInventory };

function runSchedule(): Promise<void> {
  return new Analytics(createExecutionContext(), bindings).scheduled();
}

async function countOf(table: string): Promise<number> {
  const row = await bindings.DATABASE.prepare(`SELECT COUNT(*) AS count FROM ${table}`).first<{ count: number }>();
  return row?.count ?? 0;
}

function journalsOf(count: number): SkuJournal[] {
  return Array.from({ length: count }, (_, index) => {
    const journal = new SkuJournal(`SKU-${String(index).padStart(5, "0")}`);
    journal.move("opened", 5, 5, 0);
    return journal;
  });
}

describe("the schedule of analytics", () => {
  beforeEach(async () => {
    await bindings.ORDERS.reset();
    await bindings.INVENTORY.reset();
    for (const table of ["follower_cursors", "stock_sweep", "stock_skus", "stock_levels", "stock_movements", "order_facts"])
      await bindings.DATABASE.exec(`DELETE FROM ${table}`);
  });

  it("goes round the stock logs, a bounded number a run, and begins again", async () => {
    const journals = journalsOf(SKUS_READ_MAX + 3);
    await bindings.INVENTORY.addEvents(journals.flatMap((journal) => journal.events));
    await runSchedule();
    expect(await countOf("stock_skus")).toBe(SKUS_READ_MAX);
    await runSchedule();
    expect(await countOf("stock_skus")).toBe(SKUS_READ_MAX + 3);
    const [first] = journals;
    if (first === undefined) throw new Error("no journal");
    await bindings.INVENTORY.addEvents([first.move("received", 1, 6, 0)]);
    await runSchedule();
    const row = await bindings.DATABASE.prepare("SELECT available FROM stock_skus WHERE sku = ?").bind(first.sku).first();
    expect(row).toEqual({ available: 6 });
  });

  it("is not held up by a log that cannot be followed: neither its neighbours, nor the orders, nor the next round", async () => {
    const [broken, sound] = [new SkuJournal("A-BROKEN"), new SkuJournal("B-SOUND")];
    broken.move("opened", 1, 1, 0);
    const hole = broken.move("received", 1, 2, 0);
    sound.move("opened", 5, 5, 0);
    const log = new PartitionLog("0-1");
    log.placed(makeOrder());
    await bindings.INVENTORY.addEvents([hole, ...sound.events]);
    await bindings.ORDERS.addEvents(log.events);
    await expect(runSchedule()).rejects.toThrow("1 of 1 logs could not be followed");
    expect(await countOf("stock_skus")).toBe(1);
    expect(await countOf("order_facts")).toBe(1);
    await bindings.INVENTORY.addEvents([sound.move("received", 1, 6, 0)]);
    await expect(runSchedule()).rejects.toThrow();
    const row = await bindings.DATABASE.prepare("SELECT available FROM stock_skus WHERE sku = 'B-SOUND'").first();
    expect(row).toEqual({ available: 6 });
  });
});

/** Mirrors of what is sold out hear of every turn once, in order, and of nothing else. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SkuStock } from "../../../durable-objects/sku-stock/index.ts";
import { bindings, call, commit, fresh, hold, inMinutes, inventory, release, setBalances, stocked, stub } from "./shop.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Every turn of the SKU that a mirror reading from here on would see; the newest only. */
async function flagOf(sku: string): Promise<boolean | undefined> {
  const changes = await inventory.readSoldOutChanges(0, 1_000);
  return changes.find((change) => change.sku === sku)?.soldOut;
}

async function revisions(): Promise<number[]> {
  return (await inventory.readSoldOutChanges(0, 1_000)).map((change) => change.revision);
}

async function settled(sku: string): Promise<void> {
  await runDurableObjectAlarm(stub(sku));
}

describe("sold-out changes", () => {
  it("name SKUs that begin without stock, and none that begin with some or may be backordered", async () => {
    const [empty, stockedSku, backorder] = [await stocked(0), await stocked(3), await stocked(0, { backorderable: true })];
    expect([await flagOf(empty), await flagOf(stockedSku), await flagOf(backorder)]).toEqual([true, undefined, undefined]);
    await setBalances({ sku: empty, location: "main", quantity: 4, backorderable: false });
    expect(await flagOf(empty)).toBe(false);
  });

  it("count every location of a SKU", async () => {
    const sku = await stocked(0);
    await setBalances({ sku, location: "north", quantity: 2, backorderable: false });
    expect(await flagOf(sku)).toBe(false);
    await setBalances({ sku, location: "north", quantity: 0, backorderable: false });
    expect(await flagOf(sku)).toBe(true);
  });

  it("follow the last unit out and back, with a rising revision", async () => {
    const sku = await stocked(2);
    const [first, second] = [fresh("hold"), fresh("hold")];
    await hold(first, [{ sku, quantity: 1 }]);
    await settled(sku);
    expect(await flagOf(sku)).toBeUndefined();
    await hold(second, [{ sku, quantity: 1 }]);
    await settled(sku);
    expect(await flagOf(sku)).toBe(true);
    const before = Math.max(...(await revisions()));
    await release(second, sku);
    await settled(sku);
    expect(await inventory.readSoldOutChanges(before, 10)).toEqual([{ sku, soldOut: false, revision: before + 1 }]);
  });

  it("write nothing for sales that leave some", async () => {
    const sku = await stocked(50);
    const before = await revisions();
    for (let index = 0; index < 5; index++) {
      const holdId = fresh("hold");
      await hold(holdId, [{ sku, quantity: 1 }]);
      await commit(holdId, sku);
    }
    await settled(sku);
    expect(await revisions()).toEqual(before);
  });

  it("tell of a receipt to a SKU that began without stock", async () => {
    const sku = await stocked(0);
    await call("POST", `/v1/admin/stock/${sku}/receipts`, { body: { quantity: 1 }, key: fresh("key") });
    await settled(sku);
    expect(await flagOf(sku)).toBe(false);
  });

  it("tell of a policy that allows backorders, and of its end", async () => {
    const sku = await stocked(0);
    for (const backorderable of [true, false]) {
      await call("PUT", `/v1/admin/stock/${sku}/policy`, { body: { backorderable } });
      await vi.waitFor(async () => expect(await flagOf(sku)).toBe(!backorderable), { timeout: 5_000, interval: 50 });
    }
  });

  it("tell of units that an expired hold gives back", async () => {
    const sku = await stocked(1);
    await hold(fresh("hold"), [{ sku, quantity: 1 }], inMinutes(1));
    await settled(sku);
    expect(await flagOf(sku)).toBe(true);
    vi.useFakeTimers({ toFake: ["Date"], now: inMinutes(2) });
    await settled(sku);
    expect(await flagOf(sku)).toBe(false);
  });

  it("are told after a failure and an eviction", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const sku = await stocked(1);
    const broken = vi.spyOn(Object.getPrototypeOf(bindings.DATABASE), "prepare");
    await hold(fresh("hold"), [{ sku, quantity: 1 }]);
    broken.mockImplementation(() => {
      throw new Error("database is away");
    });
    await settled(sku);
    broken.mockRestore();
    expect(await flagOf(sku)).toBeUndefined();
    await evictDurableObject(stub(sku));
    await runInDurableObject(stub(sku), async (object: SkuStock) => await object.alarm());
    expect(await flagOf(sku)).toBe(true);
  });

  it("come in pages that a reader goes on from", async () => {
    await setBalances(
      ...Array.from({ length: 25 }, () => ({ sku: fresh("EMPTY"), location: "main", quantity: 0, backorderable: false })),
    );
    const all = await inventory.readSoldOutChanges(0, 1_000);
    const paged: (typeof all)[number][] = [];
    for (let after = 0; ; ) {
      const page = await inventory.readSoldOutChanges(after, 7);
      paged.push(...page);
      after = page.at(-1)?.revision ?? after;
      if (page.length < 7) break;
    }
    expect(paged).toEqual(all);
    expect(new Set(all.map(({ revision }) => revision)).size).toBe(all.length);
  });
});

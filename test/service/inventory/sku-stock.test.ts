/** The object itself: expiry, its alarm, restarts, owed units, locations. The clock is moved, never waited for. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SkuStock } from "../../../durable-objects/sku-stock/index.ts";
import {
  available,
  books,
  CONTEXT,
  commit,
  fresh,
  hold,
  inMinutes,
  inventory,
  query,
  release,
  setBalances,
  stocked,
  stub,
} from "./shop.ts";

afterEach(() => {
  vi.useRealTimers();
});

function moveClock(minutes: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + minutes * 60_000 });
}

async function alarmAtMs(sku: string): Promise<number | null> {
  return await runInDurableObject(stub(sku), (_object: SkuStock, state) => state.storage.getAlarm());
}

describe("expiry", () => {
  it("counts expired holds as free at once, although no alarm rang", async () => {
    const sku = await stocked(5);
    const [late, next] = [fresh("hold"), fresh("hold")];
    await hold(late, [{ sku, quantity: 5 }], inMinutes(15));
    expect(await available(sku)).toBe(0);
    moveClock(16);
    expect(await available(sku)).toBe(5);
    expect((await hold(next, [{ sku, quantity: 5 }], inMinutes(15))).ok).toBe(true);
    expect((await books(sku)).holds).toEqual({ [late]: "expired", [next]: "held" });
  });

  it("refuses to commit a hold past its end, for good, even when the clock goes back", async () => {
    const sku = await stocked(5);
    const holdId = fresh("hold");
    await hold(holdId, [{ sku, quantity: 2 }], inMinutes(15));
    moveClock(16);
    expect(await commit(holdId, sku)).toEqual({ ok: false, error: { code: "hold_expired", skus: [sku] } });
    moveClock(-16);
    expect((await commit(holdId, sku)).ok).toBe(false);
    expect(await hold(holdId, [{ sku, quantity: 2 }])).toMatchObject({ ok: false, error: { code: "hold_resolved" } });
    expect(await books(sku)).toMatchObject({ onHand: 5, held: 0, resolutionsMax: 1 });
  });

  it("tidies by alarm, which rings at the end of the earliest hold once everything is published", async () => {
    const sku = await stocked(5);
    const ends = [inMinutes(20), inMinutes(10)];
    for (const end of ends) await hold(fresh("hold"), [{ sku, quantity: 1 }], end);
    await runDurableObjectAlarm(stub(sku));
    expect(await alarmAtMs(sku)).toBe(ends[1]);
    moveClock(30);
    await runDurableObjectAlarm(stub(sku));
    expect((await books(sku)).held).toBe(0);
    expect(await query(sku, "SELECT count(*) AS expired FROM movements WHERE kind = 'expired'")).toEqual([{ expired: 2 }]);
  });
});

describe("a restart", () => {
  it("keeps everything, and sets the alarm again when it was lost", async () => {
    const sku = await stocked(5);
    const [sold, kept] = [fresh("hold"), fresh("hold")];
    await hold(sold, [{ sku, quantity: 1 }]);
    await commit(sold, sku);
    await hold(kept, [{ sku, quantity: 2 }]);
    const before = await inventory.readAccount(sku);
    await runInDurableObject(stub(sku), (_object: SkuStock, state) => state.storage.deleteAlarm());
    await evictDurableObject(stub(sku));
    expect(await inventory.readAccount(sku)).toEqual(before);
    expect(await alarmAtMs(sku)).not.toBeNull();
    expect((await commit(kept, sku)).ok).toBe(true);
    expect(await available(sku)).toBe(2);
  });

  it("rolls back a command whose write is refused, and goes on", async () => {
    const sku = await stocked(5);
    await hold(fresh("hold"), [{ sku, quantity: 1 }]);
    await query(sku, "CREATE TRIGGER broken BEFORE INSERT ON movements BEGIN SELECT RAISE(ABORT, 'disk'); END");
    await expect(hold(fresh("hold"), [{ sku, quantity: 1 }])).rejects.toThrow();
    await query(sku, "DROP TRIGGER broken");
    expect(await books(sku)).toMatchObject({ held: 1, gapless: true });
    expect((await hold(fresh("hold"), [{ sku, quantity: 4 }])).ok).toBe(true);
  });

  it("cannot store a second resolution of a hold, whatever the code decides", async () => {
    const sku = await stocked(5);
    const holdId = fresh("hold");
    await hold(holdId, [{ sku, quantity: 1 }]);
    await commit(holdId, sku);
    await query(sku, `UPDATE holds SET state = 'held' WHERE id = '${holdId}'`);
    await query(sku, "UPDATE stock SET held = 1");
    await expect(release(holdId, sku)).rejects.toThrow(/UNIQUE/);
  });
});

describe("owed units", () => {
  it("lets a backorderable SKU be sold beyond stock and fills what is owed from the next receipts", async () => {
    const sku = await stocked(3, { backorderable: true });
    const holdId = fresh("hold");
    expect((await hold(holdId, [{ sku, quantity: 5 }])).ok).toBe(true);
    expect(await books(sku)).toMatchObject({ onHand: 3, held: 3, backordered: 2 });
    expect((await commit(holdId, sku)).ok).toBe(true);
    expect(await books(sku)).toMatchObject({ onHand: 0, held: 0, backordered: 2 });
    await inventory.restock({ reference: fresh("refund"), holdId, lines: [{ sku, quantity: 1 }] }, CONTEXT);
    expect(await books(sku)).toMatchObject({ onHand: 0, journalOnHand: 0, backordered: 1 });
    await inventory.restock({ reference: fresh("refund"), holdId, lines: [{ sku, quantity: 4 }] }, CONTEXT);
    expect(await books(sku)).toMatchObject({ onHand: 3, journalOnHand: 3, backordered: 0, resolutionsMax: 1 });
  });

  it("holds what nobody has yet, and journals it", async () => {
    const sku = await stocked(0, { backorderable: true });
    const holdId = fresh("hold");
    await hold(holdId, [{ sku, quantity: 2 }]);
    expect(await books(sku)).toMatchObject({ onHand: 0, held: 0, backordered: 2 });
    await release(holdId, sku);
    expect(await books(sku)).toMatchObject({ backordered: 0, resolutionsMax: 1 });
  });
});

describe("locations", () => {
  it("takes from the default location first and gives back to where it took from", async () => {
    const sku = await stocked(2, { location: "leeds" });
    await setBalances({ sku, location: "main", quantity: 3, backorderable: false });
    const holdId = fresh("hold");
    await hold(holdId, [{ sku, quantity: 4 }]);
    const held = "SELECT location, on_hand AS onHand, held FROM stock ORDER BY location";
    expect(await query(sku, held)).toEqual([
      { location: "leeds", onHand: 2, held: 1 },
      { location: "main", onHand: 3, held: 3 },
    ]);
    await release(holdId, sku);
    expect(await query(sku, held)).toEqual([
      { location: "leeds", onHand: 2, held: 0 },
      { location: "main", onHand: 3, held: 0 },
    ]);
    expect(await books(sku)).toMatchObject({ gapless: true, resolutionsMax: 1 });
  });
});

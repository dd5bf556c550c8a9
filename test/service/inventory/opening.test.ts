/** Opening balances: cheap until first use, frozen from then on, whatever races or crashes. */
import { listDurableObjectIds } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { available, bindings, books, CONTEXT, fresh, hold, inventory, query, setBalances, stocked, stub } from "./shop.ts";

describe("opening", () => {
  it("answers availability of untouched and unknown SKUs without making objects", async () => {
    const [sku, unknown] = [await stocked(7), fresh("UNKNOWN")];
    const answer = await inventory.availability([sku, unknown, sku], CONTEXT);
    expect(answer).toEqual({
      ok: true,
      value: [
        { sku, available: 7, backorderable: false, known: true },
        { sku: unknown, available: 0, backorderable: false, known: false },
      ],
    });
    const ids = (await listDurableObjectIds(bindings.SKU_STOCK)).map(String);
    expect(ids).not.toContain(String(bindings.SKU_STOCK.idFromName(sku)));
    expect(await inventory.listTouchedSkus("", 1_000)).not.toContain(sku);
  });

  it("replaces a balance until the first use and never after", async () => {
    const sku = await stocked(7);
    const balance = { sku, location: "main", quantity: 9, backorderable: false };
    expect(await setBalances(balance)).toEqual({ ok: true, value: { alreadyOpened: [] } });
    expect(await available(sku)).toBe(9);
    await hold(fresh("hold"), [{ sku, quantity: 2 }]);
    expect(await setBalances({ ...balance, quantity: 100 })).toEqual({
      ok: true,
      value: { alreadyOpened: [sku] },
    });
    await setBalances({ ...balance, location: "leeds" });
    expect(await available(sku)).toBe(7);
    expect(await inventory.listTouchedSkus("", 1_000)).toContain(sku);
  });

  it("opens once when imports and first buyers race, and books exactly one opening balance", async () => {
    const sku = await stocked(10);
    const balance = (quantity: number) => ({ sku, location: "main", quantity, backorderable: false });
    await Promise.all([
      ...Array.from({ length: 10 }, () => hold(fresh("hold"), [{ sku, quantity: 1 }])),
      ...Array.from({ length: 10 }, (_, index) => setBalances(balance(20 + index))),
    ]);
    const opened = await query<{ quantity: number }>(sku, "SELECT quantity FROM movements WHERE kind = 'opened'");
    const stored = await bindings.DATABASE.prepare("SELECT quantity FROM opening_balances WHERE sku = ?")
      .bind(sku)
      .all<{ quantity: number }>();
    expect(opened).toEqual(stored.results);
    expect(await books(sku)).toMatchObject({ held: 10, onHand: opened[0]?.quantity, gapless: true });
  });

  it("heals a crash between freezing the balance and opening the object", async () => {
    const sku = await stocked(4);
    await bindings.DATABASE.prepare("UPDATE skus SET opened_at_ms = 1 WHERE sku = ?").bind(sku).run();
    await setBalances({ sku, location: "main", quantity: 900, backorderable: true });
    expect(await available(sku)).toBe(4);
    expect((await hold(fresh("hold"), [{ sku, quantity: 3 }])).ok).toBe(true);
    expect(await available(sku)).toBe(1);
    expect((await hold(fresh("hold"), [{ sku, quantity: 2 }])).ok).toBe(false);
  });

  it("ignores a second opening of the object", async () => {
    const sku = await stocked(4);
    await hold(fresh("hold"), [{ sku, quantity: 1 }]);
    const forged = { sku, backorderable: true, balances: [{ location: "main", quantity: 900 }] };
    const answer = await stub(sku).hold(
      { holdId: fresh("hold"), quantity: 5, expiresAtMs: Date.now() + 60_000 },
      CONTEXT,
      forged,
    );
    expect(answer).toMatchObject({ ok: false, error: { code: "short", available: 3 } });
  });

  it("takes 2000 balances in one call and refuses a broken one whole", async () => {
    const balances = Array.from({ length: 2_000 }, () => ({
      sku: fresh("BULK"),
      location: "main",
      quantity: 3,
      backorderable: false,
    }));
    await setBalances(...balances);
    expect(await available(balances[1_999]?.sku ?? "")).toBe(3);
    const sku = fresh("SKU");
    const good = { sku, location: "main", quantity: 1, backorderable: false };
    await expect(setBalances(good, { ...good, quantity: -1 })).rejects.toThrow();
    await expect(setBalances(good, ...balances)).rejects.toThrow();
    expect(await inventory.availability([sku], CONTEXT)).toMatchObject({ value: [{ known: false }] });
  });
});

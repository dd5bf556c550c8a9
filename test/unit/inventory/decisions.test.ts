/** Single decisions, each with its own answer. */
import { describe, expect, it } from "vitest";
import { decideCart, type LineOutcome } from "../../../workers/inventory/hold-cart.ts";
import { sumLines } from "../../../workers/inventory/sum-lines.ts";
import { MemoryStock } from "./memory-stock.ts";

const MAIN = (quantity: number, backorderable = false) =>
  new MemoryStock({ backorderable, balances: [{ location: "main", quantity }] });

describe("one SKU", () => {
  it("tells committed, released and expired holds apart", () => {
    const stock = MAIN(10);
    for (const id of ["sold", "freed", "late"]) stock.hold(id, 2, id === "late" ? stock.nowMs + 1 : undefined);
    stock.commit("sold");
    stock.release("freed");
    stock.nowMs += 1;
    const codes = ["sold", "freed", "late"].map((id) => {
      const again = stock.hold(id, 2);
      return again.ok ? "ok" : again.error.code;
    });
    expect(codes).toEqual(["already_committed", "already_released", "expired"]);
    expect(stock.release("sold")).toEqual({ ok: false, error: { code: "already_committed" } });
    expect(stock.commit("freed")).toEqual({ ok: false, error: { code: "already_released" } });
    expect(stock.commit("late")).toEqual({ ok: false, error: { code: "expired" } });
    expect(stock.commit("never")).toEqual({ ok: false, error: { code: "hold_unknown" } });
    expect(stock.release("late")).toEqual({ ok: true, value: null });
  });

  it("keeps a hold to the last millisecond before its end", () => {
    const stock = MAIN(1);
    stock.hold("a", 1, stock.nowMs + 10);
    stock.nowMs += 9;
    expect(stock.hold("b", 1)).toEqual({ ok: false, error: { code: "short", available: 0 } });
    stock.nowMs += 1;
    expect(stock.hold("b", 1).ok).toBe(true);
  });

  it("puts back no units of a sale that it does not know, and what it knows once", () => {
    const stock = MAIN(10);
    for (const id of ["sold", "open", "undone"]) stock.hold(id, 2);
    stock.commit("sold");
    stock.commit("undone");
    stock.cancel("undone");
    const restock = (key: string, holdId: string, quantity = 2) => {
      const before = stock.view().available;
      expect(stock.restock({ key, holdId, quantity, location: null, reference: null })).toEqual({ ok: true, value: null });
      return stock.view().available - before;
    };
    expect(restock("refund-1", "of another time")).toBe(0);
    expect(stock.movements.at(-1)).toMatchObject({ kind: "restocked", quantity: 0, reference: "refund-1" });
    expect([restock("refund-2", "open"), restock("refund-3", "undone")]).toEqual([0, 0]);
    expect([restock("refund-4", "sold"), restock("refund-4", "sold")]).toEqual([2, 0]);
    expect(restock("refund-5", "sold", 50)).toBe(2);
    const reused = stock.restock({ key: "refund-4", holdId: "sold", quantity: 1, location: null, reference: null });
    expect(reused).toEqual({ ok: false, error: { code: "reused" } });
  });

  it("refuses a hold id that comes back with another quantity", () => {
    const stock = MAIN(10);
    stock.hold("a", 2);
    expect(stock.hold("a", 3)).toEqual({ ok: false, error: { code: "reused" } });
    expect(stock.view().available).toBe(8);
  });

  it("puts a sold hold back once, however often it is cancelled", () => {
    const stock = MAIN(10);
    stock.hold("a", 4);
    stock.commit("a");
    for (const _ of [1, 2]) expect(stock.cancel("a")).toEqual({ ok: true, value: null });
    expect(stock.view()).toMatchObject({ onHand: 10, held: 0 });
    expect(stock.commit("a")).toEqual({ ok: false, error: { code: "already_released" } });
    expect(stock.hold("a", 4)).toEqual({ ok: false, error: { code: "already_released" } });
    expect(stock.release("a")).toEqual({ ok: true, value: null });
  });

  it("does not journal a tombstone", () => {
    const stock = MAIN(10);
    stock.release("a");
    expect(stock.movements).toHaveLength(1);
    expect(stock.hold("a", 1)).toEqual({ ok: false, error: { code: "already_released" } });
  });

  it("fills the oldest owed hold first, and sold ones leave at once", () => {
    const stock = MAIN(0, true);
    stock.hold("first", 2);
    stock.hold("second", 2);
    stock.commit("first");
    stock.move("received", 3, { key: "delivery" });
    expect(stock.movements.slice(-3).map(({ kind, quantity, reference }) => [kind, quantity, reference])).toEqual([
      ["received", 3, "delivery"],
      ["committed", 2, "first"],
      ["held", 1, "second"],
    ]);
    expect(stock.view()).toMatchObject({ onHand: 1, held: 1, available: 0, backordered: 1 });
  });

  it("gives the units of an expired hold to those who are owed them, not to the next buyer", () => {
    const stock = new MemoryStock({ backorderable: true, balances: [{ location: "main", quantity: 2 }] });
    stock.hold("late", 2, stock.nowMs + 1);
    stock.hold("waiting", 2);
    stock.nowMs += 1;
    expect(stock.view()).toMatchObject({ available: 0, backordered: 0 });
    stock.commit("waiting");
    expect(stock.view()).toMatchObject({ onHand: 0, backordered: 0 });
  });

  it("takes from the default location first, then by name", () => {
    const balances = ["york", "main", "leeds"].map((location) => ({ location, quantity: 2 }));
    const stock = new MemoryStock({ backorderable: false, balances });
    stock.hold("a", 5);
    expect(stock.holds.get("a")?.allocation).toEqual([
      ["main", 2],
      ["leeds", 2],
      ["york", 1],
    ]);
  });

  it("never adjusts below what is promised", () => {
    const stock = MAIN(5);
    stock.hold("a", 3);
    expect(stock.move("adjusted", -3)).toEqual({ ok: false, error: { code: "insufficient_stock", available: 2 } });
    expect(stock.move("adjusted", -1, { location: "leeds" })).toEqual({
      ok: false,
      error: { code: "insufficient_stock", available: 0 },
    });
    expect(stock.move("adjusted", -2).ok).toBe(true);
  });
});

describe("one cart", () => {
  const line = (sku: string, quantity = 1) => ({ sku, quantity });
  const held = (sku: string, expiresAtMs = 100): LineOutcome => ({
    line: line(sku),
    result: { ok: true, value: { expiresAtMs } },
  });
  const failed = (sku: string, error: Extract<LineOutcome["result"], { ok: false }>["error"]): LineOutcome => ({
    line: line(sku),
    result: { ok: false, error },
  });

  it("sums lines of one SKU and sorts by SKU", () => {
    expect(sumLines([line("b", 2), line("a", 1), line("b", 3)])).toEqual([line("a", 1), line("b", 5)]);
  });

  it("ends with its earliest hold", () => {
    expect(decideCart([held("a", 90), held("b", 100)], 100)).toEqual({
      result: { ok: true, value: { expiresAtMs: 90 } },
      release: [],
    });
  });

  it("puts a shortage before an id that was resolved, and frees the rest", () => {
    const outcomes = [held("a"), failed("b", { code: "short", available: 0 }), failed("c", { code: "already_released" })];
    expect(decideCart(outcomes, 100)).toEqual({
      result: { ok: false, error: { code: "out_of_stock", shortages: [{ sku: "b", requested: 1, available: 0 }] } },
      release: ["a"],
    });
  });

  it.each([
    ["expired", ["a"]],
    ["already_released", ["a"]],
    ["already_committed", []],
    ["reused", []],
  ] as const)("frees the rest of a cart whose id is %s: %j", (code, release) => {
    expect(decideCart([held("a"), failed("b", { code })], 100)).toEqual({
      result: { ok: false, error: { code: "hold_resolved", skus: ["b"] } },
      release,
    });
  });
});

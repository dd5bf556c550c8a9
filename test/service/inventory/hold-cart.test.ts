/** A cart is held whole or not at all, and never more than there is. */
import { describe, expect, it } from "vitest";
import type { StockObjects } from "../../../workers/inventory/env.ts";
import { holdCart } from "../../../workers/inventory/hold-cart.ts";
import { commitHold } from "../../../workers/inventory/resolve-hold.ts";
import { STOCK_CONCURRENCY } from "../../../workers/inventory/touch-stock.ts";
import {
  available,
  bindings,
  books,
  CONTEXT,
  commit,
  fresh,
  hold,
  holdTogether,
  inMinutes,
  inventory,
  release,
  setBalances,
  stocked,
} from "./shop.ts";

describe("holding", () => {
  it("sells exactly 50 to 200 concurrent buyers of a stock of 50", async () => {
    const sku = await stocked(50);
    const buyers = Array.from({ length: 200 }, () => fresh("hold"));
    const answers = await Promise.all(buyers.map((buyer) => hold(buyer, [{ sku, quantity: 1 }])));
    const won = buyers.filter((_, index) => answers[index]?.ok === true);
    expect(won).toHaveLength(50);
    const refusals = answers.flatMap((answer) => (answer.ok ? [] : [answer.error]));
    expect(refusals).toHaveLength(150);
    for (const refusal of refusals) {
      expect(refusal).toEqual({ code: "out_of_stock", shortages: [{ sku, requested: 1, available: 0 }] });
    }
    await Promise.all(won.map((buyer) => commit(buyer, sku)));
    expect(await books(sku)).toMatchObject({ onHand: 0, held: 0, journalOnHand: 0, gapless: true, resolutionsMax: 1 });
  });

  it("sums two lines of one SKU, so that 3 + 3 does not fit into 5", async () => {
    const sku = await stocked(5);
    const answer = await hold(fresh("hold"), [
      { sku, quantity: 3 },
      { sku, quantity: 3 },
    ]);
    expect(answer).toEqual({
      ok: false,
      error: { code: "out_of_stock", shortages: [{ sku, requested: 6, available: 5 }] },
    });
    expect(await available(sku)).toBe(5);
  });

  it("holds nothing of a cart when one SKU is short, and names every shortage", async () => {
    const [plenty, few, none] = [await stocked(10), await stocked(1), await stocked(0)];
    const answer = await hold(fresh("hold"), [
      { sku: plenty, quantity: 4 },
      { sku: few, quantity: 2 },
      { sku: none, quantity: 1 },
    ]);
    expect(answer.ok).toBe(false);
    if (!answer.ok && answer.error.code === "out_of_stock") {
      expect(answer.error.shortages.toSorted((a, b) => b.available - a.available)).toEqual([
        { sku: few, requested: 2, available: 1 },
        { sku: none, requested: 1, available: 0 },
      ]);
    }
    expect(await available(plenty)).toBe(10);
    expect(await available(few)).toBe(1);
  });

  it("holds nothing when one SKU is unknown", async () => {
    const [sku, unknown] = [await stocked(10), fresh("UNKNOWN")];
    const answer = await hold(fresh("hold"), [
      { sku, quantity: 1 },
      { sku: unknown, quantity: 1 },
    ]);
    expect(answer).toEqual({ ok: false, error: { code: "unknown_sku", skus: [unknown] } });
    expect(await available(sku)).toBe(10);
  });

  it("is idempotent by hold id, also when both calls run at once", async () => {
    const sku = await stocked(10);
    const holdId = fresh("hold");
    const expiresAtMs = inMinutes(15);
    const answers = await Promise.all([1, 2, 3].map(() => hold(holdId, [{ sku, quantity: 4 }], expiresAtMs)));
    for (const answer of answers) expect(answer).toEqual({ ok: true, value: { expiresAtMs } });
    expect(await available(sku)).toBe(6);
  });

  it("holds a cart of many more lines than may be in flight at once", async () => {
    const skus = Array.from({ length: 3 * STOCK_CONCURRENCY }, () => fresh("BULK"));
    await setBalances(...skus.map((sku) => ({ sku, location: "main", quantity: 2, backorderable: false })));
    const answer = await hold(
      fresh("hold"),
      skus.map((sku) => ({ sku, quantity: 1 })),
    );
    expect(answer.ok).toBe(true);
    expect(await available(skus.at(-1) ?? "")).toBe(1);
  });

  it("keeps D1 out of a hot hold and its commit", async () => {
    const sku = await stocked(10);
    const env = { ...bindings, SKU_STOCK: bindings.SKU_STOCK as StockObjects };
    const command = () => ({ holdId: fresh("hold"), lines: [{ sku, quantity: 1 }], expiresAtMs: inMinutes(15) });
    expect((await holdCart(env, command(), CONTEXT)).ok).toBe(true);
    const hot = { ...env, DATABASE: {} as D1Database };
    const { holdId, ...rest } = command();
    expect((await holdCart(hot, { holdId, ...rest }, CONTEXT)).ok).toBe(true);
    expect((await commitHold(hot, { holdId, skus: [sku] }, CONTEXT)).ok).toBe(true);
    const cold = { ...rest, holdId: fresh("hold"), lines: [{ sku: await stocked(1), quantity: 1 }] };
    await expect(holdCart(hot, cold, CONTEXT)).rejects.toThrow(TypeError);
  });

  it.each([0, -1, 0.5, 1_000_001, 2 ** 53, Number.NaN, "1"])("refuses the quantity %s", async (quantity) => {
    const sku = await stocked(10);
    await expect(hold(fresh("hold"), [{ sku, quantity: quantity as number }])).rejects.toThrow();
    expect(await available(sku)).toBe(10);
  });
});

describe("holding together", () => {
  it("answers each as if it had come alone, in the order of the call", async () => {
    const sku = await stocked(4);
    const [first, large, second, again] = [fresh("hold"), fresh("hold"), fresh("hold"), fresh("hold")];
    await release(again, sku);
    const outcomes = await holdTogether(sku, [
      [first, 2],
      [large, 3],
      [again, 1],
      [second, 2],
      [first, 2],
    ]);
    expect(outcomes.map((outcome) => (outcome.ok ? "held" : outcome.error.code))).toEqual([
      "held",
      "out_of_stock",
      "hold_resolved",
      "held",
      "held",
    ]);
    expect(outcomes[1]).toEqual({
      ok: false,
      error: { code: "out_of_stock", shortages: [{ sku, requested: 3, available: 2 }] },
    });
    expect(await available(sku)).toBe(0);
  });

  it("sells exactly the stock to crowds that come together and alone at once, and again after lost answers", async () => {
    const sku = await stocked(50);
    const crowds = Array.from({ length: 4 }, () => Array.from({ length: 40 }, () => fresh("hold")));
    const once = async () => {
      const together = crowds.map((crowd) =>
        holdTogether(
          sku,
          crowd.map((holdId) => [holdId, 1] as const),
        ),
      );
      const alone = Array.from({ length: 20 }, () => hold(fresh("hold"), [{ sku, quantity: 1 }]));
      return [(await Promise.all(together)).flat(), await Promise.all(alone)] as const;
    };
    const [first, alone] = await once();
    const won = first.filter(({ ok }) => ok).length;
    expect(won + alone.filter(({ ok }) => ok).length).toBe(50);
    const [repeated] = await once();
    expect(repeated).toEqual(first);
    expect(await books(sku)).toMatchObject({ onHand: 50, held: 50, gapless: true });
  });

  it("opens an untouched SKU, and knows no other", async () => {
    const [sku, unknown] = [await stocked(1), fresh("UNKNOWN")];
    expect(await holdTogether(sku, [[fresh("hold"), 1]])).toMatchObject([{ ok: true }]);
    expect(await holdTogether(unknown, [[fresh("hold"), 1]])).toEqual([
      { ok: false, error: { code: "unknown_sku", skus: [unknown] } },
    ]);
  });

  it("journals each hold with its own trace", async () => {
    const sku = await stocked(5);
    await holdTogether(sku, [
      [fresh("hold"), 1],
      [fresh("hold"), 2],
    ]);
    const events = (await inventory.readEvents(sku, 0, 10)).filter(({ data }) => data.kind === "held");
    expect(events.map(({ sequence }) => sequence)).toEqual([2, 3]);
    expect(new Set(events.map(({ traceparent }) => traceparent)).size).toBe(2);
  });
});

describe("resolving", () => {
  it("commits once and says so to a late release and a repeated hold", async () => {
    const sku = await stocked(10);
    const holdId = fresh("hold");
    await hold(holdId, [{ sku, quantity: 3 }]);
    expect(await commit(holdId, sku)).toEqual({ ok: true, value: null });
    expect(await commit(holdId, sku)).toEqual({ ok: true, value: null });
    expect(await release(holdId, sku)).toEqual({ ok: false, error: { code: "already_committed", skus: [sku] } });
    expect(await hold(holdId, [{ sku, quantity: 3 }])).toEqual({ ok: false, error: { code: "hold_resolved", skus: [sku] } });
    expect(await books(sku)).toMatchObject({ onHand: 7, held: 0, resolutionsMax: 1 });
  });

  it("releases once, and then neither commits nor holds under that id", async () => {
    const sku = await stocked(10);
    const holdId = fresh("hold");
    await hold(holdId, [{ sku, quantity: 3 }]);
    expect(await release(holdId, sku)).toEqual({ ok: true, value: null });
    expect(await release(holdId, sku)).toEqual({ ok: true, value: null });
    expect(await available(sku)).toBe(10);
    expect(await commit(holdId, sku)).toEqual({ ok: false, error: { code: "hold_expired", skus: [sku] } });
    expect((await hold(holdId, [{ sku, quantity: 1 }])).ok).toBe(false);
    expect(await available(sku)).toBe(10);
  });

  it("refuses a hold that arrives after its release, also on a SKU that nobody used before", async () => {
    const sku = await stocked(10);
    const holdId = fresh("hold");
    expect(await release(holdId, sku)).toEqual({ ok: true, value: null });
    expect(await hold(holdId, [{ sku, quantity: 3 }])).toEqual({ ok: false, error: { code: "hold_resolved", skus: [sku] } });
    expect(await available(sku)).toBe(10);
  });

  it("puts committed SKUs back when another SKU of the cart cannot be committed", async () => {
    const [first, second] = [await stocked(5), await stocked(5)];
    const holdId = fresh("hold");
    await hold(holdId, [
      { sku: first, quantity: 2 },
      { sku: second, quantity: 2 },
    ]);
    await release(holdId, second);
    expect(await commit(holdId, first, second)).toEqual({ ok: false, error: { code: "hold_expired", skus: [second] } });
    const after = await books(first);
    expect(after).toMatchObject({ onHand: 5, held: 0, journalOnHand: 5, resolutionsMax: 1 });
    expect(after.holds[holdId]).toBe("released");
    expect((await commit(holdId, first, second)).ok).toBe(false);
    expect(await books(first)).toMatchObject({ onHand: 5, held: 0 });
  });

  it("puts back only what was taken when a cart is released whose commit broke off half way", async () => {
    const [first, second] = [await stocked(5), await stocked(5)];
    const holdId = fresh("hold");
    await hold(holdId, [
      { sku: first, quantity: 2 },
      { sku: second, quantity: 2 },
    ]);
    await commit(holdId, first);
    for (const _ of [1, 2]) expect(await release(holdId, first, second)).toEqual({ ok: true, value: null });
    expect(await books(first)).toMatchObject({ onHand: 5, held: 0, journalOnHand: 5 });
    expect(await books(second)).toMatchObject({ onHand: 5, held: 0, journalOnHand: 5 });
    expect(await commit(holdId, first, second)).toMatchObject({ ok: false, error: { code: "hold_expired" } });
    expect(await books(first)).toMatchObject({ onHand: 5, held: 0 });
  });

  it("keeps a committed cart when a delayed duplicate of its hold arrives in mid-commit", async () => {
    const [first, second] = [await stocked(5), await stocked(5)];
    const holdId = fresh("hold");
    const lines = [
      { sku: first, quantity: 2 },
      { sku: second, quantity: 2 },
    ];
    await hold(holdId, lines);
    await commit(holdId, first);
    expect(await hold(holdId, lines)).toMatchObject({ ok: false, error: { code: "hold_resolved", skus: [first] } });
    expect(await commit(holdId, first, second)).toEqual({ ok: true, value: null });
    expect(await books(second)).toMatchObject({ onHand: 3, held: 0 });
  });

  it("restocks once per reference and SKU", async () => {
    const sku = await stocked(5);
    const holdId = fresh("hold");
    await hold(holdId, [{ sku, quantity: 3 }]);
    await commit(holdId, sku);
    const reference = fresh("refund");
    for (const _ of [1, 2]) await inventory.restock({ reference, holdId, lines: [{ sku, quantity: 2 }] }, CONTEXT);
    expect(await books(sku)).toMatchObject({ onHand: 4, journalOnHand: 4 });
    const unknown = fresh("UNKNOWN");
    expect(await inventory.restock({ reference, holdId, lines: [{ sku: unknown, quantity: 2 }] }, CONTEXT)).toEqual({
      ok: false,
      error: { code: "unknown_sku", skus: [unknown] },
    });
  });
});

import { describe, expect, it } from "vitest";
import { Holds } from "../../../durable-objects/checkout-partition/hold-together.ts";
import type { HoldCommand, HoldOutcome, HoldTogetherCommand } from "../../../workers/inventory/contract.ts";
import { ObjectTimers } from "../../../workers/shared/later.ts";
import { err, ok } from "../../../workers/shared/result.ts";
import { newContext } from "../../../workers/shared/telemetry.ts";
import { MemoryStock } from "../inventory/memory-stock.ts";

/** After the clock of `MemoryStock`. */
const SOON_MS = 9_000_000;

/** One SKU behind an inventory whose calls the test can break. */
function inventoryOf(units: number) {
  const stock = new MemoryStock({ backorderable: false, balances: [{ location: "main", quantity: units }] });
  const calls: string[] = [];
  const broken = { together: null as "before" | "after" | "overloaded" | null };
  const holdOne = (holdId: string, sku: string, quantity: number): HoldOutcome => {
    const held = stock.hold(holdId, quantity, SOON_MS);
    if (held.ok) return held;
    const { error } = held;
    if (error.code !== "short") return err({ code: "hold_resolved", skus: [sku] });
    return err({ code: "out_of_stock", shortages: [{ sku, requested: quantity, available: error.available }] });
  };
  const hold = async ({ holdId, lines }: HoldCommand): Promise<HoldOutcome> => {
    calls.push(holdId);
    await Promise.resolve();
    return holdOne(holdId, lines[0]?.sku ?? "", lines[0]?.quantity ?? 0);
  };
  const holdTogether = async ({ sku, holds }: HoldTogetherCommand) => {
    calls.push(holds.map(({ holdId }) => holdId).join("+"));
    await Promise.resolve();
    if (broken.together === "overloaded") throw Object.assign(new Error("too much"), { overloaded: true });
    if (broken.together === "before") throw new Error("lost");
    const outcomes = holds.map(({ holdId, quantity }) => holdOne(holdId, sku, quantity));
    if (broken.together === "after") throw new Error("answer lost");
    return ok(outcomes);
  };
  const holds = new Holds(() => ({ hold, holdTogether }), new ObjectTimers().later);
  const buy = (holdId: string, quantity = 1, ...others: string[]) => {
    const lines = ["HOT", ...others].map((sku) => ({ sku, quantity }));
    return holds.hold({ holdId, lines, expiresAtMs: SOON_MS }, newContext());
  };
  return { stock, calls, broken, buy };
}

function codes(outcomes: readonly { readonly ok: boolean; readonly error?: { readonly code: string } }[]): string[] {
  return outcomes.map((outcome) => (outcome.ok ? "held" : (outcome.error?.code ?? "")));
}

describe("holds of one partition", () => {
  it("share one call while another is in flight, and the first who came get the last units", async () => {
    const { buy, calls, stock } = inventoryOf(3);
    const outcomes = await Promise.all([buy("a"), buy("b"), buy("c", 2), buy("d"), buy("e")]);
    expect(calls).toEqual(["a", "b+c+d+e"]);
    expect(codes(outcomes)).toEqual(["held", "held", "out_of_stock", "held", "out_of_stock"]);
    expect(outcomes[2]).toMatchObject({ error: { shortages: [{ sku: "HOT", requested: 2, available: 1 }] } });
    expect(stock.view().available).toBe(0);
  });

  it("go alone when the cart wants several SKUs, so that nobody waits for another's", async () => {
    const { buy, calls } = inventoryOf(9);
    await Promise.all([buy("a"), buy("b", 1, "COLD"), buy("c")]);
    expect(calls).toEqual(["a", "b", "c"]);
  });

  it.each(["before", "after"] as const)("are asked again each for itself when their call broke %s its effect", async (when) => {
    const { buy, calls, broken, stock } = inventoryOf(3);
    broken.together = when;
    const outcomes = await Promise.all([buy("a"), buy("b"), buy("c", 2), buy("d")]);
    expect(calls).toEqual(["a", "b+c+d", "b", "c", "d"]);
    expect(codes(outcomes)).toEqual(["held", "held", "out_of_stock", "held"]);
    expect([...stock.holds.keys()]).toEqual(["a", "b", "d"]);
  });

  it("are not asked again when inventory is overloaded", async () => {
    const { buy, calls, broken } = inventoryOf(3);
    broken.together = "overloaded";
    const outcomes = await Promise.all([buy("a"), buy("b"), buy("c")]);
    expect(calls).toEqual(["a", "b+c"]);
    expect(codes(outcomes)).toEqual(["held", "unavailable", "unavailable"]);
  });
});

import { describe, expect, it } from "vitest";
import { checkOrder, SAGA_AGE_MAX_MS } from "../../../durable-objects/audit-run/check-order.ts";
import { account, failedAccount, order } from "./fixtures.ts";

const NOW = 3_000;

function invariants(...args: Parameters<typeof checkOrder>): string[] {
  return checkOrder(...args).map((finding) => finding.invariant);
}

describe("one order by itself", () => {
  it("finds nothing wrong with a placed and with a failed order", () => {
    expect(checkOrder(account(), NOW)).toEqual([]);
    expect(checkOrder(failedAccount(), NOW)).toEqual([]);
  });

  it.each(["subtotalMinor", "discountMinor", "shippingMinor", "totalMinor"] as const)("notices a wrong %s", (part) => {
    const { totals } = order();
    const wrong = account({
      order: order({ totals: { ...totals, [part]: totals[part] + 1 } }),
      capturedMinor: totals.totalMinor,
    });
    expect(invariants(wrong, NOW)).toContain("I11");
  });

  it("adds tax to the total only where prices do not contain it", () => {
    const totals = { subtotalMinor: 500, discountMinor: 0, shippingMinor: 0, taxMinor: 100, totalMinor: 600 };
    expect(invariants(account({ order: order({ totals, taxIncluded: false }), capturedMinor: 600 }), NOW)).toEqual([]);
    expect(invariants(account({ order: order({ totals, taxIncluded: true }), capturedMinor: 600 }), NOW)).toEqual(["I11"]);
  });

  it("notices a line that is not price × quantity", () => {
    const [first, ...rest] = order().lines;
    if (first === undefined) throw new Error("no line");
    const lines = [{ ...first, quantity: 3 }, ...rest];
    expect(invariants(account({ order: order({ lines }) }), NOW)).toContain("I11");
  });

  it("notices a placed order without committed stock, without its money, or with other quantities held", () => {
    expect(invariants(account({ committedHoldId: null }), NOW)).toEqual(["I4"]);
    expect(invariants(account({ capturedMinor: 848 }), NOW)).toEqual(["I4"]);
    expect(invariants(account({ heldLines: [{ sku: "A", quantity: 3 }] }), NOW)).toEqual(["I4"]);
  });

  it("notices money that a failed order keeps", () => {
    expect(invariants(failedAccount({ capturedMinor: 849 }), NOW)).toEqual(["I4"]);
  });

  it("notices an ended saga whose order never came to an end", () => {
    const stuck = failedAccount();
    expect(invariants({ ...stuck, order: { ...stuck.order, status: "awaiting_payment" } }, NOW)).toEqual(["I4"]);
  });

  it("lets a young saga run and calls an old one stuck, however often it retried", () => {
    const running = failedAccount({ sagaEnded: false, sagaStep: "capturing", updatedAtMs: 2_000 + 2 * SAGA_AGE_MAX_MS });
    expect(invariants(running, 2_000 + SAGA_AGE_MAX_MS)).toEqual([]);
    expect(invariants(running, 2_001 + SAGA_AGE_MAX_MS)).toEqual(["I7"]);
  });

  it("does not judge stock and money of a saga that runs", () => {
    expect(invariants(account({ sagaEnded: false, committedHoldId: null, capturedMinor: 0 }), NOW)).toEqual([]);
  });
});

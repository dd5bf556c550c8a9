import { describe, expect, it } from "vitest";
import { type Evidence, fingerprintOf, judgeOrder } from "../../../durable-objects/audit-run/judge-order.ts";
import type { OrderEvent } from "../../../queues/contracts/order-events.ts";
import { books, facts, HOLD_ID, ORDER_ID } from "./fixtures.ts";

const UNITS = [
  { sku: "B", quantity: 1 },
  { sku: "A", quantity: 2 },
];

function event(sequence: number, type: OrderEvent["type"], data: object = {}): OrderEvent {
  return { sequence, type, source: "s", id: `s#${sequence}`, data: { orderId: ORDER_ID, ...data } } as OrderEvent;
}

const HISTORY = [event(1, "order.submitted"), event(2, "order.placed")];

function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    facts: facts(),
    history: HISTORY,
    committed: new Map([[HOLD_ID, UNITS]]),
    payments: [books()],
    differences: [],
    ...changes,
  };
}

function invariants(changes: Partial<Evidence>): string[] {
  return judgeOrder(evidence(changes)).map((finding) => finding.invariant);
}

describe("an order against all other books", () => {
  it("is right when log, stock, money and rows agree, whatever the order of its lines", () => {
    expect(judgeOrder(evidence())).toEqual([]);
  });

  it("notices stock that was never committed, or in other quantities", () => {
    expect(invariants({ committed: new Map() })).toEqual(["I4"]);
    expect(invariants({ committed: new Map([[HOLD_ID, [{ sku: "A", quantity: 3 }]]]) })).toEqual(["I4"]);
  });

  it("notices stock committed by another attempt, or for an order that failed", () => {
    const twice = new Map([
      [HOLD_ID, UNITS],
      [`${ORDER_ID}~2`, UNITS],
    ]);
    expect(invariants({ committed: twice })).toEqual(["I4"]);
    const failed = facts({ placed: false, status: "failed", committedHoldId: null, capturedMinor: 0 });
    const history = [event(1, "order.submitted"), event(2, "order.failed")];
    expect(invariants({ facts: failed, history, payments: [] })).toEqual(["I4"]);
  });

  it("notices a paid order of which payments knows nothing", () => {
    expect(invariants({ payments: [] })).toEqual(["I3"]);
  });

  it("counts a declined payment beside the paid one for nothing", () => {
    const nothing = { capturedMinor: 0, refundedMinor: 0 };
    const declined = books({ paymentId: "pi_0", provider: { ...nothing, status: "declined" }, ledger: nothing });
    expect(invariants({ payments: [declined, books()] })).toEqual([]);
    expect(invariants({ payments: [books(), books({ paymentId: "pi_2" })] })).toEqual(["I3"]);
  });

  it.each<[string, readonly OrderEvent[]]>([
    ["placed without telling it", [event(1, "order.submitted")]],
    ["placed twice by its log", [...HISTORY, event(3, "order.placed")]],
    ["refunded in the log alone", [...HISTORY, event(3, "order.refunded", { amountMinor: 5 })]],
    ["completed in the log alone", [...HISTORY, event(3, "order.completed")]],
  ])("notices an order that is %s", (_, history) => {
    expect(new Set(invariants({ history }))).toEqual(new Set(["I6"]));
  });

  it("names what a follower lacks I6, and what it has wrong I12", () => {
    const differences = [
      { kind: "missing" as const, subject: `${ORDER_ID} mail`, detail: "is missing" },
      { kind: "different" as const, subject: ORDER_ID, detail: "units" },
    ];
    expect(invariants({ differences })).toEqual(["I6", "I12"]);
  });

  it("leaves the books of an order in flight alone, but not its rows", () => {
    const running = facts({ ended: false, placed: false, committedHoldId: null });
    expect(invariants({ facts: running, payments: [] })).toEqual([]);
  });

  it("is looked at afresh when it changes", () => {
    const before = fingerprintOf(evidence());
    expect(fingerprintOf(evidence({ facts: facts({ updatedAtMs: 9_999 }) }))).not.toBe(before);
    expect(fingerprintOf(evidence({ history: [...HISTORY, event(3, "order.shipped")] }))).not.toBe(before);
  });
});

/** The buyers' witness of the kills: each way in which a shop can break its word is seen in what it said and what stands. */
import { describe, expect, it } from "vitest";
import { type Claim, contradictions, type Heard, type KnownOrder, type ProviderPayment } from "../served/claims.ts";

const PLACED: Heard = { status: 201, code: null, orderId: "ord_1", orderStatus: "placed", replayed: false };
const SOLD_OUT: Heard = { status: 409, code: "out_of_stock", orderId: null, orderStatus: null, replayed: false };

function claim(changes: Partial<Claim> = {}): Claim {
  return {
    email: "ada@shop.example",
    story: "pays",
    totalMinor: 500,
    units: { TEA: 1 },
    heard: [PLACED],
    lastStatus: "placed",
    refund: null,
    cancellation: null,
    ...changes,
  };
}

function order(changes: Partial<KnownOrder> = {}): KnownOrder {
  return {
    id: "ord_1",
    email: "ada@shop.example",
    status: "placed",
    totalMinor: 500,
    refundedMinor: 0,
    wasPlaced: true,
    ...changes,
  };
}

function payment(changes: Partial<ProviderPayment> = {}): ProviderPayment {
  return { id: "pi_1", orderId: "ord_1", capturedMinor: 500, refundedMinor: 0, ...changes };
}

const failed = order({ status: "failed", wasPlaced: false });

describe("what a buyer knows", () => {
  it("agrees with a shop that keeps its word", () => {
    expect(contradictions([claim()], [order()], [payment()])).toEqual([]);
    expect(contradictions([claim({ heard: [SOLD_OUT], lastStatus: null })], [failed], [])).toEqual([]);
    expect(contradictions([claim({ heard: [PLACED, { ...PLACED, replayed: true }] })], [order()], [payment()])).toEqual([]);
    const uncertain = claim({ refund: { amountMinor: 100, certain: false } });
    expect(contradictions([uncertain], [order()], [payment()])).toEqual([]);
    expect(contradictions([uncertain], [order({ refundedMinor: 100 })], [payment({ refundedMinor: 100 })])).toEqual([]);
  });

  it.each<[string, Claim, KnownOrder[], ProviderPayment[]]>([
    ["an acknowledged order that is gone", claim(), [], []],
    ["an acknowledged order that failed after all", claim(), [failed], []],
    ["an acknowledged order that nobody cancelled and that is cancelled", claim(), [order({ status: "cancelled" })], [payment()]],
    ["another price than the one agreed on", claim({ totalMinor: 400 }), [order()], [payment()]],
    ["two orders of one key", claim(), [order(), order({ id: "ord_2" })], [payment(), payment({ id: "pi_2", orderId: "ord_2" })]],
    ["two answers to one key", claim({ heard: [PLACED, SOLD_OUT] }), [order()], [payment()]],
    ["a repetition that was not a replay", claim({ heard: [PLACED, PLACED] }), [order()], [payment()]],
    ["no answer at all", claim({ heard: [] }), [order()], [payment()]],
    ["sold out, and placed", claim({ heard: [SOLD_OUT] }), [order()], [payment()]],
    ["sold out, and charged", claim({ heard: [SOLD_OUT], lastStatus: null }), [failed], [payment()]],
    ["placed, and not charged", claim(), [order()], []],
    ["charged twice", claim(), [order()], [payment(), payment({ id: "pi_2" })]],
    ["charged without an order", claim(), [order()], [payment(), payment({ id: "pi_2", orderId: "ord_9" })]],
    [
      "a refund that was acknowledged and not paid",
      claim({ refund: { amountMinor: 100, certain: true } }),
      [order()],
      [payment()],
    ],
    [
      "a refund that was paid twice",
      claim({ refund: { amountMinor: 100, certain: true } }),
      [order({ refundedMinor: 100 })],
      [payment({ refundedMinor: 200 })],
    ],
    ["a cancellation that was acknowledged and forgotten", claim({ cancellation: { certain: true } }), [order()], [payment()]],
  ])("does not agree with %s", (_, said, orders, payments) => {
    expect(contradictions([said], orders, payments)).not.toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { checkHolds } from "../../../workers/audit/check-holds.ts";
import { checkBalances, checkPayment, checkUnpaid } from "../../../workers/audit/check-money.ts";
import { checkLevels, checkStock } from "../../../workers/audit/check-stock.ts";
import { digestLines } from "../../../workers/audit/line-digest.ts";
import { books, facts, HOLD_ID, ORDER_ID, stock } from "./fixtures.ts";

function invariants(findings: readonly { readonly invariant: string }[]): string[] {
  return findings.map((finding) => finding.invariant);
}

const DIGEST = facts().heldDigest;

describe("the books of one SKU", () => {
  it("finds nothing wrong with books that add up", () => {
    expect(checkStock(stock())).toEqual([]);
  });

  it.each([
    ["negative stock", { locations: [{ location: "main", onHand: -1, held: 3, journalOnHand: -1 }] }],
    ["more held than on hand", { locations: [{ location: "main", onHand: 2, held: 3, journalOnHand: 2 }] }],
    ["a journal that adds up to something else", { locations: [{ location: "main", onHand: 8, held: 3, journalOnHand: 9 }] }],
    ["holds that promise more than is held", { locations: [{ location: "main", onHand: 8, held: 2, journalOnHand: 8 }] }],
    ["units held for nobody", { locations: [{ location: "main", onHand: 8, held: 4, journalOnHand: 8 }] }],
  ])("notices %s", (_, changes) => {
    expect(invariants(checkStock(stock(changes)))).toEqual(["I1"]);
  });

  it("allows holds beyond stock exactly as far as they are backordered", () => {
    const locations = [{ location: "main", onHand: 8, held: 2, journalOnHand: 8 }];
    expect(checkStock(stock({ locations, backordered: 1 }))).toEqual([]);
  });

  it.each([
    ["twice", "committed", 2],
    ["never", "committed", 0],
    ["though it is open", "held", 1],
  ] as const)("notices a hold that was resolved %s", (_, state, resolutions) => {
    const holds = [
      { holdId: "h1", state, quantity: 3, expiresAtMs: 0, resolutions },
      { holdId: "h2", state: "held" as const, quantity: state === "held" ? 0 : 3, expiresAtMs: 0, resolutions: 0 },
    ];
    expect(invariants(checkStock(stock({ holds })))).toEqual(["I2"]);
  });

  it("accepts a tombstone, which never held anything", () => {
    const tombstone = { holdId: "h", state: "released" as const, quantity: 0, expiresAtMs: 0, resolutions: 0 };
    expect(checkStock(stock({ holds: [...stock().holds, tombstone] }))).toEqual([]);
  });

  it("notices a gap in the journal", () => {
    expect(invariants(checkStock(stock({ gapless: false })))).toEqual(["I10"]);
  });

  it("compares analytics' levels with the truth, location by location", () => {
    const level = { sku: "A", location: "main", sequence: 4, onHand: 8, held: 3 };
    expect(checkLevels(stock(), [level])).toEqual([]);
    expect(invariants(checkLevels(stock(), [{ ...level, held: 2 }]))).toEqual(["I12"]);
    expect(invariants(checkLevels(stock(), []))).toEqual(["I12"]);
  });
});

describe("committed stock against orders", () => {
  const orders = new Map([[ORDER_ID, facts()]]);

  it("finds nothing wrong when every placed order has its hold, whatever the order of its lines", () => {
    expect(checkHolds(orders, new Map([[HOLD_ID, DIGEST]]))).toEqual([]);
  });

  it("notices stock that was never committed, or in other quantities", () => {
    expect(invariants(checkHolds(orders, new Map()))).toEqual(["I4"]);
    const other = digestLines([
      { sku: "A", quantity: 1 },
      { sku: "B", quantity: 1 },
    ]);
    expect(invariants(checkHolds(orders, new Map([[HOLD_ID, other]])))).toEqual(["I4"]);
  });

  it("notices stock committed for an order that failed, does not exist, or uses another attempt", () => {
    const failed = new Map([[ORDER_ID, facts({ placed: false, status: "failed", committedHoldId: null })]]);
    expect(invariants(checkHolds(failed, new Map([[HOLD_ID, DIGEST]])))).toEqual(["I4"]);
    expect(invariants(checkHolds(new Map(), new Map([[HOLD_ID, DIGEST]])))).toEqual(["I4"]);
    const twice = new Map([
      [HOLD_ID, DIGEST],
      [`${ORDER_ID}~2`, DIGEST],
    ]);
    expect(invariants(checkHolds(orders, twice))).toEqual(["I4"]);
  });

  it("leaves an order in flight alone", () => {
    const running = new Map([[ORDER_ID, facts({ ended: false, placed: false, committedHoldId: null })]]);
    expect(checkHolds(running, new Map([[HOLD_ID, DIGEST]]))).toEqual([]);
  });

  it("tells sets of lines apart by SKU and by quantity", () => {
    const digests = [
      [{ sku: "A", quantity: 1 }],
      [{ sku: "A", quantity: 2 }],
      [{ sku: "B", quantity: 1 }],
      [
        { sku: "A", quantity: 1 },
        { sku: "B", quantity: 1 },
      ],
      [
        { sku: "A", quantity: 11 },
        { sku: "B", quantity: 1 },
      ],
      [
        { sku: "A1", quantity: 1 },
        { sku: "B", quantity: 1 },
      ],
    ].map(digestLines);
    expect(new Set(digests).size).toBe(digests.length);
  });
});

describe("money", () => {
  it("finds nothing wrong when order, ledger and provider agree", () => {
    expect(checkPayment(books(), facts())).toEqual([]);
    const refunded = { capturedMinor: 849, refundedMinor: 100 };
    const paidBack = books({ ledger: refunded, provider: { ...refunded, status: "captured" } });
    expect(checkPayment(paidBack, facts({ refundedMinor: 100 }))).toEqual([]);
  });

  it("notices a ledger or a provider that disagrees", () => {
    expect(invariants(checkPayment(books({ ledger: { capturedMinor: 0, refundedMinor: 0 } }), facts()))).toEqual(["I3"]);
    const twice = books({ provider: { capturedMinor: 849, refundedMinor: 849, status: "captured" } });
    expect(invariants(checkPayment(twice, facts()))).toEqual(["I3"]);
    expect(invariants(checkPayment(books({ provider: null }), facts()))).toEqual(["I3"]);
  });

  it("notices a charge without an order, and a reservation that a failed order keeps", () => {
    expect(invariants(checkPayment(books(), undefined))).toEqual(["I4"]);
    const failed = facts({ placed: false, status: "failed", capturedMinor: 0 });
    const reserved = books({
      ledger: { capturedMinor: 0, refundedMinor: 0 },
      provider: { capturedMinor: 0, refundedMinor: 0, status: "authorized" },
    });
    expect(invariants(checkPayment(reserved, failed))).toEqual(["I4"]);
  });

  it("accepts a failed order whose late capture was given back at once", () => {
    const failed = facts({ placed: false, status: "failed", capturedMinor: 0 });
    const back = books({
      ledger: { capturedMinor: 0, refundedMinor: 0 },
      provider: { capturedMinor: 849, refundedMinor: 849, status: "captured" },
    });
    expect(checkPayment(back, failed)).toEqual([]);
  });

  it("notices a paid order of which payments knows nothing", () => {
    const orders = new Map([[ORDER_ID, facts()]]);
    expect(invariants(checkUnpaid(orders, new Set()))).toEqual(["I3"]);
    expect(checkUnpaid(orders, new Set([ORDER_ID]))).toEqual([]);
  });

  it("notices debits that are not credits", () => {
    expect(checkBalances([{ currency: "GBP", debitsMinor: 5, creditsMinor: 5 }])).toEqual([]);
    expect(invariants(checkBalances([{ currency: "GBP", debitsMinor: 5, creditsMinor: 4 }]))).toEqual(["I3"]);
  });
});

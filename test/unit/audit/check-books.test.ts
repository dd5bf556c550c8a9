import { describe, expect, it } from "vitest";
import { checkBalances, checkPayment } from "../../../durable-objects/audit-run/check-money.ts";
import { checkStock } from "../../../durable-objects/audit-run/check-stock.ts";
import { books, facts, stock } from "./fixtures.ts";

function invariants(findings: readonly { readonly invariant: string }[]): string[] {
  return findings.map((finding) => finding.invariant);
}

describe("the books of one SKU", () => {
  it("finds nothing wrong with books that add up", () => {
    expect(checkStock(stock())).toEqual([]);
  });

  it.each([
    ["negative stock", { locations: [{ location: "main", onHand: -1, held: 3, journalOnHand: -1, moved: true }] }],
    ["more held than on hand", { locations: [{ location: "main", onHand: 2, held: 3, journalOnHand: 2, moved: true }] }],
    [
      "a journal that adds up to something else",
      { locations: [{ location: "main", onHand: 8, held: 3, journalOnHand: 9, moved: true }] },
    ],
    [
      "holds that promise more than is held",
      { locations: [{ location: "main", onHand: 8, held: 2, journalOnHand: 8, moved: true }] },
    ],
    ["units held for nobody", { locations: [{ location: "main", onHand: 8, held: 4, journalOnHand: 8, moved: true }] }],
  ])("notices %s", (_, changes) => {
    expect(invariants(checkStock(stock(changes)))).toEqual(["I1"]);
  });

  it("allows holds beyond stock exactly as far as they are backordered", () => {
    const locations = [{ location: "main", onHand: 8, held: 2, journalOnHand: 8, moved: true }];
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

  it("notices a reservation that a failed order keeps", () => {
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

  it("notices debits that are not credits", () => {
    expect(checkBalances([{ currency: "GBP", debitsMinor: 5, creditsMinor: 5 }])).toEqual([]);
    expect(invariants(checkBalances([{ currency: "GBP", debitsMinor: 5, creditsMinor: 4 }]))).toEqual(["I3"]);
  });
});

/** Forward through the saga's core: what each answer to holding and paying leads to, and what time and giving up change. */
import { describe, expect, it } from "vitest";
import { abortSaga, advanceSaga, callOf, retryDelayMs, wakeSaga } from "../../../durable-objects/checkout-partition/saga.ts";
import { err, ok } from "../../../workers/shared/result.ts";
import { at, type Branch, FACTS, HOLD_MS, NOW, PAID, PROVIDER_DOWN, payment, SILENT } from "./saga-branches.ts";

const HOLDING: readonly Branch[] = [
  {
    title: "held → authorize",
    from: at("holding"),
    answer: { call: "hold", result: ok({ expiresAtMs: 7 }) },
    to: { step: "authorizing", holdExpiresAtMs: 7 },
  },
  {
    title: "held and free → commit",
    from: at("holding"),
    facts: { ...FACTS, amountMinor: 0 },
    answer: { call: "hold", result: ok({ expiresAtMs: 7 }) },
    to: { step: "committing" },
  },
  {
    title: "held again with the money reserved → commit",
    from: at("holding", { payment: PAID, attempt: 2 }),
    answer: { call: "hold", result: ok({ expiresAtMs: 7 }) },
    to: { step: "committing" },
  },
  {
    title: "short → ended, nothing to undo",
    from: at("holding"),
    answer: { call: "hold", result: err({ code: "out_of_stock", shortages: [] }) },
    to: { step: "ended", failure: { code: "out_of_stock", shortages: [] } },
  },
  {
    title: "short with the money reserved → void",
    from: at("holding", { payment: PAID }),
    answer: { call: "hold", result: err({ code: "out_of_stock", shortages: [] }) },
    to: { step: "voiding" },
  },
  {
    title: "unknown SKU → ended",
    from: at("holding"),
    answer: { call: "hold", result: err({ code: "unknown_sku", skus: ["A"] }) },
    to: { step: "ended", failure: { code: "sku_unavailable", skus: ["A"] } },
  },
  {
    title: "id used up → next attempt",
    from: at("holding"),
    answer: { call: "hold", result: err({ code: "hold_resolved", skus: ["A"] }) },
    to: { step: "holding", attempt: 2, holdExpiresAtMs: NOW + HOLD_MS },
  },
  {
    title: "id used up too often → give up",
    from: at("holding", { attempt: 8 }),
    answer: { call: "hold", result: err({ code: "hold_resolved", skus: ["A"] }) },
    to: { step: "releasing", failure: { code: "timed_out" } },
  },
  {
    title: "silence → wait",
    from: at("holding"),
    answer: { call: "hold", result: SILENT },
    to: { step: "holding", tries: 1, waitUntilMs: NOW + 1_000 },
  },
];

const PAYING: readonly Branch[] = [
  {
    title: "authorized → commit",
    from: at("authorizing"),
    answer: { call: "authorize", result: ok(payment("authorized")) },
    to: { step: "committing", payment: PAID },
  },
  {
    title: "already captured → commit",
    from: at("authorizing"),
    answer: { call: "authorize", result: ok(payment("captured")) },
    to: { step: "committing" },
  },
  {
    title: "needs the shopper → wait until the hold ends",
    from: at("authorizing"),
    answer: { call: "authorize", result: ok(payment("requires_action")) },
    to: { step: "awaiting_payment", waitUntilMs: NOW + HOLD_MS, payment: { id: "pi_1", redirectUrl: "https://bank.test/" } },
  },
  {
    title: "needs the shopper after the hold → void",
    from: at("authorizing", { holdExpiresAtMs: NOW }),
    answer: { call: "authorize", result: ok(payment("processing")) },
    to: { step: "voiding", failure: { code: "payment_expired" } },
  },
  {
    title: "declined → release",
    from: at("authorizing"),
    answer: { call: "authorize", result: err({ code: "payment_declined", declineCode: "x", message: "m" }) },
    to: { step: "releasing", failure: { code: "payment_declined", declineCode: "x", message: "m" } },
  },
  {
    title: "rejected → release",
    from: at("authorizing"),
    answer: { call: "authorize", result: err({ code: "payment_rejected", message: "m" }) },
    to: { step: "releasing", failure: { code: "payment_rejected", message: "m" } },
  },
  {
    title: "provider down → wait",
    from: at("authorizing"),
    answer: { call: "authorize", result: PROVIDER_DOWN },
    to: { step: "authorizing", tries: 1 },
  },
  {
    title: "given up meanwhile → void",
    from: at("authorizing", { failure: { code: "cancelled", reason: "r" } }),
    answer: { call: "authorize", result: ok(payment("authorized")) },
    to: { step: "voiding", failure: { code: "cancelled", reason: "r" } },
  },
  {
    title: "given up but captured before a crash → forward",
    from: at("authorizing", { failure: { code: "cancelled", reason: "r" } }),
    answer: { call: "authorize", result: ok(payment("captured")) },
    to: { step: "committing", failure: null },
  },
  {
    title: "inspected: authorized → commit",
    from: at("inspecting", { payment: PAID }),
    answer: { call: "inspect", result: ok(payment("authorized")) },
    to: { step: "committing" },
  },
  {
    title: "inspected: still waiting → wait",
    from: at("inspecting", { payment: PAID }),
    answer: { call: "inspect", result: ok(payment("requires_action")) },
    to: { step: "awaiting_payment" },
  },
  {
    title: "inspected: 3-D Secure failed → void",
    from: at("inspecting", { payment: PAID }),
    answer: { call: "inspect", result: ok(payment("declined")) },
    to: { step: "voiding" },
  },
  {
    title: "inspected: cancelled → void, release",
    from: at("inspecting", { payment: PAID }),
    answer: { call: "inspect", result: ok(payment("cancelled")) },
    to: { step: "voiding" },
  },
  {
    title: "inspected: unknown → void",
    from: at("inspecting", { payment: PAID }),
    answer: { call: "inspect", result: err({ code: "payment_unknown" }) },
    to: { step: "voiding", failure: { code: "payment_expired" } },
  },
  {
    title: "inspection unanswered → wait",
    from: at("inspecting", { payment: PAID, tries: 3 }),
    answer: { call: "inspect", result: PROVIDER_DOWN },
    to: { step: "inspecting", tries: 4, waitUntilMs: NOW + 8_000 },
  },
];

describe("the saga", () => {
  it.each([...HOLDING, ...PAYING])("$from.step: $title", ({ from, answer, to, facts }) => {
    expect(advanceSaga(from, facts ?? FACTS, answer, NOW)).toMatchObject(to);
  });

  it("never takes the payment of another order, amount or currency for its own", () => {
    for (const wrong of [{ orderId: "ord_2" }, { amountMinor: 499 }, { currency: "EUR" }]) {
      const answer = { call: "authorize", result: ok({ ...payment("authorized"), ...wrong }) } as const;
      expect(advanceSaga(at("authorizing"), FACTS, answer, NOW)).toMatchObject({
        step: "voiding",
        failure: { code: "payment_rejected" },
      });
    }
  });

  it("refuses an answer to another call: that is a bug", () => {
    expect(() => advanceSaga(at("holding"), FACTS, { call: "commit", result: ok(null) }, NOW)).toThrow();
  });

  it("names every outgoing effect by the order and the attempt", () => {
    expect(callOf(at("holding", { attempt: 3 }), FACTS)).toMatchObject({ command: { holdId: "ord_1~3" } });
    expect(callOf(at("restocking", { attempt: 3 }), FACTS)).toMatchObject({ command: { reference: "ord_1~3" } });
    expect(callOf(at("refunding", { payment: PAID }), FACTS)).toMatchObject({ command: { refundId: "ord_1~void" } });
    expect(callOf(at("awaiting_payment"), FACTS)).toBeNull();
    expect(callOf(at("ended"), FACTS)).toBeNull();
  });

  it("looks at a waiting payment when nudged or when the hold ends, not before", () => {
    const waiting = at("awaiting_payment", { payment: PAID, waitUntilMs: NOW + HOLD_MS });
    expect(wakeSaga(waiting, FACTS, NOW, false)).toBe(waiting);
    expect(wakeSaga(waiting, FACTS, NOW, true).step).toBe("inspecting");
    expect(wakeSaga(waiting, FACTS, NOW + HOLD_MS, false).step).toBe("inspecting");
  });

  it("gives up stock that could not be held in time, unless money is reserved", () => {
    expect(wakeSaga(at("holding"), FACTS, NOW + HOLD_MS, false)).toMatchObject({
      step: "releasing",
      failure: { code: "timed_out" },
    });
    expect(wakeSaga(at("holding", { payment: PAID }), FACTS, NOW + HOLD_MS, false)).toMatchObject({
      step: "holding",
      attempt: 2,
    });
  });

  it("can be given up until stock is committed", () => {
    const failure = { code: "cancelled", reason: "r" } as const;
    expect(abortSaga(at("holding"), failure)).toMatchObject({ step: "releasing", failure });
    expect(abortSaga(at("awaiting_payment", { payment: PAID }), failure)).toMatchObject({ step: "voiding", failure });
    expect(abortSaga(at("authorizing"), failure)).toMatchObject({ step: "authorizing", failure });
    expect(abortSaga(at("committing", { payment: PAID }), failure)).toBeUndefined();
    expect(abortSaga(at("capturing", { payment: PAID }), failure)).toBeUndefined();
  });

  it("retries ever more slowly, but never later than a minute", () => {
    expect([0, 1, 2, 3].map(retryDelayMs)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(retryDelayMs(1_000)).toBe(60_000);
  });
});

/** Rows of payments that end in the same moment: one write for all, and none suffers from another. */
import { describe, expect, it, vi } from "vitest";
import { isInHand, noteAuthorized, writeSoon } from "../../../workers/payments/gathered-rows.ts";
import type { PaymentNews } from "../../../workers/payments/payment-rows.ts";
import { lastWritten } from "../../../workers/payments/written-payments.ts";
import { db, deskWith, fakeOrders, newOrderId, rowOf } from "./desk.ts";

let count = 0;
function news(change: Partial<PaymentNews> = {}): PaymentNews {
  return {
    paymentId: `pi_gathered${count++}`,
    orderId: newOrderId(),
    amountMinor: 1999,
    currency: "GBP",
    status: "captured",
    capturedMinor: 1999,
    refundedMinor: 0,
    declineCode: null,
    createdAtMs: Date.now(),
    ...change,
  };
}

function desk() {
  const prepare = vi.fn((sql: string) => db.prepare(sql));
  const work: Promise<unknown>[] = [];
  const background = (promise: Promise<unknown>) => void work.push(promise);
  const made = { ...deskWith(fakeOrders(new Map()).api), database: { prepare } as unknown as D1Database, background };
  return { made, prepare, written: () => Promise.all(work) };
}

describe("rows written soon", () => {
  it("are written together, and are in hand until then", async () => {
    const { made, prepare, written } = desk();
    const rows = Array.from({ length: 20 }, () => news());
    for (const row of rows) writeSoon(made, row);
    expect(rows.every(({ paymentId }) => isInHand(paymentId, Date.now()))).toBe(true);
    await written();
    expect(prepare).toHaveBeenCalledTimes(1);
    for (const { paymentId } of rows) {
      expect(isInHand(paymentId, Date.now())).toBe(false);
      expect(lastWritten(paymentId)).toMatchObject({ status: "captured" });
      expect(await rowOf(paymentId)).toMatchObject({ status: "captured", captured_minor: 1999 });
    }
  });

  it("take the later of two news about one payment, whichever comes first", async () => {
    const { made, written } = desk();
    const first = news();
    const refunded = { ...first, refundedMinor: 500 };
    for (const row of [refunded, first]) writeSoon(made, row);
    await written();
    expect(await rowOf(first.paymentId)).toMatchObject({ captured_minor: 1999, refunded_minor: 500 });
  });

  it("do not suffer from one that the database refuses", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { made, written } = desk();
    const [good, bad] = [news(), news({ currency: "POUNDS" })];
    for (const row of [bad, good]) writeSoon(made, row);
    await written();
    expect(await rowOf(good.paymentId)).toMatchObject({ status: "captured" });
    expect(await rowOf(bad.paymentId)).toBeNull();
    expect(lastWritten(bad.paymentId)).toBeUndefined();
    expect(logged.mock.calls.flat().join()).toContain(bad.paymentId);
  });

  it("are in hand from the authorization on, for the moment that a saga needs", () => {
    const nowMs = Date.now();
    noteAuthorized("pi_fresh", nowMs);
    expect([isInHand("pi_fresh", nowMs + 1_000), isInHand("pi_fresh", nowMs + 60_000)]).toEqual([true, false]);
  });
});

/** Books and reconciliation: three parties' figures side by side, rows mended from the provider's truth. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PaymentBooks } from "../../../workers/payments/contract.ts";
import { reconcilePayments } from "../../../workers/payments/reconcile-payments.ts";
import { authorized, captured, context, control, db, deskWith, fakeOrders, payments, rowOf, stripe } from "./desk.ts";

beforeAll(() => control({ webhooks: "off" }));
afterAll(() => control({ webhooks: "on" }));
beforeEach(async () => {
  await db.batch([db.prepare("DELETE FROM payments"), db.prepare("DELETE FROM ledger_entries")]);
});

const WAITING = { paymentMethod: "pm_card_authenticationRequired" };
const inAnHour = () => Date.now() + 60 * 60 * 1000;

describe("the books", () => {
  it("list every payment once, page by page, with the provider's figures", async () => {
    const made = [await captured(), await captured(), (await authorized(WAITING)).payment];
    await payments.refund(
      { paymentId: made[0]?.paymentId ?? "", orderId: made[0]?.orderId ?? "", refundId: "r", amountMinor: 9 },
      context,
    );
    const listed: PaymentBooks[] = [];
    for (let after = ""; ; ) {
      const page = await payments.listBooks(after, 2, context);
      listed.push(...page.map((books) => ({ ...books })));
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.paymentId;
    }
    expect(listed.map((books) => books.paymentId)).toEqual(made.map((payment) => payment.paymentId).sort());
    expect(listed.find((books) => books.paymentId === made[0]?.paymentId)).toMatchObject({
      provider: { capturedMinor: 1999, refundedMinor: 9, status: "captured" },
      ledger: { capturedMinor: 1999, refundedMinor: 0 },
    });
    expect(listed.find((books) => books.paymentId === made[2]?.paymentId)?.provider).toMatchObject({ status: "requires_action" });
  });

  it("show a payment that the provider does not know", async () => {
    await db.prepare("INSERT INTO payments VALUES ('pi_invented', 'ord_x', 5, 'GBP', 'captured', 5, 0, NULL, 1000, 1000)").run();
    expect(await payments.listBooks("", 10, context)).toMatchObject([{ paymentId: "pi_invented", provider: null }]);
  });
});

describe("reconciling", () => {
  it("mends rows that are missing or behind, tells their orders, and finds nothing the second time", async () => {
    const [behind, missing] = [await captured(), await captured()];
    await db
      .prepare("UPDATE payments SET status = 'authorized', captured_minor = 0 WHERE payment_id = ?")
      .bind(behind.paymentId)
      .run();
    await db.prepare("DELETE FROM payments WHERE payment_id = ?").bind(missing.paymentId).run();
    const orders = fakeOrders(new Map());
    const report = await reconcilePayments(deskWith(orders.api), null);
    const mended = report.differences.filter(({ paymentId }) => [behind.paymentId, missing.paymentId].includes(paymentId));
    expect(mended.map(({ kind, repaired }) => [kind, repaired]).sort()).toEqual([
      ["row_missing", true],
      ["row_outdated", true],
    ]);
    expect(report.nextCursor).toBeNull();
    expect(orders.told).toEqual(expect.arrayContaining([behind.orderId, missing.orderId]));
    for (const { paymentId } of [behind, missing])
      expect(await rowOf(paymentId)).toMatchObject({ status: "captured", captured_minor: 1999 });
    const again = await reconcilePayments(deskWith(fakeOrders(new Map()).api), null);
    expect(again.checked).toBe(report.checked);
    expect(again.repaired).toBe(0);
    expect(again.differences.filter(({ kind }) => kind.startsWith("row_"))).toEqual([]);
  });

  it("wakes the order whose money is reserved and forgotten", async () => {
    const { payment } = await authorized();
    const orders = fakeOrders(new Map());
    await reconcilePayments(deskWith(orders.api, { now: inAnHour }), null);
    expect(orders.told).toContain(payment.orderId);
  });

  it("names what the ledger, the provider or an order lacks, and repairs none of it", async () => {
    const payment = await captured();
    await db.prepare("DELETE FROM ledger_entries WHERE order_id = ?").bind(payment.orderId).run();
    await db.prepare("INSERT INTO payments VALUES ('pi_invented', 'ord_x', 5, 'GBP', 'captured', 5, 0, NULL, 1000, 1000)").run();
    const foreign = await stripe.paymentIntents.create({
      amount: 77,
      currency: "gbp",
      confirm: true,
      payment_method: "pm_card_visa",
    });
    const report = await reconcilePayments(deskWith(fakeOrders(new Map()).api, { now: inAnHour }), null);
    expect(report.differences).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: "ledger",
          paymentId: payment.paymentId,
          ours: "0 GBP",
          theirs: "1999 GBP",
          repaired: false,
        }),
        expect.objectContaining({ kind: "unknown_to_provider", paymentId: "pi_invented", repaired: false }),
        expect.objectContaining({ kind: "no_order", paymentId: foreign.id, repaired: false }),
      ]),
    );
    expect(await rowOf(foreign.id)).toBeNull();
  });

  it("is for operators who may write, and lists payments for those who may read", async () => {
    const payment = await captured();
    const call = (method: string, path: string, scopes: string[]) =>
      payments.fetch(`http://gateway${path}`, {
        method,
        headers: {
          "x-holdfast-principal": encodeURIComponent(
            JSON.stringify({ kind: "operator", subject: null, sessionId: null, scopes, capabilities: [] }),
          ),
        },
      });
    expect((await call("POST", "/v1/admin/payments/reconcile", ["payments:read"])).status).toBe(403);
    const list = await call("GET", `/v1/admin/payments?order_id=${payment.orderId}`, ["payments:read"]);
    expect(await list.json()).toMatchObject({
      items: [{ id: payment.paymentId, status: "captured", amount: { amount_minor: 1999, currency: "GBP" } }],
      next_cursor: null,
    });
    const reconciled = await call("POST", "/v1/admin/payments/reconcile", ["*"]);
    expect(reconciled.status).toBe(200);
    expect(await reconciled.json()).toMatchObject({
      checked: expect.any(Number),
      repaired: expect.any(Number),
      next_cursor: null,
    });
  });
});

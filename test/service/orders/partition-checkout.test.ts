/** Placing orders in one partition: the key's protocol, races, declines, sold out, prices, 3-D Secure. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { POLICY, partitionUnderTest, quoteOf } from "./partition-harness.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("checkouts of one SKU at once", () => {
  const BUYERS = 6;

  async function rush(lost: boolean) {
    const shop = await partitionUnderTest({ A: 3 });
    const carts = await Promise.all(Array.from({ length: BUYERS }, () => shop.fullCart([{ sku: "A", quantity: 1 }])));
    if (lost) {
      shop.intercept = (method, effect) => {
        const answer = effect();
        if (method === "holdTogether") throw new Error("the answer was lost");
        return answer;
      };
    }
    const answers = await Promise.all(carts.map((cart) => shop.checkout(cart, "key")));
    const ends = answers.map((answer) => (answer.ok ? answer.value.order.status : answer.error.code)).sort();
    return { shop, ends, held: shop.calls.filter((call) => call.startsWith("hold")) };
  }

  it("share calls to inventory, and each learns what became of its own", async () => {
    const { shop, ends, held } = await rush(false);
    expect(ends).toEqual([...Array(3).fill("out_of_stock"), ...Array(3).fill("placed")]);
    expect(held).toContain("holdTogether");
    expect(held.length).toBeLessThan(BUYERS);
    expect(shop.model.stock.get("A")).toBe(0);
  });

  it("sell each unit once although the answer to a shared call is lost: each asks again for itself", async () => {
    const { shop, ends, held } = await rush(true);
    expect(ends).toEqual([...Array(3).fill("out_of_stock"), ...Array(3).fill("placed")]);
    expect(held.filter((call) => call === "hold").length).toBeGreaterThan(1);
    expect(shop.model.stock.get("A")).toBe(0);
    expect([...shop.model.holds.values()].filter(({ state }) => state === "committed")).toHaveLength(3);
  });
});

describe("a checkout", () => {
  it("places the order: stock committed, money captured, number given, cart ordered", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 2 }]);
    const answer = await shop.checkout(cart, "key-1");
    expect(answer).toMatchObject({ ok: true, value: { replayed: false, redirectUrl: null, order: { status: "placed" } } });
    if (!answer.ok) throw new Error(answer.error.code);
    const { order } = answer.value;
    expect(order.number).toMatch(/^\d{6}-9[0-9a-f]{2}-0001$/);
    expect(order.totals).toEqual({
      subtotalMinor: 2_000,
      discountMinor: 0,
      shippingMinor: 399,
      taxMinor: 400,
      totalMinor: 2_399,
    });
    expect(order.payment).toMatchObject({ status: "captured", amountMinor: 2_399, refundedMinor: 0 });
    expect(shop.model.money(order.id).keptMinor).toBe(2_399);
    expect(shop.model.stock.get("A")).toBe(8);
    expect(await shop.api.readCart(cart.id)).toMatchObject({ value: { state: "ordered", orderId: order.id } });
    expect(await shop.eventTypes()).toEqual(["order.submitted", "order.placed"]);
    expect(shop.calls).toEqual(["hold", "authorize", "commit", "capture"]);
  });

  it("says the same again for the same key, even after a refund, and refuses another body under it", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 2 }]);
    const first = await shop.checkout(cart, "key-1");
    if (!first.ok) throw new Error(first.error.code);
    await shop.api.refund(
      { orderId: first.value.order.id, idempotencyKey: "r", bodySha256: "b", amountMinor: 100, lines: [], restock: false },
      shop.context(),
    );
    const again = await shop.checkout(cart, "key-1");
    expect(again).toEqual({ ok: true, value: { ...first.value, replayed: true }, replayed: true });
    const other = await shop.api.checkout({ ...shop.command(cart, "key-1"), bodySha256: "b".repeat(64) }, shop.context());
    expect(other).toEqual({ ok: false, error: { code: "idempotency", decision: { kind: "other_body" } } });
    expect(await shop.checkout(cart, "key-2")).toMatchObject({
      error: { code: "cart_already_ordered", orderId: first.value.order.id },
    });
  });

  it("makes one order of ten simultaneous clicks with one key", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 1 }]);
    const answers = await Promise.all(Array.from({ length: 10 }, () => shop.checkout(cart, "key-1")));
    const placed = answers.filter((answer) => answer.ok && !answer.replayed);
    const others = answers.filter((answer) => !answer.ok && answer.error.code === "idempotency");
    const replayed = answers.filter((answer) => answer.ok && answer.replayed);
    expect(placed).toHaveLength(1);
    expect(others.length + replayed.length).toBe(9);
    expect(shop.model.stock.get("A")).toBe(9);
    expect(await shop.api.listOrderAccounts("", 10)).toHaveLength(1);
  });

  it("makes one order of two tabs with different keys", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 1 }]);
    const answers = await Promise.all([shop.checkout(cart, "tab-1"), shop.checkout(cart, "tab-2")]);
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    const codes = answers.flatMap((answer) => (answer.ok ? [] : [answer.error.code]));
    expect(["checkout_in_progress", "cart_already_ordered"]).toContain(codes[0]);
    expect(await shop.api.listOrderAccounts("", 10)).toHaveLength(1);
  });

  it("tells what is left when sold out, charges nothing and opens the cart again", async () => {
    const shop = await partitionUnderTest({ A: 1 });
    const cart = await shop.fullCart([{ sku: "A", quantity: 2 }]);
    const answer = await shop.checkout(cart, "key-1");
    const error = { code: "out_of_stock", shortages: [{ sku: "A", requested: 2, available: 1 }] };
    expect(answer).toEqual({ ok: false, error });
    expect(await shop.checkout(cart, "key-1")).toEqual({ ok: false, error, replayed: true });
    expect(shop.calls).toEqual(["hold"]);
    expect(await shop.api.readCart(cart.id)).toMatchObject({ value: { state: "open", orderId: null } });
    shop.stock("A", 2);
    expect(await shop.checkout(cart, "key-2")).toMatchObject({ ok: true, value: { order: { status: "placed" } } });
  });

  it("releases the stock of a declined payment; a new key tries again with a new order", async () => {
    const shop = await partitionUnderTest({ A: 1 });
    const cart = await shop.fullCart([{ sku: "A", quantity: 1 }]);
    const declined = await shop.checkout(cart, "key-1", "pm_card_chargeDeclined");
    expect(declined).toMatchObject({ ok: false, error: { code: "payment_declined", declineCode: "generic_decline" } });
    expect(shop.model.available("A", Date.now())).toBe(1);
    const placed = await shop.checkout(cart, "key-2");
    expect(placed).toMatchObject({ ok: true, value: { order: { status: "placed" } } });
    if (!placed.ok) throw new Error(placed.error.code);
    expect(placed.value.order.number).toMatch(/-0001$/);
    expect(await shop.eventTypes()).toEqual(["order.submitted", "order.failed", "order.submitted", "order.placed"]);
  });

  it("shows a changed price before it charges it", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 2 }]);
    const dearer = { ...shop.command(cart, "key-1"), quotes: [quoteOf("A", 1_500)] };
    const changed = await shop.api.checkout(dearer, shop.context());
    expect(changed).toMatchObject({ ok: false, error: { code: "price_changed", totals: { totalMinor: 3_399 } } });
    expect(await shop.api.checkout(dearer, shop.context())).toEqual({ ...changed, replayed: true });
    const placed = await shop.api.checkout({ ...dearer, idempotencyKey: "key-2" }, shop.context());
    expect(placed).toMatchObject({ ok: true, value: { order: { totals: { totalMinor: 3_399 } } } });
  });

  it("does not use up the key when nothing was attempted", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 1 }]);
    const missing = await shop.api.checkout({ ...shop.command(cart, "key-1"), quotes: [] }, shop.context());
    expect(missing).toEqual({ ok: false, error: { code: "sku_unavailable", skus: ["A"] } });
    expect(await shop.checkout(cart, "key-1")).toMatchObject({ ok: true, value: { replayed: false } });
  });

  it("places a free order without a payment", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 1 }]);
    const free = { ...quoteOf("A", 0), requiresShipping: false };
    const put = { cartId: cart.id, lines: [{ quote: free, quantity: 1 }], removeSkus: [], replace: true, policy: POLICY };
    await shop.api.putLines(put, shop.context());
    const answer = await shop.api.checkout({ ...shop.command(cart, "key-1"), quotes: [free] }, shop.context());
    expect(answer).toMatchObject({
      ok: true,
      value: { order: { status: "placed", payment: { status: "none", paymentId: null } } },
    });
    expect(shop.calls).toEqual(["hold", "commit"]);
  });
});

describe("a payment that needs the shopper", () => {
  it("waits with its number, and is placed once when webhook and return race", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 1 }]);
    const waiting = await shop.checkout(cart, "key-1", "pm_card_authenticationRequired");
    expect(waiting).toMatchObject({
      ok: true,
      value: { redirectUrl: "https://bank.test/3ds", order: { status: "awaiting_payment" } },
    });
    if (!waiting.ok) throw new Error(waiting.error.code);
    const { id, number } = waiting.value.order;
    shop.model.act(id, "authorized");
    const resumed = await Promise.all(Array.from({ length: 6 }, () => shop.api.resumePayment(id, shop.context())));
    for (const answer of resumed) expect(answer).toMatchObject({ ok: true, value: { status: "placed", number } });
    expect(shop.calls.filter((call) => call === "capture")).toHaveLength(1);
    expect(await shop.eventTypes()).toEqual(["order.submitted", "order.awaiting_payment", "order.placed"]);
    expect(await shop.checkout(cart, "key-1")).toEqual({
      ...waiting,
      value: { ...waiting.value, replayed: true },
      replayed: true,
    });
  });

  it("is cancelled when the hold's time is over, and the cart is open again", async () => {
    const shop = await partitionUnderTest({ A: 1 });
    const cart = await shop.fullCart([{ sku: "A", quantity: 1 }]);
    const waiting = await shop.checkout(cart, "key-1", "pm_card_authenticationRequired");
    if (!waiting.ok) throw new Error(waiting.error.code);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 16 * 60_000 });
    await shop.ringAlarm();
    expect(await shop.api.readOrder(waiting.value.order.id)).toMatchObject({
      value: { status: "failed", failureReason: "payment_expired", payment: { status: "voided" } },
    });
    expect(shop.model.inspect(`pi_${waiting.value.order.id}`)).toMatchObject({ value: { status: "cancelled" } });
    expect(await shop.api.readCart(cart.id)).toMatchObject({ value: { state: "open" } });
  });

  it("holds again for a late success, and voids it when the stock is gone by then", async () => {
    for (const [left, status] of [
      [1, "placed"],
      [0, "failed"],
    ] as const) {
      const shop = await partitionUnderTest({ A: 1 });
      const cart = await shop.fullCart([{ sku: "A", quantity: 1 }]);
      const waiting = await shop.checkout(cart, "key-1", "pm_card_authenticationRequired");
      if (!waiting.ok) throw new Error(waiting.error.code);
      const { id } = waiting.value.order;
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 16 * 60_000 });
      shop.stock("A", left);
      shop.model.act(id, "authorized");
      await shop.ringAlarm();
      expect(await shop.api.readOrder(id)).toMatchObject({ value: { status } });
      expect(shop.model.money(id)).toEqual({ keptMinor: status === "placed" ? 1_399 : 0, reserved: false });
      vi.useRealTimers();
    }
  });
});

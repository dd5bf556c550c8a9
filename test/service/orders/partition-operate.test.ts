/** Refunds, cancellation, shipping and the books of a partition. */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { RefundOrder } from "../../../durable-objects/checkout-partition/contract.ts";
import { OrderEvent } from "../../../queues/contracts/order-events.ts";
import { partitionUnderTest } from "./partition-harness.ts";

afterEach(() => {
  vi.useRealTimers();
});

function refundOf(orderId: string, key: string, part: Partial<RefundOrder> = {}): RefundOrder {
  return { orderId, idempotencyKey: key, bodySha256: key, amountMinor: null, lines: [], restock: false, ...part };
}

describe("a refund", () => {
  it("pays lines back at their frozen price, never more units than are left, and restocks when told", async () => {
    const shop = await partitionUnderTest();
    const order = await shop.placedOrder([{ sku: "A", quantity: 3 }]);
    const lines = [{ sku: "A", quantity: 2 }];
    const refunded = await shop.api.refund(refundOf(order.id, "r1", { lines, restock: true }), shop.context());
    expect(refunded).toMatchObject({ ok: true, value: { payment: { status: "partially_refunded", refundedMinor: 2_000 } } });
    expect(shop.model.stock.get("A")).toBe(9);
    expect(await shop.api.refund(refundOf(order.id, "r2", { lines }), shop.context())).toMatchObject({
      error: { code: "refund_lines_invalid" },
    });
  });

  it("without amount and lines pays back everything that is left, shipping too", async () => {
    const shop = await partitionUnderTest();
    const order = await shop.placedOrder([{ sku: "A", quantity: 3 }]);
    await shop.api.refund(refundOf(order.id, "r1", { amountMinor: 500 }), shop.context());
    const rest = await shop.api.refund(refundOf(order.id, "r2", { restock: true }), shop.context());
    expect(rest).toMatchObject({ ok: true, value: { payment: { status: "refunded", refundedMinor: 3_399 } } });
    expect(shop.model.money(order.id).keptMinor).toBe(0);
    expect(shop.model.stock.get("A")).toBe(10);
  });

  it("happens once per key and refuses the key for another body", async () => {
    const shop = await partitionUnderTest();
    const order = await shop.placedOrder([{ sku: "A", quantity: 3 }]);
    const command = refundOf(order.id, "r1", { amountMinor: 700 });
    await Promise.all(Array.from({ length: 5 }, () => shop.api.refund(command, shop.context())));
    expect(shop.model.money(order.id).keptMinor).toBe(2_699);
    const other = { ...command, bodySha256: "other", amountMinor: 800 };
    expect(await shop.api.refund(other, shop.context())).toEqual({ ok: false, error: { code: "key_reused" } });
  });

  it("never pays back more than was captured, however many race", async () => {
    const shop = await partitionUnderTest();
    const order = await shop.placedOrder([{ sku: "A", quantity: 3 }]);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        shop.api.refund(refundOf(order.id, `r${index}`, { amountMinor: 1_000 }), shop.context()),
      ),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(3);
    const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.error]));
    expect(refused).toContainEqual({ code: "refund_exceeds_captured", refundableMinor: 399 });
    expect(shop.model.money(order.id).keptMinor).toBe(399);
  });

  it("reserves its amount while the provider is silent", async () => {
    const shop = await partitionUnderTest();
    const order = await shop.placedOrder([{ sku: "A", quantity: 3 }]);
    shop.intercept = (method, effect) => {
      if (method === "refund") throw new Error("payments is down");
      return effect();
    };
    const silent = await shop.api.refund(refundOf(order.id, "r1", { amountMinor: 3_000 }), shop.context());
    expect(silent).toMatchObject({ error: { code: "unavailable" } });
    shop.intercept = (_method, effect) => effect();
    const second = await shop.api.refund(refundOf(order.id, "r2", { amountMinor: 3_000 }), shop.context());
    expect(second).toEqual({ ok: false, error: { code: "refund_exceeds_captured", refundableMinor: 399 } });
    expect(await shop.api.refund(refundOf(order.id, "r1", { amountMinor: 3_000 }), shop.context())).toMatchObject({ ok: true });
    expect(shop.model.money(order.id).keptMinor).toBe(399);
  });
});

describe("a cancellation", () => {
  it("of a placed order refunds all that is left and restocks it, once", async () => {
    const shop = await partitionUnderTest();
    const order = await shop.placedOrder([{ sku: "A", quantity: 3 }]);
    await shop.api.refund(refundOf(order.id, "r1", { amountMinor: 500 }), shop.context());
    const answers = await Promise.all([1, 2, 3].map(() => shop.api.cancel(order.id, "shopper asked", shop.context())));
    for (const answer of answers) expect(answer).toMatchObject({ ok: true, value: { status: "cancelled" } });
    expect(shop.model.money(order.id).keptMinor).toBe(0);
    expect(shop.model.stock.get("A")).toBe(10);
    expect((await shop.eventTypes()).slice(2)).toEqual(["order.refunded", "order.refunded", "order.cancelled"]);
  });

  it("before the payment releases the stock and voids the payment", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 3 }]);
    const waiting = await shop.checkout(cart, "k", "pm_card_authenticationRequired");
    if (!waiting.ok) throw new Error(waiting.error.code);
    const { id } = waiting.value.order;
    expect(await shop.api.cancel(id, "fraud", shop.context())).toMatchObject({
      ok: true,
      value: { status: "cancelled", failureReason: "fraud" },
    });
    expect(shop.model.available("A", Date.now())).toBe(10);
    shop.model.act(id, "authorized");
    expect(await shop.api.resumePayment(id, shop.context())).toMatchObject({ value: { status: "cancelled" } });
    expect(shop.model.money(id)).toEqual({ keptMinor: 0, reserved: false });
  });

  it("while the capture is unanswered is carried out once the order is placed", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 3 }]);
    shop.intercept = (method, effect) => {
      if (method === "capture") throw new Error("payments is down");
      return effect();
    };
    const pending = await shop.checkout(cart, "k");
    if (pending.ok || pending.error.code !== "checkout_pending") throw new Error("not pending");
    const { orderId } = pending.error;
    expect(await shop.api.cancel(orderId, "fraud", shop.context())).toMatchObject({ error: { code: "unavailable" } });
    await shop.revive();
    expect(await shop.api.cancel(orderId, "fraud", shop.context())).toMatchObject({ ok: true, value: { status: "cancelled" } });
    expect(shop.model.money(orderId)).toEqual({ keptMinor: 0, reserved: false });
    expect(shop.model.stock.get("A")).toBe(10);
  });

  it("while the capture is unanswered is not forgotten: the alarm carries it out", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 3 }]);
    shop.intercept = (method, effect) => {
      if (method === "capture") throw new Error("payments is down");
      return effect();
    };
    const pending = await shop.checkout(cart, "k");
    if (pending.ok || pending.error.code !== "checkout_pending") throw new Error("not pending");
    const { orderId } = pending.error;
    await shop.api.cancel(orderId, "fraud", shop.context());
    await shop.crash();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * 60_000 });
    await shop.ringAlarm();
    expect(await shop.api.readOrder(orderId)).toMatchObject({ value: { status: "cancelled", failureReason: "fraud" } });
    expect(shop.model.money(orderId)).toEqual({ keptMinor: 0, reserved: false });
    expect(shop.model.stock.get("A")).toBe(10);
  });

  it("is refused once everything is shipped", async () => {
    const shop = await partitionUnderTest();
    const order = await shop.placedOrder([{ sku: "A", quantity: 1 }]);
    await shop.api.ship(
      { orderId: order.id, idempotencyKey: "s", carrier: null, trackingNumber: null, lines: [] },
      shop.context(),
    );
    expect(await shop.api.cancel(order.id, "late", shop.context())).toEqual({
      ok: false,
      error: { code: "not_cancellable", status: "fulfilled" },
    });
  });
});

describe("shipping", () => {
  it("goes parcel by parcel to fulfilled, once per key, and then to completed", async () => {
    const shop = await partitionUnderTest();
    const order = await shop.placedOrder([
      { sku: "A", quantity: 2 },
      { sku: "B", quantity: 1 },
    ]);
    const parcel = (key: string, lines: { sku: string; quantity: number }[]) =>
      shop.api.ship({ orderId: order.id, idempotencyKey: key, carrier: "Post", trackingNumber: "T1", lines }, shop.context());
    expect(await parcel("s1", [{ sku: "A", quantity: 1 }])).toMatchObject({ value: { status: "placed" } });
    expect(await parcel("s1", [{ sku: "A", quantity: 1 }])).toMatchObject({ value: { shipments: [{ trackingNumber: "T1" }] } });
    expect(await parcel("s2", [{ sku: "A", quantity: 2 }])).toMatchObject({ error: { code: "not_shippable" } });
    expect(await shop.api.complete(order.id, shop.context())).toMatchObject({ error: { code: "not_completable" } });
    expect(await parcel("s3", [])).toMatchObject({ value: { status: "fulfilled" } });
    expect(await shop.api.complete(order.id, shop.context())).toMatchObject({ value: { status: "completed" } });
    expect((await shop.eventTypes()).slice(2)).toEqual(["order.shipped", "order.shipped", "order.completed"]);
  });
});

describe("the books", () => {
  it("number orders without a gap, skip failed attempts, and log events that parse, without a gap", async () => {
    const shop = await partitionUnderTest({ A: 3 });
    const answers = await Promise.all(
      Array.from({ length: 6 }, async (_, index) =>
        shop.checkout(
          await shop.fullCart([{ sku: "A", quantity: 1 }]),
          `k${index}`,
          index % 3 === 0 ? "pm_card_chargeDeclined" : undefined,
        ),
      ),
    );
    const numbers = answers.flatMap((answer) => (answer.ok ? [answer.value.order.number?.slice(-4)] : [])).sort();
    expect(numbers).toEqual(["0001", "0002", "0003"].slice(0, numbers.length));
    expect(numbers.length).toBeGreaterThan(0);
    const account = await shop.api.readAccount();
    expect(account.numbers).toEqual([
      { day: new Date().toISOString().slice(0, 10), count: numbers.length, highest: numbers.length },
    ]);
    expect(account.duplicateKeys).toEqual([]);
    const events = await shop.api.readEvents(0, 100);
    events.forEach((event, index) => {
      expect(event.sequence).toBe(index + 1);
      OrderEvent.parse(event);
    });
    expect(account.eventCount).toBe(events.length);
  });

  it("keep a cart of a thousand lines, and its order", async () => {
    const skus = Array.from({ length: 1_000 }, (_, index) => `SKU-${String(index).padStart(60, "0")}`);
    const shop = await partitionUnderTest(Object.fromEntries(skus.map((sku) => [sku, 5])));
    const order = await shop.placedOrder(skus.map((sku) => ({ sku, quantity: 1 })));
    expect(order.lines).toHaveLength(1_000);
    const [, placed] = await shop.api.readEvents(0, 10);
    expect(placed?.type).toBe("order.placed");
    await vi.waitFor(() => expect(shop.sent).toContainEqual({ source: placed?.source, sequence: 2, event: null }));
  });
});

/** What a partition does about crashes, lost answers, silent peers and failing queues: everything ends, once. */
import { runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { OrderStatus } from "../../../workers/orders/contract.ts";
import { type PartitionHarness, partitionUnderTest, plain } from "./partition-harness.ts";

afterEach(() => {
  vi.useRealTimers();
});

async function onlyOrder(shop: PartitionHarness) {
  const accounts = await shop.api.listOrderAccounts("", 10);
  expect(accounts).toHaveLength(1);
  const [account] = accounts;
  if (account === undefined) throw new Error("no order");
  return account;
}

/** Rings the alarm, with the clock moved on, until the order's saga has ended. */
async function ringUntilEnded(shop: PartitionHarness, stepMs = 61_000): Promise<void> {
  for (let rings = 0; rings < 20; rings++) {
    const accounts = await shop.api.listOrderAccounts("", 10);
    if (accounts.length > 0 && accounts.every((account) => account.sagaEnded)) return;
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + stepMs });
    await shop.ringAlarm();
  }
  throw new Error("the saga does not end");
}

describe("a crash", () => {
  const steps = [1, 2, 3, 4].flatMap((nth) => (["before", "after"] as const).map((when) => [nth, when] as const));

  it.each(steps)("at call %i, %s its effect, is taken up by the alarm and ends placed", async (nth, when) => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 2 }]);
    shop.crashAt(nth, when);
    await expect(shop.checkout(cart, "key-1")).rejects.toThrow();
    await shop.revive();
    await ringUntilEnded(shop);
    const { order } = await onlyOrder(shop);
    expect(order.status).toBe("placed");
    expect(shop.model.money(order.id)).toEqual({ keptMinor: 2_399, reserved: false });
    expect(shop.model.stock.get("A")).toBe(8);
    expect(await shop.checkout(cart, "key-1")).toMatchObject({ ok: true, value: { replayed: true, order: { id: order.id } } });
    expect(await shop.eventTypes()).toEqual(["order.submitted", "order.placed"]);
  });

  it.each(steps)("at call %i, %s its effect, is taken up by the same key: no second order", async (nth, when) => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 2 }]);
    shop.crashAt(nth, when);
    await expect(shop.checkout(cart, "key-1")).rejects.toThrow();
    await shop.revive();
    expect(await shop.checkout(cart, "key-1")).toMatchObject({ ok: true, value: { order: { status: "placed" } } });
    expect(shop.model.stock.get("A")).toBe(8);
    await onlyOrder(shop);
  });

  it("is taken up soon, without anybody asking", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 2 }]);
    shop.crashAt(3, "before");
    await expect(shop.checkout(cart, "key-1")).rejects.toThrow();
    await shop.revive();
    await vi.waitFor(async () => expect((await onlyOrder(shop)).order.status).toBe("placed"), { timeout: 10_000, interval: 100 });
  });

  const declinedSteps = [1, 2, 3].flatMap((nth) => (["before", "after"] as const).map((when) => [nth, when] as const));

  it.each(declinedSteps)("at call %i, %s its effect, of a declined checkout ends with nothing held", async (nth, when) => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 2 }]);
    shop.crashAt(nth, when);
    await expect(shop.checkout(cart, "key-1", "pm_card_chargeDeclined")).rejects.toThrow();
    await shop.revive();
    await ringUntilEnded(shop);
    const { order } = await onlyOrder(shop);
    expect(order).toMatchObject({ status: "failed", payment: { status: "declined" } });
    expect(shop.model.available("A", Date.now())).toBe(10);
    expect(await shop.checkout(cart, "key-1", "pm_card_chargeDeclined")).toMatchObject({
      error: { code: "payment_declined" },
      replayed: true,
    });
  });

  it.each([1, 2, 3].flatMap((nth) => (["before", "after"] as const).map((when) => [nth, when] as const)))(
    "at call %i, %s its effect, after 3-D Secure ends placed once",
    async (nth, when) => {
      const shop = await partitionUnderTest();
      const cart = await shop.fullCart([{ sku: "A", quantity: 2 }]);
      const waiting = await shop.checkout(cart, "key-1", "pm_card_authenticationRequired");
      if (!waiting.ok) throw new Error(waiting.error.code);
      shop.model.act(waiting.value.order.id, "authorized");
      shop.crashAt(nth, when);
      await expect(plain(shop.api.resumePayment(waiting.value.order.id, shop.context()))).rejects.toThrow();
      await shop.revive();
      await shop.api.resumePayment(waiting.value.order.id, shop.context());
      expect((await onlyOrder(shop)).order.status).toBe("placed");
      expect(shop.model.stock.get("A")).toBe(8);
      expect(await shop.eventTypes()).toEqual(["order.submitted", "order.awaiting_payment", "order.placed"]);
    },
  );

  const refundSteps = [1, 2].flatMap((nth) => (["before", "after"] as const).map((when) => [nth, when] as const));

  it.each(refundSteps)("at call %i, %s its effect, of a refund pays back and restocks once", async (nth, when) => {
    const shop = await partitionUnderTest();
    const order = await shop.placedOrder([{ sku: "A", quantity: 2 }]);
    shop.crashAt(nth, when);
    const lines = [{ sku: "A", quantity: 1 }];
    const command = { orderId: order.id, idempotencyKey: "r1", bodySha256: "b", amountMinor: null, lines, restock: true };
    await expect(plain(shop.api.refund(command, shop.context()))).rejects.toThrow();
    await shop.revive();
    await ringUntilEnded(shop);
    expect(shop.model.money(order.id).keptMinor).toBe(1_399);
    expect(shop.model.stock.get("A")).toBe(9);
    expect(await shop.api.refund(command, shop.context())).toMatchObject({
      ok: true,
      value: { payment: { refundedMinor: 1_000 } },
    });
    expect((await shop.eventTypes()).filter((type) => type === "order.refunded")).toHaveLength(1);
  });
});

describe("a peer that does not answer", () => {
  it("leaves the checkout pending, and the alarm finishes it when the peer is back", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 2 }]);
    shop.intercept = (method, effect) => {
      if (method === "capture") throw new Error("payments is down");
      return effect();
    };
    const pending = await shop.checkout(cart, "key-1");
    expect(pending).toMatchObject({ ok: false, error: { code: "checkout_pending" } });
    expect(await shop.api.readCart(cart.id)).toMatchObject({ value: { state: "frozen" } });
    shop.intercept = (_method, effect) => effect();
    await ringUntilEnded(shop);
    expect((await onlyOrder(shop)).order.status).toBe("placed");
    expect(await shop.checkout(cart, "key-1")).toMatchObject({ ok: true, value: { replayed: true } });
  });

  it("is asked again and again, within a minute each time", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 2 }]);
    shop.intercept = (method, effect) => {
      if (method === "capture") throw new Error("payments is down");
      return effect();
    };
    await shop.checkout(cart, "key-1");
    for (let rings = 0; rings < 3; rings++) {
      vi.useFakeTimers({ toFake: ["Date"], now: (await shop.alarmAtMs()) ?? 0 });
      await shop.ringAlarm();
      const { calls } = shop;
      expect(calls.filter((method) => method === "capture").length).toBeGreaterThan(rings);
      await vi.waitFor(async () => expect(await shop.alarmAtMs()).toBeLessThanOrEqual(Date.now() + 60_000));
    }
  });

  it("whose effect happened is asked again, not twice effective", async () => {
    for (const lost of ["hold", "authorize", "commit", "capture"] as const) {
      const shop = await partitionUnderTest();
      const cart = await shop.fullCart([{ sku: "A", quantity: 2 }]);
      let losses = 2;
      shop.intercept = (method, effect) => {
        const result = effect();
        if (method === lost && losses-- > 0) throw new Error("answer lost");
        return result;
      };
      await shop.checkout(cart, "key-1");
      await ringUntilEnded(shop);
      const { order } = await onlyOrder(shop);
      expect(order.status).toBe("placed");
      expect(shop.model.stock.get("A")).toBe(8);
      expect(shop.model.money(order.id).keptMinor).toBe(2_399);
    }
  });

  it("in the time of the hold fails the order uncharged and frees its key", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 2 }]);
    shop.intercept = (method, effect) => {
      if (method === "hold") throw new Error("inventory is down");
      return effect();
    };
    expect(await shop.checkout(cart, "key-1")).toMatchObject({ error: { code: "checkout_pending" } });
    await ringUntilEnded(shop, 16 * 60_000);
    expect((await onlyOrder(shop)).order).toMatchObject({ status: "failed" satisfies OrderStatus, failureReason: "timed_out" });
    expect(shop.calls).not.toContain("authorize");
    await shop.revive();
    expect(await shop.checkout(cart, "key-1")).toMatchObject({ ok: true, value: { replayed: false } });
  });
});

describe("a capture that is refused for good", () => {
  it("puts the committed stock back and fails the order", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 2 }]);
    shop.intercept = (method, effect) => {
      if (method === "capture") for (const payment of shop.model.payments.values()) payment.status = "cancelled";
      return effect();
    };
    expect(await shop.checkout(cart, "key-1")).toMatchObject({ ok: false, error: { code: "payment_declined" } });
    expect(shop.model.stock.get("A")).toBe(10);
    const { order, committedHoldId } = await onlyOrder(shop);
    expect(order).toMatchObject({ status: "failed", number: null });
    expect(committedHoldId).toBe(`${order.id}~1`);
  });
});

async function savedCursor(shop: PartitionHarness): Promise<number> {
  const query = "SELECT published_sequence AS value FROM partition_state";
  return await runInDurableObject(shop.stub, (_, { storage }) => storage.sql.exec<{ value: number }>(query).one().value);
}

describe("the publisher", () => {
  it("sends what a failing queue missed, in order, once it works again", async () => {
    const shop = await partitionUnderTest();
    shop.queueFails = true;
    await shop.placedOrder([{ sku: "A", quantity: 1 }]);
    await vi.waitFor(async () => expect((await shop.api.readAccount()).lastSequence).toBe(2));
    expect((await shop.api.readAccount()).publishedSequence).toBe(0);
    shop.queueFails = false;
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    await shop.ringAlarm();
    expect(await shop.api.readAccount()).toMatchObject({ publishedSequence: 2, lastSequence: 2, eventCount: 2 });
    expect(shop.sent).toHaveLength(8);
  });

  it("sends after a crash what was committed before it", async () => {
    const shop = await partitionUnderTest();
    shop.queueFails = true;
    await shop.placedOrder([{ sku: "A", quantity: 1 }]);
    shop.queueFails = false;
    await shop.crash();
    await shop.ringAlarm();
    expect((await shop.api.readAccount()).publishedSequence).toBe(2);
  });

  it("writes its cursor with the next events or by the alarm, and sends again what a crash made it forget", async () => {
    const shop = await partitionUnderTest();
    const isSent = async (last: number) =>
      await vi.waitFor(async () => expect((await shop.api.readAccount()).publishedSequence).toBe(last), 5_000);
    await shop.placedOrder([{ sku: "A", quantity: 1 }]);
    await isSent(2);
    expect(await savedCursor(shop)).toBe(0);
    await shop.placedOrder([{ sku: "A", quantity: 1 }]);
    // On a slow machine the order's first event may be out before its second is written.
    const saved = await savedCursor(shop);
    expect([2, 3]).toContain(saved);
    await isSent(4);
    expect(await savedCursor(shop)).toBe(saved);
    await shop.crash();
    shop.sent.length = 0;
    await shop.ringAlarm();
    expect(await savedCursor(shop)).toBe(4);
    expect(JSON.stringify(shop.sent)).toContain('"sequence":4');
    expect(JSON.stringify(shop.sent)).not.toContain(`"sequence":${saved},`);
  });

  it("is woken soon after a command whose event a crash kept back, though nobody else comes", async () => {
    const shop = await partitionUnderTest();
    const order = await shop.placedOrder([{ sku: "A", quantity: 1 }]);
    await shop.ringAlarm();
    expect(await shop.alarmAtMs()).toBeGreaterThan(Date.now() + 3_600_000);
    await shop.api.ship(
      { orderId: order.id, idempotencyKey: "s", carrier: null, trackingNumber: null, lines: [] },
      shop.context(),
    );
    expect(await shop.alarmAtMs()).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  it("tells followers nothing about the shopper", async () => {
    const shop = await partitionUnderTest();
    const order = await shop.placedOrder([{ sku: "A", quantity: 1 }]);
    await shop.api.cancel(order.id, "changed mind", shop.context());
    await vi.waitFor(async () => expect((await shop.api.readAccount()).publishedSequence).toBe(4));
    const text = JSON.stringify(shop.sent) + JSON.stringify(await shop.api.readEvents(0, 100));
    expect(text).not.toMatch(/canary|secret/i);
  });
});

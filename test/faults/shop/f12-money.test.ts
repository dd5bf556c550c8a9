/**
 * F12: how other shops complete twice, charge twice or pay back too much, tried on the real code. The shop has no coupons
 * yet: "a coupon used twice at once" gets its test with them.
 */
import { describe, expect } from "vitest";
import { quiesce } from "../rig/clock.ts";
import { deliverWebhook } from "../rig/deliver.ts";
import { switchboard } from "../rig/faulty-binding.ts";
import type { RigCart, Shop } from "../rig/shop.ts";
import { altered, atOnce, known, orderIdOf, placed, waitingForBank } from "./f12-histories.ts";

async function eventsOf(shop: Shop, orderId: string): Promise<string[]> {
  return (await shop.order(orderId)).timeline.map(({ type }) => type);
}

function callsOf(edge: string): number {
  return switchboard.calls.filter((call) => call.edge === edge).length;
}

describe("known bugs of other shops: money (F12)", () => {
  known("the webhook and the browser both complete the order", async (shop, random) => {
    const sku = await shop.sku(5);
    const { orderId, redirectUrl } = await waitingForBank(shop, await shop.cart({ [sku]: 2 }));
    const location = (await shop.answerBank(redirectUrl, true)) ?? "";
    const webhooks = await shop.collectWebhooks();
    const arrivals = [...webhooks, ...webhooks].map((webhook) => async () => void (await deliverWebhook(webhook)));
    await atOnce(random, ...arrivals, async () => void (await shop.comeBack(location)));
    expect(await eventsOf(shop, orderId)).toEqual(["order.submitted", "order.awaiting_payment", "order.placed"]);
    await quiesce();
    expect(await shop.available(sku)).toBe(3);
  });

  known("a double click on pay with two keys makes two orders", async (shop, random) => {
    const sku = await shop.sku(5);
    const cart = await shop.cart({ [sku]: 1 });
    const told = await atOnce(random, ...["one", "two"].map((key) => () => shop.checkout(cart, "pm_card_visa", key)));
    expect(told.map(({ status }) => status).sort()).toEqual([201, 409]);
    await quiesce();
    expect(callsOf("partition>payments.authorize")).toBe(1);
    expect(await shop.available(sku)).toBe(4);
  });

  known("a double click on pay with one key charges twice", async (shop, random) => {
    const sku = await shop.sku(5);
    const cart = await shop.cart({ [sku]: 1 });
    const told = await atOnce(random, ...[1, 2, 3].map(() => () => shop.checkout(cart)));
    const orders = new Set(told.filter(({ status }) => status === 201).map(orderIdOf));
    expect(orders.size).toBe(1);
    await quiesce();
    expect(callsOf("partition>payments.capture")).toBe(1);
    expect(await shop.available(sku)).toBe(4);
  });

  known("after a timeout the shop's client tries again with a new key, and buys twice", async (shop, random) => {
    const sku = await shop.sku(5);
    const cart = await shop.cart({ [sku]: 1 });
    const edge = random.pick(["partition>payments.authorize", "partition>inventory.commit", "partition>payments.capture"]);
    const isFault = (call: { edge: string; occurrence: number }) => call.edge === edge && call.occurrence <= 2;
    switchboard.inject((call) => (isFault(call) ? "time_out" : undefined));
    const first = await shop.checkout(cart, "pm_card_visa", "first");
    expect(first.status).not.toBe(201);
    const second = await shop.checkout(cart, "pm_card_visa", "second");
    expect(second.status).toBe(409);
    await quiesce();
    expect(await shop.checkout(cart, "pm_card_visa", "first")).toMatchObject({
      status: 201,
      body: { order: { status: "placed" } },
    });
    expect(await shop.checkout(cart, "pm_card_visa", "third")).toMatchObject({ status: 409 });
    expect(await shop.available(sku)).toBe(4);
  });

  known("two full refunds at once both pay back", async (shop, random) => {
    const sku = await shop.sku(5);
    const orderId = await placed(shop, { [sku]: 1 });
    const keys = random.oneIn(2) ? ["same", "same"] : ["one", "other"];
    const told = await atOnce(random, ...keys.map((key) => () => shop.refund(orderId, { restock: true }, `${orderId}-${key}`)));
    expect(told.filter(({ status }) => status < 300).length).toBe(keys[0] === keys[1] ? 2 : 1);
    await quiesce();
    const { payment, refunds, totals } = await shop.order(orderId);
    expect(payment).toMatchObject({ status: "refunded", refundedMinor: totals.totalMinor });
    expect(refunds).toHaveLength(1);
    expect(await shop.available(sku)).toBe(5);
  });

  known("partial refunds together exceed what was captured", async (shop, random) => {
    const sku = await shop.sku(5);
    const orderId = await placed(shop, { [sku]: 1 });
    const { totalMinor } = (await shop.order(orderId)).totals;
    const parts = [totalMinor - 300, 200, 200, totalMinor + 1];
    const told = await atOnce(
      random,
      ...parts.map((amount_minor) => () => shop.refund(orderId, { amount_minor, restock: false })),
    );
    await quiesce();
    const made = parts.filter((_, index) => (told[index]?.status ?? 500) < 300).reduce((sum, part) => sum + part, 0);
    const { payment } = await shop.order(orderId);
    expect(payment.refundedMinor).toBe(made);
    expect(made).toBeLessThanOrEqual(totalMinor);
    expect(told[3]?.status).toBe(409);
  });

  known("the cart changes while its checkout runs, and another cart is paid than is sent", async (shop, random) => {
    const [sku, other] = [await shop.sku(5), await shop.sku(5, 9_000)];
    const cart = await shop.cart({ [sku]: 1 });
    const [told] = await atOnce(
      random,
      () => shop.checkout(cart),
      () => shop.setLines(cart, [{ sku: other, quantity: 2 }]),
    );
    if (told === undefined) throw new Error("nobody was told anything");
    await quiesce();
    if (told.status !== 201) expect(told).toMatchObject({ status: 409 });
    await expectSoldAsPaid(shop, cart, { sku, other });
  });

  known("the price changes between cart and payment, and the shopper pays what was never shown", async (shop, random) => {
    const sku = await shop.sku(5);
    const cart = await shop.cart({ [sku]: 1 });
    shop.setPrice(sku, random.pick([500, 1_500]));
    const first = await shop.checkout(cart, "pm_card_visa", "first");
    expect(first).toMatchObject({ status: 409, body: { code: "price_changed" } });
    expect(callsOf("partition>payments.authorize")).toBe(0);
    const shown = first.body.totals;
    const [told] = await atOnce(
      random,
      async () => await shop.checkout(cart, "pm_card_visa", "second"),
      async () => {
        shop.setPrice(sku, 99_999);
        return undefined;
      },
    );
    await quiesce();
    if (told?.status === 201) expect(told.body.order.totals).toEqual(shown);
    else expect(told).toMatchObject({ status: 409, body: { code: "price_changed" } });
    expect(await shop.available(sku)).toBe(told?.status === 201 ? 4 : 5);
  });

  known("a webhook about another shop's payment, or with another amount, places the order", async (shop) => {
    const sku = await shop.sku(5);
    const { orderId, redirectUrl } = await waitingForBank(shop, await shop.cart({ [sku]: 1 }));
    const requested = (await shop.collectWebhooks()).find((webhook) => webhook.orderId === orderId);
    if (requested === undefined) throw new Error("the provider sent nothing");
    const forgeries = [
      await altered(requested, (event) =>
        Object.assign(event, { id: "evt_a", type: "payment_intent.amount_capturable_updated" }),
      ),
      await altered(requested, (event) => Object.assign(event.data.object, { amount: 1, status: "requires_capture" })),
      await altered(requested, (event) => Object.assign(event.data.object, { id: "pi_of_another_shop", status: "succeeded" })),
      await altered(requested, ({ data }) => Object.assign(data.object.metadata, { order_id: "ord_of_another_shop" })),
    ];
    for (const [index, forged] of forgeries.entries()) {
      expect(
        await deliverWebhook(await altered(forged, (event) => Object.assign(event, { id: `evt_${orderId}_${index}` }))),
      ).toBe(200);
      expect((await shop.order(orderId)).status).toBe("awaiting_payment");
    }
    expect(await deliverWebhook({ ...requested, body: requested.body.replace(orderId, "ord_other") })).toBe(400);
    await shop.answerBank(redirectUrl, false);
    await quiesce();
    expect((await shop.order(orderId)).status).toBe("failed");
    expect(await shop.available(sku)).toBe(5);
  });
});

/** Whatever won: what was ordered is what left the stock, at the sum of its prices. */
async function expectSoldAsPaid(shop: Shop, cart: RigCart, { sku, other }: { readonly sku: string; readonly other: string }) {
  const told = await shop.checkout(cart);
  const order = told.status === 201 ? await shop.order(orderIdOf(told)) : undefined;
  const units = (of: string) => order?.lines.find((line) => line.sku === of)?.quantity ?? 0;
  expect([await shop.available(sku), await shop.available(other)]).toEqual([5 - units(sku), 5 - units(other)]);
  expect(order?.totals.subtotalMinor ?? 0).toBe(1_000 * units(sku) + 9_000 * units(other));
}

/** F12: how other shops oversell, leak or free stock too early, tried on the real code. */
import { describe, expect } from "vitest";
import { newContext } from "../../../workers/shared/telemetry.ts";
import { MINUTE_MS, moveClock, passTime, quiesce } from "../rig/clock.ts";
import { deliverWebhook } from "../rig/deliver.ts";
import type { Fault } from "../rig/fault.ts";
import { switchboard } from "../rig/faulty-binding.ts";
import { here } from "../rig/wiring.ts";
import { atOnce, known, orderIdOf, waitingForBank } from "./f12-histories.ts";

describe("known bugs of other shops: stock (F12)", () => {
  known("two lines of the same SKU pass the stock check separately", async (shop, random) => {
    const sku = await shop.sku(3);
    const line = { sku, quantity: 2 };
    const cart = await shop.cart({});
    await shop.setLines(cart, [line, line]);
    const hold = { holdId: crypto.randomUUID(), lines: [line, line], expiresAtMs: Date.now() + MINUTE_MS };
    const [told, held] = await Promise.all([
      atOnce(random, () => shop.checkout(cart)),
      atOnce(random, () => here.inventory().hold(hold, newContext())),
    ]);
    expect(told[0]).toMatchObject({ status: 409, body: { code: "out_of_stock" } });
    expect(held[0]).toMatchObject({ ok: false, error: { code: "out_of_stock", shortages: [{ sku, requested: 4 }] } });
    expect(await shop.available(sku)).toBe(3);
  });

  known("the last unit is charged to two shoppers, and one of them gets nothing", async (shop, random) => {
    const sku = await shop.sku(1);
    const carts = [await shop.cart({ [sku]: 1 }), await shop.cart({ [sku]: 1 }), await shop.cart({ [sku]: 1 })];
    const told = await atOnce(random, ...carts.map((cart) => () => shop.checkout(cart)));
    expect(told.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    for (const { status, body } of told) if (status === 409) expect(body.code).toBe("out_of_stock");
    expect(switchboard.calls.filter(({ edge }) => edge === "partition>payments.authorize")).toHaveLength(1);
    await quiesce();
    expect(await shop.available(sku)).toBe(0);
  });

  known("a shopper is charged, and then there is no stock: the hold ran out while the bank was asked", async (shop) => {
    const sku = await shop.sku(1);
    const first = await shop.cart({ [sku]: 1 });
    switchboard.inject(({ edge, occurrence }) =>
      edge === "partition>payments.authorize" && occurrence === 1 ? "slow" : undefined,
    );
    const paying = shop.checkout(first);
    while (switchboard.held.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    moveClock(16 * MINUTE_MS);
    expect((await shop.checkout(await shop.cart({ [sku]: 1 }))).status).toBe(201);
    await switchboard.releaseAll();
    expect(await paying).toMatchObject({ status: 409, body: { code: "out_of_stock" } });
    await quiesce();
    expect(await shop.available(sku)).toBe(0);
  });

  known("a late payment arrives after the hold was freed and sold to somebody else", async (shop, random) => {
    const sku = await shop.sku(1);
    const { orderId, redirectUrl } = await waitingForBank(shop, await shop.cart({ [sku]: 1 }));
    moveClock(16 * MINUTE_MS);
    expect((await shop.checkout(await shop.cart({ [sku]: 1 }))).status).toBe(201);
    const location = await shop.answerBank(redirectUrl, true);
    const webhooks = await shop.collectWebhooks();
    const arrivals = webhooks.map((webhook) => async () => void (await deliverWebhook(webhook)));
    await atOnce(random, ...arrivals, async () => void (location === undefined ? undefined : await shop.comeBack(location)));
    await quiesce();
    expect(await shop.order(orderId)).toMatchObject({ status: "failed", payment: { status: "voided" } });
    expect(await shop.available(sku)).toBe(0);
  });

  known("a late payment finds its freed units still there, and gets them", async (shop, random) => {
    const sku = await shop.sku(2);
    const { orderId, redirectUrl } = await waitingForBank(shop, await shop.cart({ [sku]: 1 }));
    moveClock((14 + random.integer(0, 4)) * MINUTE_MS);
    await shop.answerBank(redirectUrl, true);
    await passTime(2 * MINUTE_MS);
    await quiesce();
    expect(await shop.order(orderId)).toMatchObject({ status: "placed", payment: { status: "captured" } });
    expect(await shop.available(sku)).toBe(1);
  });

  known("stock is freed while its payment is still open, and both are sold", async (shop) => {
    const sku = await shop.sku(1);
    const { orderId, redirectUrl } = await waitingForBank(shop, await shop.cart({ [sku]: 1 }));
    expect(await shop.checkout(await shop.cart({ [sku]: 1 }))).toMatchObject({ status: 409 });
    await passTime(16 * MINUTE_MS);
    expect(await shop.available(sku)).toBe(1);
    await shop.answerBank(redirectUrl, true);
    expect((await shop.checkout(await shop.cart({ [sku]: 1 }))).status).toBe(201);
    for (const webhook of await shop.collectWebhooks()) await deliverWebhook(webhook);
    await quiesce();
    expect(await shop.order(orderId)).toMatchObject({ status: "failed", payment: { status: "voided" } });
    expect(await shop.available(sku)).toBe(0);
  });

  known("a crash in mid-checkout leaks its hold", async (shop, random) => {
    const sku = await shop.sku(5);
    const edge = random.pick(["hold", "hold", "commit"]);
    const fault = random.pick<Fault>(["crash_before", "crash_after"]);
    switchboard.inject((call) => (call.edge === `partition>inventory.${edge}` && call.occurrence === 1 ? fault : undefined));
    const cart = await shop.cart({ [sku]: 2 });
    await shop.checkout(cart).catch(() => undefined);
    expect(switchboard.injected).toHaveLength(1);
    await quiesce();
    const again = await shop.checkout(cart);
    expect(again).toMatchObject({ status: 201, body: { order: { status: "placed" } } });
    expect((await shop.order(orderIdOf(again))).status).toBe("placed");
    expect(await shop.available(sku)).toBe(3);
  });
});

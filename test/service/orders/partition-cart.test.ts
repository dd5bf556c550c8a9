/** Carts in one partition: created once, frozen while a checkout runs, expired lazily, tidied by the alarm. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { emptyCart } from "../../../durable-objects/checkout-partition/change-cart.ts";
import { newId } from "../../../workers/shared/identifiers.ts";
import { ADDRESS, type PartitionHarness, POLICY, partitionUnderTest, quoteOf } from "./partition-harness.ts";

const DAY_MS = 86_400_000;

afterEach(() => {
  vi.useRealTimers();
});

function putOne(shop: PartitionHarness, cartId: string, quantity: number) {
  const lines = [{ quote: quoteOf("A"), quantity }];
  return shop.api.putLines({ cartId, lines, removeSkus: [], replace: false, policy: POLICY }, shop.context());
}

async function keptCarts(shop: PartitionHarness): Promise<string[]> {
  const rows = await runInDurableObject(shop.stub, (_, state) =>
    state.storage.sql.exec<{ id: string }>("SELECT id FROM carts").toArray(),
  );
  return rows.map(({ id }) => id);
}

describe("a cart", () => {
  it("is created once, however often the command arrives", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 1 }]);
    const command = { cartId: cart.id, currency: "GBP", email: null, customerId: null };
    expect(await shop.api.createCart(command, shop.context())).toEqual({ ok: true, value: cart });
    expect(await shop.api.readCart(cart.id)).toEqual({ ok: true, value: cart });
  });

  it("is empty while it is not kept, until thirty days after its id was made, and kept with its first change", async () => {
    const shop = await partitionUnderTest();
    const cartId = newId("cart", Date.now(), shop.partition);
    const empty = emptyCart(cartId, "GBP");
    expect(await shop.api.readCart(cartId)).toEqual({ ok: true, value: empty });
    expect(await shop.checkout(empty, "k")).toEqual({ ok: false, error: { code: "cart_empty" } });
    expect(await keptCarts(shop)).toEqual([]);
    expect(await putOne(shop, cartId, 1)).toMatchObject({ ok: true, value: { lines: [{ quantity: 1 }] } });
    expect(await keptCarts(shop)).toEqual([cartId]);
    const old = newId("cart", Date.now() - 32 * DAY_MS, shop.partition);
    expect(await shop.api.readCart(old)).toEqual({ ok: false, error: { code: "cart_expired" } });
    expect(await putOne(shop, old, 1)).toEqual({ ok: false, error: { code: "cart_expired" } });
  });

  it("takes no change while its checkout runs, and keeps what was ordered", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 1 }]);
    let letGo = () => {};
    const stuck = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    shop.intercept = async (_method, effect) => {
      await stuck;
      return effect();
    };
    const checkout = shop.checkout(cart, "k");
    await vi.waitFor(() => expect(shop.calls).toContain("hold"));
    expect(await putOne(shop, cart.id, 9)).toEqual({ ok: false, error: { code: "checkout_in_progress" } });
    letGo();
    expect(await checkout).toMatchObject({ ok: true, value: { order: { lines: [{ quantity: 1 }] } } });
    expect(await putOne(shop, cart.id, 9)).toMatchObject({ error: { code: "cart_already_ordered" } });
  });

  it("expires after thirty untouched days and is tidied away; an ordered one's order stays", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 1 }]);
    const order = await shop.placedOrder([{ sku: "A", quantity: 1 }]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 32 * DAY_MS });
    expect(await shop.api.readCart(cart.id)).toEqual({ ok: false, error: { code: "cart_expired" } });
    expect(await shop.ringAlarm()).toBe(true);
    expect(await keptCarts(shop)).toEqual([]);
    expect(await shop.api.readCart(cart.id)).toEqual({ ok: false, error: { code: "cart_expired" } });
    expect(await shop.api.readCart(order.cartId)).toEqual({ ok: false, error: { code: "cart_expired" } });
    expect(await shop.api.readOrder(order.id)).toEqual({ ok: true, value: order });
  });

  it("offers the options of its address", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 1 }]);
    expect(await shop.api.shippingOptions(cart.id, POLICY)).toMatchObject({ value: [{ id: "standard", priceMinor: 399 }] });
    const abroad = { cartId: cart.id, shippingAddress: { ...ADDRESS, country: "FR" }, policy: POLICY };
    expect(await shop.api.updateCart(abroad, shop.context())).toMatchObject({
      value: { shippingOptionId: null, totals: { shippingMinor: 0, taxMinor: 0 } },
    });
    expect(await shop.api.shippingOptions(cart.id, POLICY)).toEqual({ ok: true, value: [] });
    expect(await shop.checkout(cart, "k")).toEqual({
      ok: false,
      error: { code: "cart_incomplete", missing: ["shipping_option_id"] },
    });
  });

  it("and its waiting order outlive the object's eviction", async () => {
    const shop = await partitionUnderTest();
    const cart = await shop.fullCart([{ sku: "A", quantity: 1 }]);
    const waiting = await shop.checkout(cart, "k", "pm_card_authenticationRequired");
    if (!waiting.ok) throw new Error(waiting.error.code);
    await evictDurableObject(shop.stub);
    await shop.install();
    shop.model.act(waiting.value.order.id, "authorized");
    expect(await shop.api.resumePayment(waiting.value.order.id, shop.context())).toMatchObject({ value: { status: "placed" } });
  });
});

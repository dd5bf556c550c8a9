import { describe, expect, it } from "vitest";
import { verifyCapabilityToken } from "../../../workers/shared/capability-token.ts";
import { TEST_SECRETS } from "../../secrets.ts";
import {
  available,
  type Body,
  checkout,
  customer,
  filledCart,
  holding,
  OPERATOR,
  product,
  request,
  type TestCart,
} from "./shop.ts";

async function awaiting(sku: string): Promise<{ cart: TestCart; order: Body; path: string }> {
  const cart = await filledCart({ [sku]: 2 });
  const answer = await checkout(cart, crypto.randomUUID(), { payment_method: "pm_card_authenticationRequired" });
  expect([answer.status, answer.body.order.status]).toEqual([202, "awaiting_payment"]);
  return { cart, order: answer.body.order, path: `/v1/orders/${answer.body.order.id}` };
}

describe("an order that waits for its payment", () => {
  it("tells its owner where to go on and until when, and operators only until when", async () => {
    const { order, path } = await awaiting(await product());
    const own = (await request("GET", path, { as: holding(order.id) })).body;
    expect(own.next_action).toMatchObject({ type: "redirect", url: expect.stringContaining("/payment-sandbox/authenticate/") });
    expect(Date.parse(own.hold_expires_at)).toBeGreaterThan(Date.now());
    const seen = (await request("GET", `/v1/admin${path.slice("/v1".length)}`, { as: OPERATOR })).body;
    expect(seen.hold_expires_at).toBe(own.hold_expires_at);
    expect(JSON.stringify(seen)).not.toContain("authenticate");
  });

  it("is given up for another way to pay: stock free, cart open, nothing charged, and once only", async () => {
    const sku = await product({ stock: 5 });
    const { cart, order, path } = await awaiting(sku);
    expect(await available(sku)).toBe(3);
    const as = holding(order.id);
    const first = await request("POST", `${path}/payment-abandonment`, { as });
    expect([first.status, first.body]).toMatchObject([
      200,
      { status: "failed", failure_reason: "payment_declined", cart_id: cart.id, next_action: null, hold_expires_at: null },
    ]);
    expect(await available(sku)).toBe(5);
    const again = await request("POST", `${path}/payment-abandonment`, { as });
    expect(again.body).toEqual(first.body);
    const other = await checkout(cart, crypto.randomUUID());
    expect([other.status, other.body.order.status]).toEqual([201, "placed"]);
    expect(other.body.order.id).not.toBe(order.id);
  });

  it("is not given up by anybody else", async () => {
    const { cart, path } = await awaiting(await product());
    for (const as of [undefined, cart.as, customer("cus_other"), holding("ord_01h455vb4pex5vsknk084sn02q")]) {
      const refused = await request("POST", `${path}/payment-abandonment`, as === undefined ? {} : { as });
      expect([refused.status, refused.body.code]).toEqual([404, "not_found"]);
    }
  });
});

it("leaves a placed order as it is", async () => {
  const answer = await checkout(await filledCart({ [await product()]: 1 }), crypto.randomUUID());
  const after = await request("POST", `/v1/orders/${answer.body.order.id}/payment-abandonment`, {
    as: holding(answer.body.order.id),
  });
  expect([after.status, after.body.status, after.body.payment.status]).toEqual([200, "placed", "captured"]);
});

it("gives a shopper who lost the checkout's answer the order by its cart", async () => {
  const { cart, order } = await awaiting(await product());
  const found = (await request("GET", cart.path, { as: cart.as })).body;
  expect([found.state, found.order_id]).toEqual(["ordered", order.id]);
  expect(await verifyCapabilityToken(TEST_SECRETS.CAPABILITY_SECRET, found.order_token)).toBe(order.id);
  const open = await filledCart({ [await product()]: 1 });
  expect((await request("GET", open.path, { as: open.as })).body.order_token).toBeNull();
});

describe("default deliveries and taxes", () => {
  it.each([
    ["GB", ["uk-standard", "uk-express"]],
    ["DE", ["eu-standard", "eu-express"]],
    ["US", ["us-standard", "us-express"]],
    ["JP", ["jp-standard", "jp-express"]],
  ])("serve %s in every currency of the shop, cheapest first", async (country, ids) => {
    for (const currency of ["GBP", "EUR", "USD", "JPY"]) {
      const cart = await request("POST", "/v1/carts", { body: { currency } });
      const path = `/v1/carts/${cart.body.id}/shipping-options?country=${country}`;
      const { items } = (await request("GET", path, { as: holding(cart.body.id) })).body;
      expect(items.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(ids));
      expect(items.every(({ price }: Body) => price.currency === currency && Number.isSafeInteger(price.amount_minor))).toBe(
        true,
      );
    }
  });

  it("count Japan's tax into the price, in whole yen", async () => {
    const sku = await product({ currency: "JPY", priceMinor: 1_980 });
    const cart = await request("POST", "/v1/carts", { body: { currency: "JPY", email: "ada@canary.test" } });
    const [path, as] = [`/v1/carts/${cart.body.id}`, holding(cart.body.id)];
    await request("PUT", `${path}/lines/${sku}`, { as, body: { quantity: 1 } });
    const address = { name: "Ada", line1: "1-2-3", city: "Shibuya", region: "Tokyo", postal_code: "150-0001", country: "JP" };
    await request("PATCH", path, { as, body: { shipping_address: address } });
    const { totals } = (await request("PATCH", path, { as, body: { shipping_option_id: "jp-standard" } })).body;
    expect([totals.shipping.amount_minor, totals.tax.amount_minor, totals.total.amount_minor]).toEqual([1_800, 344, 3_780]);
  });
});

import { describe, expect, it } from "vitest";
import type { Cart } from "../../../durable-objects/checkout-partition/contract.ts";
import { noteCart } from "../../../workers/orders/seen-carts.ts";
import { verifyCapabilityToken } from "../../../workers/shared/capability-token.ts";
import { TEST_SECRETS } from "../../secrets.ts";
import {
  available,
  checkout,
  customer,
  filledCart,
  holding,
  newCart,
  ORIGIN,
  product,
  readOrder,
  request,
  setPrice,
  type TestCart,
} from "./shop.ts";

const seenCarts = {
  /** As if another isolate had served the cart's last changes. */
  set: (id: string, skus: readonly string[], state: "open" | "ordered" = "open") =>
    noteCart({ id, currency: "GBP", state, lines: skus.map((sku) => ({ quote: { sku } })) } as unknown as Cart),
};

async function cartOf(stock: number, quantity: number): Promise<{ readonly cart: TestCart; readonly sku: string }> {
  const sku = await product({ stock });
  return { sku, cart: await filledCart({ [sku]: quantity }) };
}

describe("checking out", () => {
  it("places the order: stock is taken, money captured, and the order's token opens it", async () => {
    const { cart, sku } = await cartOf(10, 3);
    const answer = await checkout(cart, "key-1");
    expect(answer.status).toBe(201);
    const { order, token } = answer.body;
    expect(order).toMatchObject({ status: "placed", email: "ada@canary.test", tax_included: true, refunds: [] });
    expect(order.number).toMatch(/^\d{6}-/);
    expect(order.totals.total).toEqual({ amount_minor: 3_399, currency: "GBP" });
    expect(order.payment).toMatchObject({ status: "captured", amount: { amount_minor: 3_399 }, refunded: { amount_minor: 0 } });
    expect(await verifyCapabilityToken(TEST_SECRETS.CAPABILITY_SECRET, token)).toBe(order.id);
    expect(await available(sku)).toBe(7);
    const read = await request("GET", `/v1/orders/${order.id}`, { as: holding(order.id) });
    expect([read.status, read.body.status, read.body.lines[0].sku]).toEqual([200, "placed", sku]);
    expect((await request("GET", `/v1/orders/${order.id}`)).status).toBe(404);
    expect((await request("GET", `/v1/orders/${order.id}`, { as: customer("cus_eve") })).status).toBe(404);
    expect((await request("GET", `/v1/orders/${order.id}`, { as: cart.as })).status).toBe(404);
  });

  it("answers a repeated key with the same status and body, and takes nothing twice", async () => {
    const { cart, sku } = await cartOf(10, 1);
    const first = await checkout(cart, "key-1");
    const again = await checkout(cart, "key-1");
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([201, "true"]);
    expect(again.body).toEqual(first.body);
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    expect(await available(sku)).toBe(9);
  });

  it("places one order for ten simultaneous tries of one key, and of ten keys", async () => {
    const { cart, sku } = await cartOf(10, 1);
    const sameKey = await Promise.all(Array.from({ length: 10 }, () => checkout(cart, "key-1")));
    const otherKeys = await Promise.all(Array.from({ length: 10 }, (_, index) => checkout(cart, `other-${index}`)));
    const placed = [...sameKey, ...otherKeys].filter((answer) => answer.status === 201);
    expect(new Set(placed.map((answer) => answer.body.order.id)).size).toBe(1);
    for (const answer of sameKey) expect([201, 409]).toContain(answer.status);
    for (const answer of otherKeys) expect([answer.status, answer.body.code]).toEqual([409, "cart_already_ordered"]);
    expect(await available(sku)).toBe(9);
  });

  it("refuses a key that was used with another body, and a missing or malformed key", async () => {
    const { cart } = await cartOf(10, 1);
    await checkout(cart, "key-1");
    const reused = await checkout(cart, "key-1", { payment_method: "pm_card_other" });
    expect([reused.status, reused.body.code]).toEqual([422, "idempotency_key_reused"]);
    const body = { payment_method: "pm_card_visa" };
    const missing = await request("POST", `${cart.path}/checkout`, { as: cart.as, body });
    expect([missing.status, missing.body.code]).toEqual([400, "idempotency_key_required"]);
    const headers = { "idempotency-key": "x".repeat(256) };
    const long = await request("POST", `${cart.path}/checkout`, { as: cart.as, body, headers });
    expect([long.status, long.body.code]).toEqual([400, "invalid_request"]);
  });

  it("prices a cart afresh that changed since this isolate saw it", async () => {
    const { cart, sku } = await cartOf(10, 1);
    for (const skus of [[], ["GONE"]]) {
      seenCarts.set(cart.id, skus);
      const answer = await checkout(cart, `key-${skus.length}`, { payment_method: "pm_card_chargeDeclined" });
      expect([answer.status, answer.body.code]).toEqual([402, "payment_declined"]);
    }
    seenCarts.set(cart.id, []);
    const placed = await checkout(cart, "key-placed");
    expect([placed.status, placed.headers.get("idempotent-replayed")]).toEqual([201, null]);
    seenCarts.set(cart.id, []);
    expect((await checkout(cart, "key-placed")).headers.get("idempotent-replayed")).toBe("true");
    expect(await available(sku)).toBe(9);
  });

  it("prices a cart afresh that was ordered when this isolate saw it, and was opened again by its order's failure", async () => {
    const { cart, sku } = await cartOf(10, 1);
    seenCarts.set(cart.id, [sku], "ordered");
    expect((await checkout(cart, "key-after")).status).toBe(201);
  });

  it("keeps the keys of two carts apart", async () => {
    const [one, two] = [await cartOf(10, 1), await cartOf(10, 1)];
    const answers = [await checkout(one.cart, "1"), await checkout(two.cart, "1")];
    expect(answers.map((answer) => answer.status)).toEqual([201, 201]);
    expect(answers[0]?.body.order.id).not.toBe(answers[1]?.body.order.id);
  });

  it("says what is left when stock runs short, and charges nothing", async () => {
    const { cart, sku } = await cartOf(2, 3);
    const short = await checkout(cart, "key-1");
    expect([short.status, short.body.code]).toEqual([409, "out_of_stock"]);
    expect(short.body.shortages).toEqual([{ sku, requested: 3, available: 2 }]);
    const again = await checkout(cart, "key-1");
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([409, "true"]);
    await request("PUT", `${cart.path}/lines/${sku}`, { as: cart.as, body: { quantity: 2 } });
    expect((await checkout(cart, "key-2")).status).toBe(201);
    expect(await available(sku)).toBe(0);
  });

  it.each(["pm_card_chargeDeclined", "pm_card_chargeDeclinedInsufficientFunds"])(
    "gives the stock back when %s is declined, and lets the shopper pay otherwise",
    async (paymentMethod) => {
      const { cart, sku } = await cartOf(5, 2);
      const declined = await checkout(cart, "key-1", { payment_method: paymentMethod });
      expect([declined.status, declined.body.code]).toEqual([402, "payment_declined"]);
      expect(await available(sku)).toBe(5);
      expect((await checkout(cart, "key-2")).status).toBe(201);
      expect(await available(sku)).toBe(3);
    },
  );

  it("shows a changed price before it is charged", async () => {
    const sku = await product({ priceMinor: 1_000 });
    const cart = await filledCart({ [sku]: 2 });
    await setPrice(sku, 1_100);
    const changed = await checkout(cart, "key-1");
    expect([changed.status, changed.body.code]).toEqual([409, "price_changed"]);
    expect(changed.body.totals.total).toEqual({ amount_minor: 2_599, currency: "GBP" });
    const accepted = await checkout(cart, "key-2");
    expect([accepted.status, accepted.body.order?.totals.total.amount_minor]).toEqual([201, 2_599]);
  });

  it("names everything that the cart still lacks", async () => {
    const sku = await product();
    const cart = await newCart();
    const empty = await checkout(cart, "key-1");
    expect([empty.status, empty.body.code]).toEqual([409, "cart_empty"]);
    await request("PUT", `${cart.path}/lines/${sku}`, { as: cart.as, body: { quantity: 1 } });
    const incomplete = await checkout(cart, "key-2");
    expect([incomplete.status, incomplete.body.code]).toEqual([409, "cart_incomplete"]);
    expect(incomplete.body.missing).toEqual(["email", "shipping_address", "shipping_option_id"]);
  });

  it.each([
    [{ payment_method: "4242424242424242 " }, "payment_method"],
    [{ payment_method: 1 }, "payment_method"],
    [{ total: 1 }, "total"],
    [{ return_url: "https://evil.example/" }, "return_url"],
    [{ return_url: "javascript:alert(1)" }, "return_url"],
  ])("refuses the body %j without using the key up", async (body, path) => {
    const { cart } = await cartOf(5, 1);
    const refused = await checkout(cart, "key-1", body);
    expect([refused.status, refused.body.code]).toEqual([422, "invalid_body"]);
    expect(refused.body.errors[0].path).toBe(path);
    expect((await checkout(cart, "key-1")).status).toBe(201);
  });

  it("does not let an ordered cart change", async () => {
    const { cart, sku } = await cartOf(5, 1);
    const placed = await checkout(cart, "key-1");
    const changed = await request("PUT", `${cart.path}/lines/${sku}`, { as: cart.as, body: { quantity: 2 } });
    expect([changed.status, changed.body.code]).toEqual([409, "cart_already_ordered"]);
    expect(changed.body.order_id).toBe(placed.body.order.id);
  });
});

describe("3-D Secure", () => {
  async function challenged(body: object = {}) {
    const { cart, sku } = await cartOf(5, 2);
    const answer = await checkout(cart, "key-1", { payment_method: "pm_card_authenticationRequired", ...body });
    return { answer, cart, sku, orderId: answer.body.order?.id as string };
  }

  it("holds the stock and sends the shopper to the provider", async () => {
    const { answer, cart, sku, orderId } = await challenged();
    expect(answer.status).toBe(202);
    expect(answer.body.order.status).toBe("awaiting_payment");
    expect(answer.body.next_action.type).toBe("redirect");
    expect(URL.canParse(answer.body.next_action.url)).toBe(true);
    expect(await available(sku)).toBe(3);
    const again = await checkout(cart, "key-1", { payment_method: "pm_card_authenticationRequired" });
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([202, "true"]);
    expect(again.body).toEqual(answer.body);
    expect((await readOrder(orderId)).payment.status).toBe("requires_action");
  });

  it("does not place the order because the shopper comes back unpaid", async () => {
    const { orderId, answer } = await challenged();
    const path = `/v1/orders/${orderId}/payment-return?order_token=${answer.body.token}`;
    const landed = await request("GET", path);
    expect([landed.status, landed.body.status]).toEqual([200, "awaiting_payment"]);
    expect(landed.headers.get("referrer-policy")).toBe("no-referrer");
  });

  it("goes on to the checkout's own page, and shows a page to browsers without one", async () => {
    const { orderId, answer } = await challenged();
    const path = `/v1/orders/${orderId}/payment-return?order_token=${answer.body.token}`;
    const back = encodeURIComponent(`${ORIGIN}/thanks`);
    const onward = await request("POST", `${path}&return_url=${back}&payment_intent=pi_1`);
    expect(onward.status).toBe(303);
    expect(onward.headers.get("location")).toBe(`${ORIGIN}/thanks?order_id=${orderId}&order_status=awaiting_payment`);
    const page = await request("GET", path, { headers: { accept: "text/html" } });
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("opens to nobody without the order's token, and redirects to no stranger", async () => {
    const { orderId, answer, cart } = await challenged();
    const path = `/v1/orders/${orderId}/payment-return`;
    expect((await request("GET", path)).status).toBe(404);
    expect((await request("GET", `${path}?order_token=${cart.id}.abc`)).status).toBe(404);
    const evil = `${path}?order_token=${answer.body.token}&return_url=${encodeURIComponent("https://evil.example/")}`;
    expect((await request("GET", evil)).status).toBe(400);
  });
});

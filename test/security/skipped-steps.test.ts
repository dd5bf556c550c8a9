/** Steps of the business taken in another order than they are meant, or twice, or for more than there is. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { type CheckoutView, type Problem, Shop } from "../system/shop.ts";
import { fillCart } from "./scene.ts";

const attacked = inject("attacked");
const shop = new Shop(attacked);
const EMAIL = "steps@shop.example";

function operate(path: string, body: unknown = {}) {
  return shop.admin<Problem>("POST", `/v1/admin/orders/${path}`, { body, headers: { "idempotency-key": randomUUID() } });
}

async function buy(method?: string): Promise<CheckoutView> {
  return (await shop.checkout(await fillCart(shop, EMAIL, "steps"), method)).body;
}

describe("a step that was skipped", () => {
  let waiting: CheckoutView;
  let placed: CheckoutView;

  beforeAll(async () => {
    [waiting, placed] = await Promise.all([buy("pm_card_authenticationRequired"), buy()]);
    expect([waiting.order.status, placed.order.status]).toEqual(["awaiting_payment", "placed"]);
  });

  it("is not made up for: an order that was not paid is not placed by its return, nor shipped, completed or refunded", async () => {
    const { id } = waiting.order;
    const headers = { "order-token": waiting.token };
    const query = `order_token=${waiting.token}&redirect_status=succeeded&payment_intent=pi_1&order_status=placed`;
    for (const method of ["GET", "POST"])
      await shop.call(method, `/v1/orders/${id}/payment-return?${query}`, { headers: { accept: "application/json" } });
    expect((await shop.call<{ status: string }>("GET", `/v1/orders/${id}`, { headers })).body.status).toBe("awaiting_payment");
    const steps = [
      operate(`${id}/shipments`),
      operate(`${id}/complete`),
      operate(`${id}/refunds`, { amount_minor: 1, restock: false }),
    ];
    for (const { status } of await Promise.all(steps)) expect(status).toBe(409);
    expect((await shop.order(waiting)).status).toBe("awaiting_payment");
  });

  it("is refused: an order is not completed before it was shipped, nor paid in another way once it is placed", async () => {
    expect((await operate(`${placed.order.id}/complete`)).status).toBe(409);
    const headers = { "order-token": placed.token };
    const abandoned = await shop.call<{ status: string }>("POST", `/v1/orders/${placed.order.id}/payment-abandonment`, {
      headers,
    });
    expect(abandoned.body.status).toBe("placed");
  });

  it("is refused: nothing is bought without goods, an address, an e-mail or a way to ship", async () => {
    const { body } = await shop.call<{ id: string; token: string }>("POST", "/v1/carts", { body: { currency: "GBP" } });
    const headers = { "cart-token": body.token };
    const pay = () =>
      shop.call<Problem>("POST", `/v1/carts/${body.id}/checkout`, {
        body: { payment_method: "pm_card_visa" },
        headers: { ...headers, "idempotency-key": randomUUID() },
      });
    expect(await pay()).toMatchObject({ status: 409, body: { code: "cart_empty" } });
    await shop.call("PUT", `/v1/carts/${body.id}/lines/REAL`, { body: { quantity: 1 }, headers });
    expect(await pay()).toMatchObject({ status: 409, body: { code: "cart_incomplete" } });
  });

  it("is never paid back above what was captured, in one refund or in many at once", async () => {
    const { id, totals } = placed.order;
    const total = totals.total.amount_minor;
    expect(await operate(`${id}/refunds`, { amount_minor: total + 1, restock: false })).toMatchObject({ status: 409 });
    const half = Math.floor(total / 2) + 1;
    const many = await Promise.all(
      Array.from({ length: 5 }, () => operate(`${id}/refunds`, { amount_minor: half, restock: false })),
    );
    expect(many.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await shop.order(placed)).payment.refunded.amount_minor).toBe(half);
  });

  it("is paid in the cart's own currency, and in none that the goods have no price in", async () => {
    for (const currency of ["XTS", "BTC", "CHF"])
      expect([currency, (await shop.call("POST", "/v1/carts", { body: { currency } })).status]).toEqual([currency, 422]);
    const { body } = await shop.call<{ id: string; token: string }>("POST", "/v1/carts", { body: { currency: "EUR" } });
    const headers = { "cart-token": body.token };
    const put = await shop.call<Problem>("PUT", `/v1/carts/${body.id}/lines/REAL`, { body: { quantity: 1 }, headers });
    expect(put).toMatchObject({ status: 409, body: { code: "no_price_in_currency" } });
    expect((await shop.call("PATCH", `/v1/carts/${body.id}`, { body: { currency: "JPY" }, headers })).status).toBe(422);
  });
});

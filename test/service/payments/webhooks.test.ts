/** The webhook inbox: only what is signed, fresh and about an order of ours has an effect, and that effect once. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { receiveWebhook } from "../../../workers/payments/receive-webhook.ts";
import {
  answerChallenge,
  authorized,
  captured,
  context,
  control,
  db,
  deskWith,
  eventBody,
  fakeOrders,
  newOrderId,
  payments,
  placed,
  rowOf,
  signed,
  stripe,
} from "./desk.ts";

/** These tests deliver by hand. */
beforeAll(() => control({ webhooks: "off" }));
afterAll(() => control({ webhooks: "on" }));

/** A payment whose shopper has just approved: only the webhook knows. */
async function approved() {
  const { command, payment } = await authorized({ paymentMethod: "pm_card_authenticationRequired" });
  await answerChallenge(payment.redirectUrl ?? "", "approve");
  const body = await eventBody("payment_intent.amount_capturable_updated", payment.paymentId);
  const orders = fakeOrders(new Map([[command.orderId, command.amountMinor]]));
  return { orderId: command.orderId, paymentId: payment.paymentId, body, orders, desk: deskWith(orders.api) };
}

async function inboxOf(body: string) {
  const { id } = JSON.parse(body) as { id: string };
  return await db.prepare("SELECT outcome FROM webhook_events WHERE event_id = ?").bind(id).first<{ outcome: string }>();
}

describe("a webhook", () => {
  it("that is news tells the order once, however often it comes", async () => {
    const { orderId, paymentId, body, orders, desk } = await approved();
    expect(await receiveWebhook(desk, body, await signed(body))).toEqual({ ok: true, value: "applied" });
    expect(await rowOf(paymentId)).toMatchObject({ status: "authorized" });
    for (let time = 0; time < 3; time++) {
      expect(await receiveWebhook(desk, body, await signed(body))).toEqual({ ok: true, value: "duplicate" });
    }
    expect(orders.told).toEqual([orderId]);
  });

  it("that comes late never takes a payment back", async () => {
    const { paymentId, body, desk, orders } = await approved();
    const late = await eventBody("payment_intent.requires_action", paymentId);
    await receiveWebhook(desk, body, await signed(body));
    expect(await receiveWebhook(desk, late, await signed(late))).toEqual({ ok: true, value: "known" });
    expect(await rowOf(paymentId)).toMatchObject({ status: "authorized" });
    expect(orders.told).toHaveLength(1);
  });

  it("whose order goes on to capture while it is told leaves the row captured", async () => {
    const { command, payment } = await authorized({ paymentMethod: "pm_card_authenticationRequired" });
    await answerChallenge(payment.redirectUrl ?? "", "approve");
    const body = await eventBody("payment_intent.amount_capturable_updated", payment.paymentId);
    const orders = fakeOrders(new Map([[command.orderId, command.amountMinor]]));
    const desk = deskWith({
      async resumePayment(orderId) {
        await payments.capture(payment.paymentId, command.amountMinor, context);
        await placed(payment);
        return await orders.api.resumePayment(orderId, context);
      },
    });
    expect(await receiveWebhook(desk, body, await signed(body))).toEqual({ ok: true, value: "applied" });
    expect(await rowOf(payment.paymentId)).toMatchObject({ status: "captured", captured_minor: 1999 });
  });

  it("about money that was reserved for a saga which died writes the row and wakes the order", async () => {
    const { command, payment } = await authorized();
    expect(await rowOf(payment.paymentId)).toBeNull();
    const orders = fakeOrders(new Map([[command.orderId, command.amountMinor]]));
    const body = await eventBody("payment_intent.amount_capturable_updated", payment.paymentId);
    expect(await receiveWebhook(deskWith(orders.api), body, await signed(body))).toEqual({ ok: true, value: "applied" });
    expect(orders.told).toEqual([command.orderId]);
    expect(await rowOf(payment.paymentId)).toMatchObject({ order_id: command.orderId, status: "authorized" });
  });

  it("about what we did ourselves tells nobody and writes nothing", async () => {
    const payment = await captured();
    const orders = fakeOrders(new Map([[payment.orderId, payment.amountMinor]]));
    const body = await eventBody("payment_intent.amount_capturable_updated", payment.paymentId);
    expect(await receiveWebhook(deskWith(orders.api), body, await signed(body))).toEqual({ ok: true, value: "known" });
    expect(orders.told).toEqual([]);
    expect(await inboxOf(body)).toBeNull();
  });

  it("is not done before the order was told: the provider sends it again, and then it works", async () => {
    const { orderId, paymentId, body, orders, desk } = await approved();
    orders.state.outage = true;
    expect(await receiveWebhook(desk, body, await signed(body))).toEqual({ ok: false, error: { code: "order_not_told" } });
    expect(await inboxOf(body)).toBeNull();
    expect(await rowOf(paymentId)).toMatchObject({ status: "requires_action" });
    orders.state.outage = false;
    expect(await receiveWebhook(desk, body, await signed(body))).toEqual({ ok: true, value: "applied" });
    expect(orders.told).toEqual([orderId]);
  });

  it("that was altered, is stale, unsigned or signed by somebody else is refused", async () => {
    const { body, desk, orders } = await approved();
    const signature = await signed(body);
    const refused = { ok: false, error: { code: "invalid_signature" } };
    expect(await receiveWebhook(desk, body.replace("1999", "1"), signature)).toEqual(refused);
    expect(await receiveWebhook(desk, body, await signed(body, Date.now() - 6 * 60 * 1000))).toEqual(refused);
    expect(await receiveWebhook(desk, body, null)).toEqual(refused);
    expect(await receiveWebhook(desk, body, "t=1,v1=nonsense")).toEqual(refused);
    expect(await receiveWebhook(desk, body, await signed(body, Date.now(), "whsec_of_somebody_else"))).toEqual(refused);
    expect(orders.told).toEqual([]);
    expect(await receiveWebhook(desk, body, signature)).toEqual({ ok: true, value: "applied" });
  });

  it("that is refused leaves a line in the log once a minute, with its request and without a word of its body", async () => {
    const { body, orders } = await approved();
    const lines: string[] = [];
    const warned = vi.spyOn(console, "warn").mockImplementation((line: string) => void lines.push(line));
    const laterMs = Date.now() + 3_600_000;
    const at = (seconds: number) => deskWith(orders.api, { now: () => laterMs + seconds * 1_000 });
    await receiveWebhook(at(0), body, null);
    await receiveWebhook(at(10), body, "t=1,v1=nonsense");
    await receiveWebhook(at(61), body, "t=1,v1=nonsense");
    const { requestId } = context;
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: "webhook_refused", request_id: requestId, reason: "there is no Stripe-Signature header" },
      { event: "webhook_refused", request_id: requestId, held_back: 1 },
    ]);
    expect(lines.join()).not.toContain("pi_");
    warned.mockRestore();
  });

  it("is refused while no secret is set, however it is signed", async () => {
    const { body, orders } = await approved();
    const desk = deskWith(orders.api, { webhookSecret: undefined });
    for (const secret of ["undefined", "null", "whsec_"]) {
      expect(await receiveWebhook(desk, body, await signed(body, Date.now(), secret))).toEqual({
        ok: false,
        error: { code: "webhooks_not_configured" },
      });
    }
    expect(orders.told).toEqual([]);
  });

  it.each([
    ["amount", { amount: 5 }],
    ["currency", { currency: "eur" }],
    ["order", { metadata: { order_id: "ord_of_somebody_else" } }],
  ])("whose %s is not the payment's has no effect", async (_what, change) => {
    const { body, desk, orders, paymentId } = await approved();
    const event = JSON.parse(body) as { data: { object: object } };
    const altered = JSON.stringify({ ...event, data: { object: { ...event.data.object, ...change } } });
    expect(await receiveWebhook(desk, altered, await signed(altered))).toEqual({ ok: true, value: "mismatch" });
    expect(orders.told).toEqual([]);
    expect(await rowOf(paymentId)).toMatchObject({ status: "requires_action" });
    expect(await inboxOf(altered)).toEqual({ outcome: "mismatch" });
  });

  it("for an order that nobody knows is acknowledged and kept", async () => {
    const { body } = await approved();
    const desk = deskWith(fakeOrders(new Map()).api);
    expect(await receiveWebhook(desk, body, await signed(body))).toEqual({ ok: true, value: "unknown_order" });
    expect(await inboxOf(body)).toEqual({ outcome: "unknown_order" });
  });

  it("that comes before our row tells the order, and makes the row", async () => {
    const orderId = newOrderId();
    const made = await stripe.paymentIntents.create({
      amount: 1999,
      currency: "gbp",
      capture_method: "manual",
      confirm: true,
      payment_method: "pm_card_visa",
      metadata: { order_id: orderId },
    });
    const orders = fakeOrders(new Map([[orderId, 1999]]));
    const body = await eventBody("payment_intent.amount_capturable_updated", made.id);
    expect(await receiveWebhook(deskWith(orders.api), body, await signed(body))).toEqual({ ok: true, value: "applied" });
    expect(orders.told).toEqual([orderId]);
    expect(await rowOf(made.id)).toMatchObject({ order_id: orderId, status: "authorized", amount_minor: 1999 });
  });

  it("about a refund that was made elsewhere is written down", async () => {
    const { command, payment } = await authorized();
    await payments.capture(payment.paymentId, 1999, context);
    await stripe.refunds.create({ payment_intent: payment.paymentId, amount: 700 });
    const orders = fakeOrders(new Map([[command.orderId, command.amountMinor]]));
    const body = await eventBody("charge.refunded", payment.paymentId);
    expect(await receiveWebhook(deskWith(orders.api), body, await signed(body))).toEqual({ ok: true, value: "applied" });
    expect(await rowOf(payment.paymentId)).toMatchObject({ status: "captured", captured_minor: 1999, refunded_minor: 700 });
  });
});

describe("POST /v1/webhooks/stripe", () => {
  const post = (body: string, headers: Record<string, string>) =>
    payments.fetch("http://gateway/v1/webhooks/stripe", {
      method: "POST",
      body,
      headers: { "content-type": "application/json; charset=utf-8", ...headers },
    });

  it("answers 200 to what is signed and a problem 400 to what is not", async () => {
    const payment = await captured();
    const body = await eventBody("payment_intent.amount_capturable_updated", payment.paymentId);
    const answer = await post(body, { "stripe-signature": await signed(body) });
    expect([answer.status, await answer.json()]).toEqual([200, { received: true, outcome: "known" }]);
    const refused = await post(`${body} `, { "stripe-signature": await signed(body) });
    expect(refused.status).toBe(400);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(await refused.json()).toMatchObject({ code: "invalid_signature" });
    expect((await post("not json", {})).status).toBe(400);
  });
});

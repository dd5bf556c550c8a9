/** Authorize, capture, cancel and refund over RPC, against the real sandbox: each has one effect, however often it is asked. */
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  answerChallenge,
  authorizeCommand,
  authorized,
  context,
  control,
  newOrderId,
  payments,
  placed,
  providerPayments,
  rowOf,
  stripe,
} from "./desk.ts";

afterEach(async () => {
  await control({ fail_next: 0, lose_next: 0, delay_ms: 0, webhooks: "on" });
});

it("shows in /healthz what the provider was like, and is well without it", async () => {
  const health = async () => {
    const response = await payments.fetch("https://service/healthz");
    const { status, outside } = await response.json<{ status: string; outside: { provider: object } }>();
    return { status, ...outside.provider };
  };
  await authorized();
  expect(await health()).toMatchObject({ status: "ok", state: "answers", breaker: "closed" });
  // The SDK asks three times.
  await control({ fail_next: 3 });
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  await payments.inspect("pi_unknown", context);
  expect(await health()).toMatchObject({ status: "ok", state: "fails", last_failure_at: expect.stringMatching(/^20/) });
  await payments.inspect("pi_unknown", context);
  expect(await health()).toMatchObject({ state: "answers" });
  vi.restoreAllMocks();
});

describe("authorizing", () => {
  it("reserves the money once for one order, asked twice at the same time or later", async () => {
    const command = authorizeCommand();
    const [first, second] = await Promise.all([payments.authorize(command, context), payments.authorize(command, context)]);
    const third = await payments.authorize(command, context);
    expect(first).toMatchObject({ ok: true, value: { status: "authorized", orderId: command.orderId, amountMinor: 1999 } });
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(await providerPayments(command.orderId)).toHaveLength(1);
  });

  it("writes the row of a payment that waits for its shopper before it answers", async () => {
    const { command, payment } = await authorized({ paymentMethod: "pm_card_authenticationRequired" });
    expect(await rowOf(payment.paymentId)).toMatchObject({
      order_id: command.orderId,
      status: "requires_action",
      amount_minor: 1999,
      currency: "GBP",
      captured_minor: 0,
    });
  });

  it("finds the payment of an order that is older than the provider's key window, instead of charging again", async () => {
    const { command, payment } = await authorized({ orderId: newOrderId(Date.now() - 30 * 60 * 60 * 1000) });
    const other = { ...command, paymentMethod: "pm_card_mastercard" };
    expect(await payments.authorize(other, context)).toMatchObject({ ok: true, value: { paymentId: payment.paymentId } });
    expect(await providerPayments(command.orderId)).toHaveLength(1);
  });

  it("finds an old order's payment by its metadata when even our row is gone", async () => {
    const orderId = newOrderId(Date.now() - 30 * 60 * 60 * 1000);
    const made = await stripe.paymentIntents.create({
      amount: 1999,
      currency: "gbp",
      capture_method: "manual",
      confirm: true,
      payment_method: "pm_card_visa",
      return_url: "https://shop.example/return",
      metadata: { order_id: orderId },
    });
    const answer = await payments.authorize(authorizeCommand({ orderId }), context);
    expect(answer).toMatchObject({ ok: true, value: { paymentId: made.id, status: "authorized" } });
    expect(await payments.capture(made.id, 1999, context)).toMatchObject({ ok: true, value: { orderId, status: "captured" } });
  });

  it("ends with one payment when the provider's answers are lost", async () => {
    await control({ lose_next: 1 });
    const command = authorizeCommand();
    expect(await payments.authorize(command, context)).toMatchObject({ ok: true, value: { status: "authorized" } });
    expect(await providerPayments(command.orderId)).toHaveLength(1);
  });

  it.each([
    ["pm_card_chargeDeclined", "generic_decline"],
    ["pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"],
  ])("with %s is declined as %s, the same way again, and the row says so", async (paymentMethod, declineCode) => {
    const command = authorizeCommand({ paymentMethod });
    const first = await payments.authorize(command, context);
    expect(first).toMatchObject({ ok: false, error: { code: "payment_declined", declineCode } });
    expect(await payments.authorize(command, context)).toEqual(first);
    const [intent] = await providerPayments(command.orderId);
    expect(await rowOf(intent?.id ?? "")).toMatchObject({ status: "declined", decline_code: declineCode });
  });

  it("with a method that does not exist is rejected", async () => {
    const answer = await payments.authorize(authorizeCommand({ paymentMethod: "pm_card_nobody" }), context);
    expect(answer).toMatchObject({ ok: false, error: { code: "payment_rejected" } });
  });

  it("never takes another amount for the same order", async () => {
    const { command } = await authorized();
    const answer = await payments.authorize({ ...command, amountMinor: 5 }, context);
    expect(answer).toMatchObject({ ok: false, error: { code: "payment_rejected" } });
    expect(await providerPayments(command.orderId)).toHaveLength(1);
  });

  it("says where the shopper must go, and after they approved says so even to a repeated call", async () => {
    const { command, payment } = await authorized({ paymentMethod: "pm_card_authenticationRequired" });
    expect(payment.status).toBe("requires_action");
    expect(payment.redirectUrl).toContain(`/payment-sandbox/authenticate/${payment.paymentId}`);
    const returned = await answerChallenge(payment.redirectUrl ?? "", "approve");
    expect(returned.status).toBe(303);
    expect(returned.headers.get("location")).toContain("redirect_status=succeeded");
    expect(await payments.inspect(payment.paymentId, context)).toMatchObject({ ok: true, value: { status: "authorized" } });
    expect(await payments.authorize(command, context)).toMatchObject({ ok: true, value: { status: "authorized" } });
  });
});

describe("capturing", () => {
  it("takes the money once, asked twice at the same time or later, and leaves the row to the placed order", async () => {
    const { payment } = await authorized();
    const capture = () => payments.capture(payment.paymentId, 1999, context);
    const answers = [...(await Promise.all([capture(), capture()])), await capture()];
    for (const answer of answers) expect(answer).toMatchObject({ ok: true, value: { status: "captured", capturedMinor: 1999 } });
    expect(await rowOf(payment.paymentId)).toBeNull();
    await placed(payment);
    expect(await rowOf(payment.paymentId)).toMatchObject({ status: "captured", captured_minor: 1999 });
  });

  it("what somebody else captured is success", async () => {
    const { payment } = await authorized();
    await stripe.paymentIntents.capture(payment.paymentId);
    expect(await payments.capture(payment.paymentId, 1999, context)).toMatchObject({ ok: true, value: { status: "captured" } });
  });

  it("what is cancelled, unknown or not yet approved is refused, and an approval later is not hidden by the old refusal", async () => {
    const cancelled = await authorized();
    await payments.cancel(cancelled.payment.paymentId, context);
    expect(await payments.capture(cancelled.payment.paymentId, 1999, context)).toMatchObject({
      ok: false,
      error: { code: "not_capturable", status: "cancelled" },
    });
    expect(await payments.capture("pi_nothing", 1999, context)).toMatchObject({ ok: false, error: { code: "payment_unknown" } });
    const { payment } = await authorized({ paymentMethod: "pm_card_authenticationRequired" });
    expect(await payments.capture(payment.paymentId, 1999, context)).toMatchObject({
      ok: false,
      error: { code: "not_capturable", status: "requires_action" },
    });
    await answerChallenge(payment.redirectUrl ?? "", "approve");
    expect(await payments.capture(payment.paymentId, 1999, context)).toMatchObject({ ok: true, value: { capturedMinor: 1999 } });
  });
});

describe("cancelling", () => {
  it("frees the money once and says when it is too late", async () => {
    const { payment } = await authorized();
    for (let time = 0; time < 2; time++) {
      expect(await payments.cancel(payment.paymentId, context)).toMatchObject({ ok: true, value: { status: "cancelled" } });
    }
    const paid = await authorized();
    await payments.capture(paid.payment.paymentId, 1999, context);
    expect(await payments.cancel(paid.payment.paymentId, context)).toMatchObject({
      ok: false,
      error: { code: "not_capturable", status: "captured" },
    });
  });
});

describe("refunding", () => {
  async function captured() {
    const made = await authorized();
    await payments.capture(made.payment.paymentId, 1999, context);
    const { paymentId, orderId } = made.payment;
    return { paymentId, orderId, refundId: `ref_of_${orderId}`, amountMinor: 500 };
  }

  it("pays back once per refund id, asked twice at the same time or later", async () => {
    const command = await captured();
    const answers = await Promise.all([payments.refund(command, context), payments.refund(command, context)]);
    for (const answer of answers) expect(answer).toMatchObject({ ok: true, value: { refundedMinor: 500, capturedMinor: 1999 } });
    expect(await payments.refund(command, context)).toMatchObject({ ok: true, value: { refundedMinor: 500 } });
    expect((await stripe.refunds.list({ payment_intent: command.paymentId })).data).toHaveLength(1);
  });

  it("pays back once per refund id when the provider has forgotten the key of the first try", async () => {
    const command = await captured();
    const metadata = { refund_id: command.refundId, order_id: command.orderId };
    await stripe.refunds.create({ payment_intent: command.paymentId, amount: 500, metadata });
    expect(await payments.refund(command, context)).toMatchObject({ ok: true, value: { refundedMinor: 500 } });
    expect((await stripe.refunds.list({ payment_intent: command.paymentId })).data).toHaveLength(1);
  });

  it("never pays back more than was captured, nor another order's payment, nor one id with two amounts", async () => {
    const command = await captured();
    expect(await payments.refund({ ...command, amountMinor: 2000 }, context)).toMatchObject({
      ok: false,
      error: { code: "not_refundable" },
    });
    expect(await payments.refund({ ...command, orderId: newOrderId() }, context)).toMatchObject({
      ok: false,
      error: { code: "payment_unknown" },
    });
    expect(await payments.refund({ ...command, refundId: `${command.refundId}b` }, context)).toMatchObject({ ok: true });
    expect(await payments.refund({ ...command, refundId: `${command.refundId}b`, amountMinor: 7 }, context)).toMatchObject({
      ok: false,
      error: { code: "not_refundable" },
    });
  });
});

describe("a provider that does not answer", () => {
  it("is a value, and asking again later has one effect", async () => {
    await control({ fail_next: 3 });
    const command = authorizeCommand();
    expect(await payments.authorize(command, context)).toMatchObject({ ok: false, error: { code: "provider_unavailable" } });
    await control({ fail_next: 0 });
    expect(await payments.authorize(command, context)).toMatchObject({ ok: true, value: { status: "authorized" } });
    expect(await providerPayments(command.orderId)).toHaveLength(1);
  });
});

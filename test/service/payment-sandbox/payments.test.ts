/** The unmodified SDK through payments: authorize, capture, cancel, decline, refund, list, search. */
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { checkoutParameters, refusalOf, stripe, stripeClient } from "./client.ts";

const authorize = (orderId: string, paymentMethod?: string) =>
  stripe.paymentIntents.create(checkoutParameters(orderId, paymentMethod));

describe("a payment with manual capture", () => {
  it("is authorized by one call, then captured in full", async () => {
    const authorized = await authorize("ord_full");
    expect(authorized).toMatchObject({
      object: "payment_intent",
      status: "requires_capture",
      amount: 1999,
      amount_capturable: 1999,
      amount_received: 0,
      currency: "gbp",
      metadata: { order_id: "ord_full" },
      next_action: null,
    });
    const captured = await stripe.paymentIntents.capture(authorized.id, {}, { idempotencyKey: "capture-full" });
    expect(captured).toMatchObject({ status: "succeeded", amount_capturable: 0, amount_received: 1999 });
    const charge = await stripe.charges.retrieve(String(captured.latest_charge));
    expect(charge).toMatchObject({ payment_intent: captured.id, captured: true, amount_captured: 1999, status: "succeeded" });
  });

  it("is captured in part, and the rest cannot be taken later", async () => {
    const { id } = await authorize("ord_part");
    const captured = await stripe.paymentIntents.capture(id, { amount_to_capture: 500 });
    expect(captured).toMatchObject({ status: "succeeded", amount: 1999, amount_received: 500 });
    const refusal = await refusalOf(stripe.paymentIntents.capture(id));
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
    expect(refusal).toMatchObject({ statusCode: 400, code: "payment_intent_unexpected_state" });
    expect(refusal.payment_intent).toMatchObject({ id, status: "succeeded" });
  });

  it("never captures more than was authorized", async () => {
    const { id } = await authorize("ord_more");
    const refusal = await refusalOf(stripe.paymentIntents.capture(id, { amount_to_capture: 2000 }));
    expect(refusal).toMatchObject({ code: "amount_too_large", param: "amount_to_capture" });
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: "requires_capture", amount_received: 0 });
  });

  it("is cancelled once, and never after it was captured", async () => {
    const { id } = await authorize("ord_cancel");
    const cancelled = await stripe.paymentIntents.cancel(id, { cancellation_reason: "abandoned" });
    expect(cancelled).toMatchObject({ status: "canceled", cancellation_reason: "abandoned", amount_capturable: 0 });
    expect(cancelled.canceled_at).toBeGreaterThan(0);
    expect(await refusalOf(stripe.paymentIntents.cancel(id))).toMatchObject({ code: "payment_intent_unexpected_state" });
    expect(await refusalOf(stripe.paymentIntents.capture(id))).toMatchObject({ code: "payment_intent_unexpected_state" });
    const other = await authorize("ord_cancel_late");
    await stripe.paymentIntents.capture(other.id);
    expect(await refusalOf(stripe.paymentIntents.cancel(other.id))).toMatchObject({ code: "payment_intent_unexpected_state" });
  });
});

describe("a payment in steps", () => {
  it("is created, updated, confirmed and taken at once", async () => {
    const created = await stripe.paymentIntents.create({ amount: 500, currency: "EUR", metadata: { a: "1", b: "2" } });
    expect(created).toMatchObject({ status: "requires_payment_method", currency: "eur", latest_charge: null });
    const updated = await stripe.paymentIntents.update(created.id, {
      amount: 700,
      description: "Tea",
      metadata: { a: "", c: "3" },
      payment_method: "pm_card_mastercard",
      receipt_email: "buyer@shop.example",
    });
    expect(updated).toMatchObject({
      amount: 700,
      status: "requires_confirmation",
      description: "Tea",
      metadata: { b: "2", c: "3" },
      receipt_email: "buyer@shop.example",
    });
    expect(updated.metadata).not.toHaveProperty("a");
    const confirmed = await stripe.paymentIntents.confirm(created.id, { expand: ["latest_charge"] });
    expect(confirmed).toMatchObject({ status: "succeeded", amount_received: 700 });
    expect(confirmed.latest_charge).toMatchObject({
      object: "charge",
      payment_method_details: { card: { brand: "mastercard", last4: "4444" } },
    });
    expect(await refusalOf(stripe.paymentIntents.update(created.id, { amount: 1 }))).toMatchObject({ statusCode: 400 });
  });

  it("fails instead of asking the shopper when the caller says so", async () => {
    const call = stripe.paymentIntents.create({
      ...checkoutParameters("ord_no_action", "pm_card_authenticationRequired"),
      error_on_requires_action: true,
    });
    expect(await refusalOf(call)).toMatchObject({ statusCode: 402, decline_code: "authentication_required" });
  });
});

describe("a declined card", () => {
  it.each([
    ["pm_card_chargeDeclined", "card_declined", "generic_decline"],
    ["pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"],
    ["pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"],
  ])("%s is a card error %s/%s and charges nothing", async (paymentMethod, code, declineCode) => {
    const refusal = await refusalOf(authorize(`ord_${paymentMethod}`, paymentMethod));
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(refusal).toMatchObject({ statusCode: 402, rawType: "card_error", code, decline_code: declineCode });
    const failed = await stripe.paymentIntents.retrieve(refusal.payment_intent?.id ?? "", { expand: ["latest_charge"] });
    expect(failed).toMatchObject({
      status: "requires_payment_method",
      amount_received: 0,
      amount_capturable: 0,
      last_payment_error: { code },
      latest_charge: { status: "failed", paid: false, failure_code: code },
    });
    const again = await stripe.paymentIntents.confirm(failed.id, { payment_method: "pm_card_visa" });
    expect(again).toMatchObject({ status: "requires_capture", last_payment_error: null });
    expect((await stripe.charges.list({ payment_intent: failed.id })).data.map((charge) => charge.status)).toEqual([
      "succeeded",
      "failed",
    ]);
  });
});

describe("refunds", () => {
  it("pay back in parts until nothing is left, and never more", async () => {
    const { id } = await authorize("ord_refunds");
    expect(await refusalOf(stripe.refunds.create({ payment_intent: id }))).toMatchObject({ statusCode: 400 });
    const captured = await stripe.paymentIntents.capture(id);
    const first = await stripe.refunds.create({ payment_intent: id, amount: 500, metadata: { refund_id: "r1" } });
    expect(first).toMatchObject({ object: "refund", amount: 500, status: "succeeded", metadata: { refund_id: "r1" } });
    const over = await refusalOf(stripe.refunds.create({ payment_intent: id, amount: 1500 }));
    expect(over).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
    expect(over).toMatchObject({ statusCode: 400, param: "amount" });
    const rest = await stripe.refunds.create({ charge: String(captured.latest_charge) });
    expect(rest.amount).toBe(1499);
    expect(await refusalOf(stripe.refunds.create({ payment_intent: id, amount: 1 }))).toMatchObject({
      code: "charge_already_refunded",
    });
    const listed = await stripe.refunds.list({ payment_intent: id });
    expect(listed.data.map((refund) => refund.id)).toEqual([rest.id, first.id]);
    expect(await stripe.refunds.retrieve(first.id)).toEqual(first);
    expect(await stripe.charges.retrieve(String(captured.latest_charge))).toMatchObject({
      amount_refunded: 1999,
      refunded: true,
    });
  });
});

describe("lists and searches", () => {
  it("page through payments newest first without losing or repeating one", async () => {
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.push((await authorize(`ord_list_${index}`)).id);
    const first = await stripe.paymentIntents.list({ limit: 2 });
    expect(first.data.map(({ id }) => id)).toEqual([made[4], made[3]]);
    expect(first.has_more).toBe(true);
    const second = await stripe.paymentIntents.list({ limit: 2, starting_after: made[3] ?? "" });
    expect(second.data.map(({ id }) => id)).toEqual([made[2], made[1]]);
    const back = await stripe.paymentIntents.list({ limit: 2, ending_before: made[1] ?? "" });
    expect(back.data.map(({ id }) => id)).toEqual([made[3], made[2]]);
    const walked: string[] = [];
    for await (const intent of stripe.paymentIntents.list({ limit: 2, created: { gte: 0 } })) walked.push(intent.id);
    expect(walked.slice(0, 5)).toEqual(made.toReversed());
    expect(new Set(walked).size).toBe(walked.length);
    const now = Math.floor(Date.now() / 1000);
    expect((await stripe.paymentIntents.list({ created: { lt: now - 3_600 } })).data).toEqual([]);
    expect((await stripe.paymentIntents.list({ created: { gte: now - 3_600, lte: now + 1 }, limit: 1 })).data[0]?.id).toBe(
      made[4],
    );
  });

  it("find a payment by its metadata, and only that one", async () => {
    const { id } = await authorize("ord_found");
    await authorize("ord_not_found");
    const found = await stripe.paymentIntents.search({ query: "metadata['order_id']:'ord_found'" });
    expect(found.data.map((intent) => intent.id)).toEqual([id]);
    expect((await stripe.paymentIntents.search({ query: "metadata['order_id']:'ord_absent'" })).data).toEqual([]);
    expect(await refusalOf(stripe.paymentIntents.search({ query: "amount>100" }))).toMatchObject({ param: "query" });
  });
});

describe("requests that make no sense", () => {
  it.each([
    ["an unknown payment method", { payment_method: "pm_nobody" }, 404, "resource_missing", "payment_method"],
    ["no amount", { amount: undefined }, 400, "parameter_missing", "amount"],
    ["a negative amount", { amount: -1 }, 400, "parameter_invalid_integer", "amount"],
    ["a fractional amount", { amount: 1.5 }, 400, "parameter_invalid_integer", "amount"],
    ["an amount beyond eight digits", { amount: 100_000_000 }, 400, "amount_too_large", "amount"],
    ["an unknown field", { price: 1 }, 400, "parameter_unknown", "price"],
  ])("%s is refused with its place", async (_title, change, statusCode, code, param) => {
    const call = stripe.paymentIntents.create({
      ...checkoutParameters("ord_bad"),
      ...change,
    } as Stripe.PaymentIntentCreateParams);
    const refusal = await refusalOf(call);
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
    expect(refusal).toMatchObject({ statusCode, code, param });
  });

  it("an id that does not exist is 404, a wrong key 401", async () => {
    expect(await refusalOf(stripe.paymentIntents.retrieve("pi_nothing"))).toMatchObject({
      statusCode: 404,
      code: "resource_missing",
    });
    expect(await refusalOf(stripe.charges.retrieve("ch_nothing"))).toMatchObject({ statusCode: 404 });
    expect(await refusalOf(stripe.paymentMethods.retrieve("pm_nothing"))).toMatchObject({ statusCode: 404 });
    const refusal = await refusalOf(stripeClient("sk_test_wrong_key_of_somebody").paymentIntents.list());
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
  });
});

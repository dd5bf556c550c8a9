/** Keys and faults: a key has one effect and one answer, errors included, whatever breaks around it. */
import Stripe from "stripe";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TEST_SECRETS } from "../../secrets.ts";
import { checkoutParameters, control, keysKept, refusalOf, ringAlarm, sandboxFetch, stripe } from "./client.ts";

afterEach(async () => {
  vi.useRealTimers();
  await control({ fail_next: 0, lose_next: 0, delay_ms: 0, webhooks: "on" });
});

const ordered = async (orderId: string) =>
  (await stripe.paymentIntents.search({ query: `metadata['order_id']:'${orderId}'` })).data.length;

/** The bytes as they are sent. */
async function raw(key: string, body: string): Promise<Response> {
  return await sandboxFetch("https://api.stripe.com/v1/payment_intents", {
    method: "POST",
    headers: {
      authorization: `Basic ${btoa(`${TEST_SECRETS.STRIPE_API_KEY}:`)}`,
      "content-type": "application/x-www-form-urlencoded",
      "idempotency-key": key,
    },
    body,
  });
}

describe("an idempotency key", () => {
  it("has one effect and gives the same bytes again, marked as a replay", async () => {
    const body = "amount=1999&currency=gbp&confirm=true&payment_method=pm_card_visa&metadata[order_id]=ord_replay";
    const first = await raw("key-replay", body);
    const second = await raw("key-replay", body.split("&").reverse().join("&"));
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect(second.headers.get("original-request")).toBe(first.headers.get("request-id"));
    expect(second.headers.get("request-id")).not.toBe(first.headers.get("request-id"));
    expect([second.status, await second.text()]).toEqual([200, await first.text()]);
    expect(await ordered("ord_replay")).toBe(1);
  });

  it("replays a decline as it was", async () => {
    const decline = () =>
      refusalOf(
        stripe.paymentIntents.create(checkoutParameters("ord_decline", "pm_card_chargeDeclined"), {
          idempotencyKey: "key-decline",
        }),
      );
    const [first, second] = [await decline(), await decline()];
    expect(second).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
    expect(second.headers?.["idempotent-replayed"]).toBe("true");
    expect(await ordered("ord_decline")).toBe(1);
  });

  it("is refused for other parameters, and for another path", async () => {
    const made = await stripe.paymentIntents.create(checkoutParameters("ord_other"), { idempotencyKey: "key-other" });
    const other = { ...checkoutParameters("ord_other"), amount: 1 };
    const refusal = await refusalOf(stripe.paymentIntents.create(other, { idempotencyKey: "key-other" }));
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(refusal).toMatchObject({ statusCode: 400, rawType: "idempotency_error" });
    const elsewhere = await refusalOf(stripe.paymentIntents.capture(made.id, {}, { idempotencyKey: "key-other" }));
    expect(elsewhere).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(await stripe.paymentIntents.retrieve(made.id)).toMatchObject({ status: "requires_capture" });
  });

  it("that is being used is refused, and the first call goes on", async () => {
    await control({ delay_ms: 300 });
    const create = () => stripe.paymentIntents.create(checkoutParameters("ord_in_flight"), { idempotencyKey: "key-in-flight" });
    const [first, second] = await Promise.allSettled([create(), create()]);
    const outcomes = [first, second].map((outcome) => (outcome?.status === "fulfilled" ? 200 : outcome?.reason.statusCode));
    expect(outcomes.sort()).toEqual([200, 409]);
    await control({ delay_ms: 0 });
    expect(await ordered("ord_in_flight")).toBe(1);
  });

  it("of a call that was refused for its parameters can be used again", async () => {
    const options = { idempotencyKey: "key-parameters" };
    const wrong = { ...checkoutParameters("ord_parameters"), amount: -1 };
    expect(await refusalOf(stripe.paymentIntents.create(wrong, options))).toMatchObject({ param: "amount" });
    expect(await stripe.paymentIntents.create(checkoutParameters("ord_parameters"), options)).toMatchObject({ amount: 1999 });
  });

  it("is forgotten after 24 hours, not before", async () => {
    const create = () => stripe.paymentIntents.create(checkoutParameters("ord_day"), { idempotencyKey: "key-day" });
    const first = await create();
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 23 * 60 * 60 * 1000);
    expect((await create()).id).toBe(first.id);
    vi.setSystemTime(Date.now() + 2 * 60 * 60 * 1000);
    expect((await create()).id).not.toBe(first.id);
  });

  it("takes no room after 24 hours: the alarm removes the old ones, and no others", async () => {
    const kept = () => keysKept(["key-old-1", "key-old-2", "key-young"]);
    const create = (key: string) => stripe.paymentIntents.create(checkoutParameters(key), { idempotencyKey: key });
    vi.useFakeTimers({ toFake: ["Date"] });
    for (const key of ["key-old-1", "key-old-2"]) await create(key);
    vi.setSystemTime(Date.now() + 23 * 60 * 60 * 1000);
    await create("key-young");
    await ringAlarm();
    expect(await kept()).toEqual(["key-old-1", "key-old-2", "key-young"]);
    vi.setSystemTime(Date.now() + 2 * 60 * 60 * 1000);
    await create("key-newest");
    await ringAlarm();
    expect(await kept()).toEqual(["key-young"]);
  });
});

describe("faults", () => {
  it("that fail the next call leave no effect; those that lose its answer leave one", async () => {
    await control({ fail_next: 1 });
    const create = (orderId: string) =>
      stripe.paymentIntents.create(checkoutParameters(orderId), { idempotencyKey: `key-${orderId}` });
    expect(await refusalOf(create("ord_failed"))).toBeInstanceOf(Stripe.errors.StripeAPIError);
    expect(await ordered("ord_failed")).toBe(0);
    await control({ lose_next: 1 });
    expect(await refusalOf(create("ord_lost"))).toMatchObject({ statusCode: 500 });
    expect(await ordered("ord_lost")).toBe(1);
    expect(await create("ord_lost")).toMatchObject({ status: "requires_capture" });
    expect(await ordered("ord_lost")).toBe(1);
  });

  it("are set with the API key only, and by known names only", async () => {
    const post = (authorization: string, body: string) =>
      sandboxFetch("http://localhost:8787/payment-sandbox/control", { method: "POST", headers: { authorization }, body });
    expect((await post("Bearer sk_test_wrong_key_of_somebody", "{}")).status).toBe(401);
    expect((await control({ explode: true })).status).toBe(422);
    expect((await post(`Bearer ${TEST_SECRETS.STRIPE_API_KEY}`, "not json")).status).toBe(422);
    expect(await (await control({ delay_ms: 1 })).json()).toEqual({ fail_next: 0, lose_next: 0, delay_ms: 1, webhooks: "on" });
  });
});

describe("a form that makes no sense", () => {
  it.each(["a[b=1", "amount=1&amount[b]=2", `${"a[b]".repeat(2)}=1`, `a${"[b]".repeat(20)}=1`, "x=1&".repeat(1_001)])(
    "%s is refused",
    async (body) => {
      expect((await raw("key-form", body)).status).toBe(400);
    },
  );
});

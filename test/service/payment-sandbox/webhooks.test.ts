/** Webhooks: signed as the SDK verifies them, sent after the commit, again until they are taken. */
import { evictDurableObject } from "cloudflare:test";
import Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TEST_SECRETS } from "../../secrets.ts";
import {
  account,
  checkoutParameters,
  control,
  forgetWebhooks,
  receivedWebhooks,
  receiverAnswers,
  ringAlarm,
  sandboxFetch,
  stripe,
} from "./client.ts";

const DUE_MS = 250;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  // Whatever other payments still owe is sent before each test.
  vi.setSystemTime(Date.now() + 60_000);
  await ringAlarm();
  await forgetWebhooks();
});
afterEach(async () => {
  vi.useRealTimers();
  await control({ webhooks: "on" });
});

async function later(ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  await ringAlarm();
}

async function typesFor(paymentId: string): Promise<string[]> {
  const events = (await receivedWebhooks()).map(({ body }) => JSON.parse(body) as Stripe.Event);
  return events
    .filter(
      ({ data: { object } }) =>
        "id" in object && (object.id === paymentId || ("payment_intent" in object && object.payment_intent === paymentId)),
    )
    .map(({ type }) => type);
}

describe("a webhook", () => {
  it("is verified by the SDK, and any changed byte or another secret is not", async () => {
    const { id } = await stripe.paymentIntents.create(checkoutParameters("ord_signed"));
    await later(DUE_MS);
    const [webhook] = (await receivedWebhooks()).filter(({ body }) => body.includes(id));
    if (webhook === undefined) throw new Error("nothing was received");
    expect(webhook.path).toBe("/v1/webhooks/stripe");
    const verify = (body: string, secret: string) =>
      stripe.webhooks.constructEventAsync(body, webhook.signature, secret, 300, undefined, Date.now());
    const event = await verify(webhook.body, TEST_SECRETS.STRIPE_WEBHOOK_SECRET);
    expect(event).toMatchObject({
      object: "event",
      type: "payment_intent.amount_capturable_updated",
      data: { object: { id, status: "requires_capture", metadata: { order_id: "ord_signed" } } },
    });
    expect(await stripe.events.retrieve(event.id)).toMatchObject({ id: event.id, type: event.type, pending_webhooks: 0 });
    const refused = Stripe.errors.StripeSignatureVerificationError;
    await expect(verify(webhook.body.replace("1999", "1"), TEST_SECRETS.STRIPE_WEBHOOK_SECRET)).rejects.toBeInstanceOf(refused);
    await expect(verify(webhook.body, "whsec_of_somebody_else")).rejects.toBeInstanceOf(refused);
    vi.setSystemTime(Date.now() + 301_000);
    await expect(verify(webhook.body, TEST_SECRETS.STRIPE_WEBHOOK_SECRET)).rejects.toBeInstanceOf(refused);
  });

  it("comes for each thing that happens to a payment", async () => {
    const paid = await stripe.paymentIntents.create(checkoutParameters("ord_a", "pm_card_authenticationRequired"));
    const url = new URL(paid.next_action?.redirect_to_url?.url ?? "");
    await sandboxFetch(`${url.origin}${url.pathname}/approve`, {
      method: "POST",
      body: new URLSearchParams({ client_secret: url.searchParams.get("client_secret") ?? "" }),
      redirect: "manual",
    });
    await stripe.paymentIntents.capture(paid.id);
    await stripe.refunds.create({ payment_intent: paid.id, amount: 1 });
    const given = await stripe.paymentIntents.create(checkoutParameters("ord_b"));
    await stripe.paymentIntents.cancel(given.id);
    const declined = await stripe.paymentIntents
      .create(checkoutParameters("ord_c", "pm_card_chargeDeclined"))
      .catch((error: Stripe.errors.StripeError) => error.payment_intent);
    await later(DUE_MS);
    expect((await typesFor(paid.id)).sort()).toEqual([
      "charge.refunded",
      "payment_intent.amount_capturable_updated",
      "payment_intent.requires_action",
      "payment_intent.succeeded",
    ]);
    expect(await typesFor(given.id)).toContain("payment_intent.canceled");
    expect(await typesFor(declined?.id ?? "")).toEqual(["payment_intent.payment_failed"]);
    const types = (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type);
    expect(types).toContain("payment_intent.created");
  });

  it("that is refused comes again later, also after the object was evicted, until it is taken", async () => {
    await receiverAnswers(503);
    const { id } = await stripe.paymentIntents.create(checkoutParameters("ord_again"));
    await later(DUE_MS);
    expect(await typesFor(id)).toHaveLength(1);
    await receiverAnswers(200);
    await evictDurableObject(account());
    await later(1_000);
    expect(await typesFor(id)).toHaveLength(2);
    await later(60_000);
    expect(await typesFor(id)).toHaveLength(2);
  });

  it("comes twice, or not at all, when a test says so", async () => {
    await control({ webhooks: "duplicate" });
    const twice = await stripe.paymentIntents.create(checkoutParameters("ord_twice"));
    await later(DUE_MS);
    expect(await typesFor(twice.id)).toHaveLength(2);
    await control({ webhooks: "off" });
    const never = await stripe.paymentIntents.create(checkoutParameters("ord_never"));
    await later(60_000);
    expect(await typesFor(never.id)).toEqual([]);
    expect((await stripe.events.list({ type: "payment_intent.amount_capturable_updated" })).data[0]?.data.object).toMatchObject({
      id: never.id,
    });
  });
});

/** The unmodified SDK, pointed at the sandbox under test, and a look at the webhooks that it sent. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import Stripe from "stripe";
import type { Env } from "../../../workers/payment-sandbox/env.ts";
import { TEST_SECRETS } from "../../secrets.ts";
import type { ReceivedWebhook } from "./fakes/receiver.ts";

const bindings = env as unknown as Env;

export const sandboxFetch: typeof fetch = (input, init) =>
  (exports as unknown as { readonly default: Fetcher }).default.fetch(input as RequestInfo, init as RequestInit);

export function stripeClient(apiKey: string = TEST_SECRETS.STRIPE_API_KEY): Stripe {
  return new Stripe(apiKey, {
    httpClient: Stripe.createFetchHttpClient(sandboxFetch),
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

export const stripe = stripeClient();

/** The parameters that a checkout uses. */
export function checkoutParameters(orderId: string, paymentMethod = "pm_card_visa"): Stripe.PaymentIntentCreateParams {
  return {
    amount: 1999,
    currency: "gbp",
    capture_method: "manual",
    confirm: true,
    payment_method: paymentMethod,
    return_url: "https://shop.example/return?order=1",
    metadata: { order_id: orderId },
  };
}

export async function refusalOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error("the call was not refused");
}

export async function control(faults: Record<string, unknown>): Promise<Response> {
  return await sandboxFetch("http://localhost:8787/payment-sandbox/control", {
    method: "POST",
    headers: { authorization: `Bearer ${TEST_SECRETS.STRIPE_API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify(faults),
  });
}

const RECEIVER = "http://receiver/";

export async function receivedWebhooks(): Promise<ReceivedWebhook[]> {
  return await (await bindings.WEBHOOK_RECEIVER.fetch(RECEIVER)).json();
}

export async function forgetWebhooks(): Promise<void> {
  await bindings.WEBHOOK_RECEIVER.fetch(RECEIVER, { method: "DELETE" });
}

/** What the receiver answers from now on. */
export async function receiverAnswers(status: number): Promise<void> {
  await bindings.WEBHOOK_RECEIVER.fetch(RECEIVER, { method: "PUT", body: String(status) });
}

export function account() {
  return bindings.SANDBOX_ACCOUNT.getByName("account");
}

/** Which of the idempotency keys have a row. */
export async function keysKept(keys: readonly string[]): Promise<string[]> {
  const query = "SELECT key FROM idempotency_keys WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key";
  return await runInDurableObject(account(), (_object, state) =>
    state.storage.sql
      .exec<{ key: string }>(query, JSON.stringify(keys))
      .toArray()
      .map(({ key }) => key),
  );
}

/** Runs the account's alarm now. @returns false when none was set. */
export async function ringAlarm(): Promise<boolean> {
  return await runDurableObjectAlarm(account());
}

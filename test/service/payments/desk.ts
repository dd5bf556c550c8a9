/** A desk of the payments worker over its real D1 and the real sandbox, with the orders that a test wants. */

import { env, exports } from "cloudflare:workers";
import Stripe from "stripe";
import type { OrderEvent } from "../../../queues/contracts/order-events.ts";
import type { Order, OrdersApi } from "../../../workers/orders/contract.ts";
import type { AuthorizeCommand, Payment, PaymentsApi } from "../../../workers/payments/contract.ts";
import type { Env } from "../../../workers/payments/env.ts";
import { ledgerFollower } from "../../../workers/payments/follow-orders.ts";
import { createProvider } from "../../../workers/payments/provider.ts";
import type { WebhookDesk } from "../../../workers/payments/receive-webhook.ts";
import { newId } from "../../../workers/shared/identifiers.ts";
import { logger, newContext } from "../../../workers/shared/telemetry.ts";
import { TEST_SECRETS } from "../../secrets.ts";

export const bindings = env as unknown as Env & { readonly PAYMENT_PROVIDER: Fetcher };
export const db = bindings.DATABASE;
export const payments = (exports as unknown as { readonly default: PaymentsApi & Fetcher }).default;
export const stripe = createProvider(TEST_SECRETS.STRIPE_API_KEY, bindings.PAYMENT_PROVIDER);
export const context = newContext();

export function newOrderId(nowMs = Date.now()): string {
  return newId("ord", nowMs);
}

export function authorizeCommand(change: Partial<AuthorizeCommand> = {}): AuthorizeCommand {
  return {
    orderId: newOrderId(),
    amountMinor: 1999,
    currency: "GBP",
    paymentMethod: "pm_card_visa",
    returnUrl: "https://shop.example/return",
    ...change,
  };
}

/** Authorizes by RPC, which must succeed. */
export async function authorized(change: Partial<AuthorizeCommand> = {}) {
  const command = authorizeCommand(change);
  const answer = await payments.authorize(command, context);
  if (!answer.ok) throw new Error(`not authorized: ${JSON.stringify(answer.error)}`);
  return { command, payment: { ...answer.value } };
}

/** Taken, its order placed and followed. */
export async function captured() {
  const { payment } = await authorized();
  await payments.capture(payment.paymentId, 1999, context);
  await placed(payment);
  return payment;
}

/** Lets the ledger follow a log that ends with the order of this payment. */
export async function placed({ orderId, paymentId, amountMinor }: Payment): Promise<void> {
  const source = "/orders/partitions/9-9";
  const follower = ledgerFollower(db, { readEvents: async () => [], readEventsOf: async () => [] });
  const sequence = await follower.readCursor(source);
  await follower.apply(source, sequence, [placedEvent({ source, sequence: sequence + 1 }, { orderId, paymentId, amountMinor })]);
}

export function envelope({ source, sequence }: Pick<OrderEvent, "source" | "sequence">) {
  return {
    specversion: "1.0" as const,
    id: `${source}#${sequence}`,
    source,
    sequence,
    version: 1 as const,
    time: "2026-11-21T09:30:00.000Z",
    subject: "order",
    traceparent: `00-${"1".repeat(32)}-${"1".repeat(16)}-00`,
    datacontenttype: "application/json" as const,
  };
}

export function placedEvent(
  place: Pick<OrderEvent, "source" | "sequence">,
  { orderId, paymentId, amountMinor }: Pick<Payment, "orderId" | "amountMinor"> & { readonly paymentId: string | null },
): OrderEvent {
  const shippingMinor = Math.min(350, amountMinor);
  const totals = {
    ...{ subtotalMinor: amountMinor - shippingMinor, discountMinor: 0, shippingMinor },
    ...{ taxMinor: Math.floor(amountMinor / 6), totalMinor: amountMinor },
  };
  const order = { orderId, number: null, customerId: null, currency: "GBP", country: "GB", lines: [], totals };
  return { ...envelope(place), type: "order.placed", data: { ...order, paymentId, capturedMinor: amountMinor } };
}

export async function rowOf(paymentId: string) {
  return await db.prepare("SELECT * FROM payments WHERE payment_id = ?").bind(paymentId).first<Record<string, unknown>>();
}

/** Every payment that the provider made for an order. */
export async function providerPayments(orderId: string): Promise<Stripe.PaymentIntent[]> {
  const found = await stripe.paymentIntents.search({ query: `metadata['order_id']:'${orderId}'` });
  return found.data;
}

export async function control(faults: Record<string, unknown>): Promise<void> {
  const response = await bindings.PAYMENT_PROVIDER.fetch("http://sandbox/payment-sandbox/control", {
    method: "POST",
    headers: { authorization: `Bearer ${TEST_SECRETS.STRIPE_API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify(faults),
  });
  if (!response.ok) throw new Error(`control: ${response.status}`);
}

/** The shopper's answer at their bank. */
export async function answerChallenge(redirectUrl: string, action: "approve" | "decline"): Promise<Response> {
  const url = new URL(redirectUrl);
  return await bindings.PAYMENT_PROVIDER.fetch(`${url.origin}${url.pathname}/${action}`, {
    method: "POST",
    body: new URLSearchParams({ client_secret: url.searchParams.get("client_secret") ?? "" }),
    redirect: "manual",
  });
}

/** An orders service that knows these totals by order and counts how often each order was told. */
export function fakeOrders(totals: ReadonlyMap<string, number>) {
  const told: string[] = [];
  const state = { outage: false };
  const api: Pick<OrdersApi, "resumePayment"> = {
    async resumePayment(orderId) {
      if (state.outage) throw new Error("orders is down");
      told.push(orderId);
      const totalMinor = totals.get(orderId);
      if (totalMinor === undefined) return { ok: false, error: { code: "order_unknown" } };
      return { ok: true, value: { id: orderId, currency: "GBP", totals: { totalMinor } } as Order };
    },
  };
  return { api, told, state };
}

export function deskWith(orders: Pick<OrdersApi, "resumePayment">, change: Partial<WebhookDesk> = {}): WebhookDesk {
  return {
    stripe,
    database: db,
    orders,
    webhookSecret: TEST_SECRETS.STRIPE_WEBHOOK_SECRET,
    context,
    log: logger("payments", context),
    now: () => Date.now(),
    background: (work) => void work,
    ...change,
  };
}

/** Signs as the provider does. */
export async function signed(
  body: string,
  atMs = Date.now(),
  secret: string = TEST_SECRETS.STRIPE_WEBHOOK_SECRET,
): Promise<string> {
  return await stripe.webhooks.generateTestHeaderStringAsync({
    payload: body,
    secret,
    timestamp: Math.floor(atMs / 1000),
    cryptoProvider: Stripe.createSubtleCryptoProvider(),
  });
}

/** The newest event of a type about a payment, as the provider sends it. */
export async function eventBody(type: string, paymentId: string): Promise<string> {
  for await (const event of stripe.events.list({ type, limit: 100 })) {
    const object = event.data.object as { readonly id?: string; readonly payment_intent?: string };
    if (object.id === paymentId || object.payment_intent === paymentId) return JSON.stringify(event);
  }
  throw new Error(`no ${type} of ${paymentId}`);
}

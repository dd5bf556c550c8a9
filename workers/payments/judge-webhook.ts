/** What a verified webhook says about a payment, and whether it is news to us. Pure. */
import type Stripe from "stripe";
import { ORDER_ID_KEY, paymentOfIntent, statusRank } from "./payment-of-intent.ts";
import type { PaymentNews } from "./payment-rows.ts";

/**
 * - `known`: we know it already; whoever heard of it has told the order, or is about to ask again.
 * - `news`: the order must be told.
 * - `mismatch`: amount, currency or order are not those of our row; nothing may follow from it.
 */
export type WebhookVerdict = "known" | "news" | "mismatch";

/** Undefined for events that say nothing about a payment of an order of ours. */
export function newsOfEvent(event: Stripe.Event): PaymentNews | undefined {
  const object = event.data.object as { readonly object?: unknown };
  if (object.object === "payment_intent") return newsOfIntent(object as Stripe.PaymentIntent, event.type);
  if (event.type === "charge.refunded") return newsOfCharge(event.data.object);
  return undefined;
}

function newsOfIntent(intent: Stripe.PaymentIntent, type: string): PaymentNews | undefined {
  // A payment that was only created waits for its confirmation: that is no decline.
  if (type === "payment_intent.created") return undefined;
  const { redirectUrl: _, ...payment } = paymentOfIntent(intent);
  return { ...payment, createdAtMs: intent.created * 1000 };
}

function newsOfCharge(charge: Stripe.Charge): PaymentNews | undefined {
  const paymentId = typeof charge.payment_intent === "string" ? charge.payment_intent : charge.payment_intent?.id;
  if (paymentId === undefined) return undefined;
  return {
    paymentId,
    orderId: charge.metadata[ORDER_ID_KEY] ?? "",
    amountMinor: charge.amount,
    currency: charge.currency.toUpperCase(),
    status: "captured",
    capturedMinor: charge.amount_captured,
    refundedMinor: charge.amount_refunded,
    declineCode: null,
    createdAtMs: charge.created * 1000,
  };
}

export function judgeWebhook(row: PaymentNews | undefined, news: PaymentNews): WebhookVerdict {
  if (row === undefined) return "news";
  if (row.orderId !== news.orderId || row.amountMinor !== news.amountMinor || row.currency !== news.currency) return "mismatch";
  const known =
    statusRank(row.status) >= statusRank(news.status) &&
    row.capturedMinor >= news.capturedMinor &&
    row.refundedMinor >= news.refundedMinor;
  return known ? "known" : "news";
}

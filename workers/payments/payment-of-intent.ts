/** The provider's PaymentIntent as our Payment. Pure. */
import type Stripe from "stripe";
import { unreachable } from "../shared/result.ts";
import type { Payment, PaymentStatus } from "./contract.ts";

/** Where the order's id stands in the provider's metadata. */
export const ORDER_ID_KEY = "order_id";
export const REFUND_ID_KEY = "refund_id";

export function paymentOfIntent(intent: Stripe.PaymentIntent): Payment {
  const charge = typeof intent.latest_charge === "object" ? intent.latest_charge : null;
  const status = statusOf(intent.status);
  return {
    paymentId: intent.id,
    orderId: intent.metadata[ORDER_ID_KEY] ?? "",
    status,
    amountMinor: intent.amount,
    capturedMinor: intent.amount_received,
    refundedMinor: charge?.amount_refunded ?? 0,
    currency: intent.currency.toUpperCase(),
    redirectUrl: intent.next_action?.redirect_to_url?.url ?? null,
    declineCode: status === "declined" ? declineCodeOf(intent) : null,
  };
}

/** A payment of ours that needs another card was declined: each order confirms once. A state we do not know is undecided. */
function statusOf(status: Stripe.PaymentIntent.Status): PaymentStatus {
  switch (status) {
    case "requires_action":
      return "requires_action";
    case "requires_capture":
      return "authorized";
    case "succeeded":
      return "captured";
    case "canceled":
      return "cancelled";
    case "requires_payment_method":
    case "requires_confirmation":
      return "declined";
    default:
      return "processing";
  }
}

function declineCodeOf(intent: Stripe.PaymentIntent): string {
  return intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code ?? "declined";
}

/** A payment's life: later states have higher ranks, and what is terminal the highest. */
export function statusRank(status: PaymentStatus): number {
  switch (status) {
    case "requires_action":
      return 1;
    case "processing":
      return 2;
    case "declined":
    case "authorized":
      return 3;
    case "captured":
    case "cancelled":
      return 4;
    default:
      return unreachable(status);
  }
}

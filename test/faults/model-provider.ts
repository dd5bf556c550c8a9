/** The payment provider behind the contract of payments, in memory: every command is idempotent by order or refund id. */
import type { Payment, PaymentStatus } from "../../workers/payments/contract.ts";
import { err, ok } from "../../workers/shared/result.ts";

export interface ModelPayment {
  readonly id: string;
  readonly orderId: string;
  status: PaymentStatus;
  readonly amountMinor: number;
  capturedMinor: number;
  readonly refunds: Map<string, number>;
  readonly currency: string;
}

export type CardBehaviour = "authorized" | "declined" | "requires_action" | "rejected";

export class ModelProvider {
  readonly payments = new Map<string, ModelPayment>();
  /** What a card does whose payment method does not say. */
  card: CardBehaviour = "authorized";

  authorize(command: { orderId: string; amountMinor: number; currency: string; paymentMethod: string }) {
    const card = behaviourOf(command.paymentMethod) ?? this.card;
    if (card === "rejected") return err({ code: "payment_rejected", message: "no such method" });
    const id = `pi_${command.orderId}`;
    const payment = this.payments.get(id) ?? {
      id,
      orderId: command.orderId,
      status: card,
      amountMinor: command.amountMinor,
      capturedMinor: 0,
      refunds: new Map<string, number>(),
      currency: command.currency,
    };
    this.payments.set(id, payment);
    if (payment.status === "declined") return err({ code: "payment_declined", declineCode: "generic_decline", message: "No." });
    return ok(view(payment));
  }

  inspect(paymentId: string) {
    const payment = this.payments.get(paymentId);
    return payment === undefined ? err({ code: "payment_unknown" }) : ok(view(payment));
  }

  capture(paymentId: string) {
    const payment = this.payments.get(paymentId);
    if (payment === undefined) return err({ code: "payment_unknown" });
    if (payment.status !== "authorized" && payment.status !== "captured") {
      return err({ code: "not_capturable", status: payment.status });
    }
    payment.status = "captured";
    payment.capturedMinor = payment.amountMinor;
    return ok(view(payment));
  }

  cancel(paymentId: string) {
    const payment = this.payments.get(paymentId);
    if (payment === undefined) return err({ code: "payment_unknown" });
    if (payment.status === "captured") return err({ code: "not_capturable", status: "captured" as const });
    payment.status = "cancelled";
    return ok(view(payment));
  }

  refund(command: { paymentId: string; refundId: string; amountMinor: number }) {
    const payment = this.payments.get(command.paymentId);
    if (payment === undefined) return err({ code: "payment_unknown" });
    if (!payment.refunds.has(command.refundId)) {
      if (payment.capturedMinor - refundedOf(payment) < command.amountMinor) {
        return err({ code: "not_refundable", message: "more than captured" });
      }
      payment.refunds.set(command.refundId, command.amountMinor);
    }
    return ok(view(payment));
  }

  /** The shopper, or the bank, acts on a payment that waits for them. */
  act(orderId: string, status: "authorized" | "declined" | "cancelled"): void {
    const payment = this.payments.get(`pi_${orderId}`);
    if (payment === undefined) return;
    const allowed = status === "cancelled" ? ["requires_action", "authorized"] : ["requires_action"];
    if (allowed.includes(payment.status)) payment.status = status;
  }

  /** Money kept from the shopper for this order, and money still reserved. */
  money(orderId: string): { readonly keptMinor: number; readonly reserved: boolean } {
    const payment = this.payments.get(`pi_${orderId}`);
    if (payment === undefined) return { keptMinor: 0, reserved: false };
    return { keptMinor: payment.capturedMinor - refundedOf(payment), reserved: payment.status === "authorized" };
  }
}

function behaviourOf(paymentMethod: string): CardBehaviour | undefined {
  if (paymentMethod.includes("Declined")) return "declined";
  if (paymentMethod.includes("authenticationRequired")) return "requires_action";
  return paymentMethod.includes("rejected") ? "rejected" : undefined;
}

function refundedOf(payment: ModelPayment): number {
  return [...payment.refunds.values()].reduce((sum, amount) => sum + amount, 0);
}

function view(payment: ModelPayment): Payment {
  return {
    paymentId: payment.id,
    orderId: payment.orderId,
    status: payment.status,
    amountMinor: payment.amountMinor,
    capturedMinor: payment.capturedMinor,
    refundedMinor: refundedOf(payment),
    currency: payment.currency,
    redirectUrl: payment.status === "requires_action" ? "https://bank.test/3ds" : null,
    declineCode: payment.status === "declined" ? "generic_decline" : null,
  };
}

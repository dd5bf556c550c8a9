/**
 * Inventory and payments as their contracts describe them, in memory: what the saga's simulation and the partition's
 * service tests run against. `settled` says whether stock and money are where an ended order needs them.
 */

import type { SagaAnswer, SagaCall } from "../../../durable-objects/checkout-partition/saga-state.ts";
import type { Payment, PaymentStatus } from "../../../workers/payments/contract.ts";
import { err, ok } from "../../../workers/shared/result.ts";

interface Hold {
  state: "held" | "committed" | "released" | "expired";
  lines: readonly { readonly sku: string; readonly quantity: number }[];
  expiresAtMs: number;
}

interface MutablePayment {
  id: string;
  orderId: string;
  status: PaymentStatus;
  amountMinor: number;
  capturedMinor: number;
  refunds: Map<string, number>;
  currency: string;
}

export type CardBehaviour = "authorized" | "declined" | "requires_action" | "rejected";

export class ModelPeers {
  readonly stock = new Map<string, number>();
  readonly holds = new Map<string, Hold>();
  readonly restocks = new Set<string>();
  readonly payments = new Map<string, MutablePayment>();
  card: CardBehaviour = "authorized";

  answer(call: SagaCall, nowMs: number): SagaAnswer {
    switch (call.call) {
      case "hold":
        return { call: "hold", result: this.hold(call.command, nowMs) };
      case "commit":
        return { call: "commit", result: this.commit(call.command.holdId, nowMs) };
      case "release":
        return { call: "release", result: this.release(call.command.holdId) };
      case "restock":
        return { call: "restock", result: this.restock(call.command) };
      case "authorize":
        return { call: "authorize", result: this.authorize(call.command) };
      case "inspect":
        return { call: "inspect", result: this.inspect(call.paymentId) };
      case "capture":
        return { call: "capture", result: this.capture(call.paymentId) };
      case "void":
        return { call: "void", result: this.cancel(call.paymentId) };
      case "refund":
        return { call: "refund", result: this.refund(call.command) };
    }
  }

  available(sku: string, nowMs: number): number {
    let held = 0;
    for (const hold of this.holds.values()) {
      if (hold.state === "held" && hold.expiresAtMs > nowMs) held += quantityOf(hold, sku);
    }
    return (this.stock.get(sku) ?? 0) - held;
  }

  hold(command: { holdId: string; lines: Hold["lines"]; expiresAtMs: number }, nowMs: number) {
    const known = this.holds.get(command.holdId);
    if (known !== undefined) {
      this.#expire(known, nowMs);
      if (known.state === "held") return ok({ expiresAtMs: known.expiresAtMs });
      return err({ code: "hold_resolved", skus: command.lines.map((line) => line.sku) });
    }
    const unknown = command.lines.filter((line) => !this.stock.has(line.sku)).map((line) => line.sku);
    if (unknown.length > 0) return err({ code: "unknown_sku", skus: unknown });
    const shortages = command.lines.flatMap(({ sku, quantity }) => {
      const available = this.available(sku, nowMs);
      return available < quantity ? [{ sku, requested: quantity, available: Math.max(0, available) }] : [];
    });
    if (shortages.length > 0) return err({ code: "out_of_stock", shortages });
    this.holds.set(command.holdId, { state: "held", lines: command.lines, expiresAtMs: command.expiresAtMs });
    return ok({ expiresAtMs: command.expiresAtMs });
  }

  commit(holdId: string, nowMs: number) {
    const hold = this.holds.get(holdId);
    if (hold !== undefined) this.#expire(hold, nowMs);
    if (hold === undefined || hold.state === "released" || hold.state === "expired") {
      return err({ code: "hold_expired", skus: hold?.lines.map((line) => line.sku) ?? [] });
    }
    if (hold.state === "held") {
      hold.state = "committed";
      for (const { sku, quantity } of hold.lines) this.stock.set(sku, (this.stock.get(sku) ?? 0) - quantity);
    }
    return ok(null);
  }

  release(holdId: string) {
    const hold = this.holds.get(holdId);
    if (hold?.state === "committed") return err({ code: "already_committed", skus: hold.lines.map((line) => line.sku) });
    if (hold === undefined) this.holds.set(holdId, { state: "released", lines: [], expiresAtMs: 0 });
    else if (hold.state === "held") hold.state = "released";
    return ok(null);
  }

  restock(command: { reference: string; lines: Hold["lines"] }) {
    if (!this.restocks.has(command.reference)) {
      this.restocks.add(command.reference);
      for (const { sku, quantity } of command.lines) this.stock.set(sku, (this.stock.get(sku) ?? 0) + quantity);
    }
    return ok(null);
  }

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

  /** Units that left the stock for this order and did not come back. */
  unitsOut(orderId: string): number {
    let units = 0;
    for (const [holdId, hold] of this.holds) {
      if (!holdId.startsWith(`${orderId}~`) || hold.state !== "committed") continue;
      if (!this.restocks.has(holdId)) units += hold.lines.reduce((sum, line) => sum + line.quantity, 0);
    }
    return units;
  }

  liveHolds(orderId: string, nowMs: number): number {
    return Array.from(this.holds).filter(
      ([holdId, hold]) => holdId.startsWith(`${orderId}~`) && hold.state === "held" && hold.expiresAtMs > nowMs,
    ).length;
  }

  #expire(hold: Hold, nowMs: number): void {
    if (hold.state === "held" && hold.expiresAtMs <= nowMs) hold.state = "expired";
  }
}

function behaviourOf(paymentMethod: string): CardBehaviour | undefined {
  if (paymentMethod.includes("Declined")) return "declined";
  return paymentMethod.includes("authenticationRequired") ? "requires_action" : undefined;
}

function quantityOf(hold: Hold, sku: string): number {
  return hold.lines.reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0);
}

function refundedOf(payment: MutablePayment): number {
  return [...payment.refunds.values()].reduce((sum, amount) => sum + amount, 0);
}

function view(payment: MutablePayment): Payment {
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

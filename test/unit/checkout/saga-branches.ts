/** What the saga's branch tests start from: a step, an answer, and where it leads. */
import {
  type Saga,
  type SagaAnswer,
  type SagaFacts,
  type SagaStep,
  startSaga,
} from "../../../durable-objects/checkout-partition/saga-state.ts";
import type { Payment, PaymentStatus } from "../../../workers/payments/contract.ts";
import { err } from "../../../workers/shared/result.ts";

export const NOW = 1_000_000;
export const HOLD_MS = 900_000;
export const FACTS: SagaFacts = {
  orderId: "ord_1",
  amountMinor: 500,
  currency: "GBP",
  lines: [{ sku: "A", quantity: 1 }],
  paymentMethod: "pm_card_visa",
  returnUrl: "https://shop.test/",
  holdMs: HOLD_MS,
};
export const PAID = { id: "pi_1", redirectUrl: null };

export function at(step: SagaStep, more: Partial<Saga> = {}): Saga {
  return { ...startSaga(NOW, HOLD_MS), step, ...more };
}

export function payment(status: PaymentStatus): Payment {
  return {
    paymentId: "pi_1",
    orderId: "ord_1",
    status,
    amountMinor: 500,
    capturedMinor: 0,
    refundedMinor: 0,
    currency: "GBP",
    redirectUrl: status === "requires_action" ? "https://bank.test/" : null,
    declineCode: status === "declined" ? "insufficient_funds" : null,
  };
}

export const SILENT = err({ code: "unavailable", service: "x", reason: "timeout", message: "" } as const);
export const PROVIDER_DOWN = err({ code: "provider_unavailable", message: "" });

export interface Branch {
  readonly title: string;
  readonly from: Saga;
  readonly answer: SagaAnswer;
  readonly to: Partial<Saga>;
  readonly facts?: SagaFacts;
}

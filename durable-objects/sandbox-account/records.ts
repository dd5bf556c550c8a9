/** What the account keeps about a payment: compact documents that are rendered as the provider's objects when asked for. */
export type IntentStatus =
  | "requires_payment_method"
  | "requires_confirmation"
  | "requires_action"
  | "requires_capture"
  | "succeeded"
  | "canceled";

export type Metadata = Readonly<Record<string, string>>;

export interface CardFailure {
  readonly code: string;
  readonly declineCode: string | null;
  readonly message: string;
}

/** One try to take the money; at most one of a payment succeeds. */
export interface ChargeRecord {
  readonly id: string;
  readonly createdMs: number;
  readonly paymentMethod: string;
  readonly authenticated: boolean;
  readonly failure: CardFailure | null;
}

export interface IntentRecord {
  readonly id: string;
  readonly createdMs: number;
  readonly amount: number;
  readonly currency: string;
  readonly captureMethod: "automatic" | "automatic_async" | "manual";
  readonly confirmationMethod: "automatic" | "manual";
  readonly status: IntentStatus;
  readonly clientSecret: string;
  readonly paymentMethod: string | null;
  readonly paymentMethodTypes: readonly string[];
  readonly automaticPaymentMethods: boolean;
  readonly returnUrl: string | null;
  readonly metadata: Metadata;
  readonly receiptEmail: string | null;
  readonly description: string | null;
  readonly customer: string | null;
  readonly setupFutureUsage: string | null;
  readonly statementDescriptor: string | null;
  readonly statementDescriptorSuffix: string | null;
  readonly transferGroup: string | null;
  /** As it was given: the sandbox ships nothing. */
  readonly shipping: unknown;
  readonly amountCaptured: number;
  readonly amountRefunded: number;
  readonly charges: readonly ChargeRecord[];
  readonly failure: CardFailure | null;
  readonly canceledMs: number | null;
  readonly cancellationReason: string | null;
}

export interface RefundRecord {
  readonly id: string;
  readonly createdMs: number;
  readonly intentId: string;
  readonly chargeId: string;
  readonly amount: number;
  readonly currency: string;
  readonly reason: string | null;
  readonly metadata: Metadata;
}

export type EventType =
  | "payment_intent.created"
  | "payment_intent.requires_action"
  | "payment_intent.amount_capturable_updated"
  | "payment_intent.succeeded"
  | "payment_intent.payment_failed"
  | "payment_intent.canceled"
  | "charge.refunded";

export interface EventRecord {
  readonly id: string;
  readonly type: EventType;
  readonly createdMs: number;
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
  /** The payment as it was when the event happened. */
  readonly intent: IntentRecord;
}

export function chargeOf(intent: IntentRecord): ChargeRecord | undefined {
  return intent.charges.find((charge) => charge.failure === null);
}

export function refundableOf(intent: IntentRecord): number {
  return intent.amountCaptured - intent.amountRefunded;
}

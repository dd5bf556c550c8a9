/** The shapes of the checkout saga: where it stands, the one call each step makes, what the peer may answer. Pure. */
import type {
  CommitError,
  HoldCommand,
  HoldError,
  ReleaseError,
  ResolveCommand,
  RestockCommand,
  Shortage,
} from "../../workers/inventory/contract.ts";
import type {
  AuthorizeCommand,
  NotCapturable,
  NotRefundable,
  Payment,
  PaymentDeclined,
  PaymentRejected,
  PaymentUnknown,
  ProviderUnavailable,
  RefundCommand,
} from "../../workers/payments/contract.ts";
import type { Unavailable } from "../../workers/shared/call-peer.ts";
import type { Result } from "../../workers/shared/result.ts";

/**
 * Forward: holding → authorizing → (awaiting_payment ⇄ inspecting) → committing → capturing → ended.
 * Back, once `failure` is set: voiding → (refunding) → releasing → (restocking) → ended.
 */
export type SagaStep =
  | "holding"
  | "authorizing"
  | "awaiting_payment"
  | "inspecting"
  | "committing"
  | "capturing"
  | "voiding"
  | "refunding"
  | "releasing"
  | "restocking"
  | "ended";

/** Why an order does not come about. */
export type Failure =
  | { readonly code: "out_of_stock"; readonly shortages: readonly Shortage[] }
  | { readonly code: "sku_unavailable"; readonly skus: readonly string[] }
  | { readonly code: "payment_declined"; readonly declineCode: string; readonly message: string }
  | { readonly code: "payment_rejected"; readonly message: string }
  /** The shopper did not pay before the hold ended. */
  | { readonly code: "payment_expired" }
  /** Stock could not be held in time and nothing was charged: the same key may try again. */
  | { readonly code: "timed_out" }
  | { readonly code: "cancelled"; readonly reason: string };

export interface SagaPayment {
  readonly id: string;
  readonly redirectUrl: string | null;
}

export interface Saga {
  readonly step: SagaStep;
  /** Which hold is meant: its id is the order's plus `~attempt`. */
  readonly attempt: number;
  readonly holdExpiresAtMs: number;
  /** Null until the provider has named the payment. */
  readonly payment: SagaPayment | null;
  /** Set when the saga runs backwards, or will once a pending call has answered. Null at the end: placed. */
  readonly failure: Failure | null;
  /** Stock of this attempt is known to be committed. */
  readonly committed: boolean;
  /** Tries of the present step that got no answer. */
  readonly tries: number;
  /** When to look again; null: go on now. */
  readonly waitUntilMs: number | null;
}

/** What the saga knows of its order; frozen. */
export interface SagaFacts {
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly paymentMethod: string;
  readonly returnUrl: string;
  readonly holdMs: number;
}

export type SagaCall =
  | { readonly call: "hold"; readonly command: HoldCommand }
  | { readonly call: "authorize"; readonly command: AuthorizeCommand }
  | { readonly call: "inspect"; readonly paymentId: string }
  | { readonly call: "commit"; readonly command: ResolveCommand }
  | { readonly call: "capture"; readonly paymentId: string; readonly amountMinor: number }
  | { readonly call: "void"; readonly paymentId: string }
  | { readonly call: "refund"; readonly command: RefundCommand }
  | { readonly call: "release"; readonly command: ResolveCommand }
  | { readonly call: "restock"; readonly command: RestockCommand };

type Silent = ProviderUnavailable | Unavailable;

export type SagaAnswer =
  | { readonly call: "hold"; readonly result: Result<{ readonly expiresAtMs: number }, HoldError | Unavailable> }
  | { readonly call: "authorize"; readonly result: Result<Payment, PaymentDeclined | PaymentRejected | Silent> }
  | { readonly call: "inspect"; readonly result: Result<Payment, PaymentUnknown | Silent> }
  | { readonly call: "commit"; readonly result: Result<null, CommitError | Unavailable> }
  | { readonly call: "capture"; readonly result: Result<Payment, NotCapturable | PaymentUnknown | Silent> }
  | { readonly call: "void"; readonly result: Result<Payment, NotCapturable | PaymentUnknown | Silent> }
  | { readonly call: "refund"; readonly result: Result<Payment, NotRefundable | PaymentUnknown | Silent> }
  | { readonly call: "release"; readonly result: Result<null, ReleaseError | Unavailable> }
  | {
      readonly call: "restock";
      readonly result: Result<null, { readonly code: "unknown_sku"; readonly skus: readonly string[] } | Unavailable>;
    };

export function holdIdOf(orderId: string, attempt: number): string {
  return `${orderId}~${attempt}`;
}

export function startSaga(nowMs: number, holdMs: number): Saga {
  return {
    step: "holding",
    attempt: 1,
    holdExpiresAtMs: nowMs + holdMs,
    payment: null,
    failure: null,
    committed: false,
    tries: 0,
    waitUntilMs: null,
  };
}

/**
 * What peers may ask of payments. Every command carries the order's id and is idempotent by it (authorize: by order and
 * attempt; refund: by refund id), so that an ambiguous answer is resolved by asking again.
 */
import * as z from "zod";
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import type { LogComparison } from "../shared/compare-rows.ts";
import type { CursorRow } from "../shared/d1-follower.ts";
import { AmountMinor, CurrencyCode } from "../shared/money.ts";
import type { PersonalData } from "../shared/privacy.ts";
import type { RebuildState } from "../shared/rebuild-projection.ts";
import type { Result } from "../shared/result.ts";
import type { CallContext } from "../shared/telemetry.ts";

export const AuthorizeCommand = z.strictObject({
  orderId: z.string(),
  amountMinor: AmountMinor.min(1),
  currency: CurrencyCode,
  /** `pm_…`: a tokenised method; card numbers never come here. */
  paymentMethod: z.string().regex(/^[A-Za-z0-9_]{3,128}$/, "must be a payment method id such as pm_card_visa"),
  /** Where the shopper comes back to after 3-D Secure. */
  returnUrl: z.url(),
});
export type AuthorizeCommand = z.infer<typeof AuthorizeCommand>;

export type PaymentStatus = "requires_action" | "processing" | "authorized" | "captured" | "cancelled" | "declined";

export interface Payment {
  /** The provider's id, `pi_…`. */
  readonly paymentId: string;
  readonly orderId: string;
  readonly status: PaymentStatus;
  readonly amountMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly currency: string;
  /** Present while the shopper must act. */
  readonly redirectUrl: string | null;
  /** Present when declined: the provider's code, such as `insufficient_funds`. */
  readonly declineCode: string | null;
}

export type PaymentDeclined = { readonly code: "payment_declined"; readonly declineCode: string; readonly message: string };
/** The provider refused the request itself: unknown method, amount too small. */
export type PaymentRejected = { readonly code: "payment_rejected"; readonly message: string };
export type ProviderUnavailable = { readonly code: "provider_unavailable"; readonly message: string };
export type NotCapturable = { readonly code: "not_capturable"; readonly status: PaymentStatus };
export type NotRefundable = { readonly code: "not_refundable"; readonly message: string };
export type PaymentUnknown = { readonly code: "payment_unknown" };

export const RefundCommand = z.strictObject({
  orderId: z.string(),
  paymentId: z.string(),
  refundId: z.string(),
  amountMinor: AmountMinor.min(1),
});
export type RefundCommand = z.infer<typeof RefundCommand>;

/** One order's money as three parties see it, for the audit. Amounts in minor units. */
export interface PaymentBooks {
  readonly orderId: string;
  readonly paymentId: string;
  readonly currency: string;
  readonly provider: { readonly capturedMinor: number; readonly refundedMinor: number; readonly status: PaymentStatus } | null;
  readonly ledger: { readonly capturedMinor: number; readonly refundedMinor: number };
}

export interface LedgerBalance {
  readonly currency: string;
  readonly debitsMinor: number;
  readonly creditsMinor: number;
}

export interface PaymentsApi extends PersonalData {
  /** Reserves the money; `declined` is an error, `requires_action` is a payment with a `redirectUrl`. */
  authorize(
    command: AuthorizeCommand,
    context: CallContext,
  ): Promise<Result<Payment, PaymentDeclined | PaymentRejected | ProviderUnavailable>>;
  capture(
    paymentId: string,
    amountMinor: number,
    context: CallContext,
  ): Promise<Result<Payment, NotCapturable | PaymentUnknown | ProviderUnavailable>>;
  /** Frees the reservation. Cancelling what is already cancelled is ok; what is captured is `not_capturable`: refund it. */
  cancel(paymentId: string, context: CallContext): Promise<Result<Payment, NotCapturable | PaymentUnknown | ProviderUnavailable>>;
  refund(
    command: RefundCommand,
    context: CallContext,
  ): Promise<Result<Payment, NotRefundable | PaymentUnknown | ProviderUnavailable>>;
  /** The provider's present truth. */
  inspect(paymentId: string, context: CallContext): Promise<Result<Payment, PaymentUnknown | ProviderUnavailable>>;
  /** Every payment ever authorized, by payment id, a page at a time. */
  listBooks(afterPaymentId: string, limit: number, context: CallContext): Promise<readonly PaymentBooks[]>;
  /** The payments of these orders, at most 100 orders. */
  readBooksOf(orderIds: readonly string[], context: CallContext): Promise<readonly PaymentBooks[]>;
  /** Compares the ledger's entries of these orders with their whole histories. */
  compareWithLog(histories: readonly OrderEvent[]): Promise<LogComparison>;
  /** Orders that the ledger has entries of, by id, a page at a time. */
  listLedgerOrders(afterOrderId: string, limit: number): Promise<readonly string[]>;
  ledgerBalances(): Promise<readonly LedgerBalance[]>;
  /** Where its follower stands in each partition's log. */
  listCursors(): Promise<readonly CursorRow[]>;
  /** Projections that can be rebuilt, and where their rebuilds stand. */
  listProjections(): Promise<readonly RebuildState[]>;
  /** Begins a rebuild, or does the next bounded piece of the one under way. Null: there is no such projection. */
  rebuildProjection(name: string): Promise<RebuildState | null>;
  /** Follows the order log of every partition up to its end: for audits, and after lost messages. @returns events applied. */
  catchUp(context: CallContext): Promise<number>;
}

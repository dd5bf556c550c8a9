/** An order as its partition stores it: the frozen facts, the saga, refunds and shipments; and how others see it. Pure. */
import type { Address, Order, OrderAccount, OrderLine, OrderStatus, OrderTotals } from "../../workers/orders/contract.ts";
import { utcDay } from "../../workers/shared/clock.ts";
import type { Partition } from "../../workers/shared/identifiers.ts";
import { holdIdOf, type Saga, type SagaFacts } from "./saga-state.ts";

export interface RefundLine {
  readonly sku: string;
  readonly quantity: number;
  readonly amountMinor: number;
}

export interface Units {
  readonly sku: string;
  readonly quantity: number;
}

/** Written before the provider is asked; its amount is reserved from then on, unless it is refused. */
export interface RefundRecord {
  readonly id: string;
  /** Null for the refund of a cancellation. */
  readonly key: string | null;
  readonly bodySha256: string;
  readonly amountMinor: number;
  readonly lines: readonly RefundLine[];
  readonly restock: readonly Units[];
  /** Units of `lines` that had not been shipped: they no longer will be. */
  readonly withdrawn: readonly Units[];
  readonly step: "paying" | "restocking" | "done" | "refused";
  /** Set when the order is cancelled once this is done. */
  readonly cancelReason: string | null;
  /** What the provider said when it refused. */
  readonly refusal: string | null;
  readonly tries: number;
  readonly waitUntilMs: number | null;
  readonly atMs: number;
}

export interface ShipmentRecord {
  readonly id: string;
  readonly key: string;
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
  readonly lines: readonly Units[];
  readonly atMs: number;
}

export interface OrderRecord {
  /** Rises with every write; a write of a stale copy fails. */
  readonly version: number;
  readonly id: string;
  readonly number: string | null;
  readonly status: OrderStatus;
  readonly cartId: string;
  readonly idempotencyKey: string;
  readonly customerId: string | null;
  readonly email: string;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly shippingAddress: Address;
  readonly shippingOption: { readonly id: string; readonly name: string };
  readonly totals: OrderTotals;
  readonly taxIncluded: boolean;
  readonly taxRateBasisPoints: number;
  readonly paymentMethod: string;
  readonly returnUrl: string;
  readonly holdMs: number;
  readonly paymentStatus: "pending" | "requires_action" | "authorized" | "captured" | "voided" | "declined" | "none";
  readonly capturedMinor: number;
  readonly saga: Saga;
  /** A cancellation that came while stock was being committed: carried out once the order is placed. */
  readonly cancelRequested: string | null;
  readonly refunds: readonly RefundRecord[];
  readonly shipments: readonly ShipmentRecord[];
  readonly timeline: readonly { readonly type: string; readonly atMs: number }[];
  readonly failureReason: string | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A step that runs is looked at again after this long, in case its isolate died. */
export const RUN_LEASE_MS = 60_000;

export function factsOf(record: OrderRecord): SagaFacts {
  return {
    orderId: record.id,
    amountMinor: record.totals.totalMinor,
    currency: record.currency,
    lines: record.lines.map((line) => ({ sku: line.sku, quantity: line.quantity })),
    paymentMethod: record.paymentMethod,
    returnUrl: record.returnUrl,
    holdMs: record.holdMs,
  };
}

export function pendingRefunds(record: OrderRecord): RefundRecord[] {
  return record.refunds.filter((refund) => refund.step === "paying" || refund.step === "restocking");
}

export function hasEnded(record: OrderRecord): boolean {
  return record.saga.step === "ended" && record.cancelRequested === null && pendingRefunds(record).length === 0;
}

/** When the alarm must look at the order; null when nothing is left to do. */
export function dueAtMs(record: OrderRecord, nowMs: number): number | null {
  if (hasEnded(record)) return null;
  const waits = pendingRefunds(record).map((refund) => refund.waitUntilMs);
  if (record.saga.step !== "ended") waits.push(record.saga.waitUntilMs);
  if (waits.length === 0) waits.push(null);
  return Math.min(...waits.map((waitUntilMs) => waitUntilMs ?? nowMs + RUN_LEASE_MS));
}

/** Reserved or paid back: everything that the provider has not refused. */
export function reservedMinor(record: OrderRecord): number {
  return record.refunds.reduce((sum, refund) => sum + (refund.step === "refused" ? 0 : refund.amountMinor), 0);
}

export function refundedMinor(record: OrderRecord): number {
  return paidRefunds(record).reduce((sum, refund) => sum + refund.amountMinor, 0);
}

function paidRefunds(record: OrderRecord): RefundRecord[] {
  return record.refunds.filter((refund) => refund.amountMinor > 0 && (refund.step === "restocking" || refund.step === "done"));
}

function paymentStatusOf(record: OrderRecord): Order["payment"]["status"] {
  const refunded = refundedMinor(record);
  if (record.paymentStatus !== "captured" || refunded === 0) return record.paymentStatus;
  return refunded >= record.capturedMinor ? "refunded" : "partially_refunded";
}

function awaitedPaymentOf({ status, saga }: OrderRecord): Order["awaitedPayment"] {
  if (status !== "awaiting_payment" || saga.failure !== null) return null;
  return { redirectUrl: saga.payment?.redirectUrl ?? null, expiresAtMs: saga.holdExpiresAtMs };
}

export function viewOrder(record: OrderRecord): Order {
  return {
    id: record.id,
    number: record.number,
    status: record.status,
    cartId: record.cartId,
    customerId: record.customerId,
    email: record.email,
    currency: record.currency,
    lines: record.lines,
    shippingAddress: record.shippingAddress,
    shippingOption: record.shippingOption,
    totals: record.totals,
    taxIncluded: record.taxIncluded,
    taxRateBasisPoints: record.taxRateBasisPoints,
    payment: {
      status: paymentStatusOf(record),
      paymentId: record.saga.payment?.id ?? null,
      amountMinor: record.totals.totalMinor,
      refundedMinor: refundedMinor(record),
    },
    awaitedPayment: awaitedPaymentOf(record),
    refunds: paidRefunds(record).map(({ id, amountMinor, lines, restock, atMs }) => ({
      id,
      amountMinor,
      lines,
      restocked: restock.length > 0,
      atMs,
    })),
    shipments: record.shipments.map(({ id, carrier, trackingNumber, lines, atMs }) => ({
      id,
      carrier,
      trackingNumber,
      lines,
      atMs,
    })),
    timeline: record.timeline,
    failureReason: record.failureReason,
    createdAtMs: record.createdAtMs,
  };
}

export function viewAccount(record: OrderRecord): OrderAccount {
  return {
    order: viewOrder(record),
    sagaStep: record.saga.step,
    sagaEnded: hasEnded(record),
    committedHoldId: record.saga.committed ? holdIdOf(record.id, record.saga.attempt) : null,
    heldLines: record.lines.map((line) => ({ sku: line.sku, quantity: line.quantity })),
    capturedMinor: record.capturedMinor,
    updatedAtMs: record.updatedAtMs,
  };
}

/** What one day's counter of one partition says: `261121-003-0042`. */
export function orderNumber(nowMs: number, partition: Partition, sequence: number): string {
  const day = utcDay(nowMs).slice(2).replaceAll("-", "");
  const place = (partition.region * 256 + partition.number).toString(16).padStart(3, "0");
  return `${day}-${place}-${String(sequence).padStart(4, "0")}`;
}

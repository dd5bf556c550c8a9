/**
 * A finished checkout as it is kept under its key: the error, or which moment of the order the shopper was shown. The
 * order's frozen facts are not copied; what came later (refunds, shipments) is left out of the replay. Pure.
 */
import type { Order } from "../../workers/orders/contract.ts";
import { err, ok } from "../../workers/shared/result.ts";
import type { CheckoutAnswer, CheckoutError } from "./contract.ts";

interface StoredSuccess {
  readonly ok: true;
  readonly orderId: string;
  readonly redirectUrl: string | null;
  readonly status: Order["status"];
  readonly number: string | null;
  readonly paymentStatus: Order["payment"]["status"];
  readonly timelineLength: number;
  /** Absent in answers from before it was kept. */
  readonly awaitedPayment?: Order["awaitedPayment"];
}

export type StoredCheckout = StoredSuccess | { readonly ok: false; readonly error: CheckoutError };

export function storeAnswer(answer: CheckoutAnswer): StoredCheckout {
  if (!answer.ok) return { ok: false, error: answer.error };
  const { order, redirectUrl } = answer.value;
  return {
    ok: true,
    orderId: order.id,
    redirectUrl,
    status: order.status,
    number: order.number,
    paymentStatus: order.payment.status,
    timelineLength: order.timeline.length,
    awaitedPayment: order.awaitedPayment,
  };
}

/** @param order the present order; undefined only for stored errors. */
export function replayAnswer(stored: StoredCheckout, order: Order | undefined): CheckoutAnswer {
  if (!stored.ok) return { ...err(stored.error), replayed: true };
  if (order === undefined) throw new Error(`a stored checkout names order ${stored.orderId}, which is not there`);
  const then: Order = {
    ...order,
    status: stored.status,
    number: stored.number,
    payment: { ...order.payment, status: stored.paymentStatus, refundedMinor: 0 },
    refunds: [],
    shipments: [],
    timeline: order.timeline.slice(0, stored.timelineLength),
    awaitedPayment: stored.awaitedPayment ?? null,
    failureReason: null,
  };
  return { ...ok({ order: then, replayed: true, redirectUrl: stored.redirectUrl }), replayed: true };
}

/**
 * What is left of an order when its shopper is forgotten: amounts, goods, the country of its tax and what happened when; nobody
 * to send it to. Pure.
 */
import type { OrderStatus } from "../../workers/orders/contract.ts";
import { ERASED, type OpenOrder } from "../../workers/shared/privacy.ts";
import { hasEnded, type OrderRecord } from "./order-record.ts";

export const OPEN_STATUSES: readonly OrderStatus[] = ["submitted", "awaiting_payment", "placed"];

/** Whoever has still to pay, to get goods or to get money back cannot be forgotten. */
export function openOrderOf(record: OrderRecord): OpenOrder | undefined {
  if (hasEnded(record) && !OPEN_STATUSES.includes(record.status)) return undefined;
  return { orderId: record.id, number: record.number, status: record.status };
}

export function isErased(record: Pick<OrderRecord, "email">): boolean {
  return record.email === "";
}

/** Its events name neither person nor address, but an operator may have written either into these. */
export function hasWrittenEvents(record: OrderRecord): boolean {
  return record.timeline.some(({ type }) => type === "order.shipped" || type === "order.cancelled");
}

/** @returns the same record for one that is erased. The customer's id stays: it names nobody any more. */
export function eraseOrder(record: OrderRecord): OrderRecord {
  if (isErased(record)) return record;
  const { country } = record.shippingAddress;
  const { saga } = record;
  return {
    ...record,
    email: "",
    shippingAddress: { name: ERASED, line1: ERASED, city: ERASED, postalCode: ERASED, country },
    returnUrl: "",
    saga: {
      ...saga,
      payment: saga.payment === null ? null : { ...saga.payment, redirectUrl: null },
      failure: saga.failure?.code === "cancelled" ? { ...saga.failure, reason: ERASED } : saga.failure,
    },
    failureReason: record.status === "cancelled" && record.failureReason !== null ? ERASED : record.failureReason,
    refunds: record.refunds.map((refund) => ({
      ...refund,
      cancelReason: refund.cancelReason === null ? null : ERASED,
      refusal: null,
    })),
    shipments: record.shipments.map((shipment) => ({ ...shipment, carrier: null, trackingNumber: null })),
  };
}

/** One correct order, its payment and its stock, for tests to break. */

import { factsOf, type OrderFacts } from "../../../durable-objects/audit-run/order-facts.ts";
import type { StockAccount } from "../../../workers/inventory/contract.ts";
import type { Order, OrderAccount } from "../../../workers/orders/contract.ts";
import type { PaymentBooks } from "../../../workers/payments/contract.ts";

export const ORDER_ID = "ord_01h455vb4pex5vsknk084sn02q";
export const HOLD_ID = `${ORDER_ID}~1`;

export function order(changes: Partial<Order> = {}): Order {
  return {
    id: ORDER_ID,
    number: "261121-000-0001",
    status: "placed",
    cartId: "cart_01h455vb4pex5vsknk084sn02q",
    customerId: null,
    email: "ada@canary.test",
    currency: "GBP",
    lines: [
      { sku: "A", productId: "prod_1", title: "A", quantity: 2, unitPriceMinor: 100, totalMinor: 200 },
      { sku: "B", productId: "prod_2", title: "B", quantity: 1, unitPriceMinor: 300, totalMinor: 300 },
    ],
    shippingAddress: { name: "Ada", line1: "1", city: "London", postalCode: "N1", country: "GB" },
    shippingOption: { id: "standard", name: "Standard" },
    totals: { subtotalMinor: 500, discountMinor: 50, shippingMinor: 399, taxMinor: 141, totalMinor: 849 },
    taxIncluded: true,
    taxRateBasisPoints: 2_000,
    payment: { status: "captured", paymentId: "pi_1", amountMinor: 849, refundedMinor: 0 },
    awaitedPayment: null,
    refunds: [],
    shipments: [],
    timeline: [
      { type: "order.submitted", atMs: 1_000 },
      { type: "order.placed", atMs: 2_000 },
    ],
    failureReason: null,
    createdAtMs: 1_000,
    ...changes,
  };
}

export function account(changes: Partial<OrderAccount> = {}): OrderAccount {
  return {
    order: order(),
    sagaStep: "ended",
    sagaEnded: true,
    committedHoldId: HOLD_ID,
    heldLines: [
      { sku: "B", quantity: 1 },
      { sku: "A", quantity: 2 },
    ],
    capturedMinor: 849,
    updatedAtMs: 2_000,
    ...changes,
  };
}

/** Failed before anything was taken. */
export function failedAccount(changes: Partial<OrderAccount> = {}): OrderAccount {
  const failed = order({
    number: null,
    status: "failed",
    payment: { status: "voided", paymentId: "pi_1", amountMinor: 849, refundedMinor: 0 },
    timeline: [
      { type: "order.submitted", atMs: 1_000 },
      { type: "order.failed", atMs: 2_000 },
    ],
  });
  return account({ order: failed, committedHoldId: null, capturedMinor: 0, ...changes });
}

export function facts(changes: Partial<OrderFacts> = {}): OrderFacts {
  return { ...factsOf(account()), ...changes };
}

export function books(changes: Partial<PaymentBooks> = {}): PaymentBooks {
  return {
    orderId: ORDER_ID,
    paymentId: "pi_1",
    currency: "GBP",
    provider: { capturedMinor: 849, refundedMinor: 0, status: "captured" },
    ledger: { capturedMinor: 849, refundedMinor: 0 },
    ...changes,
  };
}

export function stock(changes: Partial<StockAccount> = {}): StockAccount {
  return {
    sku: "A",
    sequence: 4,
    locations: [{ location: "main", onHand: 8, held: 3, journalOnHand: 8, moved: true }],
    backordered: 0,
    available: 5,
    movedAtMs: 0,
    journal: [],
    holds: [
      { holdId: HOLD_ID, state: "committed", quantity: 2, expiresAtMs: 0, resolutions: 1 },
      { holdId: "ord_x~1", state: "held", quantity: 3, expiresAtMs: 0, resolutions: 0 },
    ],
    gapless: true,
    ...changes,
  };
}

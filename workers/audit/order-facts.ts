/** What the audit keeps of each order while it reads the other books: a few numbers, no lines and no names. Pure. */
import type { OrderAccount, OrderStatus } from "../orders/contract.ts";
import { digestLines } from "./line-digest.ts";

export interface OrderFacts {
  readonly orderId: string;
  readonly status: OrderStatus;
  /** Ever placed, also when it was cancelled afterwards. */
  readonly placed: boolean;
  readonly ended: boolean;
  readonly currency: string;
  readonly totalMinor: number;
  readonly subtotalMinor: number;
  readonly units: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly paymentId: string | null;
  readonly committedHoldId: string | null;
  readonly heldDigest: number;
  readonly shipments: number;
}

export function factsOf(account: OrderAccount): OrderFacts {
  const { order } = account;
  return {
    orderId: order.id,
    status: order.status,
    placed: wasPlaced(account),
    ended: account.sagaEnded,
    currency: order.currency,
    totalMinor: order.totals.totalMinor,
    subtotalMinor: order.totals.subtotalMinor,
    units: order.lines.reduce((sum, line) => sum + line.quantity, 0),
    capturedMinor: account.capturedMinor,
    refundedMinor: order.payment.refundedMinor,
    paymentId: order.payment.paymentId,
    committedHoldId: account.committedHoldId,
    heldDigest: digestLines(account.heldLines),
    shipments: order.shipments.length,
  };
}

export function wasPlaced(account: OrderAccount): boolean {
  return account.order.timeline.some((entry) => entry.type === "order.placed");
}

/** What the audit keeps of an order while it reads the other books: a few numbers and its lines, no names. Pure. */
import type { OrderAccount, OrderStatus } from "../../workers/orders/contract.ts";

export interface Units {
  readonly sku: string;
  readonly quantity: number;
}

export interface OrderFacts {
  readonly orderId: string;
  readonly status: OrderStatus;
  /** Ever placed, also when it was cancelled afterwards. */
  readonly placed: boolean;
  readonly ended: boolean;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly committedHoldId: string | null;
  /** Summed by SKU, in the SKUs' order. */
  readonly held: readonly Units[];
  readonly shipments: number;
  readonly updatedAtMs: number;
}

export function factsOf(account: OrderAccount): OrderFacts {
  const { order } = account;
  return {
    orderId: order.id,
    status: order.status,
    placed: wasPlaced(account),
    ended: account.sagaEnded,
    capturedMinor: account.capturedMinor,
    refundedMinor: order.payment.refundedMinor,
    committedHoldId: account.committedHoldId,
    held: sumUnits(account.heldLines),
    shipments: order.shipments.length,
    updatedAtMs: account.updatedAtMs,
  };
}

export function wasPlaced(account: OrderAccount): boolean {
  return account.order.timeline.some((entry) => entry.type === "order.placed");
}

export function sumUnits(lines: readonly Units[]): readonly Units[] {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return [...sums].map(([sku, quantity]) => ({ sku, quantity })).sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

export function sameUnits(left: readonly Units[], right: readonly Units[]): boolean {
  return JSON.stringify(sumUnits(left)) === JSON.stringify(sumUnits(right));
}

/** What a run of order events changes in the projection: one row state per order, however many events it had. Pure. */
import type { OrderEvent, OrderSnapshot } from "../../queues/contracts/order-events.ts";
import { unreachable } from "../shared/result.ts";
import type { OrderStatus } from "./contract.ts";

/** How one order's row changes. Null members keep what the row has. */
export interface OrderRowChange {
  readonly orderId: string;
  /** Present when the run contains the order's first event: the row is new. */
  readonly submitted: { readonly snapshot: OrderSnapshot; readonly atMs: number } | null;
  readonly status: OrderStatus | null;
  readonly number: string | null;
  readonly refundedMinor: number;
  readonly placedAtMs: number | null;
  readonly updatedAtMs: number;
}

/** One entry per order, in order of first appearance. */
export function foldOrderEvents(events: readonly OrderEvent[]): readonly OrderRowChange[] {
  const changes = new Map<string, OrderRowChange>();
  for (const event of events) {
    const { orderId } = event.data;
    changes.set(orderId, applyEvent(changes.get(orderId) ?? unchanged(orderId), event));
  }
  return [...changes.values()];
}

function unchanged(orderId: string): OrderRowChange {
  return { orderId, submitted: null, status: null, number: null, refundedMinor: 0, placedAtMs: null, updatedAtMs: 0 };
}

function applyEvent(before: OrderRowChange, event: OrderEvent): OrderRowChange {
  const atMs = Date.parse(event.time);
  const change = { ...before, number: event.data.number ?? before.number, updatedAtMs: atMs };
  switch (event.type) {
    case "order.submitted":
      return { ...change, submitted: { snapshot: event.data, atMs }, status: "submitted" };
    case "order.awaiting_payment":
      return { ...change, status: "awaiting_payment" };
    case "order.placed":
      return { ...change, status: "placed", placedAtMs: atMs };
    case "order.failed":
      return { ...change, status: "failed" };
    case "order.cancelled":
      return { ...change, status: "cancelled" };
    case "order.refunded":
      return { ...change, refundedMinor: before.refundedMinor + event.data.amountMinor };
    case "order.shipped":
      return event.data.complete ? { ...change, status: "fulfilled" } : change;
    case "order.completed":
      return { ...change, status: "completed" };
    default:
      return unreachable(event);
  }
}

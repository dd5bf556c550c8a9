/** Orders and the events about them, as the partitions write them. */
import { type OrderEvent, orderEventSource } from "../../../queues/contracts/order-events.ts";
import type { Order } from "../../../workers/orders/contract.ts";
import { newId } from "../../../workers/shared/identifiers.ts";
import { newTraceparent } from "../../../workers/shared/telemetry.ts";

/** Lately, so that it is news. */
export const PLACED_AT = Date.now() - 3_600_000;

export function makeOrder(overrides: Partial<Order> = {}): Order {
  return {
    id: newId("ord", PLACED_AT),
    number: "20261121-0-0-1",
    status: "placed",
    cartId: newId("cart", PLACED_AT),
    customerId: null,
    email: "ada@example.com",
    currency: "GBP",
    lines: [
      { sku: "MUG-1", productId: "prod_mug", title: "Enamel mug", quantity: 2, unitPriceMinor: 1_250, totalMinor: 2_500 },
      { sku: "TEA-9", productId: "prod_tea", title: "Tea", quantity: 1, unitPriceMinor: 499, totalMinor: 499 },
    ],
    shippingAddress: {
      name: "Ada Lovelace",
      line1: "12 St James's Square",
      city: "London",
      postalCode: "SW1Y 4JH",
      country: "GB",
    },
    shippingOption: { id: "standard", name: "Standard" },
    totals: { subtotalMinor: 2_999, discountMinor: 0, shippingMinor: 395, taxMinor: 566, totalMinor: 3_394 },
    taxIncluded: true,
    taxRateBasisPoints: 2_000,
    payment: { status: "captured", paymentId: "pi_1", amountMinor: 3_394, refundedMinor: 0 },
    awaitedPayment: null,
    refunds: [],
    shipments: [],
    timeline: [],
    failureReason: null,
    createdAtMs: PLACED_AT,
    ...overrides,
  };
}

/** What `log.add` takes: type and data of an event. */
type Fact = { [E in OrderEvent as E["type"]]: Pick<E, "type" | "data"> }[OrderEvent["type"]];

/** One partition's log: numbers its events as they are added. */
export class PartitionLog {
  readonly source: string;
  readonly events: OrderEvent[] = [];

  constructor(partition: string) {
    this.source = orderEventSource(partition);
  }

  add(fact: Fact, atMs: number = PLACED_AT): OrderEvent {
    const sequence = this.events.length + 1;
    const event = {
      specversion: "1.0",
      id: `${this.source}#${sequence}`,
      source: this.source,
      version: 1,
      time: new Date(atMs).toISOString(),
      subject: fact.data.orderId,
      sequence,
      traceparent: newTraceparent(),
      datacontenttype: "application/json",
      ...fact,
    } as OrderEvent;
    this.events.push(event);
    return event;
  }

  submitted(order: Order): OrderEvent {
    return this.add({ type: "order.submitted", data: { ...snapshot(order), number: null } });
  }

  placed(order: Order, atMs: number = PLACED_AT): OrderEvent {
    const data = { ...snapshot(order), paymentId: "pi_1", capturedMinor: order.totals.totalMinor };
    return this.add({ type: "order.placed", data }, atMs);
  }

  refunded(
    order: Order,
    amountMinor: number,
    lines: { sku: string; quantity: number; amountMinor: number }[] = [],
    atMs = PLACED_AT,
  ) {
    const data = { ...reference(order), refundId: newId("ref", atMs), amountMinor, lines, restocked: false };
    return this.add({ type: "order.refunded", data }, atMs);
  }

  /** The refund that a cancellation makes, and the cancellation. */
  refundedAndCancelled(order: Order, amountMinor: number): void {
    const data = { ...reference(order), refundId: newId("ref", PLACED_AT), amountMinor, lines: [], restocked: true };
    this.add({ type: "order.refunded", data: { ...data, forCancellation: true } });
    this.cancelled(order);
  }

  shipped(order: Order, complete = true): OrderEvent {
    const lines = order.lines.map(({ sku, quantity }) => ({ sku, quantity }));
    const data = {
      ...reference(order),
      shipmentId: newId("shp", PLACED_AT),
      carrier: "Royal Mail",
      trackingNumber: "RM123",
      lines,
      complete,
    };
    return this.add({ type: "order.shipped", data });
  }

  cancelled(order: Order): OrderEvent {
    return this.add({ type: "order.cancelled", data: { ...reference(order), reason: "requested" } });
  }
}

function reference(order: Order) {
  return { orderId: order.id, number: order.number, currency: order.currency };
}

function snapshot(order: Order) {
  return {
    ...reference(order),
    customerId: order.customerId,
    country: order.shippingAddress.country,
    lines: order.lines.map((line) => ({ ...line })),
    totals: { ...order.totals },
  };
}

export function wakeUp(event: OrderEvent, withBody = true) {
  return { source: event.source, sequence: event.sequence, event: withBody ? event : null };
}

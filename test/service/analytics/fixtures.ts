/** Stock journals as SkuStock writes them, and random shops for property tests. */
import fc from "fast-check";
import { type MovementKind, type StockEvent, stockEventSource } from "../../../queues/contracts/stock-events.ts";
import type { Order } from "../../../workers/orders/contract.ts";
import { newTraceparent } from "../../../workers/shared/telemetry.ts";
import { makeOrder } from "../notifications/fixtures.ts";

export const DAY_MS = 86_400_000;
export const FIRST_DAY = Date.parse("2026-11-01T00:00:00.000Z");

export class SkuJournal {
  readonly sku: string;
  readonly source: string;
  readonly events: StockEvent[] = [];

  constructor(sku: string) {
    this.sku = sku;
    this.source = stockEventSource(sku);
  }

  move(
    kind: MovementKind,
    quantity: number,
    onHandAfter: number,
    heldAfter: number,
    atMs = FIRST_DAY,
    location = "main",
  ): StockEvent {
    const sequence = this.events.length + 1;
    const event: StockEvent = {
      specversion: "1.0",
      id: `${this.source}#${sequence}`,
      source: this.source,
      type: "stock.moved",
      version: 1,
      time: new Date(atMs).toISOString(),
      subject: this.sku,
      sequence,
      traceparent: newTraceparent(),
      datacontenttype: "application/json",
      data: {
        sku: this.sku,
        location,
        kind,
        quantity,
        reference: `ref-${sequence}`,
        onHandAfter,
        heldAfter,
        backorderedAfter: 0,
        availableAfter: Math.max(0, onHandAfter - heldAfter),
      },
    };
    this.events.push(event);
    return event;
  }
}

export function wakeUp<E extends { readonly source: string; readonly sequence: number }>(event: E, withBody = true) {
  return { source: event.source, sequence: event.sequence, event: withBody ? event : null };
}

/** One order and what is refunded of it, as numbers that a test can add up by itself. */
export interface Sale {
  readonly partition: string;
  readonly order: Order;
  readonly placedAtMs: number;
  readonly refunds: readonly {
    readonly amountMinor: number;
    readonly atMs: number;
    readonly lines: { sku: string; quantity: number; amountMinor: number }[];
  }[];
}

const line = fc.record({ product: fc.nat(5), quantity: fc.integer({ min: 1, max: 40 }), unitPriceMinor: fc.nat(99_999) });

const sale = fc.record({
  partition: fc.constantFrom("0-0", "0-1", "3-7"),
  currency: fc.constantFrom("GBP", "EUR", "JPY"),
  country: fc.constantFrom("GB", "DE", "JP"),
  lines: fc.array(line, { minLength: 1, maxLength: 6 }),
  discountPercent: fc.nat(60),
  shippingMinor: fc.nat(2_000),
  taxMinor: fc.nat(3_000),
  placedAtMs: fc.nat(40 * DAY_MS).map((offset) => FIRST_DAY + offset),
  refunds: fc.array(
    fc.record({ percent: fc.integer({ min: 1, max: 50 }), afterMs: fc.nat(20 * DAY_MS), namesItsLine: fc.boolean() }),
    { maxLength: 2 },
  ),
});

export const shop: fc.Arbitrary<Sale[]> = fc.array(sale, { minLength: 1, maxLength: 25 }).map((drafts) => drafts.map(toSale));

function toSale(draft: typeof sale extends fc.Arbitrary<infer T> ? T : never): Sale {
  const lines = draft.lines.map((drafted, index) => ({
    sku: `SKU-${drafted.product}-${index}`,
    productId: `prod_${drafted.product}`,
    title: `Product ${drafted.product}`,
    quantity: drafted.quantity,
    unitPriceMinor: drafted.unitPriceMinor,
    totalMinor: drafted.quantity * drafted.unitPriceMinor,
  }));
  const subtotalMinor = lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0);
  const discountMinor = Math.floor((subtotalMinor * draft.discountPercent) / 100);
  const totalMinor = subtotalMinor - discountMinor + draft.shippingMinor;
  const order = makeOrder({
    currency: draft.currency,
    lines,
    shippingAddress: { name: "A", line1: "B", city: "C", postalCode: "D", country: draft.country },
    totals: { subtotalMinor, discountMinor, shippingMinor: draft.shippingMinor, taxMinor: draft.taxMinor, totalMinor },
  });
  const refunds = draft.refunds.flatMap(({ percent, afterMs, namesItsLine }) => {
    const amountMinor = Math.floor((totalMinor * percent) / 100);
    const [first] = lines;
    if (amountMinor === 0 || first === undefined) return [];
    const named = { sku: first.sku, quantity: 1, amountMinor: Math.min(amountMinor, first.totalMinor) };
    return [{ amountMinor, atMs: draft.placedAtMs + afterMs, lines: namesItsLine ? [named] : [] }];
  });
  return { partition: draft.partition, order, placedAtMs: draft.placedAtMs, refunds };
}

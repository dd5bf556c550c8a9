/**
 * What order events add to the sales figures. What belongs to a whole order (discount, shipping, tax, a refund without
 * lines) is shared out over its lines exactly, so that every grouping sums to the same totals. Pure.
 */
import { allocate } from "../../workers/shared/money.ts";
import type { OrderEvent } from "../contracts/order-events.ts";
import type { SalesFigures } from "./contract.ts";

/** What a refund needs to know of its order. */
export interface OrderFact {
  readonly orderId: string;
  readonly day: string;
  readonly country: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly lines: readonly FactLine[];
}

export interface FactLine {
  readonly sku: string;
  readonly productId: string;
  readonly totalMinor: number;
}

export type CountryDelta = SalesFigures & { readonly day: string; readonly country: string; readonly currency: string };
export type ProductDelta = SalesFigures & { readonly day: string; readonly productId: string; readonly currency: string };

export interface SalesChanges {
  readonly facts: readonly OrderFact[];
  readonly refunds: readonly { readonly orderId: string; readonly amountMinor: number }[];
  readonly countries: readonly CountryDelta[];
  readonly products: readonly ProductDelta[];
  readonly titles: readonly { readonly productId: string; readonly title: string; readonly placedAt: string }[];
}

type Placed = Extract<OrderEvent, { type: "order.placed" }>;
type Refunded = Extract<OrderEvent, { type: "order.refunded" }>;

/** Orders whose facts must be read before these events can be projected. */
export function factsNeeded(events: readonly OrderEvent[]): string[] {
  return [...new Set(events.flatMap((event) => (event.type === "order.refunded" ? [event.data.orderId] : [])))];
}

/** @param known facts of orders placed before these events; those placed among them are found by themselves */
export function projectSales(events: readonly OrderEvent[], known: ReadonlyMap<string, OrderFact>): SalesChanges {
  const projection = new SalesProjection(known);
  for (const event of events) {
    if (event.type === "order.placed") projection.place(event);
    if (event.type === "order.refunded") projection.refund(event);
  }
  return projection.changes();
}

class SalesProjection {
  readonly #facts: Map<string, OrderFact>;
  readonly #placed: OrderFact[] = [];
  readonly #refunds = new Map<string, number>();
  readonly #countries = new Map<string, CountryDelta>();
  readonly #products = new Map<string, ProductDelta>();
  readonly #titles = new Map<string, { productId: string; title: string; placedAt: string }>();

  constructor(known: ReadonlyMap<string, OrderFact>) {
    this.#facts = new Map(known);
  }

  place(event: Placed): void {
    const { data } = event;
    const fact: OrderFact = {
      orderId: data.orderId,
      day: utcDayOf(event.time),
      country: data.country,
      currency: data.currency,
      totalMinor: data.totals.totalMinor,
      lines: data.lines.map(({ sku, productId, totalMinor }) => ({ sku, productId, totalMinor })),
    };
    this.#facts.set(fact.orderId, fact);
    this.#placed.push(fact);
    addFigures(this.#country(fact.day, fact), {
      orders: 1,
      units: data.lines.reduce((sum, line) => sum + line.quantity, 0),
      grossMinor: data.lines.reduce((sum, line) => sum + line.totalMinor, 0),
      discountsMinor: data.totals.discountMinor,
      shippingMinor: data.totals.shippingMinor,
      taxMinor: data.totals.taxMinor,
      totalMinor: data.totals.totalMinor,
    });
    this.#placeProducts(event, fact);
  }

  #placeProducts(event: Placed, fact: OrderFact): void {
    const { lines, totals } = event.data;
    const weights = lines.map((line) => line.totalMinor);
    const discounts = allocate(totals.discountMinor, weights);
    const shippings = allocate(totals.shippingMinor, weights);
    const taxes = allocate(totals.taxMinor, weights);
    const shares = allocate(totals.totalMinor, weights);
    const seen = new Set<string>();
    lines.forEach((line, index) => {
      addFigures(this.#product(fact.day, line.productId, fact.currency), {
        orders: seen.has(line.productId) ? 0 : 1,
        units: line.quantity,
        grossMinor: line.totalMinor,
        discountsMinor: discounts[index] ?? 0,
        shippingMinor: shippings[index] ?? 0,
        taxMinor: taxes[index] ?? 0,
        totalMinor: shares[index] ?? 0,
      });
      seen.add(line.productId);
      this.#rename(line.productId, line.title, event.time);
    });
  }

  /** The newest title wins, the greater of two at the same time: the same whatever the order of delivery. */
  #rename(productId: string, title: string, placedAt: string): void {
    const known = this.#titles.get(productId);
    const isNewer = known === undefined || placedAt > known.placedAt || (placedAt === known.placedAt && title > known.title);
    if (isNewer) this.#titles.set(productId, { productId, title, placedAt });
  }

  /**
   * Counted on the day that it happened, in the order's country. An order that was never placed was never a sale, so what
   * went back of it is no refund of one.
   */
  refund(event: Refunded): void {
    const { orderId, amountMinor } = event.data;
    const fact = this.#facts.get(orderId);
    if (fact === undefined) return;
    const day = utcDayOf(event.time);
    this.#refunds.set(orderId, (this.#refunds.get(orderId) ?? 0) + amountMinor);
    addFigures(this.#country(day, fact), { refundsMinor: amountMinor });
    refundShares(event, fact).forEach((share, index) => {
      const line = fact.lines[index];
      if (line !== undefined && share !== 0)
        addFigures(this.#product(day, line.productId, fact.currency), { refundsMinor: share });
    });
  }

  changes(): SalesChanges {
    return {
      facts: this.#placed,
      refunds: [...this.#refunds].map(([orderId, amountMinor]) => ({ orderId, amountMinor })),
      countries: [...this.#countries.values()],
      products: [...this.#products.values()],
      titles: [...this.#titles.values()],
    };
  }

  #country(day: string, { country, currency }: OrderFact): CountryDelta {
    const key = JSON.stringify([day, country, currency]);
    const delta = this.#countries.get(key) ?? { day, country, currency, ...noFigures() };
    this.#countries.set(key, delta);
    return delta;
  }

  #product(day: string, productId: string, currency: string): ProductDelta {
    const key = JSON.stringify([day, productId, currency]);
    const delta = this.#products.get(key) ?? { day, productId, currency, ...noFigures() };
    this.#products.set(key, delta);
    return delta;
  }
}

/** The refund per line of the order: what it names by SKU, and the rest over all lines. Sums to the refund. */
function refundShares(event: Refunded, fact: OrderFact): number[] {
  const named = new Map<string, number>();
  for (const line of event.data.lines) named.set(line.sku, (named.get(line.sku) ?? 0) + line.amountMinor);
  const shares = fact.lines.map((line) => {
    const amountMinor = named.get(line.sku) ?? 0;
    named.delete(line.sku);
    return amountMinor;
  });
  const rest = event.data.amountMinor - shares.reduce((sum, share) => sum + share, 0);
  const sign = rest < 0 ? -1 : 1;
  const spread = allocate(
    Math.abs(rest),
    fact.lines.map((line) => line.totalMinor),
  );
  return shares.map((share, index) => share + sign * (spread[index] ?? 0));
}

function noFigures(): SalesFigures {
  return {
    orders: 0,
    units: 0,
    grossMinor: 0,
    discountsMinor: 0,
    shippingMinor: 0,
    taxMinor: 0,
    totalMinor: 0,
    refundsMinor: 0,
  };
}

function addFigures(into: SalesFigures, more: Partial<SalesFigures>): void {
  into.orders += more.orders ?? 0;
  into.units += more.units ?? 0;
  into.grossMinor += more.grossMinor ?? 0;
  into.discountsMinor += more.discountsMinor ?? 0;
  into.shippingMinor += more.shippingMinor ?? 0;
  into.taxMinor += more.taxMinor ?? 0;
  into.totalMinor += more.totalMinor ?? 0;
  into.refundsMinor += more.refundsMinor ?? 0;
}

/** Event times are ISO 8601 UTC. */
export function utcDayOf(time: string): string {
  return new Date(time).toISOString().slice(0, 10);
}

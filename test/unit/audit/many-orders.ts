/** A shop of any size, made up as it is read: sound books of so many orders and SKUs, which tests then break. */
import type { BookOwners } from "../../../durable-objects/audit-run/env.ts";
import type { SalesRow } from "../../../queues/analytics/contract.ts";
import type { OrderEvent } from "../../../queues/contracts/order-events.ts";
import { orderEventSource } from "../../../queues/contracts/order-events.ts";
import type { StockAccount } from "../../../workers/inventory/contract.ts";
import { BOOKS_EVENTS, BOOKS_ORDERS, type OrderAccount, type PartitionBooks } from "../../../workers/orders/contract.ts";
import type { PaymentBooks } from "../../../workers/payments/contract.ts";
import { newId } from "../../../workers/shared/identifiers.ts";
import { account, books, order } from "./fixtures.ts";

const PARTITIONS = 8;
const BEGAN_AT_MS = Date.UTC(2026, 0, 1);
const SAME = { behind: false, rows: 1, differences: [] };
const DAY = "2026-01-01";

export class ManyOrders {
  /** By partition, ascending; the nth of all orders is the `n / 8`th of partition `n % 8`. */
  readonly ids: readonly (readonly string[])[];
  readonly calls = new Map<string, number>();
  readonly skus: number;
  readonly #index: ReadonlyMap<string, number>;
  readonly #sorted: readonly string[];

  constructor(orders: number, skus: number) {
    this.skus = skus;
    this.ids = Array.from({ length: PARTITIONS }, (_, partition) =>
      Array.from({ length: Math.ceil((orders - partition) / PARTITIONS) }, (__, place) =>
        newId("ord", BEGAN_AT_MS + place, { region: 0, number: partition }),
      ),
    );
    this.#sorted = this.ids.flat().sort();
    this.#index = new Map(this.ids.flatMap((ids, partition) => ids.map((id, place) => [id, place * PARTITIONS + partition])));
  }

  account(orderId: string): OrderAccount {
    const lines = order()
      .lines.map((line) => ({ ...line, sku: this.skuOf(orderId) }))
      .slice(0, 1);
    const line = lines[0];
    if (line === undefined) throw new Error("an order has lines");
    const totals = { subtotalMinor: 200, discountMinor: 0, shippingMinor: 0, taxMinor: 0, totalMinor: 200 };
    const made = order({ id: orderId, lines, totals, payment: { ...order().payment, amountMinor: 200 } });
    const heldLines = [{ sku: line.sku, quantity: line.quantity }];
    return account({ order: made, heldLines, committedHoldId: `${orderId}~1`, capturedMinor: 200 });
  }

  skuOf(orderId: string): string {
    return `SKU-${String((this.#index.get(orderId) ?? 0) % this.skus).padStart(7, "0")}`;
  }

  events(partition: number, afterSequence: number, limit: number): OrderEvent[] {
    const ids = this.ids[partition] ?? [];
    const source = orderEventSource(`0-${partition}`);
    return Array.from({ length: Math.max(0, Math.min(limit, ids.length * 2 - afterSequence)) }, (_, index) => {
      const sequence = afterSequence + 1 + index;
      const orderId = ids[Math.floor((sequence - 1) / 2)] ?? "";
      const type = sequence % 2 === 1 ? "order.submitted" : "order.placed";
      // As large as a real one.
      const data = { orderId, currency: "GBP", lines: order().lines, totals: order().totals, padding: "x".repeat(500) };
      return { source, sequence, id: `${source}#${sequence}`, subject: orderId, type, time: `${DAY}T00:00:00.000Z`, data };
    }) as unknown as OrderEvent[];
  }

  books(partition: number, afterOrderId: string, afterSequence: number): PartitionBooks {
    const ids = this.ids[partition] ?? [];
    const from = ids.findIndex((id) => id > afterOrderId);
    return {
      account:
        afterOrderId === "" && afterSequence === 0
          ? {
              partition: `0-${partition}`,
              eventCount: ids.length * 2,
              lastSequence: ids.length * 2,
              publishedSequence: ids.length * 2,
              duplicateKeys: [],
              numbers: [],
            }
          : null,
      orders: from === -1 ? [] : ids.slice(from, from + BOOKS_ORDERS).map((id) => this.account(id)),
      events: this.events(partition, afterSequence, BOOKS_EVENTS),
    };
  }

  stock(sku: string): StockAccount {
    const number = Number(sku.slice(4));
    const holds: StockAccount["holds"][number][] = [];
    for (let index = number; index < this.#sorted.length; index += this.skus) {
      const orderId = this.ids[index % PARTITIONS]?.[Math.floor(index / PARTITIONS)] ?? "";
      holds.push({ holdId: `${orderId}~1`, state: "committed", quantity: 2, expiresAtMs: 0, resolutions: 1 });
    }
    const locations = [{ location: "main", onHand: 10, held: 0, journalOnHand: 10, moved: true }];
    return { sku, sequence: 1, locations, backordered: 0, available: 10, journal: [], holds, gapless: true };
  }

  payment(orderId: string): PaymentBooks {
    const captured = { capturedMinor: 200, refundedMinor: 0 };
    return books({ orderId, paymentId: `pi_${orderId}`, provider: { ...captured, status: "captured" }, ledger: captured });
  }

  /** The next page of a sorted list. */
  page(after: string, limit: number): readonly string[] {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? "") > after) high = middle;
      else low = middle + 1;
    }
    return this.#sorted.slice(low, low + limit);
  }

  get total(): number {
    return this.#sorted.length;
  }

  get owners(): BookOwners {
    const sku = (index: number) => `SKU-${String(index).padStart(7, "0")}`;
    const skusAfter = (after: string, limit: number) => {
      const from = after === "" ? 0 : Number(after.slice(4)) + 1;
      return Array.from({ length: Math.max(0, Math.min(limit, this.skus - from)) }, (_, index) => sku(from + index));
    };
    const row = (orders: number): SalesRow => ({
      day: DAY,
      group: "GB",
      currency: "GBP",
      figures: {
        orders,
        units: orders * 2,
        grossMinor: orders * 200,
        discountsMinor: 0,
        shippingMinor: 0,
        taxMinor: 0,
        totalMinor: orders * 200,
        refundsMinor: 0,
      },
    });
    const owners = {
      ORDERS: {
        listCursors: async () =>
          this.ids.map((ids, partition) => ({ source: orderEventSource(`0-${partition}`), sequence: ids.length * 2 })),
        readPartitionBooks: async (cursors: readonly { partition: string; afterOrderId: string; afterSequence: number }[]) =>
          cursors.map((one) => this.books(Number(one.partition.slice(2)), one.afterOrderId, one.afterSequence)),
        readOrderAccounts: async (ids: readonly string[]) =>
          ids.filter((id) => this.#index.has(id)).map((id) => this.account(id)),
        compareWithLog: async () => SAME,
        listProjectedOrders: async (after: string, limit: number) =>
          this.page(after, limit).map((orderId) => ({ orderId, status: "placed", totalMinor: 200, refundedMinor: 0 })),
      },
      INVENTORY: {
        listTouchedSkus: async (after: string, limit: number) => skusAfter(after, limit),
        readAccounts: async (skus: readonly string[]) => skus.map((one) => this.stock(one)),
      },
      PAYMENTS: {
        listCursors: async () => [],
        listBooks: async (after: string, limit: number) => this.page(after.slice(3), limit).map((id) => this.payment(id)),
        readBooksOf: async (ids: readonly string[]) => ids.map((id) => this.payment(id)),
        compareWithLog: async () => SAME,
        listLedgerOrders: async (after: string, limit: number) => this.page(after, limit),
        ledgerBalances: async () => [{ currency: "GBP", debitsMinor: 1, creditsMinor: 1 }],
      },
      NOTIFICATIONS: {
        listCursors: async () => [],
        compareWithLog: async () => SAME,
        listSent: async (after: string, limit: number) => this.page(after, limit).map((orderId) => ({ id: orderId, orderId })),
      },
      ANALYTICS: {
        listCursors: async () => [],
        compareWithLog: async (events: readonly OrderEvent[]) => {
          const placed = events.filter((event) => event.type === "order.placed").length;
          return { ...SAME, sales: { country_sales: [row(placed)], product_sales: [] } };
        },
        compareStock: async (accounts: readonly StockAccount[]) => ({
          rows: accounts.length,
          differences: [],
          ahead: [],
          behind: [],
        }),
        readSales: async (table: string, after: readonly string[]) =>
          table === "country_sales" && after[0] === "" ? [row(this.total)] : [],
        listFactOrders: async (after: string, limit: number) => this.page(after, limit),
        listStockSkus: async (after: string, limit: number) => skusAfter(after, limit),
      },
      IDENTITY: { checkRevocations: async () => ({ checked: 3, violations: [] }) },
    };
    return this.#counted(owners) as unknown as BookOwners;
  }

  #counted(owners: Readonly<Record<string, Readonly<Record<string, unknown>>>>): object {
    const counted =
      (name: string, method: unknown) =>
      (...args: unknown[]) => {
        this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
        return (method as (...args: unknown[]) => unknown)(...args);
      };
    return Object.fromEntries(
      Object.entries(owners).map(([service, methods]) => [
        service,
        Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, counted(`${service}.${name}`, method)])),
      ]),
    );
  }
}

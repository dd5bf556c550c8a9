/**
 * What an order event means in the books: a sale debits what the provider owes us and credits revenue and tax; a refund
 * takes back the same shares. Debits equal credits per event. Pure.
 */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import { allocate } from "../shared/money.ts";

export type LedgerAccount = "provider_receivable" | "sales_revenue" | "shipping_revenue" | "tax_payable" | "unallocated_refunds";
export type EntryDirection = "debit" | "credit";
export type LedgerEventType = "order.placed" | "order.refunded";

export interface LedgerEntry {
  readonly eventId: string;
  readonly account: LedgerAccount;
  readonly direction: EntryDirection;
  readonly amountMinor: number;
  readonly currency: string;
  readonly orderId: string;
  readonly eventType: LedgerEventType;
  readonly occurredAtMs: number;
}

const INCOME_ACCOUNTS = ["sales_revenue", "shipping_revenue", "tax_payable"] as const;

/** Credited and not yet taken back, in the order of `INCOME_ACCOUNTS`. */
type Outstanding = readonly [sales: number, shipping: number, tax: number];
const NOTHING: Outstanding = [0, 0, 0];

type PlacedEvent = Extract<OrderEvent, { type: "order.placed" }>;
type RefundedEvent = Extract<OrderEvent, { type: "order.refunded" }>;

/**
 * Entries of consecutive events of one source.
 * @param earlier entries of the orders that are refunded here, for their shares.
 */
export function ledgerEntries(events: readonly OrderEvent[], earlier: readonly LedgerEntry[]): LedgerEntry[] {
  const outstanding = outstandingByOrder(earlier);
  return events.flatMap((event) => {
    const entries = entriesOf(event, outstanding);
    assertBalanced(event.id, entries);
    addTo(outstanding, entries);
    return entries;
  });
}

function entriesOf(event: OrderEvent, outstanding: ReadonlyMap<string, Outstanding>): LedgerEntry[] {
  switch (event.type) {
    case "order.placed":
      return saleEntries(event);
    case "order.refunded":
      return refundEntries(event, outstanding.get(event.data.orderId) ?? NOTHING);
    case "order.submitted":
    case "order.awaiting_payment":
    case "order.failed":
    case "order.cancelled":
    case "order.shipped":
    case "order.completed":
      return [];
  }
}

/** Tax is contained in the total; what is left belongs to goods and shipping in proportion to their listed prices. */
function saleEntries(event: PlacedEvent): LedgerEntry[] {
  const { totals, capturedMinor } = event.data;
  const goods = Math.max(0, totals.subtotalMinor - totals.discountMinor);
  const [sales = 0, shipping = 0] = allocate(totals.totalMinor - totals.taxMinor, [goods, totals.shippingMinor]);
  const shares = allocate(capturedMinor, [sales, shipping, totals.taxMinor]);
  const entry = entryFactory(event);
  return [
    ...entry("provider_receivable", "debit", capturedMinor),
    ...INCOME_ACCOUNTS.flatMap((account, index) => entry(account, "credit", shares[index] ?? 0)),
  ];
}

/** More than was ever credited is a fault that shows in an account of its own instead of stopping the books. */
function refundEntries(event: RefundedEvent, outstanding: Outstanding): LedgerEntry[] {
  const { amountMinor } = event.data;
  const known = outstanding[0] + outstanding[1] + outstanding[2];
  const allocated = Math.min(amountMinor, known);
  const shares = allocate(allocated, outstanding);
  const entry = entryFactory(event);
  return [
    ...INCOME_ACCOUNTS.flatMap((account, index) => entry(account, "debit", shares[index] ?? 0)),
    ...entry("unallocated_refunds", "debit", amountMinor - allocated),
    ...entry("provider_receivable", "credit", amountMinor),
  ];
}

function entryFactory(event: PlacedEvent | RefundedEvent) {
  const { id: eventId, type: eventType } = event;
  const { orderId, currency } = event.data;
  const occurredAtMs = Date.parse(event.time);
  return (account: LedgerAccount, direction: EntryDirection, amountMinor: number): LedgerEntry[] =>
    amountMinor === 0 ? [] : [{ eventId, account, direction, amountMinor, currency, orderId, eventType, occurredAtMs }];
}

function outstandingByOrder(entries: readonly LedgerEntry[]): Map<string, Outstanding> {
  const outstanding = new Map<string, Outstanding>();
  addTo(outstanding, entries);
  return outstanding;
}

function addTo(outstanding: Map<string, Outstanding>, entries: readonly LedgerEntry[]): void {
  for (const { orderId, account, direction, amountMinor } of entries) {
    const signed = direction === "credit" ? amountMinor : -amountMinor;
    const [sales, shipping, tax] = outstanding.get(orderId) ?? NOTHING;
    outstanding.set(orderId, [
      sales + (account === "sales_revenue" ? signed : 0),
      shipping + (account === "shipping_revenue" ? signed : 0),
      tax + (account === "tax_payable" ? signed : 0),
    ]);
  }
}

/** @throws when debits and credits differ: a bug, and nothing of this batch may be written. */
function assertBalanced(eventId: string, entries: readonly LedgerEntry[]): void {
  const difference = entries.reduce(
    (sum, entry) => sum + (entry.direction === "debit" ? entry.amountMinor : -entry.amountMinor),
    0,
  );
  if (difference !== 0) throw new Error(`the entries of ${eventId} do not balance: debits − credits = ${difference}`);
}

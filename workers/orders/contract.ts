/** What peers may ask of orders: the log that followers pull, an order for a mail, and the wake-up after a payment. */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import type { LogComparison } from "../shared/compare-rows.ts";
import type { CursorRow } from "../shared/d1-follower.ts";
import type { OpenOrder, PersonalData } from "../shared/privacy.ts";
import type { RebuildState } from "../shared/rebuild-projection.ts";
import type { Result } from "../shared/result.ts";
import type { CallContext } from "../shared/telemetry.ts";

export const ORDER_STATUSES = [
  "submitted",
  "awaiting_payment",
  "placed",
  "fulfilled",
  "completed",
  "failed",
  "cancelled",
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export interface Address {
  readonly name: string;
  readonly line1: string;
  readonly line2?: string | undefined;
  readonly city: string;
  readonly region?: string | undefined;
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly phone?: string | undefined;
}

export interface OrderLine {
  readonly sku: string;
  readonly productId: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly totalMinor: number;
}

export interface OrderTotals {
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  readonly shippingMinor: number;
  /** Contained in `totalMinor` always; on top of the listed prices only where `taxIncluded` is false. */
  readonly taxMinor: number;
  readonly totalMinor: number;
}

export type OrderPaymentStatus =
  | "pending"
  | "requires_action"
  | "authorized"
  | "captured"
  | "partially_refunded"
  | "refunded"
  | "voided"
  | "declined"
  | "none";

/** The order as its owner and its operators see it. Times are epoch milliseconds. */
export interface Order {
  readonly id: string;
  /** Gapless per UTC day and partition; null until stock is held and payment accepted. */
  readonly number: string | null;
  readonly status: OrderStatus;
  readonly cartId: string;
  readonly customerId: string | null;
  readonly email: string;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly shippingAddress: Address;
  readonly shippingOption: { readonly id: string; readonly name: string };
  readonly totals: OrderTotals;
  readonly taxIncluded: boolean;
  readonly taxRateBasisPoints: number;
  readonly payment: {
    readonly status: OrderPaymentStatus;
    readonly paymentId: string | null;
    readonly amountMinor: number;
    readonly refundedMinor: number;
  };
  /** What is left for the shopper to do, and until when the stock is kept for it; null unless payment is awaited. */
  readonly awaitedPayment: { readonly redirectUrl: string | null; readonly expiresAtMs: number } | null;
  readonly refunds: readonly {
    readonly id: string;
    readonly amountMinor: number;
    readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly amountMinor: number }[];
    readonly restocked: boolean;
    readonly atMs: number;
  }[];
  readonly shipments: readonly {
    readonly id: string;
    readonly carrier: string | null;
    readonly trackingNumber: string | null;
    readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
    readonly atMs: number;
  }[];
  readonly timeline: readonly { readonly type: string; readonly atMs: number }[];
  readonly failureReason: string | null;
  readonly createdAtMs: number;
}

export type OrderUnknown = { readonly code: "order_unknown" };

/** One order's saga for the audit: what the partition believes about stock and money. */
export interface OrderAccount {
  readonly order: Order;
  readonly sagaStep: string;
  /** True when nothing is left to do. */
  readonly sagaEnded: boolean;
  /** Hold id that was committed; null when none was. */
  readonly committedHoldId: string | null;
  /** SKUs and summed quantities of that hold. */
  readonly heldLines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly capturedMinor: number;
  readonly updatedAtMs: number;
}

export interface PartitionAccount {
  readonly partition: string;
  readonly eventCount: number;
  readonly lastSequence: number;
  readonly publishedSequence: number;
  /** Idempotency keys that have more than one order with an effect: always empty. */
  readonly duplicateKeys: readonly string[];
  /** Per day: how many numbers were given out and the highest. Equal when gapless. */
  readonly numbers: readonly { readonly day: string; readonly count: number; readonly highest: number }[];
}

/** Where a reader stands in one partition's books. */
export interface PartitionCursor {
  readonly partition: string;
  readonly afterOrderId: string;
  readonly afterSequence: number;
}

/** The next page of a partition's orders and of its log, read at one moment. A short page is the last one. */
export interface PartitionBooks {
  /** With the first page only: counting takes long. */
  readonly account: PartitionAccount | null;
  readonly orders: readonly OrderAccount[];
  readonly events: readonly OrderEvent[];
}

/** Rows of one page of a partition's books. */
export const BOOKS_ORDERS = 200;
export const BOOKS_EVENTS = 500;
/** Partitions of one question: each is a call to its object. */
export const BOOKS_PARTITIONS_MAX = 32;

/** Where a follower stands in one partition's log. */
export interface LogCursor {
  readonly source: string;
  readonly afterSequence: number;
}

export interface SourceEvents {
  readonly source: string;
  /** Oldest first. */
  readonly events: readonly OrderEvent[];
}

/** Four bits of region, eight of number. */
export const PARTITIONS_MAX = 4_096;

/** Logs of one question: each is a call to its object. */
export const SOURCES_READ_MAX = 256;

export interface OrderForMessage {
  readonly order: Order;
  readonly token: string;
}

/** A page of the ids of a person's orders. */
export interface PersonOrders {
  readonly orderIds: readonly string[];
  /** Null at the end. */
  readonly next: string | null;
}

export interface OrdersApi extends PersonalData {
  readOrder(orderId: string, context: CallContext): Promise<Result<Order, OrderUnknown>>;
  /** A payment changed: the saga looks at the provider's truth and goes on. Idempotent; safe to call at any time. */
  resumePayment(orderId: string, context: CallContext): Promise<Result<Order, OrderUnknown>>;
  /** Orders with a token that opens each, for links in messages. Those that do not exist are absent. At most 100. */
  readOrdersForMessages(orderIds: readonly string[], context: CallContext): Promise<readonly OrderForMessage[]>;
  /** Events after `afterSequence`, oldest first. `source` as in the events. For followers. */
  readEvents(source: string, afterSequence: number, limit: number): Promise<readonly OrderEvent[]>;
  /**
   * Events of up to `SOURCES_READ_MAX` logs, `limit` of each. It may end early, after at least one; a log that cannot be read
   * now is left out.
   */
  readEventsOf(cursors: readonly LogCursor[], limit: number): Promise<readonly SourceEvents[]>;
  /** Sources of every partition that ever held a cart: those that this worker knows, and those that the ledger follows. */
  listSources(): Promise<readonly string[]>;
  /** Sources that a follower has applied events of: this worker may have been set back to before it knew them. Idempotent. */
  rememberSources(sources: readonly string[]): Promise<void>;
  /** Where its follower stands in the log of each of these sources: 0 where it has applied nothing. */
  listCursors(): Promise<readonly CursorRow[]>;
  /** Where these logs end, at most `SOURCES_READ_MAX`. */
  readLogEnds(sources: readonly string[]): Promise<readonly CursorRow[]>;
  /** Rows of the D1 projection by order id, a page at a time, to compare with the accounts. */
  listProjectedOrders(
    afterOrderId: string,
    limit: number,
  ): Promise<
    readonly {
      readonly orderId: string;
      readonly status: OrderStatus;
      readonly totalMinor: number;
      readonly refundedMinor: number;
    }[]
  >;
  /** In the order asked. So that the answer stays small it may end early, after at least one: ask again for the rest. */
  readPartitionBooks(cursors: readonly PartitionCursor[]): Promise<readonly PartitionBooks[]>;
  /** Those that exist, at most 100. */
  readOrderAccounts(orderIds: readonly string[]): Promise<readonly OrderAccount[]>;
  /** Compares the projection's rows of these orders with their whole histories. */
  compareWithLog(histories: readonly OrderEvent[]): Promise<LogComparison>;
  /** Projections that can be rebuilt, and where their rebuilds stand. */
  listProjections(): Promise<readonly RebuildState[]>;
  /** Begins a rebuild, or does the next bounded piece of the one under way. Null: there is no such projection. */
  rebuildProjection(name: string): Promise<RebuildState | null>;
  /**
   * The customer has proven the address: orders that guests placed with it, before and after, are theirs to see. An address
   * has one owner, the last who proved it. Idempotent.
   */
  ownAddress(customerId: string, emailNormalized: string, context: CallContext): Promise<void>;
  /** Follows every partition's log up to its end. @returns events applied. */
  catchUp(context: CallContext): Promise<number>;
  /** The person's orders, of the account and of guests with the proven (lower-case) addresses, by id. Catch up before. */
  findPersonOrders(
    customerId: string | null,
    emails: readonly string[],
    afterOrderId: string,
    context: CallContext,
  ): Promise<PersonOrders>;
  /** The first of the person's orders that somebody still waits for, at most `PERSON_ORDERS_MAX`. Catch up before. */
  findOpenOrders(customerId: string | null, emails: readonly string[], context: CallContext): Promise<readonly OpenOrder[]>;
}

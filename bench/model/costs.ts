/**
 * What the model is fed with: measured costs, and what the platform documents. `docs/scaling.md` says how each is measured.
 * Data only.
 */

/** Costs that somebody measured; replace them by those of an idle machine (`npm run scaling -- --measure` prints them). */
export interface MeasuredCosts {
  /** Processor time of the one process that serves everything locally, per full guest checkout of one line. */
  readonly processorMsPerOrder: number;
  /** A visit (cart, line, address, checkout) while nobody else is there. */
  readonly visitMs: number;
  /** A call to a SKU's object with its durable commit, and each hold in it. */
  readonly objectCallMs: number;
  readonly objectHoldMs: number;
  /** Growth of stores, by order: measured over a run of orders of one line. */
  readonly bytesPerOrder: {
    /** The partitions' objects. */
    readonly partitions: number;
    /** The SKUs' objects. */
    readonly stock: number;
    /** Each service's database. */
    readonly databases: Readonly<Record<string, number>>;
  };
}

/** What one order asks of the platform: counted, and held there, by `test/faults/shop/call-counts.test.ts`. */
export interface CountedWork {
  /** A request of the shopper or of the payment provider is billed; calls between workers are not. */
  readonly requests: number;
  readonly objectRequests: { readonly order: number; readonly line: number };
  readonly objectRowsRead: { readonly order: number; readonly line: number };
  readonly objectRowsWritten: { readonly order: number; readonly line: number };
  readonly databaseRowsRead: { readonly order: number; readonly line: number };
  readonly databaseRowsWritten: { readonly order: number; readonly line: number };
  readonly queueMessages: { readonly order: number; readonly line: number };
  /**
   * Calls of the busiest database while nothing is gathered: taken as six of the fourteen that are counted over four databases.
   * Followers make all of them for the orders of a moment together.
   */
  readonly busiestDatabaseCalls: number;
  /** Writing turns of a partition: line, address, checkout, and the saga's end. */
  readonly partitionTurns: number;
}

/** What Cloudflare documents; the pages are named in `docs/scaling.md`. */
export interface PlatformLimits {
  /** Requests a second of one object that writes storage: the lower and the upper end of what is documented. */
  readonly objectWritesPerSecond: readonly [low: number, high: number];
  /** Of one D1 database at a millisecond a query. */
  readonly databaseQueriesPerSecond: number;
  readonly databaseBytesMax: number;
  readonly queueMessagesPerSecond: number;
}

/** Until those of an idle machine are kept: of decision 013, the bare runtime, and short runs for what load does not change. */
export const MEASURED: MeasuredCosts = {
  processorMsPerOrder: 20,
  visitMs: 40,
  objectCallMs: 0.45,
  objectHoldMs: 0.07,
  bytesPerOrder: {
    partitions: 6_750,
    stock: 1_000,
    databases: { orders: 520, payments: 1_180, analytics: 360, notifications: 660 },
  },
};

export const COUNTED: CountedWork = {
  requests: 6,
  objectRequests: { order: 5, line: 3 },
  objectRowsRead: { order: 42, line: 42 },
  objectRowsWritten: { order: 21, line: 9 },
  databaseRowsRead: { order: 111, line: 17 },
  databaseRowsWritten: { order: 41, line: 7 },
  queueMessages: { order: 8, line: 2 },
  busiestDatabaseCalls: 6,
  partitionTurns: 4,
};

export const PLATFORM: PlatformLimits = {
  objectWritesPerSecond: [200, 500],
  databaseQueriesPerSecond: 1_000,
  databaseBytesMax: 10e9,
  queueMessagesPerSecond: 5_000,
};

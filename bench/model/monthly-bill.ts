/** What a shop pays Cloudflare a month, by list price. Pure. */
import type { CountedWork, MeasuredCosts } from "./costs.ts";
import {
  BASE_FEE_PER_MONTH,
  type Billed,
  DATABASE_STORAGE_PRICE,
  OBJECT_STORAGE_PRICE,
  PRICES,
  STORAGE_INCLUDED_GIGABYTES,
} from "./prices.ts";

export interface Trade {
  readonly ordersPerMonth: number;
  readonly linesPerOrder: number;
  /** Pages or API reads for each order. */
  readonly viewsPerOrder: number;
  /** Months of orders that are stored. */
  readonly monthsKept: number;
}

export interface Bill {
  readonly items: Readonly<Record<Billed | "storage", number>>;
  readonly perMonth: number;
  /** All of it, the base fee included, for a thousand orders. */
  readonly perThousandOrders: number;
  /** What the next thousand orders cost when nothing is included any more. */
  readonly nextThousandOrders: number;
}

/** A page or a read of the API, from the cache of an isolate in most cases. */
const PROCESSOR_MS_PER_VIEW = 2;
/** Pictures that no cache had. */
const PICTURES_PER_VIEW = 0.1;
/** A queue message is written, read and deleted. */
const OPERATIONS_PER_MESSAGE = 3;
/** An object is billed with 128 MB for as long as it works, and waits for others: about a second for a payment, alone. */
const OBJECT_GIGABYTES = 0.128;
const PARTITION_SECONDS_PER_ORDER = 1.2;
const STOCK_SECONDS_PER_LINE = 0.1;
const BYTES_PER_GIGABYTE = 1e9;

export function monthlyBill(trade: Trade, counted: CountedWork, measured: MeasuredCosts): Bill {
  const usage = usageOf(trade, counted, measured);
  const storage = storageFee(trade, measured);
  const fees = Object.entries(PRICES).map(([billed, { perMillion, included }]) => [
    billed,
    (Math.max(0, usage[billed as Billed] - included) / 1e6) * perMillion,
  ]);
  const items = { ...Object.fromEntries(fees), storage } as Bill["items"];
  const perMonth = BASE_FEE_PER_MONTH + Object.values(items).reduce((sum, fee) => sum + fee, 0);
  const unbounded = Object.entries(PRICES).reduce((sum, [billed, price]) => sum + usage[billed as Billed] * price.perMillion, 0);
  return {
    items,
    perMonth,
    perThousandOrders: (perMonth / trade.ordersPerMonth) * 1_000,
    nextThousandOrders: (unbounded / 1e6 / trade.ordersPerMonth) * 1_000,
  };
}

function usageOf(trade: Trade, counted: CountedWork, measured: MeasuredCosts): Readonly<Record<Billed, number>> {
  const { ordersPerMonth, linesPerOrder, viewsPerOrder } = trade;
  const each = ({ order, line }: { readonly order: number; readonly line: number }) =>
    ordersPerMonth * (order + line * linesPerOrder);
  const views = ordersPerMonth * viewsPerOrder;
  const activeSeconds = PARTITION_SECONDS_PER_ORDER + STOCK_SECONDS_PER_LINE * linesPerOrder;
  return {
    requests: ordersPerMonth * counted.requests + views,
    processorMs: ordersPerMonth * measured.processorMsPerOrder + views * PROCESSOR_MS_PER_VIEW,
    objectRequests: each(counted.objectRequests),
    objectGigabyteSeconds: ordersPerMonth * activeSeconds * OBJECT_GIGABYTES,
    objectRowsRead: each(counted.objectRowsRead),
    objectRowsWritten: each(counted.objectRowsWritten),
    databaseRowsRead: each(counted.databaseRowsRead),
    databaseRowsWritten: each(counted.databaseRowsWritten),
    queueOperations: each(counted.queueMessages) * OPERATIONS_PER_MESSAGE,
    pictureReads: views * PICTURES_PER_VIEW,
  };
}

function storageFee({ ordersPerMonth, monthsKept }: Trade, { bytesPerOrder }: MeasuredCosts): number {
  const gigabytes = (bytes: number) => (bytes * ordersPerMonth * monthsKept) / BYTES_PER_GIGABYTE;
  const databases = Object.values(bytesPerOrder.databases).reduce((sum, bytes) => sum + bytes, 0);
  const beyond = (stored: number) => Math.max(0, stored - STORAGE_INCLUDED_GIGABYTES);
  return (
    beyond(gigabytes(bytesPerOrder.partitions + bytesPerOrder.stock)) * OBJECT_STORAGE_PRICE +
    beyond(gigabytes(databases)) * DATABASE_STORAGE_PRICE
  );
}

/** Orders until a database is full. */
export function ordersUntilFull(bytesPerOrder: number, bytesMax: number): number {
  return Math.floor(bytesMax / bytesPerOrder);
}

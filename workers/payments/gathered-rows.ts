/**
 * Rows about payments that this isolate has in hand: authorized here moments ago and about to be captured or voided, or
 * waiting to be written together with those of other orders. A database write costs the same for one row as for fifty. What
 * a crash loses here is found again by webhooks and by reconciling.
 */
import { BoundedStore } from "../shared/bounded-store.ts";
import type { EpochMs } from "../shared/clock.ts";
import type { Logger } from "../shared/telemetry.ts";
import { type PaymentNews, rememberPayments } from "./payment-rows.ts";
import { noteWritten } from "./written-payments.ts";

/** How long rows of other orders may join. */
const GATHER_MS = 100;
/** A gatherer that has not written by then is gone: the runtime cuts off what outlives its call by too much. */
const GATHERER_LOST_MS = 2_000;
/** A saga captures within this of its authorization, also under load. */
const IN_HAND_MS = 5_000;

export interface RowDesk {
  readonly database: D1Database;
  readonly log: Logger;
  now(): EpochMs;
  background(work: Promise<unknown>): void;
}

let waiting: PaymentNews[] = [];
let gatheringSinceMs: EpochMs | undefined;

/** Payment ids, and when they were authorized. */
const authorized = new BoundedStore<EpochMs>({ entriesMax: 4_000, bytesMax: 1_048_576, entryBytesMax: 1_024 }, () => 8);

export function noteAuthorized(paymentId: string, nowMs: EpochMs): void {
  authorized.set(paymentId, nowMs);
}

/** True while this isolate itself is about to write what a webhook may tell of the payment. */
export function isInHand(paymentId: string, nowMs: EpochMs): boolean {
  const sinceMs = authorized.get(paymentId);
  const isFresh = sinceMs !== undefined && Math.abs(nowMs - sinceMs) < IN_HAND_MS;
  return isFresh || waiting.some((news) => news.paymentId === paymentId);
}

/** Writes the row a moment later, in the background. */
export function writeSoon(desk: RowDesk, news: PaymentNews): void {
  waiting.push(news);
  const nowMs = desk.now();
  if (gatheringSinceMs !== undefined && Math.abs(nowMs - gatheringSinceMs) < GATHERER_LOST_MS) return;
  gatheringSinceMs = nowMs;
  desk.background(scheduler.wait(GATHER_MS).then(() => writeWaiting(desk)));
}

async function writeWaiting(desk: RowDesk): Promise<void> {
  const rows = waiting;
  waiting = [];
  gatheringSinceMs = undefined;
  try {
    await write(desk, rows);
  } catch {
    // What is wrong with one row must not cost the others.
    await Promise.all(rows.map((row) => writeAlone(desk, row)));
  }
}

async function writeAlone(desk: RowDesk, row: PaymentNews): Promise<void> {
  try {
    await write(desk, [row]);
  } catch (error) {
    desk.log.error("row_not_written", error, { payment_id: row.paymentId });
  }
}

async function write(desk: RowDesk, rows: readonly PaymentNews[]): Promise<void> {
  await rememberPayments(desk.database, rows, desk.now()).run();
  for (const row of rows) noteWritten(row);
}

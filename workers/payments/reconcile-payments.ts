/**
 * Compares our rows and the ledger with the provider's list, makes the rows what the provider says, and wakes the orders of
 * payments that moved without us. Money itself is never touched here.
 */
import { mapBounded } from "../shared/map-bounded.ts";
import type { Payment } from "./contract.ts";
import { type LedgerSums, listProviderPage, readLedgerSums } from "./list-books.ts";
import { type KnownPayment, knownPayment } from "./payment-desk.ts";
import { newsOf, repairPayment } from "./payment-rows.ts";
import { resume, type WebhookDesk } from "./receive-webhook.ts";
import type { PaymentRow } from "./schema.ts";

/** 2,000 payments in one call, far below D1's 1,000 queries; `next_cursor` goes on. */
const PAGES_MAX = 20;
const RESUME_CONCURRENCY = 4;
/** Younger payments are still on their way through checkout, and their orders have clocks of their own. */
const SETTLED_AFTER_MS = 60_000;
const UNKNOWN_ROWS_MAX = 100;

export type DifferenceKind = "row_missing" | "row_outdated" | "ledger" | "unknown_to_provider" | "no_order";

export interface Difference {
  readonly kind: DifferenceKind;
  readonly paymentId: string;
  readonly orderId: string;
  readonly ours: string;
  readonly theirs: string;
  readonly repaired: boolean;
}

export interface ReconcileReport {
  readonly checked: number;
  readonly repaired: number;
  readonly differences: readonly Difference[];
  /** Where to go on; null: everything was checked. */
  readonly nextCursor: string | null;
}

/** @throws when the provider does not answer. */
export async function reconcilePayments(desk: WebhookDesk, after: string | null): Promise<ReconcileReport> {
  const seen: string[] = [];
  const differences: Difference[] = [];
  let startingAfter = after;
  let hasMore = true;
  for (let pages = 0; hasMore && pages < PAGES_MAX; pages++) {
    const page = await listProviderPage(desk, startingAfter);
    differences.push(...(await reconcilePage(desk, page.data.map(knownPayment))));
    seen.push(...page.data.map((intent) => intent.id));
    startingAfter = page.data.at(-1)?.id ?? null;
    hasMore = page.has_more && startingAfter !== null;
  }
  // Only a walk through everything can say what the provider does not have.
  if (after === null && !hasMore) differences.push(...(await rowsUnknownToProvider(desk, seen)));
  const repaired = differences.filter((difference) => difference.repaired).length;
  return { checked: seen.length, repaired, differences, nextCursor: hasMore ? startingAfter : null };
}

async function reconcilePage(desk: WebhookDesk, page: readonly KnownPayment[]): Promise<Difference[]> {
  const ours = page.filter((known) => known.payment.orderId !== "");
  const foreign = page.filter((known) => known.payment.orderId === "");
  const [rows, ledger] = await Promise.all([
    readRows(
      desk.database,
      ours.map((known) => known.payment.paymentId),
    ),
    readLedgerSums(
      desk.database,
      ours.map((known) => known.payment.orderId),
    ),
  ]);
  const outdated = ours.filter((known) => isOutdated(rows.get(known.payment.paymentId), known.payment));
  if (outdated.length > 0) {
    const nowMs = desk.now();
    await desk.database.batch(
      outdated.map((known) => repairPayment(desk.database, newsOf(known.payment, known.createdAtMs), nowMs)),
    );
  }
  const stuck = ours.filter((known) => outdated.includes(known) || isStuck(desk, known));
  await mapBounded(stuck, RESUME_CONCURRENCY, (known) => resume(desk, known.payment.orderId));
  return [
    ...foreign.map(({ payment }) => difference("no_order", payment, "no order", describe(payment), false)),
    ...outdated.map(({ payment }) => rowDifference(rows.get(payment.paymentId), payment)),
    ...ours.flatMap((known) => ledgerDifference(desk, known, ledger.get(known.payment.orderId))),
  ];
}

function isOutdated(row: PaymentRow | undefined, payment: Payment): boolean {
  return row === undefined || describe(row) !== describe(payment) || row.orderId !== payment.orderId;
}

/** Reserved money that nobody took or freed. */
function isStuck(desk: WebhookDesk, { payment, createdAtMs }: KnownPayment): boolean {
  return payment.status === "authorized" && desk.now() - createdAtMs > SETTLED_AFTER_MS;
}

function rowDifference(row: PaymentRow | undefined, payment: Payment): Difference {
  const kind = row === undefined ? "row_missing" : "row_outdated";
  return difference(kind, payment, row === undefined ? "none" : describe(row), describe(payment), true);
}

/** What stays with us after refunds must be in the ledger; the ledger itself is only ever written by its follower. */
function ledgerDifference(desk: WebhookDesk, known: KnownPayment, sums: LedgerSums | undefined): Difference[] {
  const { payment, createdAtMs } = known;
  const theirs = payment.capturedMinor - payment.refundedMinor;
  const booked = (sums?.capturedMinor ?? 0) - (sums?.refundedMinor ?? 0);
  if (theirs === booked || payment.status === "declined" || desk.now() - createdAtMs < SETTLED_AFTER_MS) return [];
  return [difference("ledger", payment, `${booked} ${payment.currency}`, `${theirs} ${payment.currency}`, false)];
}

async function rowsUnknownToProvider(desk: WebhookDesk, seen: readonly string[]): Promise<Difference[]> {
  const { results } = await desk.database
    .prepare(
      `${SELECT_ROWS} WHERE payment_id NOT IN (SELECT value FROM json_each(?)) AND created_at_ms < ? ORDER BY rowid LIMIT ?`,
    )
    .bind(JSON.stringify(seen), desk.now() - SETTLED_AFTER_MS, UNKNOWN_ROWS_MAX)
    .all<PaymentRow>();
  return results.map((row) => difference("unknown_to_provider", row, describe(row), "none", false));
}

const SELECT_ROWS = `SELECT payment_id AS paymentId, order_id AS orderId, amount_minor AS amountMinor, currency, status,
  captured_minor AS capturedMinor, refunded_minor AS refundedMinor FROM payments`;

async function readRows(db: D1Database, paymentIds: readonly string[]): Promise<ReadonlyMap<string, PaymentRow>> {
  const { results } = await db
    .prepare(`${SELECT_ROWS} WHERE payment_id IN (SELECT value FROM json_each(?))`)
    .bind(JSON.stringify(paymentIds))
    .all<PaymentRow>();
  return new Map(results.map((row) => [row.paymentId, row]));
}

type Described = Pick<Payment, "status" | "amountMinor" | "capturedMinor" | "refundedMinor" | "currency">;

/** `captured 1999/1999 GBP, refunded 500`. */
function describe({ status, amountMinor, capturedMinor, refundedMinor, currency }: Described): string {
  return `${status} ${capturedMinor}/${amountMinor} ${currency}, refunded ${refundedMinor}`;
}

function difference(
  kind: DifferenceKind,
  { paymentId, orderId }: Pick<Payment, "paymentId" | "orderId">,
  ours: string,
  theirs: string,
  repaired: boolean,
): Difference {
  return { kind, paymentId, orderId, ours, theirs, repaired };
}

/** One payment's money as three parties see it: our row, the ledger, the provider. Read in pages, the provider in lists. */
import type Stripe from "stripe";
import { mapBounded } from "../shared/map-bounded.ts";
import type { LedgerBalance, Payment, PaymentBooks } from "./contract.ts";
import { knownPayment, type PaymentDesk, readPayment } from "./payment-desk.ts";
import { askProvider } from "./provider.ts";
import type { PaymentRow } from "./schema.ts";

export const BOOKS_PAGE_MAX = 1_000;
const PROVIDER_PAGE_SIZE = 100;
/** Pages beyond what our rows would fill: payments of others in the same seconds. */
const PROVIDER_PAGES_SPARE = 5;
const RETRIEVE_CONCURRENCY = 4;
/** A row may bear its order's time; nearly every payment is made so soon after it. Others are read one by one. */
const MADE_WITHIN_SECONDS = 5;

export interface LedgerSums {
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

const NO_ENTRIES: LedgerSums = { capturedMinor: 0, refundedMinor: 0 };

/** @throws when the provider cannot be read: half of the books would look like missing payments. */
export async function listBooks(desk: PaymentDesk, afterPaymentId: string, limit: number): Promise<readonly PaymentBooks[]> {
  const statement = desk.database.prepare(`${SELECT_ROWS} WHERE payment_id > ? ORDER BY payment_id LIMIT ?`);
  const rows = await statement.bind(afterPaymentId, Math.max(1, Math.min(limit, BOOKS_PAGE_MAX))).all<PaymentRow>();
  return await booksOf(desk, rows.results);
}

/** @throws when the provider cannot be read */
export async function readBooksOf(desk: PaymentDesk, orderIds: readonly string[]): Promise<readonly PaymentBooks[]> {
  const statement = desk.database.prepare(`${SELECT_ROWS} WHERE order_id IN (SELECT value FROM json_each(?))`);
  return await booksOf(desk, (await statement.bind(JSON.stringify(orderIds)).all<PaymentRow>()).results);
}

async function booksOf(desk: PaymentDesk, rows: readonly PaymentRow[]): Promise<readonly PaymentBooks[]> {
  const [ledger, provider] = await Promise.all([
    readLedgerSums(
      desk.database,
      rows.map((row) => row.orderId),
    ),
    readProviderPayments(desk, rows),
  ]);
  return rows.map((row) => {
    const present = provider.get(row.paymentId);
    return {
      orderId: row.orderId,
      paymentId: row.paymentId,
      currency: row.currency,
      provider: present === undefined ? null : providerSide(present),
      // A declined payment beside the paid one of the same order has no part in the order's entries.
      ledger: row.status === "declined" ? NO_ENTRIES : (ledger.get(row.orderId) ?? NO_ENTRIES),
    };
  });
}

function providerSide({ capturedMinor, refundedMinor, status }: Payment) {
  return { capturedMinor, refundedMinor, status };
}

const SELECT_ROWS = `
  SELECT payment_id AS paymentId, order_id AS orderId, currency, status, created_at_ms AS createdAtMs FROM payments`;

/** What the provider owed and gave back per order, by the ledger. Orders without entries are absent. */
export async function readLedgerSums(db: D1Database, orderIds: readonly string[]): Promise<ReadonlyMap<string, LedgerSums>> {
  if (orderIds.length === 0) return new Map();
  const { results } = await db
    .prepare(
      `SELECT order_id AS orderId,
              sum(CASE direction WHEN 'debit' THEN amount_minor ELSE 0 END) AS capturedMinor,
              sum(CASE direction WHEN 'credit' THEN amount_minor ELSE 0 END) AS refundedMinor
       FROM ledger_entries
       WHERE account = 'provider_receivable' AND order_id IN (SELECT value FROM json_each(?))
       GROUP BY order_id`,
    )
    .bind(JSON.stringify(orderIds))
    .all<LedgerSums & { readonly orderId: string }>();
  return new Map(results.map(({ orderId, capturedMinor, refundedMinor }) => [orderId, { capturedMinor, refundedMinor }]));
}

/** The provider's side of these rows. Payments that it does not know are absent. */
async function readProviderPayments(
  desk: PaymentDesk,
  rows: readonly Pick<PaymentRow, "paymentId" | "createdAtMs">[],
): Promise<ReadonlyMap<string, Payment>> {
  const wanted = new Set(rows.map((row) => row.paymentId));
  const found = new Map<string, Payment>();
  if (rows.length === 0) return found;
  const seconds = rows.map((row) => Math.floor(row.createdAtMs / 1000));
  const created = {
    gte: seconds.reduce((a, b) => Math.min(a, b)),
    lte: seconds.reduce((a, b) => Math.max(a, b)) + MADE_WITHIN_SECONDS,
  };
  const pagesMax = Math.ceil(rows.length / PROVIDER_PAGE_SIZE) + PROVIDER_PAGES_SPARE;
  let startingAfter: string | null = null;
  for (let pages = 0; pages < pagesMax && wanted.size > 0; pages++) {
    const page: Stripe.ApiList<Stripe.PaymentIntent> = await listProviderPage(desk, startingAfter, created);
    for (const intent of page.data) {
      if (wanted.delete(intent.id)) found.set(intent.id, knownPayment(intent).payment);
    }
    startingAfter = page.data.at(-1)?.id ?? null;
    if (!page.has_more || startingAfter === null) break;
  }
  await mapBounded([...wanted], RETRIEVE_CONCURRENCY, async (paymentId) => {
    const present = await readPayment(desk, paymentId);
    if (present.ok) found.set(paymentId, present.value.payment);
    else if (present.error.code === "provider_unavailable") throw new Error(present.error.message);
  });
  return found;
}

/** A page of the provider's payments, newest first. @throws when the provider does not answer. */
export async function listProviderPage(
  desk: PaymentDesk,
  startingAfter: string | null,
  created?: Stripe.RangeQueryParam,
): Promise<Stripe.ApiList<Stripe.PaymentIntent>> {
  const page = await askProvider(() =>
    desk.stripe.paymentIntents.list({
      limit: PROVIDER_PAGE_SIZE,
      expand: ["data.latest_charge"],
      ...(created === undefined ? {} : { created }),
      ...(startingAfter === null ? {} : { starting_after: startingAfter }),
    }),
  );
  if (!page.ok) throw new Error(page.error.message);
  return page.value;
}

export async function ledgerBalances(db: D1Database): Promise<readonly LedgerBalance[]> {
  const { results } = await db
    .prepare(
      `SELECT currency,
              sum(CASE direction WHEN 'debit' THEN amount_minor ELSE 0 END) AS debitsMinor,
              sum(CASE direction WHEN 'credit' THEN amount_minor ELSE 0 END) AS creditsMinor
       FROM ledger_entries GROUP BY currency ORDER BY currency`,
    )
    .all<LedgerBalance>();
  return results;
}

/** What payments keeps of a person's orders: amounts and states by order, nothing of who paid. */
import { isoTime } from "../shared/clock.ts";
import { moneyJson } from "../shared/money.ts";
import { type Person, type PersonPage, pageOf } from "../shared/privacy.ts";

interface PaymentRow {
  readonly paymentId: string;
  readonly orderId: string;
  readonly status: string;
  readonly amountMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly currency: string;
  readonly declineCode: string | null;
  readonly createdAtMs: number;
}

interface EntryRow {
  readonly orderId: string;
  readonly account: string;
  readonly direction: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly occurredAtMs: number;
}

const SELECT_PAYMENTS = `
  SELECT payment_id AS paymentId, order_id AS orderId, status, amount_minor AS amountMinor, captured_minor AS capturedMinor,
         refunded_minor AS refundedMinor, currency, decline_code AS declineCode, created_at_ms AS createdAtMs
  FROM payments WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY payment_id`;

const SELECT_ENTRIES = `
  SELECT order_id AS orderId, account, direction, amount_minor AS amountMinor, currency, occurred_at_ms AS occurredAtMs
  FROM ledger_entries WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY id`;

export async function exportPerson(database: D1Database, { orderIds }: Person): Promise<PersonPage> {
  const ids = JSON.stringify(orderIds);
  const [payments, entries] = await Promise.all([
    database.prepare(SELECT_PAYMENTS).bind(ids).all<PaymentRow>(),
    database.prepare(SELECT_ENTRIES).bind(ids).all<EntryRow>(),
  ]);
  return pageOf([
    { name: "Payments", records: payments.results.map(paymentRecord) },
    { name: "Entries in the ledger", records: entries.results.map(entryRecord) },
  ]);
}

function paymentRecord(row: PaymentRow) {
  return {
    payment_id: row.paymentId,
    order_id: row.orderId,
    status: row.status,
    amount: moneyJson(row.amountMinor, row.currency),
    captured: moneyJson(row.capturedMinor, row.currency),
    refunded: moneyJson(row.refundedMinor, row.currency),
    decline_code: row.declineCode,
    created_at: isoTime(row.createdAtMs),
  };
}

function entryRecord(row: EntryRow) {
  return {
    order_id: row.orderId,
    account: row.account,
    direction: row.direction,
    amount: moneyJson(row.amountMinor, row.currency),
    at: isoTime(row.occurredAtMs),
  };
}

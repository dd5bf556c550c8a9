/** Our rows about payments. A row only moves forward in a payment's life, so that late and repeated news change nothing. */
import type { EpochMs } from "../shared/clock.ts";
import type { Payment } from "./contract.ts";
import type { PaymentRow } from "./schema.ts";

/** What a row is written from. */
export type PaymentNews = Omit<PaymentRow, "updatedAtMs">;

/** Where the row's life stands, as `statusRank` counts it. */
function rankOf(column: string): string {
  return `CASE ${column} WHEN 'requires_action' THEN 1 WHEN 'processing' THEN 2 WHEN 'declined' THEN 3 WHEN 'authorized' THEN 3 ELSE 4 END`;
}

const IS_LATER = `${rankOf("excluded.status")} > ${rankOf("payments.status")}`;

const INSERT = `INSERT INTO payments (payment_id, order_id, amount_minor, currency, status, captured_minor, refunded_minor,
    decline_code, created_at_ms, updated_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const REMEMBER = `${INSERT}
  ON CONFLICT (payment_id) DO UPDATE SET
    status = CASE WHEN ${IS_LATER} THEN excluded.status ELSE payments.status END,
    decline_code = coalesce(excluded.decline_code, payments.decline_code),
    captured_minor = max(payments.captured_minor, excluded.captured_minor),
    refunded_minor = max(payments.refunded_minor, excluded.refunded_minor),
    updated_at_ms = excluded.updated_at_ms
  WHERE ${IS_LATER} OR excluded.captured_minor > payments.captured_minor OR excluded.refunded_minor > payments.refunded_minor`;

const REPAIR = `${INSERT}
  ON CONFLICT (payment_id) DO UPDATE SET
    order_id = excluded.order_id, amount_minor = excluded.amount_minor, currency = excluded.currency, status = excluded.status,
    captured_minor = excluded.captured_minor, refunded_minor = excluded.refunded_minor, decline_code = excluded.decline_code,
    updated_at_ms = excluded.updated_at_ms`;

export function newsOf(payment: Payment, createdAtMs: EpochMs): PaymentNews {
  const { redirectUrl: _, ...facts } = payment;
  return { ...facts, createdAtMs };
}

/** Writes what is new; never takes a payment back to an earlier state. */
export function rememberPayment(db: D1Database, news: PaymentNews, nowMs: EpochMs): D1PreparedStatement {
  return bind(db.prepare(REMEMBER), news, nowMs);
}

/** Makes the row what the provider says, whatever it was. */
export function repairPayment(db: D1Database, news: PaymentNews, nowMs: EpochMs): D1PreparedStatement {
  return bind(db.prepare(REPAIR), news, nowMs);
}

function bind(statement: D1PreparedStatement, news: PaymentNews, nowMs: EpochMs): D1PreparedStatement {
  return statement.bind(
    news.paymentId,
    news.orderId,
    news.amountMinor,
    news.currency,
    news.status,
    news.capturedMinor,
    news.refundedMinor,
    news.declineCode,
    news.createdAtMs,
    nowMs,
  );
}

/**
 * Our rows about payments. A row only moves forward in a payment's life, so that late and repeated news change nothing.
 * Waiting, declined, freed and refunded payments are written as they happen; a captured one by the ledger's follower,
 * with its entries and those of the orders around it.
 */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import type { EpochMs } from "../shared/clock.ts";
import { createdAtMsOf } from "../shared/identifiers.ts";
import type { Payment } from "./contract.ts";
import type { PaymentRow } from "./schema.ts";

/** What a row is written from. */
export type PaymentNews = Omit<PaymentRow, "updatedAtMs">;

/** Where the row's life stands, as `statusRank` counts it. */
function rankOf(column: string): string {
  return `CASE ${column} WHEN 'requires_action' THEN 1 WHEN 'processing' THEN 2 WHEN 'declined' THEN 3 WHEN 'authorized' THEN 3 ELSE 4 END`;
}

const IS_LATER = `${rankOf("excluded.status")} > ${rankOf("payments.status")}`;

const INTO = `INSERT INTO payments (payment_id, order_id, amount_minor, currency, status, captured_minor, refunded_minor,
    decline_code, created_at_ms, updated_at_ms)`;
const INSERT = `${INTO} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const MOVE_FORWARD = `
  ON CONFLICT (payment_id) DO UPDATE SET
    status = CASE WHEN ${IS_LATER} THEN excluded.status ELSE payments.status END,
    decline_code = coalesce(excluded.decline_code, payments.decline_code),
    captured_minor = max(payments.captured_minor, excluded.captured_minor),
    refunded_minor = max(payments.refunded_minor, excluded.refunded_minor),
    updated_at_ms = excluded.updated_at_ms
  WHERE excluded.amount_minor = payments.amount_minor
    AND (${IS_LATER} OR excluded.captured_minor > payments.captured_minor OR excluded.refunded_minor > payments.refunded_minor)`;

const REMEMBER = `${INSERT}${MOVE_FORWARD}`;

const REMEMBER_MANY = `${INTO}
  SELECT value ->> 'paymentId', value ->> 'orderId', value ->> 'amountMinor', value ->> 'currency', value ->> 'status',
         value ->> 'capturedMinor', value ->> 'refundedMinor', value ->> 'declineCode', value ->> 'createdAtMs', ?2
  FROM json_each(?1) WHERE TRUE${MOVE_FORWARD}`;

const REPAIR = `${INSERT}
  ON CONFLICT (payment_id) DO UPDATE SET
    order_id = excluded.order_id, amount_minor = excluded.amount_minor, currency = excluded.currency, status = excluded.status,
    captured_minor = excluded.captured_minor, refunded_minor = excluded.refunded_minor, decline_code = excluded.decline_code,
    updated_at_ms = excluded.updated_at_ms`;

export function newsOf(payment: Payment, createdAtMs: EpochMs): PaymentNews {
  const { redirectUrl: _, ...facts } = payment;
  return { ...facts, createdAtMs };
}

/** Writes what is new; never takes a payment back to an earlier state. News of another amount are for reconciling. */
export function rememberPayment(db: D1Database, news: PaymentNews, nowMs: EpochMs): D1PreparedStatement {
  return bind(db.prepare(REMEMBER), news, nowMs);
}

/** The same for many. */
export function rememberPayments(db: D1Database, news: readonly PaymentNews[], nowMs: EpochMs): D1PreparedStatement {
  return db.prepare(REMEMBER_MANY).bind(JSON.stringify(news), nowMs);
}

/** What placed orders say about their payments. The provider's own time is not among it; the order's is seconds earlier. */
export function newsOfPlaced(events: readonly OrderEvent[]): PaymentNews[] {
  return events.flatMap((event) => {
    if (event.type !== "order.placed" || event.data.paymentId === null) return [];
    const { orderId, paymentId, capturedMinor, currency, totals } = event.data;
    return {
      ...{ paymentId, orderId, currency, capturedMinor, amountMinor: totals.totalMinor },
      ...{ status: "captured", refundedMinor: 0, declineCode: null },
      createdAtMs: createdAtMsOf(orderId) ?? Date.parse(event.time),
    };
  });
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

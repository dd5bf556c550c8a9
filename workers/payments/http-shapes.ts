/** The HTTP shapes of payments and the ledger. Pure. */
import { z } from "@hono/zod-openapi";
import { isoTime } from "../shared/clock.ts";
import { MoneyJson, moneyJson } from "../shared/money.ts";
import type { LedgerRow } from "./list-payments.ts";
import type { ReconcileReport } from "./reconcile-payments.ts";
import type { PaymentRow } from "./schema.ts";

export const PaymentJson = z
  .strictObject({
    id: z.string(),
    order_id: z.string(),
    status: z.enum(["requires_action", "processing", "authorized", "captured", "cancelled", "declined"]),
    amount: MoneyJson,
    captured: MoneyJson,
    refunded: MoneyJson,
    decline_code: z.string().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi("AdminPayment");

export const PaymentListJson = z.strictObject({ items: z.array(PaymentJson), next_cursor: z.string().nullable() });

export function paymentJson(row: PaymentRow): z.infer<typeof PaymentJson> {
  return {
    id: row.paymentId,
    order_id: row.orderId,
    status: row.status,
    amount: moneyJson(row.amountMinor, row.currency),
    captured: moneyJson(row.capturedMinor, row.currency),
    refunded: moneyJson(row.refundedMinor, row.currency),
    decline_code: row.declineCode,
    created_at: isoTime(row.createdAtMs),
    updated_at: isoTime(row.updatedAtMs),
  };
}

export const LedgerEntryJson = z
  .strictObject({
    event_id: z.string(),
    event_type: z.enum(["order.placed", "order.refunded"]),
    order_id: z.string(),
    account: z.enum(["provider_receivable", "sales_revenue", "shipping_revenue", "tax_payable", "unallocated_refunds"]),
    direction: z.enum(["debit", "credit"]),
    amount: MoneyJson,
    at: z.iso.datetime(),
  })
  .openapi("LedgerEntry");

export const LedgerListJson = z.strictObject({ items: z.array(LedgerEntryJson), next_cursor: z.string().nullable() });

export function ledgerEntryJson(row: LedgerRow): z.infer<typeof LedgerEntryJson> {
  return {
    event_id: row.eventId,
    event_type: row.eventType,
    order_id: row.orderId,
    account: row.account,
    direction: row.direction,
    amount: moneyJson(row.amountMinor, row.currency),
    at: isoTime(row.occurredAtMs),
  };
}

export const ReconcileReportJson = z
  .strictObject({
    checked: z.int(),
    repaired: z.int(),
    differences: z.array(
      z.strictObject({
        kind: z.enum(["row_missing", "row_outdated", "ledger", "unknown_to_provider", "no_order"]),
        payment_id: z.string(),
        order_id: z.string(),
        ours: z.string(),
        theirs: z.string(),
        repaired: z.boolean(),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .openapi("ReconcileReport");

export function reconcileReportJson(report: ReconcileReport): z.infer<typeof ReconcileReportJson> {
  return {
    checked: report.checked,
    repaired: report.repaired,
    differences: report.differences.map(({ paymentId, orderId, ...difference }) => ({
      ...difference,
      payment_id: paymentId,
      order_id: orderId,
    })),
    next_cursor: report.nextCursor,
  };
}

/** Drizzle mirror of the tables of migrations/payments that operators list; the SQL is the truth. */
import { integer, sqliteTable, text, unique } from "drizzle-orm/sqlite-core";
import type { PaymentStatus } from "./contract.ts";
import type { EntryDirection, LedgerAccount, LedgerEventType } from "./ledger-entries.ts";

export const payments = sqliteTable("payments", {
  paymentId: text("payment_id").primaryKey(),
  orderId: text("order_id").notNull(),
  amountMinor: integer("amount_minor").notNull(),
  currency: text().notNull(),
  status: text().$type<PaymentStatus>().notNull(),
  capturedMinor: integer("captured_minor").notNull().default(0),
  refundedMinor: integer("refunded_minor").notNull().default(0),
  declineCode: text("decline_code"),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});
export type PaymentRow = typeof payments.$inferSelect;

export const ledgerEntries = sqliteTable(
  "ledger_entries",
  {
    id: integer().primaryKey(),
    eventId: text("event_id").notNull(),
    account: text().$type<LedgerAccount>().notNull(),
    direction: text().$type<EntryDirection>().notNull(),
    amountMinor: integer("amount_minor").notNull(),
    currency: text().notNull(),
    orderId: text("order_id").notNull(),
    eventType: text("event_type").$type<LedgerEventType>().notNull(),
    occurredAtMs: integer("occurred_at_ms").notNull(),
  },
  (table) => [unique().on(table.eventId, table.account, table.direction)],
);

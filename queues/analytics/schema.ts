/** Drizzle mirror of migrations/analytics; the SQL is the truth. */
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { MovementKind } from "../contracts/stock-events.ts";

export const orderFacts = sqliteTable("order_facts", {
  orderId: text("order_id").primaryKey(),
  day: text().notNull(),
  country: text().notNull(),
  currency: text().notNull(),
  totalMinor: integer("total_minor").notNull(),
  refundedMinor: integer("refunded_minor").notNull().default(0),
  lines: text().notNull(),
});

const figures = {
  orders: integer().notNull(),
  units: integer().notNull(),
  grossMinor: integer("gross_minor").notNull(),
  discountsMinor: integer("discounts_minor").notNull(),
  shippingMinor: integer("shipping_minor").notNull(),
  taxMinor: integer("tax_minor").notNull(),
  totalMinor: integer("total_minor").notNull(),
  refundsMinor: integer("refunds_minor").notNull(),
};

export const countrySales = sqliteTable(
  "country_sales",
  { day: text().notNull(), country: text().notNull(), currency: text().notNull(), ...figures },
  (table) => [primaryKey({ columns: [table.day, table.country, table.currency] })],
);

export const productSales = sqliteTable(
  "product_sales",
  { day: text().notNull(), productId: text("product_id").notNull(), currency: text().notNull(), ...figures },
  (table) => [primaryKey({ columns: [table.day, table.productId, table.currency] })],
);

export const productTitles = sqliteTable("product_titles", {
  productId: text("product_id").primaryKey(),
  title: text().notNull(),
  placedAt: text("placed_at").notNull(),
});

export const stockSkus = sqliteTable("stock_skus", {
  sku: text().primaryKey(),
  sequence: integer().notNull(),
  available: integer().notNull(),
  backordered: integer().notNull(),
  lowSince: text("low_since"),
  movedAt: text("moved_at").notNull(),
});

export const stockLevels = sqliteTable(
  "stock_levels",
  {
    sku: text().notNull(),
    location: text().notNull(),
    sequence: integer().notNull(),
    onHand: integer("on_hand").notNull(),
    held: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.sku, table.location] })],
);

export const stockMovements = sqliteTable(
  "stock_movements",
  {
    day: text().notNull(),
    sku: text().notNull(),
    kind: text().$type<MovementKind>().notNull(),
    movements: integer().notNull(),
    quantity: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.sku, table.kind] })],
);

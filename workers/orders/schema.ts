/** Drizzle tables of the orders database. The SQL in migrations/orders is the truth; this mirrors it for typed queries. */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { ORDER_STATUSES } from "./contract.ts";

export const partitions = sqliteTable("partitions", {
  name: text("name").primaryKey(),
  firstUsedAtMs: integer("first_used_at_ms").notNull(),
});

export const followerCursors = sqliteTable("follower_cursors", {
  source: text("source").primaryKey(),
  lastSequence: integer("last_sequence").notNull(),
});

export const confirmedAddresses = sqliteTable("confirmed_addresses", {
  emailNormalized: text("email_normalized").primaryKey(),
  customerId: text("customer_id").notNull(),
  confirmedAtMs: integer("confirmed_at_ms").notNull(),
});

export const orders = sqliteTable("orders", {
  orderId: text("order_id").primaryKey(),
  number: text("number"),
  status: text("status", { enum: ORDER_STATUSES }).notNull(),
  customerId: text("customer_id"),
  email: text("email"),
  country: text("country").notNull(),
  currency: text("currency").notNull(),
  units: integer("units").notNull(),
  totalMinor: integer("total_minor").notNull(),
  refundedMinor: integer("refunded_minor").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  placedAtMs: integer("placed_at_ms"),
  updatedAtMs: integer("updated_at_ms").notNull(),
});

export const shippingRates = sqliteTable("shipping_rates", {
  id: text("id").primaryKey(),
  position: integer("position").notNull(),
  name: text("name").notNull(),
  kind: text("kind", { enum: ["flat", "weight"] }).notNull(),
  countries: text("countries", { mode: "json" }).$type<readonly string[]>().notNull(),
  prices: text("prices", { mode: "json" }).$type<Readonly<Record<string, number>>>().notNull(),
  pricesPerKilogram: text("prices_per_kilogram", { mode: "json" }).$type<Readonly<Record<string, number>>>().notNull(),
  freeAbove: text("free_above", { mode: "json" }).$type<Readonly<Record<string, number>>>().notNull(),
  estimatedDays: integer("estimated_days").notNull(),
});

export const taxRates = sqliteTable("tax_rates", {
  country: text("country").primaryKey(),
  rateBasisPoints: integer("rate_basis_points").notNull(),
  included: integer("included", { mode: "boolean" }).notNull(),
});

/** Drizzle tables of inventory's D1; the SQL in `migrations/inventory` is the truth. */
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const skus = sqliteTable("skus", {
  sku: text("sku").primaryKey(),
  backorderable: integer("backorderable", { mode: "boolean" }).notNull(),
  /** When its balance was frozen for the SKU's object; null until the first touch. */
  openedAtMs: integer("opened_at_ms"),
});

export const openingBalances = sqliteTable(
  "opening_balances",
  {
    sku: text("sku")
      .notNull()
      .references(() => skus.sku),
    location: text("location").notNull(),
    quantity: integer("quantity").notNull(),
  },
  (table) => [primaryKey({ columns: [table.sku, table.location] })],
);

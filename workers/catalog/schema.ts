/** Drizzle tables of the catalogue's D1. The SQL in migrations/catalog is the truth; these mirror it for typed queries. */
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { IMPORT_STATUSES } from "../../durable-objects/import-run/run-store.ts";
import { PRODUCT_STATUSES } from "./contract.ts";

export const catalogState = sqliteTable("catalog_state", {
  id: integer("id").primaryKey(),
  version: integer("version").notNull(),
  stockRevision: integer("stock_revision").notNull(),
  stockChangedAtMs: integer("stock_changed_at_ms").notNull(),
});

export const categories = sqliteTable("categories", {
  id: text("id").primaryKey(),
  handle: text("handle").notNull(),
  title: text("title").notNull(),
  parentId: text("parent_id"),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
  position: integer("position").notNull(),
  image: text("image"),
  description: text("description").notNull(),
});

export const products = sqliteTable("products", {
  rowId: integer("row_id").primaryKey(),
  id: text("id").notNull(),
  handle: text("handle").notNull(),
  title: text("title").notNull(),
  description: text("description").notNull(),
  vendor: text("vendor").notNull(),
  type: text("type").notNull(),
  tags: text("tags", { mode: "json" }).$type<readonly string[]>().notNull(),
  status: text("status", { enum: PRODUCT_STATUSES }).notNull(),
  options: text("options", { mode: "json" }).$type<readonly string[]>().notNull(),
  categoryId: text("category_id"),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
  titleKey: text("title_key").notNull(),
});

export const variants = sqliteTable("variants", {
  id: text("id").primaryKey(),
  productId: text("product_id").notNull(),
  sku: text("sku").notNull(),
  optionValues: text("option_values", { mode: "json" }).$type<readonly string[]>().notNull(),
  weightGrams: integer("weight_grams").notNull(),
  requiresShipping: integer("requires_shipping", { mode: "boolean" }).notNull(),
  taxable: integer("taxable", { mode: "boolean" }).notNull(),
  image: text("image"),
  position: integer("position").notNull(),
});

export const prices = sqliteTable(
  "prices",
  {
    variantId: text("variant_id").notNull(),
    currency: text("currency").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    compareAtMinor: integer("compare_at_minor"),
  },
  (table) => [primaryKey({ columns: [table.variantId, table.currency] })],
);

export const media = sqliteTable(
  "media",
  {
    productId: text("product_id").notNull(),
    position: integer("position").notNull(),
    url: text("url").notNull(),
    alt: text("alt").notNull(),
  },
  (table) => [primaryKey({ columns: [table.productId, table.position] })],
);

export const imports = sqliteTable("imports", {
  id: text("id").primaryKey(),
  status: text("status", { enum: IMPORT_STATUSES }).notNull(),
  sizeBytes: integer("size_bytes").notNull(),
  rowCount: integer("row_count").notNull(),
  productCount: integer("product_count").notNull(),
  acceptedCount: integer("accepted_count").notNull(),
  refusedCount: integer("refused_count").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});

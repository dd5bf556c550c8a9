/** Drizzle mirror of migrations/privacy; the SQL is the truth. */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { ASKED_BY, REQUEST_KINDS, REQUEST_STATES } from "./contract.ts";

export const privacyRequests = sqliteTable("privacy_requests", {
  id: text("id").primaryKey(),
  kind: text("kind", { enum: REQUEST_KINDS }).notNull(),
  subject: text("subject").notNull(),
  askedBy: text("asked_by", { enum: ASKED_BY }).notNull(),
  state: text("state", { enum: REQUEST_STATES }).notNull(),
  erased: text("erased", { mode: "json" }).$type<Readonly<Record<string, number>>>().notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  finishedAtMs: integer("finished_at_ms"),
});
export type PrivacyRequestRow = typeof privacyRequests.$inferSelect;

/** Drizzle mirror of migrations/dead-letters; the SQL is the truth. */
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const DEAD_LETTER_STATES = ["dead", "replayed", "discarded"] as const;
export type DeadLetterState = (typeof DEAD_LETTER_STATES)[number];

export const deadLetters = sqliteTable("dead_letters", {
  id: text().primaryKey(),
  queue: text().notNull(),
  body: text().notNull(),
  bodySha256: text("body_sha256").notNull(),
  state: text().$type<DeadLetterState>().notNull(),
  reason: text().notNull(),
  attempts: integer().notNull(),
  deaths: integer().notNull(),
  receivedAtMs: integer("received_at_ms").notNull(),
  diedAtMs: integer("died_at_ms").notNull(),
  replayedAtMs: integer("replayed_at_ms"),
  discardedAtMs: integer("discarded_at_ms"),
  changedAtMs: integer("changed_at_ms").notNull(),
});
export type DeadLetterRow = typeof deadLetters.$inferSelect;

export const deaths = sqliteTable(
  "deaths",
  {
    queue: text().notNull(),
    messageId: text("message_id").notNull(),
    letterId: text("letter_id").notNull(),
    reason: text().notNull(),
    attempts: integer().notNull(),
    diedAtMs: integer("died_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.queue, table.messageId] })],
);
export type DeathRow = typeof deaths.$inferSelect;

/** Queries over the dead letters. */
import { and, desc, eq, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { type DeadLetterRow, type DeadLetterState, type DeathRow, deadLetters, deaths } from "./schema.ts";

/** Deaths that one letter shows. */
const DEATHS_SHOWN_MAX = 20;

export interface DeadLetterFilter {
  readonly queue: string | undefined;
  readonly state: DeadLetterState | undefined;
  /** Letters first received before this one; ids sort by time. */
  readonly beforeId: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listDeadLetters(db: D1Database, filter: DeadLetterFilter): Promise<DeadLetterRow[]> {
  return await drizzle(db)
    .select()
    .from(deadLetters)
    .where(
      and(
        filter.queue === undefined ? undefined : eq(deadLetters.queue, filter.queue),
        filter.state === undefined ? undefined : eq(deadLetters.state, filter.state),
        filter.beforeId === undefined ? undefined : lt(deadLetters.id, filter.beforeId),
      ),
    )
    .orderBy(desc(deadLetters.id))
    .limit(filter.limit);
}

export async function findDeadLetter(db: D1Database, id: string): Promise<DeadLetterRow | undefined> {
  return await drizzle(db).select().from(deadLetters).where(eq(deadLetters.id, id)).get();
}

/** Newest first. */
export async function listDeaths(db: D1Database, letterId: string): Promise<DeathRow[]> {
  return await drizzle(db)
    .select()
    .from(deaths)
    .where(eq(deaths.letterId, letterId))
    .orderBy(desc(deaths.diedAtMs))
    .limit(DEATHS_SHOWN_MAX);
}

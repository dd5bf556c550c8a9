/**
 * A follower's cursors in D1: table `follower_cursors (source, last_sequence CHECK >= 0)` of the follower's own database.
 * A cursor moves in the same batch as the effect, and the whole batch fails when it is not where it was read. A rebuild
 * follows the same logs from zero with cursors of its own.
 */
import { type Generation, inGeneration } from "./projection-generation.ts";

export interface CursorMove {
  readonly source: string;
  readonly expectedSequence: number;
  readonly nextSequence: number;
}

/** The moves that applying these runs makes. Pure. */
export function cursorMoves(
  runs: readonly { readonly source: string; readonly expectedSequence: number; readonly events: readonly unknown[] }[],
): CursorMove[] {
  return runs.map(({ source, expectedSequence, events }) => ({
    source,
    expectedSequence,
    nextSequence: expectedSequence + events.length,
  }));
}

/** Another consumer was faster: nothing of this batch happened; read the cursor again. */
export class CursorMovedError extends Error {
  constructor(moves: readonly CursorMove[], cause: unknown) {
    super(`a cursor moved meanwhile: ${moves.map((move) => `${move.source}@${move.expectedSequence}`).join(", ")}`, { cause });
  }
}

/** Last sequence applied from this source; 0 when none. */
export async function readCursor(db: D1Database, source: string, generation: Generation = "live"): Promise<number> {
  const row = await db
    .prepare(inGeneration("SELECT last_sequence AS sequence FROM {follower_cursors} WHERE source = ?", generation))
    .bind(source)
    .first<{ sequence: number }>();
  return row?.sequence ?? 0;
}

/** The cursors of many sources in one query; sources never seen are absent. */
export async function readCursors(
  db: D1Database,
  sources: readonly string[],
  generation: Generation = "live",
): Promise<ReadonlyMap<string, number>> {
  const { results } = await selectCursors(db, sources, generation).all<CursorRow>();
  return cursorMap(results);
}

export interface CursorRow {
  readonly source: string;
  readonly sequence: number;
}

/** Where this follower stands in every log whose source begins so. */
export async function listCursors(db: D1Database, sourcePrefix: string): Promise<readonly CursorRow[]> {
  const { results } = await db
    .prepare(
      "SELECT source, last_sequence AS sequence FROM follower_cursors WHERE substr(source, 1, length(?1)) = ?1 ORDER BY source",
    )
    .bind(sourcePrefix)
    .all<CursorRow>();
  return results;
}

/** For a batch that reads rows and where their follower stood, at one moment. */
export function selectCursors(db: D1Database, sources: readonly string[], generation: Generation = "live"): D1PreparedStatement {
  const sql = "SELECT source, last_sequence AS sequence FROM {follower_cursors} WHERE source IN (SELECT value FROM json_each(?))";
  return db.prepare(inGeneration(sql, generation)).bind(JSON.stringify(sources));
}

export function cursorMap(rows: readonly CursorRow[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row) => [row.source, row.sequence]));
}

/** Runs `statements` and moves one cursor, all or nothing. @throws CursorMovedError when it is not at `expectedSequence` */
export async function applyWithCursor(
  db: D1Database,
  source: string,
  expectedSequence: number,
  nextSequence: number,
  statements: readonly D1PreparedStatement[],
): Promise<void> {
  await applyWithCursors(db, [{ source, expectedSequence, nextSequence }], statements);
}

/** The same for many sources in one batch. @throws CursorMovedError when any of them is not where it was read */
export async function applyWithCursors(
  db: D1Database,
  moves: readonly CursorMove[],
  statements: readonly D1PreparedStatement[],
  generation: Generation = "live",
): Promise<void> {
  try {
    await db.batch([moveCursors(db, moves, generation), ...statements]);
  } catch (error) {
    if (isCursorRefusal(error)) throw new CursorMovedError(moves, error);
    throw error;
  }
}

/** −1 breaks the table's CHECK, which is the one way for a statement to abort a D1 batch. */
function moveCursors(db: D1Database, moves: readonly CursorMove[], generation: Generation): D1PreparedStatement {
  const sql = `INSERT INTO {follower_cursors} (source, last_sequence)
       SELECT move.value ->> 'source',
              CASE WHEN COALESCE(cursor.last_sequence, 0) = move.value ->> 'expectedSequence'
                   THEN move.value ->> 'nextSequence' ELSE -1 END
       FROM json_each(?) AS move LEFT JOIN {follower_cursors} AS cursor ON cursor.source = move.value ->> 'source'
       WHERE TRUE
       ON CONFLICT (source) DO UPDATE SET last_sequence = excluded.last_sequence`;
  return db.prepare(inGeneration(sql, generation)).bind(JSON.stringify(moves));
}

export function isCursorRefusal(error: unknown): boolean {
  return error instanceof Error && /CHECK constraint failed: last_sequence/.test(error.message);
}

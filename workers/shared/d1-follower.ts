/**
 * A follower's cursors in D1: table `follower_cursors (source, last_sequence CHECK >= 0)` of the follower's own database.
 * A cursor moves in the same batch as the effect, and the whole batch fails when it is not where it was read.
 */

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
export async function readCursor(db: D1Database, source: string): Promise<number> {
  const row = await db
    .prepare("SELECT last_sequence AS sequence FROM follower_cursors WHERE source = ?")
    .bind(source)
    .first<{ sequence: number }>();
  return row?.sequence ?? 0;
}

/** The cursors of many sources in one query; sources never seen are absent. */
export async function readCursors(db: D1Database, sources: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { results } = await db
    .prepare("SELECT source, last_sequence AS sequence FROM follower_cursors WHERE source IN (SELECT value FROM json_each(?))")
    .bind(JSON.stringify(sources))
    .all<{ source: string; sequence: number }>();
  return new Map(results.map((row) => [row.source, row.sequence]));
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
): Promise<void> {
  try {
    await db.batch([moveCursors(db, moves), ...statements]);
  } catch (error) {
    if (isCursorRefusal(error)) throw new CursorMovedError(moves, error);
    throw error;
  }
}

/** −1 breaks the table's CHECK, which is the one way for a statement to abort a D1 batch. */
function moveCursors(db: D1Database, moves: readonly CursorMove[]): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO follower_cursors (source, last_sequence)
       SELECT move.value ->> 'source',
              CASE WHEN COALESCE(cursor.last_sequence, 0) = move.value ->> 'expectedSequence'
                   THEN move.value ->> 'nextSequence' ELSE -1 END
       FROM json_each(?) AS move LEFT JOIN follower_cursors AS cursor ON cursor.source = move.value ->> 'source'
       WHERE TRUE
       ON CONFLICT (source) DO UPDATE SET last_sequence = excluded.last_sequence`,
    )
    .bind(JSON.stringify(moves));
}

function isCursorRefusal(error: unknown): boolean {
  return error instanceof Error && /CHECK constraint failed: last_sequence/.test(error.message);
}

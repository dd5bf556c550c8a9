/**
 * Rebuilds a projection from its logs while it is read and written. The same follower fills tables of a second generation
 * from zero, with cursors of its own, a bounded piece a call. When it stands where the first generation stands, one
 * transaction makes the rows that readers see equal to the rebuilt ones and moves the cursors: readers see the old rows or the
 * new ones, and no event is lost or counted twice. What is cut off goes on with the next call.
 *
 * A log that ends before its live cursor belongs to an object that was set back in time. The log is the truth: the rows
 * become what it says, and the cursor goes back to its end, so that whatever takes the lost numbers is followed.
 */
import type { Event } from "../../queues/contracts/envelope.ts";
import type { EpochMs } from "./clock.ts";
import { type CursorRow, isCursorRefusal } from "./d1-follower.ts";
import { catchUpManyAtMost, type ManyFollower } from "./follow-log.ts";

export interface RebuildState {
  readonly name: string;
  readonly state: "idle" | "following" | "completed";
  /** Logs that the rebuild has been through, and events that it has applied. */
  readonly sources: number;
  readonly events: number;
  /** Rows that the end took away and put in; a row that was wrong counts in both. */
  readonly removed: number;
  readonly written: number;
  /** Logs that ended before what readers had seen, and whose cursor the end set back. */
  readonly setBack: number;
  readonly startedAtMs: EpochMs | null;
  readonly finishedAtMs: EpochMs | null;
  /** Events in the rows that readers see. */
  readonly applied: number;
}

export interface ProjectedTable {
  readonly name: string;
  readonly key: readonly string[];
  /** All columns that the logs decide. */
  readonly columns: readonly string[];
  /** Where the rows hold more than the logs decide. */
  readonly replacement?: Replacement;
}

export interface Projection<E extends Event> {
  readonly name: string;
  readonly database: D1Database;
  /** Fills the rebuilt generation. */
  readonly follower: ManyFollower<E>;
  /** What the names of its sources begin with: other projections may share the table of cursors. */
  readonly sourcePrefix: string;
  /** Names of sources behind one, in order; the last page is empty. */
  listSources(after: string): Promise<readonly string[]>;
  readonly tables: readonly ProjectedTable[];
}

/** Makes a live table equal to the rebuilt one. */
export interface Replacement {
  readonly remove: string;
  readonly write: string;
}

/** One call's pages: each may be a call to another worker for every source. */
const ROUNDS_MAX = 2;
const SOURCES_PER_PAGE = 8;
/** Sources that were overtaken are followed again this often in one call before the next call goes on. */
const SWAP_TRIES = 5;

type StateRow = Omit<RebuildState, "applied"> & { readonly afterSource: string };

const SELECT_STATE = `
  SELECT name, state, after_source AS afterSource, sources, events, removed, written,
         set_back AS setBack, started_at_ms AS startedAtMs, finished_at_ms AS finishedAtMs FROM projection_rebuilds WHERE name = ?`;

const NEVER_REBUILT = {
  state: "idle",
  sources: 0,
  events: 0,
  removed: 0,
  written: 0,
  setBack: 0,
  startedAtMs: null,
  finishedAtMs: null,
} as const;

export async function readRebuild<E extends Event>({ name, database, sourcePrefix }: Projection<E>): Promise<RebuildState> {
  const [states, cursors] = await database.batch([
    database.prepare(SELECT_STATE).bind(name),
    database.prepare(SUM_CURSORS).bind(sourcePrefix),
  ]);
  const [stored] = (states?.results ?? []) as StateRow[];
  const [sum] = (cursors?.results ?? []) as { applied: number }[];
  const applied = sum?.applied ?? 0;
  if (stored === undefined) {
    return { ...NEVER_REBUILT, name, applied };
  }
  const { afterSource: _, ...state } = stored;
  return { ...state, applied };
}

/** Begins a rebuild, or does the next piece of the one under way. */
export async function advanceRebuild<E extends Event>(projection: Projection<E>, nowMs: EpochMs): Promise<RebuildState> {
  const { database, name } = projection;
  let state = await database.prepare(SELECT_STATE).bind(name).first<StateRow>();
  if (state?.state !== "following") {
    await database.batch([...clearStatements(projection), database.prepare(BEGIN).bind(name, nowMs)]);
    state = await database.prepare(SELECT_STATE).bind(name).first<StateRow>();
  }
  const afterSource = state?.afterSource ?? "";
  const sources = (await projection.listSources(afterSource)).slice(0, pageSize(projection));
  const last = sources.at(-1);
  if (last === undefined) await swapGenerations(projection, nowMs);
  else await followPage(projection, afterSource, sources, last);
  return await readRebuild(projection);
}

/** Logs that are pulled together may be many. */
function pageSize<E extends Event>({ follower }: Projection<E>): number {
  return follower.pullMany === undefined ? SOURCES_PER_PAGE : SOURCES_PER_PAGE * 25;
}

async function followPage<E extends Event>(
  { database, name, follower }: Projection<E>,
  afterSource: string,
  sources: readonly string[],
  last: string,
): Promise<void> {
  const { applied, isDone } = await catchUpManyAtMost(follower, sources, ROUNDS_MAX);
  await database
    .prepare(
      `UPDATE projection_rebuilds SET events = events + ?3, after_source = ?4, sources = sources + ?5
       WHERE name = ?1 AND state = 'following' AND after_source = ?2`,
    )
    .bind(name, afterSource, applied, isDone ? last : afterSource, isDone ? sources.length : 0)
    .run();
}

/** The rebuilt rows have to contain whatever readers have seen: what arrived meanwhile is followed first. */
async function swapGenerations<E extends Event>(projection: Projection<E>, nowMs: EpochMs): Promise<void> {
  const { database, sourcePrefix, follower } = projection;
  for (let tries = 0; tries < SWAP_TRIES; tries++) {
    const { results: behind } = await database.prepare(SELECT_BEHIND).bind(sourcePrefix, pageSize(projection)).all<CursorRow>();
    if (behind.length > 0) {
      const sources = behind.map((row) => row.source);
      const { isDone } = await catchUpManyAtMost(follower, sources, ROUNDS_MAX);
      // Their cursors were read before their logs were read to the end.
      if (isDone) await database.prepare(NOTE_ENDS).bind(JSON.stringify(behind)).run();
      continue;
    }
    try {
      return await swap(projection, nowMs);
    } catch (error) {
      // An event was faster than the transaction: it changed nothing.
      if (!isCursorRefusal(error)) throw error;
    }
  }
}

async function swap<E extends Event>(projection: Projection<E>, nowMs: EpochMs): Promise<void> {
  const { database, name, sourcePrefix, tables } = projection;
  const counted = (sql: string, count: "removed" | "written") => [
    database.prepare(sql),
    database.prepare(`UPDATE projection_rebuilds SET ${count} = ${count} + changes() WHERE name = ?`).bind(name),
  ];
  await database.batch([
    database.prepare(REFUSE_IF_BEHIND).bind(sourcePrefix),
    ...tables.flatMap((table) => {
      const { remove, write } = table.replacement ?? replacementOf(table);
      return [...counted(remove, "removed"), ...counted(write, "written")];
    }),
    database.prepare(COUNT_SET_BACK).bind(sourcePrefix, name),
    database.prepare(MOVE_CURSORS).bind(sourcePrefix),
    ...clearStatements(projection),
    database.prepare(END).bind(name, nowMs),
  ]);
}

/** Rows that differ are removed and put in again: all others are not touched. */
function replacementOf({ name, key, columns }: ProjectedTable): Replacement {
  const keys = key.join(", ");
  const all = columns.join(", ");
  const live = `SELECT ${all} FROM ${name}`;
  const rebuilt = `SELECT ${all} FROM rebuilt_${name}`;
  return {
    remove: `DELETE FROM ${name} WHERE (${keys}) IN (SELECT ${keys} FROM (${live} EXCEPT ${rebuilt}))`,
    write: `INSERT INTO ${name} (${all}) SELECT ${all} FROM (${rebuilt} EXCEPT ${live})`,
  };
}

function clearStatements<E extends Event>({ database, tables, sourcePrefix }: Projection<E>): readonly D1PreparedStatement[] {
  return [
    ...tables.map(({ name }) => database.prepare(`DELETE FROM rebuilt_${name}`)),
    database.prepare("DELETE FROM rebuilt_follower_cursors WHERE substr(source, 1, length(?1)) = ?1").bind(sourcePrefix),
  ];
}

const OF_PREFIX = "substr(live.source, 1, length(?1)) = ?1";

const SUM_CURSORS = `SELECT coalesce(sum(last_sequence), 0) AS applied FROM follower_cursors AS live WHERE ${OF_PREFIX}`;

const AHEAD = `
  follower_cursors AS live LEFT JOIN rebuilt_follower_cursors AS rebuilt ON rebuilt.source = live.source
  WHERE ${OF_PREFIX} AND live.last_sequence > coalesce(rebuilt.last_sequence, 0)`;

/** A live cursor that moved on since its log was found to end before it is behind again: nothing may be taken back unseen. */
const BEHIND = `${AHEAD} AND live.last_sequence IS NOT rebuilt.ends_before`;

const SELECT_BEHIND = `SELECT live.source, live.last_sequence AS sequence FROM ${BEHIND} LIMIT ?2`;

const NOTE_ENDS = `
  INSERT INTO rebuilt_follower_cursors (source, last_sequence, ends_before)
  SELECT value ->> 'source', 0, value ->> 'sequence' FROM json_each(?) WHERE TRUE
  ON CONFLICT (source) DO UPDATE SET ends_before = excluded.ends_before
  WHERE rebuilt_follower_cursors.last_sequence < excluded.ends_before`;

const COUNT_SET_BACK = `UPDATE projection_rebuilds SET set_back = (SELECT count(*) FROM ${AHEAD}) WHERE name = ?2`;

/** −1 breaks the table's CHECK, which is the one way for a statement to abort a D1 batch. */
const REFUSE_IF_BEHIND = `
  INSERT INTO rebuilt_follower_cursors (source, last_sequence) SELECT live.source, -1 FROM ${BEHIND} LIMIT 1`;

const MOVE_CURSORS = `
  INSERT INTO follower_cursors (source, last_sequence)
  SELECT live.source, live.last_sequence FROM rebuilt_follower_cursors AS live WHERE ${OF_PREFIX}
  ON CONFLICT (source) DO UPDATE SET last_sequence = excluded.last_sequence`;

const BEGIN = `
  INSERT INTO projection_rebuilds (name, state, after_source, sources, events, removed, written, set_back, started_at_ms, finished_at_ms)
  VALUES (?1, 'following', '', 0, 0, 0, 0, 0, ?2, NULL)
  ON CONFLICT (name) DO UPDATE SET state = 'following', after_source = '', sources = 0, events = 0, removed = 0, written = 0,
    set_back = 0, started_at_ms = excluded.started_at_ms, finished_at_ms = NULL
  WHERE projection_rebuilds.state <> 'following'`;

const END = `
  UPDATE projection_rebuilds SET state = 'completed', finished_at_ms = ?2 WHERE name = ?1`;

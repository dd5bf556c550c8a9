/**
 * A log follower: applies each source's events exactly once and in order, whatever the queue loses, repeats or reorders.
 * The owner's log is the truth and a message only wakes us: next in line is applied, already applied is skipped, a gap is
 * pulled from the owner. `apply` commits the cursor and the effect in one transaction.
 */
import type { Event } from "../../queues/contracts/envelope.ts";
import { CursorMovedError } from "./d1-follower.ts";
import { mapBounded } from "./map-bounded.ts";

/** One page of an owner's log, in sequence order, gapless from `afterSequence + 1`. */
export type PullEvents<E extends Event> = (source: string, afterSequence: number, limit: number) => Promise<readonly E[]>;

export interface Follower<E extends Event> {
  /** Last sequence applied from this source; 0 when none. */
  readCursor(source: string): Promise<number>;
  /**
   * Applies consecutive events of one source and moves the cursor from `expectedSequence` to the last of them, in one
   * transaction that fails with `CursorMovedError` when the cursor is not where it was read (another consumer was faster).
   */
  apply(source: string, expectedSequence: number, events: readonly E[]): Promise<void>;
  readonly pull: PullEvents<E>;
}

/** Consecutive events of one source, the first of them right after `expectedSequence`. */
export interface Run<E extends Event> {
  readonly source: string;
  readonly expectedSequence: number;
  readonly events: readonly E[];
}

/** A follower of very many short logs, which applies runs of several sources in one transaction. */
export interface ManyFollower<E extends Event> extends Follower<E> {
  /** Sources never seen may be absent. */
  readCursors(sources: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** All or nothing; fails with `CursorMovedError` when any cursor is not where it was read. */
  applyRuns(runs: readonly Run<E>[]): Promise<void>;
  /**
   * Next events of many sources in one call, `limit` of each. Sources that the answer leaves out are asked for again; it
   * never leaves out all of them.
   */
  pullMany?(cursors: readonly SourceCursor[], limit: number): Promise<ReadonlyMap<string, readonly E[]>>;
}

/** Where a follower stands in one source's log. */
export interface SourceCursor {
  readonly source: string;
  readonly afterSequence: number;
}

/** What a queue message carries: the event, or only its place in the log when it is too large for the queue. */
export interface WakeUp<E extends Event> {
  readonly source: string;
  readonly sequence: number;
  readonly event: E | null;
}

export type WakeUpsBySource<E extends Event> = ReadonlyMap<string, readonly WakeUp<E>[]>;

/** Why sources could not be followed; a source that is absent is up to date. */
export type FollowFailures = ReadonlyMap<string, unknown>;

/** Events applied in one transaction; D1 takes at most 100 bound parameters a statement but many statements a batch. */
export const APPLY_EVENTS_MAX = 100;
/** Sources followed at once: D1 is single-threaded, so more only wait there. */
export const FOLLOW_CONCURRENCY = 6;
/** How often one source may be overtaken by another consumer before the queue tries again later. */
const OVERTAKEN_MAX = 5;

/** Brings one source up to at least the newest event among `wakeUps`. @returns how many events were applied. */
export async function followSource<E extends Event>(
  follower: Follower<E>,
  source: string,
  wakeUps: readonly WakeUp<E>[],
): Promise<number> {
  const target = newestSequence(wakeUps);
  const delivered = deliveredEvents(wakeUps);
  return await advance(follower, source, async (cursor) => {
    if (cursor >= target) return [];
    const inHand = consecutive(delivered, cursor);
    const events = inHand.length > 0 ? inHand : await follower.pull(source, cursor, APPLY_EVENTS_MAX);
    if (events.length === 0) throw new Error(`${source} announced event ${target} but its log ends at ${cursor}`);
    return events;
  });
}

/** Catches up with everything the owner has, from zero for a new consumer. */
export async function catchUp<E extends Event>(follower: Follower<E>, source: string): Promise<number> {
  return await advance(follower, source, (cursor) => follower.pull(source, cursor, APPLY_EVENTS_MAX));
}

/**
 * Catches up with many sources; what fails in one does not hold up another. @returns how many events were applied
 * @throws AggregateError when any source could not be followed to its end
 */
export async function catchUpAll<E extends Event>(follower: Follower<E>, sources: readonly string[]): Promise<number> {
  const failures: unknown[] = [];
  const counts = await mapBounded(sources, FOLLOW_CONCURRENCY, (source) =>
    catchUp(follower, source).catch((error: unknown) => {
      failures.push(error);
      return 0;
    }),
  );
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${sources.length} logs could not be followed`);
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Catches up with many short logs: their next pages share few transactions; longer logs, and those that were refused, go on
 * source by source. @throws AggregateError when any source could not be followed to its end
 */
export async function catchUpMany<E extends Event>(follower: ManyFollower<E>, sources: readonly string[]): Promise<number> {
  const cursors = await follower.readCursors(sources);
  const alone = new Set<string>();
  let waiting = sources.map((source): SourceCursor => ({ source, afterSequence: cursors.get(source) ?? 0 }));
  let applied = 0;
  while (waiting.length > 0) {
    const pulled = await pullNext(follower, waiting, alone);
    applied += await applyPulled(follower, pulled, alone);
    waiting = waiting.filter(({ source }) => !pulled.has(source) && !alone.has(source));
  }
  return applied + (await catchUpAll(follower, [...alone]));
}

/**
 * Catches up with many logs by at most so many rounds of one page each: for callers whose invocation is bounded, and who ask
 * again. @returns how many events were applied, and whether all logs are at their end
 * @throws when nothing could be applied though something is there
 */
export async function catchUpManyAtMost<E extends Event>(
  follower: ManyFollower<E>,
  sources: readonly string[],
  roundsMax: number,
): Promise<{ readonly applied: number; readonly isDone: boolean }> {
  let waiting = sources;
  let applied = 0;
  for (let round = 0; round < roundsMax && waiting.length > 0; round++) {
    const cursors = await follower.readCursors(waiting);
    const unfinished = new Set<string>();
    const next = waiting.map((source): SourceCursor => ({ source, afterSequence: cursors.get(source) ?? 0 }));
    const pulled = await pullNext(follower, next, unfinished);
    const events = await applyPulled(follower, pulled, unfinished);
    const isEmpty = [...pulled.values()].every((run) => run.events.length === 0);
    applied += events;
    waiting = waiting.filter((source) => unfinished.has(source) || !pulled.has(source));
    if (events === 0 && waiting.length > 0 && (pulled.size === 0 || !isEmpty)) {
      throw new Error(`none of ${waiting.length} logs could be followed, the first is ${waiting[0]}`);
    }
  }
  return { applied, isDone: waiting.length === 0 };
}

type Pulled<E extends Event> = ReadonlyMap<string, Run<E>>;

/** The next page of each source that is answered; what fails is left to be followed alone. */
async function pullNext<E extends Event>(
  follower: ManyFollower<E>,
  waiting: readonly SourceCursor[],
  alone: Set<string>,
): Promise<Pulled<E>> {
  const pulled = new Map<string, Run<E>>();
  const take = ({ source, afterSequence }: SourceCursor, events: readonly E[]): void => {
    pulled.set(source, { source, expectedSequence: afterSequence, events });
    if (events.length === APPLY_EVENTS_MAX) alone.add(source);
  };
  if (follower.pullMany === undefined) {
    await mapBounded(waiting, FOLLOW_CONCURRENCY, async (cursor) => {
      const events = await follower.pull(cursor.source, cursor.afterSequence, APPLY_EVENTS_MAX).catch(() => undefined);
      if (events === undefined) alone.add(cursor.source);
      else take(cursor, events);
    });
    return pulled;
  }
  const answer = await follower.pullMany(waiting, APPLY_EVENTS_MAX).catch(() => new Map<string, readonly E[]>());
  for (const cursor of waiting) {
    const events = answer.get(cursor.source);
    if (events !== undefined) take(cursor, events);
  }
  // No answer at all: each by itself finds out which of them is at fault.
  if (pulled.size === 0) for (const { source } of waiting) alone.add(source);
  return pulled;
}

/** @returns how many events were applied; sources whose transaction was refused are left to be followed alone. */
async function applyPulled<E extends Event>(follower: ManyFollower<E>, pulled: Pulled<E>, alone: Set<string>): Promise<number> {
  let applied = 0;
  for (const group of groupRuns([...pulled.values()].filter((run) => run.events.length > 0))) {
    try {
      for (const run of group) assertConsecutive(run.source, run.expectedSequence, run.events);
      await follower.applyRuns(group);
      applied += group.reduce((sum, run) => sum + run.events.length, 0);
    } catch {
      for (const run of group) alone.add(run.source);
    }
  }
  return applied;
}

/** Follows each source by itself: what fails in one does not hold up another. */
export async function followEach<E extends Event>(
  follower: Follower<E>,
  wakeUpsBySource: WakeUpsBySource<E>,
): Promise<FollowFailures> {
  const failures = new Map<string, unknown>();
  await mapBounded([...wakeUpsBySource], FOLLOW_CONCURRENCY, async ([source, wakeUps]) => {
    await followSource(follower, source, wakeUps).catch((error: unknown) => failures.set(source, error));
  });
  return failures;
}

/** Applies what is in hand of all sources in few transactions; gaps, and runs that were refused, go source by source. */
export async function followMany<E extends Event>(
  follower: ManyFollower<E>,
  wakeUpsBySource: WakeUpsBySource<E>,
): Promise<FollowFailures> {
  const cursors = await follower.readCursors([...wakeUpsBySource.keys()]);
  const alone = new Map<string, readonly WakeUp<E>[]>();
  const runs: Run<E>[] = [];
  for (const [source, wakeUps] of wakeUpsBySource) {
    const expectedSequence = cursors.get(source) ?? 0;
    const events = consecutive(deliveredEvents(wakeUps), expectedSequence);
    if (events.length > 0) runs.push({ source, expectedSequence, events });
    if (newestSequence(wakeUps) > expectedSequence + events.length) alone.set(source, wakeUps);
  }
  for (const group of groupRuns(runs)) {
    await follower.applyRuns(group).catch(() => {
      for (const run of group) alone.set(run.source, wakeUpsBySource.get(run.source) ?? []);
    });
  }
  return await followEach(follower, alone);
}

/** Moves a source's cursor until `next` has no more events. A cursor that another consumer moved is read again. */
async function advance<E extends Event>(
  follower: Follower<E>,
  source: string,
  next: (cursor: number) => Promise<readonly E[]>,
): Promise<number> {
  let cursor = await follower.readCursor(source);
  let applied = 0;
  let overtaken = 0;
  for (;;) {
    const events = await next(cursor);
    if (events.length === 0) return applied;
    assertConsecutive(source, cursor, events);
    try {
      await follower.apply(source, cursor, events);
      cursor += events.length;
      applied += events.length;
    } catch (error) {
      overtaken += 1;
      if (!(error instanceof CursorMovedError) || overtaken > OVERTAKEN_MAX) throw error;
      cursor = await follower.readCursor(source);
    }
  }
}

function newestSequence(wakeUps: readonly WakeUp<Event>[]): number {
  return wakeUps.reduce((newest, wakeUp) => Math.max(newest, wakeUp.sequence), 0);
}

function deliveredEvents<E extends Event>(wakeUps: readonly WakeUp<E>[]): ReadonlyMap<number, E> {
  return new Map(wakeUps.flatMap((wakeUp) => (wakeUp.event === null ? [] : [[wakeUp.sequence, wakeUp.event] as const])));
}

function consecutive<E extends Event>(delivered: ReadonlyMap<number, E>, cursor: number): E[] {
  const run: E[] = [];
  for (
    let next = delivered.get(cursor + 1);
    next !== undefined && run.length < APPLY_EVENTS_MAX;
    next = delivered.get(cursor + 1 + run.length)
  ) {
    run.push(next);
  }
  return run;
}

/** Runs in groups of at most `APPLY_EVENTS_MAX` events, for one transaction each. */
function groupRuns<E extends Event>(runs: readonly Run<E>[]): Run<E>[][] {
  const groups: Run<E>[][] = [];
  let room = 0;
  for (const run of runs) {
    if (run.events.length > room || groups.length === 0) {
      groups.push([]);
      room = APPLY_EVENTS_MAX;
    }
    groups.at(-1)?.push(run);
    room -= run.events.length;
  }
  return groups;
}

function assertConsecutive(source: string, cursor: number, events: readonly Event[]): void {
  events.forEach((event, index) => {
    if (event.sequence !== cursor + 1 + index) {
      throw new Error(`${source} is not gapless: expected ${cursor + 1 + index}, found ${event.sequence}`);
    }
  });
}

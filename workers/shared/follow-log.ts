/**
 * A log follower: applies each source's events exactly once and in order, whatever the queue loses, repeats or reorders.
 * The owner's log is the truth and a message only wakes us: next in line is applied, already applied is skipped, a gap is
 * pulled from the owner. `apply` commits the cursor and the effect in one transaction.
 */
import type { Event } from "../../queues/contracts/envelope.ts";

/** One page of an owner's log, in sequence order, gapless from `afterSequence + 1`. */
export type PullEvents<E extends Event> = (source: string, afterSequence: number, limit: number) => Promise<readonly E[]>;

export interface Follower<E extends Event> {
  /** Last sequence applied from this source; 0 when none. */
  readCursor(source: string): Promise<number>;
  /**
   * Applies consecutive events of one source and moves the cursor from `expectedSequence` to the last of them, in one
   * transaction that fails when the cursor is not where it was read (another consumer was faster).
   */
  apply(source: string, expectedSequence: number, events: readonly E[]): Promise<void>;
  readonly pull: PullEvents<E>;
}

/** What a queue message carries: the event, or only its place in the log when it is too large for the queue. */
export interface WakeUp<E extends Event> {
  readonly source: string;
  readonly sequence: number;
  readonly event: E | null;
}

/** Events applied in one transaction; D1 takes at most 100 bound parameters a statement but many statements a batch. */
export const APPLY_EVENTS_MAX = 100;

/** Brings one source up to at least the newest event among `wakeUps`. @returns how many events were applied. */
export async function followSource<E extends Event>(
  follower: Follower<E>,
  source: string,
  wakeUps: readonly WakeUp<E>[],
): Promise<number> {
  const target = Math.max(0, ...wakeUps.map((wakeUp) => wakeUp.sequence));
  const delivered = new Map(
    wakeUps.flatMap((wakeUp) => (wakeUp.event === null ? [] : [[wakeUp.sequence, wakeUp.event] as const])),
  );
  let cursor = await follower.readCursor(source);
  let applied = 0;
  while (cursor < target) {
    const inHand = consecutive(delivered, cursor);
    const events = inHand.length > 0 ? inHand : await follower.pull(source, cursor, APPLY_EVENTS_MAX);
    const last = events.at(-1);
    if (last === undefined) throw new Error(`${source} announced event ${target} but its log ends at ${cursor}`);
    assertConsecutive(source, cursor, events);
    await follower.apply(source, cursor, events);
    cursor = last.sequence;
    applied += events.length;
  }
  return applied;
}

/** Catches up with everything the owner has, from zero for a new consumer. */
export async function catchUp<E extends Event>(follower: Follower<E>, source: string): Promise<number> {
  let cursor = await follower.readCursor(source);
  let applied = 0;
  for (;;) {
    const events = await follower.pull(source, cursor, APPLY_EVENTS_MAX);
    const last = events.at(-1);
    if (last === undefined) return applied;
    assertConsecutive(source, cursor, events);
    await follower.apply(source, cursor, events);
    cursor = last.sequence;
    applied += events.length;
  }
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

function assertConsecutive(source: string, cursor: number, events: readonly Event[]): void {
  events.forEach((event, index) => {
    if (event.sequence !== cursor + 1 + index) {
      throw new Error(`${source} is not gapless: expected ${cursor + 1 + index}, found ${event.sequence}`);
    }
  });
}

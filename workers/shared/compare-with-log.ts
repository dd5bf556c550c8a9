/**
 * How an owner compares its projection with the log for the audit: brings its follower up to the events that it was handed,
 * by a bounded number of pages, and says which of them its rows contain by now.
 */
import type { Event } from "../../queues/contracts/envelope.ts";
import { catchUpManyAtMost, type ManyFollower } from "./follow-log.ts";

/** Pages that one call pulls, over all sources: each may be a call to another worker. */
const PULLS_MAX = 16;

/** Histories of whole orders in one question. */
export const HISTORIES_EVENTS_MAX = 2_000;

/** The newest sequence per source among the events. */
export function heads(events: readonly Event[]): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  for (const { source, sequence } of events) newest.set(source, Math.max(newest.get(source) ?? 0, sequence));
  return newest;
}

/**
 * @returns false when the follower is still behind some of the events: what it applied stays applied. A follower that cannot
 * go on is behind too, and its own queue says why.
 */
export async function reach<E extends Event>(follower: ManyFollower<E>, events: readonly E[]): Promise<boolean> {
  const wanted = heads(events);
  const behind = await behindOf(follower, wanted);
  if (behind.length === 0) return true;
  const chosen = behind.slice(0, PULLS_MAX);
  const rounds = Math.max(1, Math.floor(PULLS_MAX / chosen.length));
  await catchUpManyAtMost(follower, chosen, rounds).catch(() => undefined);
  return (await behindOf(follower, wanted)).length === 0;
}

async function behindOf<E extends Event>(follower: ManyFollower<E>, wanted: ReadonlyMap<string, number>): Promise<string[]> {
  const cursors = await follower.readCursors([...wanted.keys()]);
  return [...wanted].filter(([source, sequence]) => (cursors.get(source) ?? 0) < sequence).map(([source]) => source);
}

/** How far the rows of a projection are from the ends of its logs, log by log. Pure. */
import type { CursorRow } from "../shared/d1-follower.ts";

export interface Distance {
  /** Events in the logs that the rows do not contain. */
  readonly lag: number;
  /** Events in the rows that the logs do not have: an object was set back in time. Never made up for by the lag of another log. */
  readonly beyond: number;
}

/** @param ends read after the cursors: logs only grow, unless they were set back */
export function distanceOf(cursors: readonly CursorRow[], ends: readonly CursorRow[]): Distance {
  const stands = new Map(cursors.map(({ source, sequence }) => [source, sequence]));
  let lag = 0;
  let beyond = 0;
  for (const { source, sequence: end } of ends) {
    const at = stands.get(source) ?? 0;
    lag += Math.max(0, end - at);
    beyond += Math.max(0, at - end);
  }
  return { lag, beyond };
}

/**
 * Timers of the code under test, without the waiting. A pause (back-off, gathering) takes a moment instead of its time; a
 * deadline stays far away until a fault says that its call will never answer, and rings at once then. Both run on real
 * timers of the context that set them, so that nothing crosses from one object into another.
 */
import { later, ObjectTimers } from "../../../workers/shared/later.ts";

/** Every deadline of the shop is at least this long, every pause shorter. */
const DEADLINE_MIN_MS = 5_000;

export interface Deadline {
  /** Call it in the context that set the deadline. */
  ring(): void;
}

type Timer = ReturnType<typeof setTimeout>;

interface LiveDeadline extends Deadline {
  timer: Timer;
}

const realSetTimeout = globalThis.setTimeout.bind(globalThis);
const realClearTimeout = globalThis.clearTimeout.bind(globalThis);

/** In the order of setting, which a Map keeps. The key is what the code under test got. */
const live = new Map<Timer, LiveDeadline>();

/** For polling: really waits. */
export function pause(ms = 1): Promise<void> {
  return new Promise((resolve) => realSetTimeout(resolve, ms));
}

/** A guarded call sets its deadline and makes the call without a break: then the newest deadline is the call's own. */
export function newestDeadline(): Deadline | undefined {
  return [...live.values()].at(-1);
}

function quickSetTimeout(callback: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): Timer {
  if (delayMs < DEADLINE_MIN_MS) return realSetTimeout(callback, Math.min(delayMs, 1), ...args);
  const fire = () => {
    live.delete(key);
    callback(...args);
  };
  const key = realSetTimeout(fire, delayMs);
  const deadline: LiveDeadline = {
    timer: key,
    ring() {
      if (!live.has(key)) return;
      realClearTimeout(deadline.timer);
      deadline.timer = realSetTimeout(fire, 0);
    },
  };
  live.set(key, deadline);
  return key;
}

function quickClearTimeout(key: Timer | undefined): void {
  const deadline = key === undefined ? undefined : live.get(key);
  if (key !== undefined) live.delete(key);
  realClearTimeout(deadline?.timer ?? key);
}

/** For the life of the isolate. */
export function quickenTimers(): void {
  Object.assign(globalThis, { setTimeout: quickSetTimeout, clearTimeout: quickClearTimeout });
  // Each on a timer of its own again: a deadline that rings is that of one call.
  ObjectTimers.prototype.set = later;
}

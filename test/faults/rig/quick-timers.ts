/**
 * Timers of the code under test, without the waiting. A pause (back-off, gathering) takes a moment instead of its time; a
 * deadline stays far away until a fault says that its call will never answer, and rings at once then. Both run on real
 * timers of the context that set them, so that nothing crosses from one object into another.
 */
import { type Later, ObjectTimers } from "../../../workers/shared/later.ts";

/** Every deadline of the shop is at least this long, every pause shorter. */
const DEADLINE_MIN_MS = 5_000;
const MOMENT_MS = 1;

export interface Deadline {
  /** Call it in the context that set the deadline. */
  ring(): void;
}

type Timer = ReturnType<typeof setTimeout>;

const realSetTimeout = globalThis.setTimeout.bind(globalThis);
const realClearTimeout = globalThis.clearTimeout.bind(globalThis);
const realSet = ObjectTimers.prototype.set;

/** In the order of setting, which a Set keeps. */
const live = new Set<Deadline>();
/** How to take a deadline back, by what the code under test got for a timer. */
const takeBackOf = new Map<Timer | undefined, () => void>();

/** For polling: really waits. */
export function pause(ms = MOMENT_MS): Promise<void> {
  return new Promise((resolve) => realSetTimeout(resolve, ms));
}

/** A guarded call sets its deadline and makes the call without a break: then the newest deadline is the call's own. */
export function newestDeadline(): Deadline | undefined {
  return [...live].at(-1);
}

function quickened(later: Later, delayMs: number, run: () => void): () => void {
  if (delayMs < DEADLINE_MIN_MS) return later(Math.min(delayMs, MOMENT_MS), run);
  const rung = () => {
    live.delete(deadline);
    run();
  };
  let takeBack = later(delayMs, rung);
  const deadline: Deadline = {
    ring() {
      if (!live.has(deadline)) return;
      takeBack();
      takeBack = later(0, rung);
    },
  };
  live.add(deadline);
  return () => {
    live.delete(deadline);
    takeBack();
  };
}

function really(delayMs: number, run: () => void): () => void {
  const timer = realSetTimeout(run, delayMs);
  return () => realClearTimeout(timer);
}

function quickSetTimeout(callback: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): Timer {
  if (delayMs < DEADLINE_MIN_MS) return realSetTimeout(callback, Math.min(delayMs, MOMENT_MS), ...args);
  const key = {} as Timer;
  const takeBack = quickened(really, delayMs, () => {
    takeBackOf.delete(key);
    callback(...args);
  });
  takeBackOf.set(key, takeBack);
  return key;
}

function quickClearTimeout(key: Timer | undefined): void {
  const takeBack = takeBackOf.get(key);
  if (takeBack === undefined) realClearTimeout(key);
  else takeBack();
  takeBackOf.delete(key);
}

/** For the life of the isolate. */
export function quickenTimers(): void {
  Object.assign(globalThis, { setTimeout: quickSetTimeout, clearTimeout: quickClearTimeout });
  ObjectTimers.prototype.set = function (this: ObjectTimers, delayMs, run) {
    return quickened(realSet.bind(this), delayMs, run);
  };
}

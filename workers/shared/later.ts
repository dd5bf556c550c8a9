/**
 * Work that is due later unless it is taken back. For a Durable Object `setTimeout` with `clearTimeout` is not that: the runtime
 * keeps the record of a timer that was cleared for as long as the object lives (docs/decisions/009-memory.md), and an object that
 * bounds each of its calls by one grows for ever.
 */
import { outsideSpans } from "./trace.ts";

/** Runs something once. @returns how to take it back */
export type Later = (delayMs: number, run: () => void) => () => void;

/** For an invocation of a worker: its timers go when it ends. */
export const later: Later = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

/** Waits for work, but no longer than the limit; the work goes on. @returns what it gives, or in its place what `late` gives or throws */
export async function within<T, L = undefined>(
  later: Later,
  limitMs: number,
  work: () => Promise<T>,
  late = (() => undefined) as () => L,
): Promise<T | L> {
  let takeBack = () => {};
  const over = new Promise<void>((resolve) => {
    takeBack = later(limitMs, resolve);
  });
  try {
    return await Promise.race([work(), over.then(late)]);
  } finally {
    takeBack();
  }
}

/** How long the runtime's timer, and the object for its sake, outlives what it was set for. */
const LOOK_INTERVAL_MS = 1_000;

interface Waiting {
  readonly dueMs: number;
  readonly run: () => void;
}

/**
 * For one object: whatever waits shares one timer of the runtime, which is never cleared. It looks who is due when the first may be,
 * and once a second at least, until nobody waits. What runs belongs to no span.
 */
export class ObjectTimers {
  readonly #waiting = new Set<Waiting>();
  #nextLookMs = Number.POSITIVE_INFINITY;

  /** As a value, to hand on. */
  readonly later: Later = (delayMs, run) => this.set(delayMs, run);

  set(delayMs: number, run: () => void): () => void {
    const waiting = { dueMs: performance.now() + delayMs, run };
    this.#waiting.add(waiting);
    this.#lookBy(waiting.dueMs);
    return () => this.#waiting.delete(waiting);
  }

  #lookBy(dueMs: number): void {
    const nowMs = performance.now();
    const atMs = Math.min(dueMs, nowMs + LOOK_INTERVAL_MS);
    if (this.#nextLookMs <= atMs) return;
    this.#nextLookMs = atMs;
    // At least a millisecond: a timer may ring a fraction before its time.
    outsideSpans(() => setTimeout(() => this.#look(atMs), Math.max(1, atMs - nowMs)));
  }

  #look(atMs: number): void {
    // Another was set to look earlier, and goes on looking.
    if (atMs !== this.#nextLookMs) return;
    this.#nextLookMs = Number.POSITIVE_INFINITY;
    const nowMs = performance.now();
    const due = [...this.#waiting].filter(({ dueMs }) => dueMs <= nowMs);
    try {
      for (const waiting of due) if (this.#waiting.delete(waiting)) waiting.run();
    } finally {
      // Also for those who are due behind one that threw.
      if (this.#waiting.size > 0) this.#lookBy(Math.min(...[...this.#waiting].map(({ dueMs }) => dueMs)));
    }
  }
}

/** Time for tests of the scheduler: nothing is due before the test says so. */
import type { CronClock } from "../scripts/lib/cron-scheduler.ts";

/** Everything that was about to happen has happened. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock that stands until it is moved, and then fires its timers in order. */
export class ManualClock implements CronClock {
  #nowMs: number;
  #timers: { readonly atMs: number; readonly callback: () => void }[] = [];

  constructor(time: string) {
    this.#nowMs = Date.parse(time);
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** @param lateMs by how much the timers that fall due are late */
  async move(byMs: number, lateMs = 0): Promise<void> {
    const endMs = this.#nowMs + byMs;
    for (;;) {
      const next = this.#timers.toSorted((left, right) => left.atMs - right.atMs)[0];
      if (next === undefined || next.atMs > endMs) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs + lateMs);
      next.callback();
      await settled();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }
}

/** Virtual time for simulations: things happen in the order of their time, and an hour costs nothing. Pure but for promises. */
import { type Due, DueQueue } from "./due-queue.ts";

interface Timer extends Due {
  readonly run: () => void;
  cancelled: boolean;
}

export class VirtualClock {
  nowMs = 0;
  #order = 0;
  readonly #due = new DueQueue<Timer>();

  /** @returns how to take it back */
  later(delayMs: number, run: () => void): () => void {
    const timer: Timer = { atMs: this.nowMs + delayMs, order: this.#order++, run, cancelled: false };
    this.#due.push(timer);
    return () => {
      timer.cancelled = true;
    };
  }

  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.later(delayMs, resolve));
  }

  /** Until nothing is due any more, or until the time is over. */
  async run(untilMs = Number.POSITIVE_INFINITY): Promise<void> {
    for (let next = this.#due.first; next !== undefined && next.atMs <= untilMs; next = this.#due.first) {
      this.#due.shift();
      if (next.cancelled) continue;
      this.nowMs = next.atMs;
      next.run();
      await promisesSettled();
    }
  }
}

/** A tick comes after all promises that could go on have gone on. */
function promisesSettled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** Virtual time for simulations: things happen in the order of their time, and an hour costs nothing. Pure but for promises. */

interface Due {
  readonly atMs: number;
  /** What is due at the same time happens in the order in which it was asked for. */
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

export class VirtualClock {
  nowMs = 0;
  #order = 0;
  readonly #heap: Due[] = [];

  /** @returns how to take it back */
  later(delayMs: number, run: () => void): () => void {
    const due: Due = { atMs: this.nowMs + delayMs, order: this.#order++, run, cancelled: false };
    this.#push(due);
    return () => {
      due.cancelled = true;
    };
  }

  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.later(delayMs, resolve));
  }

  /** Until nothing is due any more, or until the time is over. */
  async run(untilMs = Number.POSITIVE_INFINITY): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= untilMs; next = this.#heap[0]) {
      this.#pop();
      if (next.cancelled) continue;
      this.nowMs = next.atMs;
      next.run();
      await promisesSettled();
    }
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let index = heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(due, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const child = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, last)) break;
      heap[index] = child;
      index = child === left ? 2 * index + 1 : 2 * index + 2;
    }
    heap[index] = last;
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

/** A tick comes after all promises that could go on have gone on. */
function promisesSettled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

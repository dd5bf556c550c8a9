/** What will happen, in the order of its time; what is due at the same time, in the order in which it was asked for. A binary heap. Pure. */

export interface Due {
  readonly atMs: number;
  readonly order: number;
}

export class DueQueue<T extends Due> {
  readonly #heap: T[] = [];

  /** What is due next, still in the queue. */
  get first(): T | undefined {
    return this.#heap[0];
  }

  push(due: T): void {
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

  /** Takes the first out. */
  shift(): void {
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
      index = 2 * index + (child === left ? 1 : 2);
    }
    heap[index] = last;
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

/**
 * Virtual time for real code: one queue of things that will happen, in order of time. `setTimeout`, the clocks and
 * `Math.random` of the code under test come from here while `run` works, so that a seed decides everything, and an hour
 * costs nothing. What a node's memory held (its timers, the answers that it waits for) is gone when it crashes.
 */
import { type Due, DueQueue } from "../../../../bench/model/due-queue.ts";
import { Random } from "../../random.ts";

/** A process of its own: it has a clock that may be wrong and a memory that a crash empties. */
export class Node {
  readonly name: string;
  /** Rises with every crash. */
  life = 1;
  clockErrorMs = 0;

  constructor(name: string) {
    this.name = name;
  }
}

export interface Timer extends Due {
  readonly node: Node;
  /** Null: not in the node's memory, so that a crash does not lose it. */
  readonly life: number | null;
  run: (() => void) | null;
}

const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  now: Date.now,
  elapsed: performance.now,
  random: Math.random,
};

export class VirtualTime {
  readonly random: Random;
  readonly #due = new DueQueue<Timer>();
  #order = 0;
  #current: Node = new Node("world");
  nowMs: number;

  constructor(nowMs: number, seed: number) {
    this.nowMs = nowMs;
    this.random = new Random(seed);
  }

  /** What the clock of a node shows. */
  wallMs(node: Node): number {
    return this.nowMs + node.clockErrorMs;
  }

  /** Something that happens to a node whatever becomes of its memory. */
  later(delayMs: number, node: Node, run: () => void): Timer {
    return this.#push(delayMs, node, null, run);
  }

  /** Something that only this life of the node waits for. */
  inLife(delayMs: number, node: Node, life: number, run: () => void): Timer {
    return this.#push(delayMs, node, life, run);
  }

  /** Lets everything happen that is due by then, one thing after the other, each with all that follows from it at once. */
  async run(untilMs: number): Promise<void> {
    this.#install();
    try {
      for (let next = this.#due.first; next !== undefined && next.atMs <= untilMs; next = this.#due.first) {
        this.#due.shift();
        const { node, life, run } = next;
        if (run === null || (life !== null && life !== node.life)) continue;
        this.nowMs = Math.max(this.nowMs, next.atMs);
        this.#current = node;
        run();
        await promisesSettled();
      }
      this.nowMs = Math.max(this.nowMs, untilMs);
    } finally {
      restore();
    }
  }

  /** `work` runs now, in this time. */
  async during(work: () => void): Promise<void> {
    this.#install();
    try {
      work();
      await promisesSettled();
    } finally {
      restore();
    }
  }

  #install(): void {
    const setVirtual = (run: () => void, delayMs = 0): Timer => {
      const node = this.#current;
      return this.#push(delayMs, node, node.life, run);
    };
    const clearVirtual = (timer: Timer | undefined): void => {
      if (timer !== undefined) timer.run = null;
    };
    globalThis.setTimeout = setVirtual as unknown as typeof setTimeout;
    globalThis.clearTimeout = clearVirtual as unknown as typeof clearTimeout;
    Date.now = () => this.wallMs(this.#current);
    performance.now = () => this.nowMs;
    Math.random = () => this.random.bits() / 2 ** 32;
  }

  #push(delayMs: number, node: Node, life: number | null, run: () => void): Timer {
    const timer: Timer = { atMs: this.nowMs + Math.max(0, Math.round(delayMs)), order: this.#order++, node, life, run };
    this.#due.push(timer);
    return timer;
  }
}

/** A tick comes after all promises that could go on have gone on. */
function promisesSettled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function restore(): void {
  globalThis.setTimeout = real.setTimeout;
  globalThis.clearTimeout = real.clearTimeout;
  Date.now = real.now;
  performance.now = real.elapsed;
  Math.random = real.random;
}

/**
 * Variants that nobody waits for: what takes long to make is made one after another behind the answers, while a quicker
 * format goes out. The queue is plain data, because the request that works on it may end before it is empty; the next
 * request goes on with it.
 */
import type { Clock } from "../shared/clock.ts";
import type { VariantOrder } from "./make-variant.ts";
import { variantName } from "./picture-store.ts";

/** More are dropped: they are asked for again with the next page. */
const QUEUE_MAX = 100;
/** The runtime lets a request work for thirty seconds after its answer. */
const WORK_MS_MAX = 20_000;
/** A worker that has not moved for so long was torn down with its request. */
const SILENT_MS_MAX = 10_000;

export class VariantQueue {
  readonly #orders = new Map<string, VariantOrder>();
  readonly #clock: Clock;
  #movedAtMs = Number.NEGATIVE_INFINITY;
  #working = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param make must not reject. @returns the work that the request now has to keep alive, if it is its turn. */
  add(order: VariantOrder, make: (order: VariantOrder) => Promise<unknown>): Promise<void> | undefined {
    if (this.#orders.size >= QUEUE_MAX) return undefined;
    this.#orders.set(variantName(order.key, order.version, order.variant), order);
    if (this.#working && this.#clock.now() - this.#movedAtMs < SILENT_MS_MAX) return undefined;
    return this.#work(make);
  }

  async #work(make: (order: VariantOrder) => Promise<unknown>): Promise<void> {
    this.#working = true;
    const startedAtMs = this.#clock.now();
    for (const [name, order] of this.#orders) {
      this.#movedAtMs = this.#clock.now();
      if (this.#movedAtMs - startedAtMs > WORK_MS_MAX) break;
      await make(order);
      this.#orders.delete(name);
    }
    this.#working = false;
  }
}

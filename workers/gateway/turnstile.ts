/**
 * Where calls wait for this isolate's one thread. Left alone, the runtime takes some calls from the sockets, runs them to
 * their end, and takes the next: a backlog stays in the sockets, where nobody sees it, and a checkout waits behind new
 * carts. Here only a few calls begin at a time, and the sockets are read empty before the next do: the backlog waits where
 * what has begun goes first, and where new carts can be refused while there is still time to finish the others. While the
 * thread is free nobody waits. Pure; O(1) a call.
 */
import type { LoadClass } from "./load-class.ts";

/** Who goes first. Catalogue and pages are light and many: waiting in line would cost more than they do. */
const PRECEDENCE = ["checkout", "cart", "account", "admin", "new_cart"] as const satisfies readonly LoadClass[];
export type QueuedClass = (typeof PRECEDENCE)[number];

export function isQueued(name: LoadClass): name is QueuedClass {
  return name !== "browse";
}

/** So many at a time that work which gathers for one write still gathers, so few that they are done in a tenth of a second. */
export const STARTS_AT_A_TIME = 32;

/** Calls of one class that may wait: five hundred buyers at once are promised an answer. Bounds the memory. */
const WAITING_MAX = 512;
/** How long a call may wait in a burst. Most of the deadline of its route has to be left for the call itself. */
const PATIENCE_MS: Readonly<Record<QueuedClass, number>> = {
  checkout: 20_000,
  cart: 8_000,
  account: 8_000,
  admin: 8_000,
  new_cart: 8_000,
};
/** A class that somebody has waited for without a break for so long sees no burst, but an overload. */
const BURST_MS = 8_000;
/** In an overload: long enough to bridge a pause of the runtime, short enough to be told in time. */
const MOMENT_MS = 1_000;

/** When carts and checkouts wait longer than this … */
const BEGUN_TARGET_MS = 1_000;
/** … for so long, more has begun than can be finished in time, and new carts are refused. */
const BEGUN_LATE_MAX_MS = 2_000;

export interface Waiter {
  readonly sinceMs: number;
  /** Told once: whether the call may begin. */
  readonly settle: (begins: boolean) => void;
}

interface Queue {
  readonly name: QueuedClass;
  /** In the order of arrival. */
  readonly waiters: Set<Waiter>;
  /** Since when somebody has waited without a break. */
  busySinceMs: number;
}

export class Turnstile {
  readonly #queues: readonly Queue[] = PRECEDENCE.map((name) => ({ name, waiters: new Set(), busySinceMs: 0 }));
  #startsLeft = STARTS_AT_A_TIME;
  #waiting = 0;
  #arrivals = 0;
  #begunLateSinceMs: number | undefined;

  get waiting(): number {
    return this.#waiting;
  }

  /** Whether somebody has to turn soon. Not after each call: a timer costs more than a short call. */
  get needsTurn(): boolean {
    return this.#startsLeft <= STARTS_AT_A_TIME / 2;
  }

  /** Calls that arrived since the isolate started. */
  get arrivals(): number {
    return this.#arrivals;
  }

  waitingIn(name: QueuedClass): number {
    return this.#queueOf(name).waiters.size;
  }

  /** A call arrives. @returns whether it may begin at once; else it has to wait */
  arrive(): boolean {
    this.#arrivals += 1;
    if (this.#startsLeft === 0 || this.#waiting > 0) return false;
    this.#startsLeft -= 1;
    return true;
  }

  /** A call that began is done: while nobody waits, that makes room at once, so that calls one after the other need no turn. */
  done(): void {
    if (this.#waiting === 0 && this.#startsLeft < STARTS_AT_A_TIME) this.#startsLeft += 1;
  }

  /** @returns false when too many wait already */
  wait(name: QueuedClass, waiter: Waiter): boolean {
    const queue = this.#queueOf(name);
    if (queue.waiters.size >= WAITING_MAX) return false;
    if (queue.waiters.size === 0) queue.busySinceMs = waiter.sinceMs;
    queue.waiters.add(waiter);
    this.#waiting += 1;
    return true;
  }

  /** The caller has gone. Harmless for one that waits no longer. */
  leave(name: QueuedClass, waiter: Waiter): void {
    if (this.#queueOf(name).waiters.delete(waiter)) this.#waiting -= 1;
  }

  /** The calls that began before are done, or wait for others: the next may begin. */
  turn(nowMs: number): void {
    this.#startsLeft = STARTS_AT_A_TIME;
    this.#noticeWhetherBegunIsLate(nowMs);
    for (const queue of this.#queues) this.#serve(queue, nowMs);
  }

  #serve(queue: Queue, nowMs: number): void {
    const patienceMs = this.#patienceMs(queue, nowMs);
    for (const waiter of queue.waiters) {
      const inTime = nowMs - waiter.sinceMs <= patienceMs;
      if (inTime && this.#startsLeft === 0) return;
      if (inTime) this.#startsLeft -= 1;
      queue.waiters.delete(waiter);
      this.#waiting -= 1;
      waiter.settle(inTime);
    }
  }

  #patienceMs({ name, busySinceMs }: Queue, nowMs: number): number {
    const isOverload = nowMs - busySinceMs > BURST_MS;
    const isShut = this.#begunLateSinceMs !== undefined && nowMs - this.#begunLateSinceMs > BEGUN_LATE_MAX_MS;
    if (name === "new_cart" && (isOverload || isShut)) return MOMENT_MS;
    return PATIENCE_MS[name];
  }

  #noticeWhetherBegunIsLate(nowMs: number): void {
    const isLate = this.#queues.some(({ name, waiters }) => {
      const oldest = name === "cart" || name === "checkout" ? waiters.values().next().value : undefined;
      return oldest !== undefined && nowMs - oldest.sinceMs > BEGUN_TARGET_MS;
    });
    if (!isLate) this.#begunLateSinceMs = undefined;
    else this.#begunLateSinceMs ??= nowMs;
  }

  #queueOf(name: QueuedClass): Queue {
    const queue = this.#queues[PRECEDENCE.indexOf(name)];
    if (queue === undefined) throw new Error(`There is no queue for ${name}.`);
    return queue;
  }
}

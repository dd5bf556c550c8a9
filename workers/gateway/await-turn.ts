/**
 * The timers around the turnstile. One call at a time leads: it turns the turnstile until nobody waits. The runtime looks at
 * its sockets only while no timer is overdue, which is what tells that the calls that began have left the thread.
 */
import { systemClock } from "../shared/clock.ts";
import type { LoadClass } from "./load-class.ts";
import { isQueued, type QueuedClass, Turnstile, type Waiter } from "./turnstile.ts";

/** The sockets are read a few calls at a time; work goes on even when they never run dry. */
const READS_MAX = 20;
/** A leader who made no turn for so long is gone: the runtime cuts off what a call does after its own end. */
const WATCH_INTERVAL_MS = 500;

export class TurnKeeper {
  readonly #turnstile = new Turnstile();
  /** Stands for the leading call; undefined while nobody leads. */
  #leader: object | undefined;
  #turns = 0;

  waitingIn(name: LoadClass): number {
    if (!isQueued(name)) return 0;
    return this.#turnstile.waitingIn(name);
  }

  /** @returns whether the call may begin; a value, not a promise, while the thread is free. */
  await(name: LoadClass, signal: AbortSignal, ctx: Pick<ExecutionContext, "waitUntil">): boolean | Promise<boolean> {
    if (!isQueued(name)) return true;
    const begins = this.#turnstile.arrive();
    if (this.#leader === undefined && this.#turnstile.needsTurn) ctx.waitUntil(this.#lead());
    return begins || this.#wait(name, signal, ctx);
  }

  /** A call that began has ended. */
  done(name: LoadClass): void {
    if (isQueued(name)) this.#turnstile.done();
  }

  #wait(name: QueuedClass, signal: AbortSignal, ctx: Pick<ExecutionContext, "waitUntil">): boolean | Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter: Waiter = { sinceMs: systemClock.now(), settle: resolve };
    if (!this.#turnstile.wait(name, waiter)) return false;
    signal.addEventListener("abort", () => this.#turnstile.leave(name, waiter), { once: true });
    let leader = this.#leader;
    let turns = this.#turns;
    // It also keeps this call alive: the runtime ends one that waits for nothing of its own.
    const watch = setInterval(() => {
      if (leader === this.#leader && turns === this.#turns) ctx.waitUntil(this.#lead());
      leader = this.#leader;
      turns = this.#turns;
    }, WATCH_INTERVAL_MS);
    return promise.finally(() => clearInterval(watch));
  }

  async #lead(): Promise<void> {
    const me = {};
    this.#leader = me;
    do {
      // Overdue, it rings as soon as the calls that began leave the thread, before any socket is looked at.
      await rings(0);
      await this.#socketsAreRead();
      this.#turns += 1;
      this.#turnstile.turn(systemClock.now());
    } while (this.#leader === me && this.#turnstile.waiting > 0);
    if (this.#leader === me) this.#leader = undefined;
  }

  async #socketsAreRead(): Promise<void> {
    for (let reads = 0; this.#turnstile.waiting > 0 && reads < READS_MAX; reads++) {
      const before = this.#turnstile.arrivals;
      await rings(1);
      if (this.#turnstile.arrivals === before) return;
    }
  }
}

function rings(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

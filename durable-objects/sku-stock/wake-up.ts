/**
 * When the object looks after its journal. Usually by a timer, which writes nothing; an alarm is written when it is set and when it
 * rings. It stands behind the timer for an object that goes down in between, and rings for the ends of holds.
 */
import { systemClock } from "../../workers/shared/clock.ts";
import { outsideSpans } from "../../workers/shared/trace.ts";

/** How much later than its timer the alarm rings. What sells again within that time needs no new one. */
const ALARM_BEHIND_MS = 30_000;

export class WakeUp {
  readonly #storage: DurableObjectStorage;
  readonly #ring: () => void;
  /** When the alarm is set to ring; null when unknown or not set. Only saves calls: setting it again is harmless. */
  #alarmAtMs: number | null = null;
  #timerAtMs: number | null = null;

  /** @param ring called when the timer is due; the alarm rings at the object itself. */
  constructor(storage: DurableObjectStorage, ring: () => void) {
    this.#storage = storage;
    this.#ring = ring;
  }

  /** Learns what an earlier life of the object has set. */
  async restore(): Promise<void> {
    this.#alarmAtMs = await this.#storage.getAlarm();
  }

  /** Rings by then if the object lives, and somewhat later if not. */
  soon(atMs: number): void {
    this.at(atMs + ALARM_BEHIND_MS);
    if (this.#timerAtMs !== null && this.#timerAtMs <= atMs) return;
    this.#timerAtMs = atMs;
    outsideSpans(() => setTimeout(() => this.#timerRang(atMs), Math.max(0, atMs - systemClock.now())));
  }

  /** Rings the alarm by then, in the transaction that calls. */
  at(atMs: number): void {
    if (this.#alarmAtMs !== null && this.#alarmAtMs <= atMs) return;
    this.#alarmAtMs = atMs;
    void this.#storage.setAlarm(atMs);
  }

  /** The alarm is spent, or the transaction that set it was rolled back. */
  forgetAlarm(): void {
    this.#alarmAtMs = null;
  }

  /** A timer that another came before still rings: an object clears none (see `later.ts`). */
  #timerRang(atMs: number): void {
    if (atMs !== this.#timerAtMs) return;
    this.#timerAtMs = null;
    this.#ring();
  }
}

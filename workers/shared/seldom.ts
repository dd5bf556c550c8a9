/** Lets one through an interval and counts what it holds back: for log lines that a stranger or an outage can repeat without end. */
import type { EpochMs } from "./clock.ts";

export class Seldom {
  readonly #intervalMs: number;
  #passedAtMs: EpochMs | null = null;
  #heldBack = 0;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** @returns how many were held back since the last one that passed; undefined: this one is held back. */
  pass(nowMs: EpochMs): number | undefined {
    if (this.#passedAtMs !== null && nowMs - this.#passedAtMs < this.#intervalMs) {
      this.#heldBack += 1;
      return undefined;
    }
    const heldBack = this.#heldBack;
    this.#passedAtMs = nowMs;
    this.#heldBack = 0;
    return heldBack;
  }
}

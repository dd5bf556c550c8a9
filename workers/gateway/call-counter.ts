/**
 * Counts calls by key in windows of one length that begin with the first call. In this isolate's memory, bounded; a key
 * that is forgotten begins anew. O(1) a call. Pure.
 */

export interface CountedCall {
  readonly allowed: boolean;
  /** Calls left in this window, after this one. */
  readonly remaining: number;
  /** Until the window ends, or until a key that was closed from elsewhere may try again. */
  readonly resetMs: number;
}

interface Window {
  count: number;
  readonly startedAtMs: number;
  closedUntilMs: number;
}

export class CallCounter {
  readonly #windowMs: number;
  readonly #keysMax: number;
  /** In the order of their beginning, which is the order of their end: what can be forgotten is always in front. */
  readonly #windows = new Map<string, Window>();

  constructor(windowMs: number, keysMax: number) {
    this.#windowMs = windowMs;
    this.#keysMax = keysMax;
  }

  get size(): number {
    return this.#windows.size;
  }

  take(key: string, quota: number, nowMs: number): CountedCall {
    const window = this.#windowOf(key, nowMs);
    const endsInMs = window.startedAtMs + this.#windowMs - nowMs;
    if (nowMs < window.closedUntilMs) return { allowed: false, remaining: 0, resetMs: window.closedUntilMs - nowMs };
    if (window.count >= quota) return { allowed: false, remaining: 0, resetMs: endsInMs };
    window.count += 1;
    return { allowed: true, remaining: quota - window.count, resetMs: endsInMs };
  }

  /** Somebody who counts more than this isolate does says that it is enough. Harmless for a key that is forgotten. */
  close(key: string, untilMs: number): void {
    const window = this.#windows.get(key);
    if (window !== undefined) window.closedUntilMs = untilMs;
  }

  #windowOf(key: string, nowMs: number): Window {
    const known = this.#windows.get(key);
    if (known !== undefined && this.#isOpen(known, nowMs)) return known;
    const begun = { count: 0, startedAtMs: nowMs, closedUntilMs: known?.closedUntilMs ?? 0 };
    this.#windows.delete(key);
    this.#windows.set(key, begun);
    this.#forget(nowMs);
    return begun;
  }

  /** A clock that went back ends every window. */
  #isOpen(window: Window, nowMs: number): boolean {
    const ageMs = nowMs - window.startedAtMs;
    return ageMs >= 0 && ageMs < this.#windowMs;
  }

  #forget(nowMs: number): void {
    for (const [key, window] of this.#windows) {
      if (this.#windows.size <= this.#keysMax && this.#isOpen(window, nowMs)) return;
      this.#windows.delete(key);
    }
  }
}

/**
 * Which sessions were found to stand, for a few seconds, so that a signed-in shopper does not cost a database read per
 * call. Bounded. Only "stands" is remembered: a revoked session is asked for again and refused again.
 */
const STANDING_FOR_MS = 5_000;
const SESSIONS_MAX = 10_000;

export class SessionCache {
  readonly #standingUntilMs = new Map<string, number>();

  /** True when the session was found active moments ago. */
  stands(sessionId: string, nowMs: number): boolean {
    return nowMs < (this.#standingUntilMs.get(sessionId) ?? 0);
  }

  remember(sessionId: string, nowMs: number): void {
    if (this.#standingUntilMs.size >= SESSIONS_MAX) this.#standingUntilMs.clear();
    this.#standingUntilMs.set(sessionId, nowMs + STANDING_FOR_MS);
  }

  /** After a sign-out or a change of password nothing that was known holds. */
  clear(): void {
    this.#standingUntilMs.clear();
  }
}

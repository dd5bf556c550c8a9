/**
 * Which sessions were found to stand and whose they are, for a few seconds, so that a signed-in shopper does not cost a
 * database read per call. Bounded. Only "stands" is remembered: a revoked session is asked for again and refused again.
 */
const STANDING_FOR_MS = 5_000;
const SESSIONS_MAX = 10_000;

interface Standing {
  readonly customerId: string;
  readonly untilMs: number;
}

export class SessionCache {
  readonly #standing = new Map<string, Standing>();

  /** The customer whose session was found active moments ago. */
  ownerOf(sessionId: string, nowMs: number): string | undefined {
    const standing = this.#standing.get(sessionId);
    return standing !== undefined && nowMs < standing.untilMs ? standing.customerId : undefined;
  }

  remember(sessionId: string, customerId: string, nowMs: number): void {
    if (this.#standing.size >= SESSIONS_MAX) this.#standing.clear();
    this.#standing.set(sessionId, { customerId, untilMs: nowMs + STANDING_FOR_MS });
  }

  /** After a sign-out or a change of password nothing that was known holds. */
  clear(): void {
    this.#standing.clear();
  }
}

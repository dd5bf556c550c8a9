/**
 * How many calls of one class may be under way at once, by what stands behind this isolate. While calls come back within their target, as many as
 * `inFlightMax`: a burst is taken in whole and waits for its turn. When most of those that came back lately were late, the
 * lane keeps only as many as its service finishes within the target (Little's law: rate × target), so that what is let in
 * is still wanted when it is answered; the rest is refused at once. Then it opens again by steps. Pure; O(1) a call.
 */

export interface LaneLimits {
  /** What most calls should take at most, from here and back. */
  readonly targetMs: number;
  /** Let in whatever happens: the lane never shuts, or it would not see that the service is well again. */
  readonly inFlightMin: number;
  /** The largest burst, and the bound of what this lane remembers. */
  readonly inFlightMax: number;
  /** No call takes longer: older ones were cut off by their caller, who tells nobody. */
  readonly lifetimeMs: number;
}

/** A call under way. */
export interface Passage {
  readonly enteredAtMs: number;
}

const WINDOW_MS = 500;
/** A wide open lane has to be late for so long before it narrows: a burst is not an overload. */
const BURST_PATIENCE_MS = 2_000;
/** From a narrow lane to a wide one in about six seconds of quiet. */
const REOPENING_PER_WINDOW = 1.4;
/** A lane that nobody asked for so long is wide open. */
const WINDOWS_REMEMBERED = 20;

export class LoadLane {
  readonly #limits: LaneLimits;
  /** In the order of entering. */
  readonly #underWay = new Set<Passage>();
  #limit: number;
  #windowStartedAtMs = 0;
  /** When the first of the late windows in a row began. */
  #lateSinceMs: number | undefined;
  #onTime = 0;
  #late = 0;

  constructor(limits: LaneLimits) {
    this.#limits = limits;
    this.#limit = limits.inFlightMax;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** Undefined: there is no room; refuse the call. Whoever gets a passage gives it back by `leave` or `abandon`. */
  enter(nowMs: number): Passage | undefined {
    this.#judge(nowMs);
    if (this.#underWay.size >= this.#limit) this.#forgetOldest(nowMs);
    if (this.#underWay.size >= this.#limit) return undefined;
    const passage = { enteredAtMs: nowMs };
    this.#underWay.add(passage);
    return passage;
  }

  /** The call was answered. */
  leave(passage: Passage, nowMs: number): void {
    if (!this.#underWay.delete(passage)) return;
    if (nowMs - passage.enteredAtMs > this.#limits.targetMs) this.#late += 1;
    else this.#onTime += 1;
    this.#judge(nowMs);
  }

  /** The caller went away: that says nothing about the service. Harmless for a passage that was given back. */
  abandon(passage: Passage): void {
    this.#underWay.delete(passage);
  }

  #judge(nowMs: number): void {
    const elapsedMs = nowMs - this.#windowStartedAtMs;
    if (elapsedMs >= 0 && elapsedMs < WINDOW_MS) return;
    // A clock that went back starts a window and says nothing.
    if (elapsedMs > 0) {
      if (this.#isLate(nowMs)) this.#narrow(elapsedMs, nowMs);
      else this.#widen(elapsedMs);
    }
    this.#windowStartedAtMs = nowMs;
    this.#onTime = 0;
    this.#late = 0;
  }

  /** Most answers of this window were late, or the calls under way wait longer than that for any. */
  #isLate(nowMs: number): boolean {
    const { targetMs, inFlightMin } = this.#limits;
    if (this.#underWay.size < inFlightMin) return false;
    const answered = this.#onTime + this.#late;
    if (answered > 0) return this.#late * 2 > answered;
    const oldest = this.#oldest();
    return oldest !== undefined && nowMs - oldest.enteredAtMs > targetMs;
  }

  #narrow(elapsedMs: number, nowMs: number): void {
    const { targetMs, inFlightMin, inFlightMax } = this.#limits;
    this.#lateSinceMs ??= this.#windowStartedAtMs;
    if (this.#limit === inFlightMax && nowMs - this.#lateSinceMs < BURST_PATIENCE_MS) return;
    const finishedWithinTarget = ((this.#onTime + this.#late) / elapsedMs) * targetMs;
    this.#limit = Math.max(inFlightMin, Math.min(this.#limit, finishedWithinTarget));
  }

  #widen(elapsedMs: number): void {
    this.#lateSinceMs = undefined;
    const windows = Math.min(elapsedMs / WINDOW_MS, WINDOWS_REMEMBERED);
    this.#limit = Math.min(this.#limits.inFlightMax, this.#limit * REOPENING_PER_WINDOW ** windows);
  }

  #forgetOldest(nowMs: number): void {
    const oldest = this.#oldest();
    if (oldest !== undefined && nowMs - oldest.enteredAtMs > this.#limits.lifetimeMs) this.#underWay.delete(oldest);
  }

  #oldest(): Passage | undefined {
    return this.#underWay.values().next().value;
  }
}

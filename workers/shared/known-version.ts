/**
 * A version that a peer owns, as this isolate knows it; answers are kept under it. A second old: used as it is. Up to
 * five: used while it is read again. Older: read first. While the owner cannot be asked, the last known version serves
 * for a minute: old answers are better than none. The decision is pure.
 */
const FRESH_MS = 1_000;
const USABLE_MS = 5_000;
const USABLE_ON_ERROR_MS = 60_000;
/** A refresh that has not answered by then is taken for lost. */
const REFRESH_GIVEN_UP_MS = 3_000;

export type VersionAge = "fresh" | "stale" | "expired";

export function versionAge(readAtMs: number | undefined, nowMs: number): VersionAge {
  // A clock that went backwards makes nothing fresh.
  if (readAtMs === undefined || nowMs < readAtMs) return "expired";
  if (nowMs - readAtMs < FRESH_MS) return "fresh";
  return nowMs - readAtMs < USABLE_MS ? "stale" : "expired";
}

export class KnownVersion {
  readonly #onChange: () => void;
  #known: { readonly version: number; readonly readAtMs: number } | undefined;
  #refreshingSinceMs = 0;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get known(): number | undefined {
    return this.#known?.version;
  }

  /** The version if it may be used without asking. `refresh` is true when somebody should read it again meanwhile. */
  usable(nowMs: number): { readonly version: number; readonly refresh: boolean } | undefined {
    const age = versionAge(this.#known?.readAtMs, nowMs);
    if (this.#known === undefined || age === "expired") return undefined;
    const refresh = age === "stale" && nowMs - this.#refreshingSinceMs >= REFRESH_GIVEN_UP_MS;
    if (refresh) this.#refreshingSinceMs = nowMs;
    return { version: this.#known.version, refresh };
  }

  /**
   * Reads the version now. Each caller reads for itself: a promise shared between requests dies with the one that made it.
   * @throws what `read` throws, when nothing known may stand in.
   */
  async refresh(nowMs: number, read: () => Promise<number>): Promise<number> {
    try {
      const version = await read();
      if (version !== this.#known?.version) this.#onChange();
      this.#known = { version, readAtMs: nowMs };
      return version;
    } catch (error) {
      if (this.#known !== undefined && nowMs - this.#known.readAtMs < USABLE_ON_ERROR_MS) return this.#known.version;
      throw error;
    } finally {
      this.#refreshingSinceMs = 0;
    }
  }
}

/**
 * Which version of a picture is current, remembered in the isolate for a moment, so that a page of pictures does not ask the
 * bucket for each. Another isolate sees an overwritten picture when its memory is over.
 */
const REMEMBERED_FOR_MS = 10_000;
const REMEMBERED_MAX = 10_000;

interface Remembered {
  readonly version: string | null;
  readonly untilMs: number;
}

export class PictureVersions {
  readonly #known = new Map<string, Remembered>();

  /** Null: there is no such picture. */
  async version(key: string, nowMs: number, read: () => Promise<string | null>): Promise<string | null> {
    const known = this.#known.get(key);
    if (known !== undefined && nowMs < known.untilMs) return known.version;
    const version = await read();
    if (this.#known.size >= REMEMBERED_MAX) this.#known.clear();
    this.#known.set(key, { version, untilMs: nowMs + REMEMBERED_FOR_MS });
    return version;
  }

  /** After a write of our own. */
  forget(key: string): void {
    this.#known.delete(key);
  }
}

export const pictureVersions = new PictureVersions();

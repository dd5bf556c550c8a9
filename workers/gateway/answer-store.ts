/** A least-recently-used store of whole answers, bounded in entries and in bytes. No I/O. */

export interface KeptAnswer {
  readonly body: ArrayBuffer;
  readonly contentType: string;
  readonly etag: string;
}

export interface StoreLimits {
  readonly entriesMax: number;
  readonly bytesMax: number;
  /** Larger answers are not kept: they would push out many small ones. */
  readonly entryBytesMax: number;
}

export class AnswerStore {
  readonly #limits: StoreLimits;
  /** In order of last use: a Map iterates in order of insertion. */
  readonly #entries = new Map<string, KeptAnswer>();
  #bytes = 0;

  constructor(limits: StoreLimits) {
    this.#limits = limits;
  }

  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#entries.size, bytes: this.#bytes };
  }

  get(key: string): KeptAnswer | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  set(key: string, entry: KeptAnswer): void {
    this.#remove(key);
    const bytes = bytesOf(key, entry);
    if (bytes > this.#limits.entryBytesMax) return;
    this.#entries.set(key, entry);
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.entriesMax && this.#bytes <= this.#limits.bytesMax) break;
      this.#remove(oldest);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= bytesOf(key, entry);
  }
}

function bytesOf(key: string, entry: KeptAnswer): number {
  return entry.body.byteLength + 2 * (key.length + entry.contentType.length + entry.etag.length);
}

/** A least-recently-used store in the isolate's memory, bounded in entries and in bytes. No I/O. */

export interface StoreLimits {
  readonly entriesMax: number;
  readonly bytesMax: number;
  /** Larger ones are not kept: they would push out many small ones. */
  readonly entryBytesMax: number;
}

export class BoundedStore<V> {
  readonly #limits: StoreLimits;
  readonly #valueBytes: (value: V) => number;
  /** In order of last use: a Map iterates in order of insertion. */
  readonly #entries = new Map<string, V>();
  #bytes = 0;

  /** @param valueBytes must give the same for the same value; keys are counted besides. */
  constructor(limits: StoreLimits, valueBytes: (value: V) => number) {
    this.#limits = limits;
    this.#valueBytes = valueBytes;
  }

  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#entries.size, bytes: this.#bytes };
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  set(key: string, entry: V): void {
    this.#remove(key);
    const bytes = this.#bytesOf(key, entry);
    if (bytes > this.#limits.entryBytesMax) return;
    this.#entries.set(key, entry);
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.entriesMax && this.#bytes <= this.#limits.bytesMax) break;
      this.#remove(oldest);
    }
  }

  delete(key: string): void {
    this.#remove(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= this.#bytesOf(key, entry);
  }

  #bytesOf(key: string, entry: V): number {
    return this.#valueBytes(entry) + 2 * key.length;
  }
}

/**
 * What shoppers read most, kept in the isolate: bounded, and dropped whole when the catalogue's version rises. The version
 * is read again at most once a second, so that a warm read asks no database and a change is seen within that second.
 */

const VERSION_FRESH_MS = 1_000;

/** Least recently used entries leave first; bounded by count and by the summed weight that callers give. */
export class LruCache<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly weight: number }>();
  readonly #entriesMax: number;
  readonly #weightMax: number;
  #weight = 0;

  constructor(entriesMax: number, weightMax: number) {
    this.#entriesMax = entriesMax;
    this.#weightMax = weightMax;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: V, weight: number): void {
    if (weight > this.#weightMax) return;
    this.#drop(key);
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#entriesMax && this.#weight <= this.#weightMax) break;
      this.#drop(oldest);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#weight = 0;
  }

  get size(): number {
    return this.#entries.size;
  }

  #drop(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }
}

interface Clearable {
  clear(): void;
}

/** Knows the catalogue's version and empties the caches when it changes. */
export class VersionGate {
  readonly #caches: readonly Clearable[];
  #version: number | null = null;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #resets = 0;

  constructor(caches: readonly Clearable[]) {
    this.#caches = caches;
  }

  async version(nowMs: number, read: () => Promise<number>): Promise<number> {
    const fresh = Math.abs(nowMs - this.#readAtMs) < VERSION_FRESH_MS;
    if (this.#version !== null && fresh) return this.#version;
    const resets = this.#resets;
    const version = await read();
    if (resets !== this.#resets) return version;
    if (version !== this.#version) for (const cache of this.#caches) cache.clear();
    this.#version = version;
    this.#readAtMs = nowMs;
    return version;
  }

  /** What was read under `version` may be kept only while that is the version. */
  isCurrent(version: number): boolean {
    return this.#version === version;
  }

  /** After a write of our own: nothing kept may be served again. */
  reset(): void {
    this.#resets++;
    this.#version = null;
    for (const cache of this.#caches) cache.clear();
  }
}

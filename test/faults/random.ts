/** A small seeded generator (mulberry32): the same seed, the same history. Fast enough to decide every message's fate. */

export class Random {
  #state: number;

  /** @param seed 32-bit. */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 32 random bits. */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** From `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + (this.bits() % (max - min + 1));
  }

  /** True in one of `of` cases. */
  oneIn(of: number): boolean {
    return this.bits() % of === 0;
  }

  /** @throws when there is nothing to pick. */
  pick<T>(from: readonly T[]): T {
    const picked = from[this.bits() % from.length];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  }

  /** A copy in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, rank: this.bits() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ item }) => item);
  }
}

/** Runs jobs with bounded concurrency, as so many clients would. */

const CLIENTS = 16;

/** @returns the results in the order of the items. */
export async function pooled<I, T>(items: readonly I[], job: (item: I) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  const queue = items.entries();
  async function client(): Promise<void> {
    for (const [index, item] of queue) results[index] = await job(item);
  }
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return results;
}

export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Like `Promise.all` over a list, with at most `limit` running at once; results in the list's order. */
export async function mapBounded<T, R>(items: readonly T[], limit: number, task: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  const remaining = items.entries();
  async function work(): Promise<void> {
    for (const [index, item] of remaining) results[index] = await task(item);
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}

/** The handles of active products, for sitemaps. `+` keeps to the index of handles: the one of states would sort them all. */
import type { ListedHandle } from "./contract.ts";

export async function listHandles(database: D1Database, afterHandle: string, limit: number): Promise<ListedHandle[]> {
  const { results } = await database
    .prepare(
      "SELECT handle, updated_at_ms AS updatedAtMs FROM products WHERE handle > ?1 AND +status = 'active' ORDER BY handle LIMIT ?2",
    )
    .bind(afterHandle, limit)
    .all<{ handle: string; updatedAtMs: number }>();
  return results;
}

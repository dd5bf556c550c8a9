/**
 * A projection has two generations of tables: the one that readers see, and the one that a rebuild fills beside it. One SQL
 * text serves both: `{orders}` is `orders` or `rebuilt_orders`. Pure.
 */
export type Generation = "live" | "rebuilt";

export function inGeneration(sql: string, generation: Generation): string {
  return sql.replace(/\{([a-z_]+)\}/g, (_, table: string) => (generation === "live" ? table : `rebuilt_${table}`));
}

/** Lines of one SKU are one claim on its stock: two lines of 3 need 6. Sorted by SKU. Pure. */
import type { StockLine } from "./contract.ts";

export function sumLines(lines: readonly StockLine[]): StockLine[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity })).sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

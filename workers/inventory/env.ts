/** Inventory's bindings. The objects are typed by their contract, so that a unit test passes plain objects. */
import type { SkuStockApi } from "../../durable-objects/sku-stock/contract.ts";

/** One object per SKU, by the SKU's name. `fetch` opens a socket that watches it. */
export interface StockObjects {
  getByName(sku: string): SkuStockApi & { fetch(request: Request): Promise<Response> };
}

export interface Env {
  readonly DATABASE: D1Database;
  readonly SKU_STOCK: StockObjects;
}

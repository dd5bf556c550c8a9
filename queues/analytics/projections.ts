/** The projections of analytics that can be rebuilt: sales and stock. */

import { SKUS_READ_MAX } from "../../workers/inventory/contract.ts";
import type { Projection } from "../../workers/shared/rebuild-projection.ts";
import { ORDER_SOURCE_PREFIX, type OrderEvent } from "../contracts/order-events.ts";
import { type StockEvent, skuOfSource, stockEventSource } from "../contracts/stock-events.ts";
import type { Env } from "./env.ts";
import { orderFollower } from "./follow-orders.ts";
import { stockFollower } from "./follow-stock.ts";

const FIGURES = [
  "orders",
  "units",
  "gross_minor",
  "discounts_minor",
  "shipping_minor",
  "tax_minor",
  "total_minor",
  "refunds_minor",
];

export function salesProjection({ DATABASE, ORDERS }: Pick<Env, "DATABASE" | "ORDERS">): Projection<OrderEvent> {
  const country = ["day", "country", "currency"];
  const product = ["day", "product_id", "currency"];
  return {
    name: "sales",
    database: DATABASE,
    follower: orderFollower({ database: DATABASE, orders: ORDERS }, "rebuilt"),
    sourcePrefix: ORDER_SOURCE_PREFIX,
    listSources: async (after) => (await ORDERS.listSources()).filter((source) => source > after),
    tables: [
      {
        name: "order_facts",
        key: ["order_id"],
        columns: ["order_id", "day", "country", "currency", "total_minor", "refunded_minor", "lines"],
      },
      { name: "country_sales", key: country, columns: [...country, ...FIGURES] },
      { name: "product_sales", key: product, columns: [...product, ...FIGURES] },
      { name: "product_titles", key: ["product_id"], columns: ["product_id", "title", "placed_at"] },
    ],
  };
}

export function stockProjection(
  { DATABASE, INVENTORY }: Pick<Env, "DATABASE" | "INVENTORY">,
  lowStockThreshold: number,
): Projection<StockEvent> {
  return {
    name: "stock",
    database: DATABASE,
    follower: stockFollower({ database: DATABASE, inventory: INVENTORY, lowStockThreshold }, "rebuilt"),
    sourcePrefix: "/inventory/skus/",
    async listSources(after) {
      const skus = await INVENTORY.listTouchedSkus(after === "" ? "" : skuOfSource(after), SKUS_READ_MAX);
      return skus.map(stockEventSource);
    },
    tables: [
      {
        name: "stock_skus",
        key: ["sku"],
        columns: ["sku", "sequence", "available", "backordered", "low_since", "moved_at"],
      },
      { name: "stock_levels", key: ["sku", "location"], columns: ["sku", "location", "sequence", "on_hand", "held"] },
      { name: "stock_movements", key: ["day", "sku", "kind"], columns: ["day", "sku", "kind", "movements", "quantity"] },
    ],
  };
}

/** What peers may ask of analytics: its projections, to compare with the logs. */
import type { StockAccount } from "../../workers/inventory/contract.ts";
import type { LogComparison, RowDifference } from "../../workers/shared/compare-rows.ts";
import type { CursorRow } from "../../workers/shared/d1-follower.ts";
import type { PersonalData } from "../../workers/shared/privacy.ts";
import type { RebuildState } from "../../workers/shared/rebuild-projection.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";
import type { OrderEvent } from "../contracts/order-events.ts";

export interface SalesFigures {
  orders: number;
  units: number;
  /** Lines at their listed prices, before discounts and shipping. */
  grossMinor: number;
  discountsMinor: number;
  shippingMinor: number;
  taxMinor: number;
  totalMinor: number;
  refundsMinor: number;
}

export type SalesTotal = Readonly<Pick<SalesFigures, "orders" | "units" | "grossMinor" | "refundsMinor">> & {
  readonly currency: string;
};

export const SALES_TABLES = ["country_sales", "product_sales"] as const;
export type SalesTable = (typeof SALES_TABLES)[number];

/** One row of a sales table. `group` is a country or a product. All figures only ever rise. */
export interface SalesRow {
  readonly day: string;
  readonly group: string;
  readonly currency: string;
  readonly figures: SalesFigures;
}

/** The last row of the page before; empty texts for the first. */
export type SalesKey = readonly [day: string, group: string, currency: string];

/** Also what the orders' histories add to the sales tables: the caller sums it up and compares it with `readSales`. */
export interface SalesComparison extends LogComparison {
  readonly sales: Readonly<Record<SalesTable, readonly SalesRow[]>>;
}

export interface SkuCursor {
  readonly sku: string;
  readonly sequence: number;
}

export interface StockComparison {
  readonly rows: number;
  readonly differences: readonly RowDifference[];
  /**
   * SKUs whose rows stand beyond the account, and where: sold since the account was read, or set back in time. Read and ask
   * again: a journal that ends before where its follower already stood was set back.
   */
  readonly ahead: readonly SkuCursor[];
  /** SKUs whose follower could not be brought up to the account. */
  readonly behind: readonly string[];
}

export interface AnalyticsApi extends PersonalData {
  salesTotals(): Promise<readonly SalesTotal[]>;
  /** Last known balances of SKUs by SKU, a page at a time. */
  listStockLevels(
    afterSku: string,
    limit: number,
  ): Promise<
    readonly {
      readonly sku: string;
      readonly location: string;
      readonly sequence: number;
      readonly onHand: number;
      readonly held: number;
    }[]
  >;
  /** Rows of a sales table by day, group and currency, a page at a time. */
  readSales(table: SalesTable, after: SalesKey, limit: number): Promise<readonly SalesRow[]>;
  /** Compares what is kept of these orders with their whole histories. */
  compareWithLog(histories: readonly OrderEvent[]): Promise<SalesComparison>;
  /** Orders that facts are kept of, by id, a page at a time. */
  listFactOrders(afterOrderId: string, limit: number): Promise<readonly string[]>;
  /** Compares balances, levels and sums of movements with the journals of up to `SKUS_READ_MAX` SKUs. */
  compareStock(accounts: readonly StockAccount[]): Promise<StockComparison>;
  /** SKUs with a row, by SKU, a page at a time. */
  listStockSkus(afterSku: string, limit: number): Promise<readonly string[]>;
  /** Where its follower stands in each partition's log. */
  listCursors(): Promise<readonly CursorRow[]>;
  /** Projections that can be rebuilt, and where their rebuilds stand. */
  listProjections(): Promise<readonly RebuildState[]>;
  /** Begins a rebuild, or does the next bounded piece of the one under way. Null: there is no such projection. */
  rebuildProjection(name: string): Promise<RebuildState | null>;
  /** Follows every order partition and touched SKU up to the end of its log. @returns events applied. */
  catchUp(context: CallContext): Promise<number>;
}

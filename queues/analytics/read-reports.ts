/** Queries behind the reports. Days are inclusive UTC days; amounts are minor units of the row's currency. */
import type { SalesFigures, SalesTotal } from "./contract.ts";

export const GROUPINGS = ["day", "month", "product", "country"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface SalesQuery {
  readonly from: string;
  readonly to: string;
  readonly groupBy: Grouping;
  readonly currency: string | null;
  readonly limit: number;
  readonly offset: number;
}

/** `key` is a day, a month, a product id or a country. */
export type SalesRow = Readonly<SalesFigures> & {
  readonly key: string;
  readonly title: string | null;
  readonly currency: string;
};

const SUMS = `SUM(orders) AS orders, SUM(units) AS units, SUM(gross_minor) AS grossMinor, SUM(discounts_minor) AS discountsMinor,
  SUM(shipping_minor) AS shippingMinor, SUM(tax_minor) AS taxMinor, SUM(total_minor) AS totalMinor, SUM(refunds_minor) AS refundsMinor`;

/** Days and months in time order; products and countries by what they sold, most first. */
const QUERIES: Readonly<
  Record<Grouping, { readonly from: string; readonly key: string; readonly title: string; readonly order: string }>
> = {
  day: { from: "country_sales", key: "day", title: "NULL", order: "key, currency" },
  month: { from: "country_sales", key: "substr(day, 1, 7)", title: "NULL", order: "key, currency" },
  country: { from: "country_sales", key: "country", title: "NULL", order: "currency, grossMinor DESC, key" },
  product: {
    from: "product_sales LEFT JOIN product_titles USING (product_id)",
    key: "product_id",
    title: "MAX(title)",
    order: "currency, grossMinor DESC, key",
  },
};

export async function readSales(db: D1Database, query: SalesQuery): Promise<readonly SalesRow[]> {
  const { from, key, title, order } = QUERIES[query.groupBy];
  const { results } = await db
    .prepare(
      `SELECT ${key} AS key, ${title} AS title, currency, ${SUMS} FROM ${from}
       WHERE day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR currency = ?3)
       GROUP BY ${key}, currency ORDER BY ${order} LIMIT ?4 OFFSET ?5`,
    )
    .bind(query.from, query.to, query.currency, query.limit, query.offset)
    .all<SalesRow>();
  return results;
}

export type SalesTotalsRow = Readonly<SalesFigures> & { readonly currency: string };

/** One row per currency over the whole range. */
export async function readSalesTotals(
  db: D1Database,
  query: Pick<SalesQuery, "from" | "to" | "currency">,
): Promise<readonly SalesTotalsRow[]> {
  const { results } = await db
    .prepare(
      `SELECT currency, ${SUMS} FROM country_sales
       WHERE day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR currency = ?3) GROUP BY currency ORDER BY currency`,
    )
    .bind(query.from, query.to, query.currency)
    .all<SalesTotalsRow>();
  return results;
}

/** Over all time, for the audit. */
export async function readAllSalesTotals(db: D1Database): Promise<readonly SalesTotal[]> {
  const rows = await readSalesTotals(db, { from: "0000-00-00", to: "9999-99-99", currency: null });
  return rows.map(({ currency, orders, units, grossMinor, refundsMinor }) => ({
    currency,
    orders,
    units,
    grossMinor,
    refundsMinor,
  }));
}

export interface StockLevelRow {
  readonly sku: string;
  readonly location: string;
  readonly sequence: number;
  readonly onHand: number;
  readonly held: number;
}

/** `limit` SKUs with all their locations; `sequence` is the newest movement of the SKU that is counted in. */
export async function readStockLevels(db: D1Database, afterSku: string, limit: number): Promise<readonly StockLevelRow[]> {
  const { results } = await db
    .prepare(
      `SELECT level.sku, level.location, sku.sequence, level.on_hand AS onHand, level.held
       FROM (SELECT sku, sequence FROM stock_skus WHERE sku > ?1 ORDER BY sku LIMIT ?2) AS sku
       JOIN stock_levels AS level ON level.sku = sku.sku ORDER BY level.sku, level.location`,
    )
    .bind(afterSku, limit)
    .all<StockLevelRow>();
  return results;
}

export interface StockReportRow {
  readonly sku: string;
  readonly available: number;
  readonly backordered: number;
  readonly lowSince: string | null;
  readonly movedAt: string;
  /** JSON: `[{ location, on_hand, held }]` */
  readonly locations: string;
}

export async function readStockReport(
  db: D1Database,
  query: { readonly lowOnly: boolean; readonly afterSku: string; readonly limit: number },
): Promise<readonly StockReportRow[]> {
  const { results } = await db
    .prepare(
      `SELECT sku, available, backordered, low_since AS lowSince, moved_at AS movedAt,
         (SELECT json_group_array(json_object('location', location, 'on_hand', on_hand, 'held', held) ORDER BY location)
          FROM stock_levels AS level WHERE level.sku = stock_skus.sku) AS locations
       FROM stock_skus WHERE sku > ?1 ${query.lowOnly ? "AND low_since IS NOT NULL" : ""} ORDER BY sku LIMIT ?2`,
    )
    .bind(query.afterSku, query.limit)
    .all<StockReportRow>();
  return results;
}

export interface MovementRow {
  readonly day: string;
  readonly sku: string;
  readonly kind: string;
  readonly movements: number;
  readonly quantity: number;
}

export interface MovementQuery {
  readonly from: string;
  readonly to: string;
  readonly sku: string | null;
  readonly kind: string | null;
  /** The last row of the page before: day, SKU, kind. */
  readonly after: readonly [string, string, string];
  readonly limit: number;
}

export async function readMovements(db: D1Database, query: MovementQuery): Promise<readonly MovementRow[]> {
  const { results } = await db
    .prepare(
      `SELECT day, sku, kind, movements, quantity FROM stock_movements
       WHERE day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR sku = ?3) AND (?4 IS NULL OR kind = ?4) AND (day, sku, kind) > (?5, ?6, ?7)
       ORDER BY day, sku, kind LIMIT ?8`,
    )
    .bind(query.from, query.to, query.sku, query.kind, ...query.after, query.limit)
    .all<MovementRow>();
  return results;
}

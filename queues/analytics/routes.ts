/** The operators' reports: sales, stock, stock movements. */
import { createRoute, z } from "@hono/zod-openapi";
import { systemClock } from "../../workers/shared/clock.ts";
import { decodeCursor, encodeCursor } from "../../workers/shared/cursor.ts";
import { createServiceApp, describeService, jsonContent, problemResponses } from "../../workers/shared/http.ts";
import { moneyJson } from "../../workers/shared/money.ts";
import { requireOperator } from "../../workers/shared/principal.ts";
import { type Problem, ProblemError } from "../../workers/shared/problem.ts";
import { MovementKind } from "../contracts/stock-events.ts";
import type { SalesFigures } from "./contract.ts";
import type { Env } from "./env.ts";
import { type Grouping, readMovements, readSales, readSalesTotals, readStockReport, type SalesRow } from "./read-reports.ts";
import { RANGE_DAYS_MAX, type RangeRefusal, type ReportRange, reportRange } from "./report-range.ts";
import {
  MovementsQueryParameters,
  MovementsReportJson,
  SalesQueryParameters,
  SalesReportJson,
  StockLocationsJson,
  StockQueryParameters,
  StockReportJson,
} from "./report-schemas.ts";
import { salesCsv } from "./sales-csv.ts";

export interface ReportDependencies {
  readonly lowStockThreshold: number;
}

const tags = ["Reports"];
const security = [{ bearer: [] }];

const salesRoute = createRoute({
  method: "get",
  path: "/v1/admin/reports/sales",
  operationId: "readSalesReport",
  summary: "Sales by day, month, product or country",
  tags,
  security,
  request: { query: SalesQueryParameters },
  responses: {
    200: {
      description: "The report",
      content: { "application/json": { schema: SalesReportJson }, "text/csv": { schema: z.string() } },
    },
    ...problemResponses(400, 401, 403),
  },
});

const stockRoute = createRoute({
  method: "get",
  path: "/v1/admin/reports/stock",
  operationId: "readStockReport",
  summary: "Stock of every SKU that ever moved, or of those that run low",
  tags,
  security,
  request: { query: StockQueryParameters },
  responses: { 200: jsonContent(StockReportJson, "By SKU"), ...problemResponses(400, 401, 403) },
});

const movementsRoute = createRoute({
  method: "get",
  path: "/v1/admin/reports/stock-movements",
  operationId: "readStockMovementsReport",
  summary: "Stock movements, summed by day, SKU and kind",
  tags,
  security,
  request: { query: MovementsQueryParameters },
  responses: { 200: jsonContent(MovementsReportJson, "Oldest first"), ...problemResponses(400, 401, 403) },
});

function rangeProblem(error: RangeRefusal): Problem {
  const refusal = (path: string, message: string): Problem => ({
    status: 400,
    code: "invalid_request",
    detail: `The range of the report is wrong: ${path} ${message}.`,
    errors: [{ path, message }],
  });
  switch (error.code) {
    case "range_reversed":
      return refusal("from", "must not be later than to");
    case "range_too_long":
      return refusal("to", `makes ${error.days} days; at most ${RANGE_DAYS_MAX} fit in one report`);
  }
}

function rangeOf(query: { from?: string | undefined; to?: string | undefined }): ReportRange {
  const range = reportRange({ from: query.from, to: query.to }, systemClock.now());
  if (!range.ok) throw new ProblemError(rangeProblem(range.error));
  return range.value;
}

function netMinor(row: Readonly<SalesFigures>): number {
  return row.grossMinor - row.discountsMinor - row.refundsMinor;
}

function figuresJson(row: Readonly<SalesFigures> & { readonly currency: string }) {
  const money = (amountMinor: number) => moneyJson(amountMinor, row.currency);
  return {
    orders: row.orders,
    units: row.units,
    gross: money(row.grossMinor),
    discounts: money(row.discountsMinor),
    refunds: money(row.refundsMinor),
    net: money(netMinor(row)),
    shipping: money(row.shippingMinor),
    tax: money(row.taxMinor),
    total: money(row.totalMinor),
  };
}

function periodOf(row: SalesRow, groupBy: Grouping, range: ReportRange): string {
  return groupBy === "day" || groupBy === "month" ? row.key : `${range.from}/${range.to}`;
}

function salesItem(row: SalesRow, groupBy: Grouping, range: ReportRange) {
  return {
    period: periodOf(row, groupBy, range),
    ...(groupBy === "product" ? { product_id: row.key, title: row.title } : {}),
    ...(groupBy === "country" ? { country: row.key } : {}),
    ...figuresJson(row),
  };
}

function csvResponse(rows: readonly SalesRow[], groupBy: Grouping, range: ReportRange): Response {
  const csv = salesCsv(
    rows.map((row) => ({
      period: periodOf(row, groupBy, range),
      productId: groupBy === "product" ? row.key : null,
      country: groupBy === "country" ? row.key : null,
      netMinor: netMinor(row),
      row,
    })),
  );
  return new Response(csv, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="sales-${range.from}-${range.to}.csv"`,
      "cache-control": "no-store",
    },
  });
}

const OffsetCursor = z.strictObject({ offset: z.int().min(0).max(10_000_000) });
const SkuCursor = z.strictObject({ sku: z.string().max(64) });
const MovementCursor = z.tuple([z.iso.date(), z.string().max(64), MovementKind]);

export function reportRoutes({ lowStockThreshold }: ReportDependencies) {
  const app = createServiceApp<Env>("analytics");
  describeService(app, "analytics", { database: (env) => env.DATABASE.prepare("SELECT 1").first() });

  app.openapi(salesRoute, async (c) => {
    requireOperator(c.var.principal, "reports:read");
    const { group_by: groupBy, currency = null, format, cursor, limit, ...days } = c.req.valid("query");
    const range = rangeOf(days);
    const offset = cursor === undefined ? 0 : decodeCursor(OffsetCursor, cursor).offset;
    const [rows, totals] = await Promise.all([
      readSales(c.env.DATABASE, { ...range, groupBy, currency, limit: limit + 1, offset }),
      readSalesTotals(c.env.DATABASE, { ...range, currency }),
    ]);
    const page = rows.slice(0, limit);
    if (format === "csv") return csvResponse(page, groupBy, range);
    return c.json(
      {
        ...range,
        group_by: groupBy,
        items: page.map((row) => salesItem(row, groupBy, range)),
        totals: totals.map((row) => ({ currency: row.currency, ...figuresJson(row) })),
        next_cursor: rows.length > limit ? encodeCursor({ offset: offset + limit }) : null,
      },
      200,
    );
  });

  app.openapi(stockRoute, async (c) => {
    requireOperator(c.var.principal, "reports:read");
    const { low, cursor, limit } = c.req.valid("query");
    const afterSku = cursor === undefined ? "" : decodeCursor(SkuCursor, cursor).sku;
    const rows = await readStockReport(c.env.DATABASE, { lowOnly: low === "true", afterSku, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const items = page.map((row) => ({
      sku: row.sku,
      available: row.available,
      backordered: row.backordered,
      low: row.lowSince !== null,
      low_since: row.lowSince,
      moved_at: row.movedAt,
      locations: StockLocationsJson.parse(JSON.parse(row.locations)),
    }));
    const nextCursor = rows.length > limit && last !== undefined ? encodeCursor({ sku: last.sku }) : null;
    return c.json({ low_stock_threshold: lowStockThreshold, items, next_cursor: nextCursor }, 200);
  });

  app.openapi(movementsRoute, async (c) => {
    requireOperator(c.var.principal, "reports:read");
    const { sku = null, kind = null, cursor, limit, ...days } = c.req.valid("query");
    const range = rangeOf(days);
    const after = cursor === undefined ? (["", "", ""] as const) : decodeCursor(MovementCursor, cursor);
    const rows = await readMovements(c.env.DATABASE, { ...range, sku, kind, after, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const items = page.map((row) => ({ ...row, kind: MovementKind.parse(row.kind) }));
    const nextCursor = rows.length > limit && last !== undefined ? encodeCursor([last.day, last.sku, last.kind]) : null;
    return c.json({ ...range, items, next_cursor: nextCursor }, 200);
  });

  return app;
}

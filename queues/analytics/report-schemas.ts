/** Queries and answers of the reports, as they stand in the OpenAPI document. */
import { z } from "@hono/zod-openapi";
import { CurrencyCode, MoneyJson } from "../../workers/shared/money.ts";
import { MovementKind } from "../contracts/stock-events.ts";
import { GROUPINGS } from "./read-reports.ts";

/** A year by day and currency is one page. */
const SALES_LIMIT_DEFAULT = 1_000;
const SALES_LIMIT_MAX = 5_000;
const ROWS_LIMIT_DEFAULT = 100;
const ROWS_LIMIT_MAX = 1_000;

const Cursor = z.string().max(400).optional();
const limit = (initial: number, max: number) => z.coerce.number().int().min(1).max(max).default(initial);

/** `2026-11-21`, or a time, which stands for its UTC day. */
const ReportDay = z.union([z.iso.date(), z.iso.datetime({ offset: true })], { error: "must be an ISO date such as 2026-11-21" });
const range = {
  from: ReportDay.optional().openapi({
    type: "string",
    description: "First UTC day, inclusive. Thirty days before `to` unless given.",
  }),
  to: ReportDay.optional().openapi({ type: "string", description: "Last UTC day, inclusive. Today unless given." }),
};

export const SalesQueryParameters = z.strictObject({
  ...range,
  group_by: z.enum(GROUPINGS).default("day"),
  currency: CurrencyCode.optional(),
  format: z.enum(["json", "csv"]).default("json"),
  cursor: Cursor,
  limit: limit(SALES_LIMIT_DEFAULT, SALES_LIMIT_MAX),
});

const figures = {
  orders: z.int().openapi({ description: "Orders placed; by product, those that contain it." }),
  units: z.int(),
  gross: MoneyJson.describe("Lines at their listed prices."),
  discounts: MoneyJson,
  refunds: MoneyJson.describe("What went back, on the day it did."),
  net: MoneyJson.describe("gross − discounts − refunds"),
  shipping: MoneyJson,
  tax: MoneyJson,
  total: MoneyJson.describe("What shoppers paid: lines − discounts + shipping, and tax where prices exclude it."),
};

export const SalesItemJson = z
  .strictObject({
    period: z.string().openapi({ description: "A day, a month, or for other groupings the whole range as `from/to`." }),
    product_id: z.string().optional(),
    title: z.string().nullable().optional(),
    country: z.string().optional(),
    ...figures,
  })
  .openapi("SalesReportItem");

export const SalesReportJson = z
  .strictObject({
    from: z.iso.date(),
    to: z.iso.date(),
    group_by: z.enum(GROUPINGS),
    items: z.array(SalesItemJson),
    totals: z
      .array(z.strictObject({ currency: CurrencyCode, ...figures }).openapi("SalesReportTotal"))
      .openapi({ description: "The whole range, one entry per currency." }),
    next_cursor: z.string().nullable(),
  })
  .openapi("SalesReport");

export const StockQueryParameters = z.strictObject({
  low: z.enum(["true", "false"]).default("false"),
  cursor: Cursor,
  limit: limit(ROWS_LIMIT_DEFAULT, ROWS_LIMIT_MAX),
});

export const StockLocationsJson = z.array(z.strictObject({ location: z.string(), on_hand: z.int(), held: z.int() }));

export const StockReportJson = z
  .strictObject({
    low_stock_threshold: z.int(),
    items: z.array(
      z
        .strictObject({
          sku: z.string(),
          available: z.int(),
          backordered: z.int(),
          low: z.boolean(),
          low_since: z.iso.datetime().nullable(),
          moved_at: z.iso.datetime(),
          locations: StockLocationsJson,
        })
        .openapi("StockReportItem"),
    ),
    next_cursor: z.string().nullable(),
  })
  .openapi("StockReport");

export const MovementsQueryParameters = z.strictObject({
  ...range,
  sku: z.string().min(1).max(64).optional(),
  kind: MovementKind.optional(),
  cursor: Cursor,
  limit: limit(ROWS_LIMIT_DEFAULT, ROWS_LIMIT_MAX),
});

export const MovementsReportJson = z
  .strictObject({
    from: z.iso.date(),
    to: z.iso.date(),
    items: z.array(
      z
        .strictObject({
          day: z.iso.date(),
          sku: z.string(),
          kind: MovementKind,
          movements: z.int().openapi({ description: "How many movements the day had of this kind." }),
          quantity: z.int().openapi({ description: "Units moved in all; negative for adjustments downwards." }),
        })
        .openapi("StockMovementsItem"),
    ),
    next_cursor: z.string().nullable(),
  })
  .openapi("StockMovementsReport");

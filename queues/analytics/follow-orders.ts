/** Follows the order log into the sales tables: cursor, facts and sums in one transaction. */
import { type OrdersApi, SOURCES_READ_MAX } from "../../workers/orders/contract.ts";
import { applyWithCursors, cursorMoves, readCursor, readCursors } from "../../workers/shared/d1-follower.ts";
import type { ManyFollower, Run } from "../../workers/shared/follow-log.ts";
import { type Generation, inGeneration } from "../../workers/shared/projection-generation.ts";
import { pullEvents, pullEventsOf } from "../../workers/shared/pull-events.ts";
import { OrderEvent, partitionOfSource } from "../contracts/order-events.ts";
import { type FactLine, factsNeeded, type OrderFact, projectSales, type SalesChanges } from "./project-sales.ts";

export interface OrderFollowDependencies {
  readonly database: D1Database;
  readonly orders: Pick<OrdersApi, "readEvents" | "readEventsOf">;
}

export function orderFollower(
  { database, orders }: OrderFollowDependencies,
  generation: Generation = "live",
): ManyFollower<OrderEvent> {
  async function applyRuns(runs: readonly Run<OrderEvent>[]): Promise<void> {
    const events = runs.flatMap((run) => run.events);
    // Only this order's own source changes its facts, so the cursor's guard covers what is read here.
    const known = await readFacts(database, factsNeeded(events), generation);
    const statements = salesStatements(database, projectSales(events, known), generation);
    await applyWithCursors(database, cursorMoves(runs), statements, generation);
  }
  return {
    readCursor: (source) => readCursor(database, source, generation),
    readCursors: (sources) => readCursors(database, sources, generation),
    async pull(source, afterSequence, limit) {
      // A source that is none must not count against the owner's circuit breaker.
      partitionOfSource(source);
      return await pullEvents("orders", OrderEvent, () => orders.readEvents(source, afterSequence, limit));
    },
    pullMany: (cursors, limit) =>
      pullEventsOf("orders", OrderEvent, () => orders.readEventsOf(cursors.slice(0, SOURCES_READ_MAX), limit)),
    apply: (source, expectedSequence, events) => applyRuns([{ source, expectedSequence, events }]),
    applyRuns,
  };
}

type FactRow = Omit<OrderFact, "lines"> & { readonly lines: string };

const SELECT_FACTS = `
  SELECT order_id AS orderId, day, country, currency, total_minor AS totalMinor, lines
  FROM {order_facts} WHERE order_id IN (SELECT value FROM json_each(?))`;

async function readFacts(
  db: D1Database,
  orderIds: readonly string[],
  generation: Generation,
): Promise<ReadonlyMap<string, OrderFact>> {
  if (orderIds.length === 0) return new Map();
  const { results } = await db.prepare(inGeneration(SELECT_FACTS, generation)).bind(JSON.stringify(orderIds)).all<FactRow>();
  return new Map(results.map((row) => [row.orderId, { ...row, lines: JSON.parse(row.lines) as FactLine[] }]));
}

function salesStatements(db: D1Database, changes: SalesChanges, generation: Generation): D1PreparedStatement[] {
  /** One statement for any number of rows: they travel as one JSON parameter. */
  const bulk = (sql: string, rows: readonly object[]): D1PreparedStatement[] =>
    rows.length === 0 ? [] : [db.prepare(inGeneration(sql, generation)).bind(JSON.stringify(rows))];
  return [
    ...bulk(INSERT_FACTS, changes.facts),
    ...bulk(ADD_REFUNDS, changes.refunds),
    ...bulk(upsertFigures("country_sales", "country"), changes.countries),
    ...bulk(upsertFigures("product_sales", "product_id"), changes.products),
    ...bulk(RENAME_PRODUCTS, changes.titles),
  ];
}

const INSERT_FACTS = `
  INSERT INTO {order_facts} (order_id, day, country, currency, total_minor, lines)
  SELECT row.value ->> 'orderId', row.value ->> 'day', row.value ->> 'country', row.value ->> 'currency',
         row.value ->> 'totalMinor', row.value -> 'lines'
  FROM json_each(?) AS row WHERE TRUE`;

const ADD_REFUNDS = `
  UPDATE {order_facts} AS known SET refunded_minor = refunded_minor + (row.value ->> 'amountMinor')
  FROM json_each(?) AS row WHERE known.order_id = row.value ->> 'orderId'`;

const RENAME_PRODUCTS = `
  INSERT INTO {product_titles} AS known (product_id, title, placed_at)
  SELECT row.value ->> 'productId', row.value ->> 'title', row.value ->> 'placedAt' FROM json_each(?) AS row WHERE TRUE
  ON CONFLICT (product_id) DO UPDATE SET title = excluded.title, placed_at = excluded.placed_at
  WHERE (excluded.placed_at, excluded.title) > (known.placed_at, known.title)`;

const FIGURES = [
  ["orders", "orders"],
  ["units", "units"],
  ["gross_minor", "grossMinor"],
  ["discounts_minor", "discountsMinor"],
  ["shipping_minor", "shippingMinor"],
  ["tax_minor", "taxMinor"],
  ["total_minor", "totalMinor"],
  ["refunds_minor", "refundsMinor"],
] as const;

function upsertFigures(table: "country_sales" | "product_sales", column: "country" | "product_id"): string {
  const member = column === "country" ? "country" : "productId";
  return `
    INSERT INTO {${table}} AS known (day, ${column}, currency, ${FIGURES.map(([name]) => name).join(", ")})
    SELECT row.value ->> 'day', row.value ->> '${member}', row.value ->> 'currency',
           ${FIGURES.map(([, key]) => `row.value ->> '${key}'`).join(", ")}
    FROM json_each(?) AS row WHERE TRUE
    ON CONFLICT (day, ${column}, currency) DO UPDATE SET
      ${FIGURES.map(([name]) => `${name} = known.${name} + excluded.${name}`).join(", ")}`;
}

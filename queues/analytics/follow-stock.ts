/**
 * Follows the stock logs into the stock tables. Every sold line makes two events in a log of its own, so the runs of many
 * SKUs share one transaction, each with its own guard.
 */
import * as z from "zod";
import { type InventoryApi, SKUS_READ_MAX } from "../../workers/inventory/contract.ts";
import { guarded, release } from "../../workers/shared/call-peer.ts";
import { applyWithCursors, cursorMoves, readCursor, readCursors } from "../../workers/shared/d1-follower.ts";
import type { ManyFollower, Run, SourceCursor } from "../../workers/shared/follow-log.ts";
import { type Generation, inGeneration } from "../../workers/shared/projection-generation.ts";
import { pullEvents } from "../../workers/shared/pull-events.ts";
import { StockEvent, skuOfSource, stockEventSource } from "../contracts/stock-events.ts";
import { projectStock } from "./project-stock.ts";

export interface StockFollowDependencies {
  readonly database: D1Database;
  readonly inventory: Pick<InventoryApi, "readEvents" | "readEventsOf">;
  readonly lowStockThreshold: number;
}

export function stockFollower(dependencies: StockFollowDependencies, generation: Generation = "live"): ManyFollower<StockEvent> {
  const { database, inventory, lowStockThreshold } = dependencies;
  async function applyRuns(runs: readonly Run<StockEvent>[]): Promise<void> {
    const changes = projectStock(runs, lowStockThreshold);
    const bulk = (sql: string, rows: readonly object[]) =>
      database.prepare(inGeneration(sql, generation)).bind(JSON.stringify(rows));
    const statements = [
      bulk(UPSERT_SKUS, changes.skus),
      bulk(UPSERT_LEVELS, changes.levels),
      bulk(ADD_MOVEMENTS, changes.movements),
    ];
    await applyWithCursors(database, cursorMoves(runs), statements, generation);
  }
  return {
    readCursor: (source) => readCursor(database, source, generation),
    readCursors: (sources) => readCursors(database, sources, generation),
    async pull(source, afterSequence, limit) {
      // A source that is none must not count against the owner's circuit breaker.
      const sku = skuOfSource(source);
      return await pullEvents("inventory", StockEvent, () => inventory.readEvents(sku, afterSequence, limit));
    },
    pullMany: (cursors, limit) => pullMany(inventory, cursors, limit),
    apply: (source, expectedSequence, events) => applyRuns([{ source, expectedSequence, events }]),
    applyRuns,
  };
}

/** Cold objects open at a few hundred a second. */
const PULL_MANY_DEADLINE_MS = 30_000;
const PULL_MANY_RETRIES = 1;
const SkuEvents = z.array(z.strictObject({ sku: z.string(), events: z.array(StockEvent) }));

async function pullMany(
  inventory: Pick<InventoryApi, "readEventsOf">,
  cursors: readonly SourceCursor[],
  limit: number,
): Promise<ReadonlyMap<string, readonly StockEvent[]>> {
  const asked = cursors.slice(0, SKUS_READ_MAX).map(({ source, afterSequence }) => ({ sku: skuOfSource(source), afterSequence }));
  const policy = { service: "inventory", deadlineMs: PULL_MANY_DEADLINE_MS, retries: PULL_MANY_RETRIES };
  const answer = await guarded(policy, async () => release(await inventory.readEventsOf(asked, limit)));
  return new Map(SkuEvents.parse(answer).map(({ sku, events }) => [stockEventSource(sku), events]));
}

const UPSERT_SKUS = `
  INSERT INTO {stock_skus} (sku, sequence, available, backordered, low_since, moved_at)
  SELECT row.value ->> 'sku', row.value ->> 'sequence', row.value ->> 'available', row.value ->> 'backordered',
         CASE WHEN NOT row.value ->> 'isLow' THEN NULL
              WHEN row.value ->> 'wasLowThroughout' THEN COALESCE(known.low_since, row.value ->> 'lowSince')
              ELSE row.value ->> 'lowSince' END,
         row.value ->> 'movedAt'
  FROM json_each(?) AS row LEFT JOIN {stock_skus} AS known ON known.sku = row.value ->> 'sku' WHERE TRUE
  ON CONFLICT (sku) DO UPDATE SET sequence = excluded.sequence, available = excluded.available,
    backordered = excluded.backordered, low_since = excluded.low_since, moved_at = excluded.moved_at`;

const UPSERT_LEVELS = `
  INSERT INTO {stock_levels} (sku, location, sequence, on_hand, held)
  SELECT row.value ->> 'sku', row.value ->> 'location', row.value ->> 'sequence', row.value ->> 'onHand', row.value ->> 'held'
  FROM json_each(?) AS row WHERE TRUE
  ON CONFLICT (sku, location) DO UPDATE SET sequence = excluded.sequence, on_hand = excluded.on_hand, held = excluded.held`;

const ADD_MOVEMENTS = `
  INSERT INTO {stock_movements} AS known (day, sku, kind, movements, quantity)
  SELECT row.value ->> 'day', row.value ->> 'sku', row.value ->> 'kind', row.value ->> 'movements', row.value ->> 'quantity'
  FROM json_each(?) AS row WHERE TRUE
  ON CONFLICT (day, sku, kind) DO UPDATE SET
    movements = known.movements + excluded.movements, quantity = known.quantity + excluded.quantity`;

/** What stock events change in the stock tables: levels as the newest event says, movements summed. Pure. */
import type { Run } from "../../workers/shared/follow-log.ts";
import type { MovementKind, StockEvent } from "../contracts/stock-events.ts";
import { utcDayOf } from "./project-sales.ts";

export interface SkuChange {
  readonly sku: string;
  readonly sequence: number;
  readonly available: number;
  readonly backordered: number;
  readonly movedAt: string;
  readonly isLow: boolean;
  /** When the low stretch that the run ends in began; null when it ends with enough. */
  readonly lowSince: string | null;
  /** The whole run was low: a stretch that began earlier goes on. */
  readonly wasLowThroughout: boolean;
}

export interface LevelChange {
  readonly sku: string;
  readonly location: string;
  readonly sequence: number;
  readonly onHand: number;
  readonly held: number;
}

export interface MovementDelta {
  readonly day: string;
  readonly sku: string;
  readonly kind: MovementKind;
  readonly movements: number;
  readonly quantity: number;
}

export interface StockChanges {
  readonly skus: readonly SkuChange[];
  readonly levels: readonly LevelChange[];
  readonly movements: readonly MovementDelta[];
}

/** @param lowStockThreshold available units at or below which a SKU is low */
export function projectStock(runs: readonly Run<StockEvent>[], lowStockThreshold: number): StockChanges {
  const levels = new Map<string, LevelChange>();
  const movements = new Map<string, MovementDelta>();
  for (const { data, sequence, time } of runs.flatMap((run) => run.events)) {
    const { sku, location, kind } = data;
    levels.set(JSON.stringify([sku, location]), { sku, location, sequence, onHand: data.onHandAfter, held: data.heldAfter });
    const day = utcDayOf(time);
    const key = JSON.stringify([day, sku, kind]);
    const sum = movements.get(key) ?? { day, sku, kind, movements: 0, quantity: 0 };
    movements.set(key, { ...sum, movements: sum.movements + 1, quantity: sum.quantity + data.quantity });
  }
  return {
    skus: runs.flatMap((run) => skuChange(run.events, lowStockThreshold) ?? []),
    levels: [...levels.values()],
    movements: [...movements.values()],
  };
}

function skuChange(events: readonly StockEvent[], lowStockThreshold: number): SkuChange | null {
  const newest = events.at(-1);
  if (newest === undefined) return null;
  const isLow = (event: StockEvent) => event.data.availableAfter <= lowStockThreshold;
  const lastWithEnough = events.findLastIndex((event) => !isLow(event));
  return {
    sku: newest.data.sku,
    sequence: newest.sequence,
    available: newest.data.availableAfter,
    backordered: newest.data.backorderedAfter,
    movedAt: newest.time,
    isLow: isLow(newest),
    lowSince: events[lastWithEnough + 1]?.time ?? null,
    wasLowThroughout: lastWithEnough === -1,
  };
}

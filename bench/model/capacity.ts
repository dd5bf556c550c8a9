/** How many orders a second a shop can take on Cloudflare, and what stops it first. Pure. */
import type { CountedWork, PlatformLimits } from "./costs.ts";
import type { ObjectCosts } from "./simulate-hot-sku.ts";

export interface ShopShape {
  readonly regions: number;
  readonly partitionsPerRegion: number;
  /** Of all lines: what the SKU has that most want. */
  readonly hottestShare: number;
  readonly linesPerOrder: number;
  /** Events of this many orders reach a follower together. */
  readonly ordersPerFollowerBatch: number;
}

export interface Ceiling {
  readonly of: "partitions" | "hottest SKU" | "busiest database" | "queue";
  readonly ordersPerSecond: number;
}

/** How a crowd's calls reach a SKU's object. */
export interface Sharing {
  /** Holds of one call; 1: nobody shares. */
  readonly holdsPerCall: number;
}

/** A hold without its call: what a batch adds for each member, rounded up from the measurement. */
const HOLD_MS = 0.1;
/** Each of them gets every order event. */
const ORDER_QUEUES = 4;

/** An object that takes so many writing requests a second, of one hold each. */
export function documentedObject(writesPerSecond: number): ObjectCosts {
  return { callMs: 1_000 / writesPerSecond - HOLD_MS, holdMs: HOLD_MS };
}

/** Orders a second that one SKU can be in: a hold, shared or not, and a commit of its own. */
export function skuCeiling({ callMs, holdMs }: ObjectCosts, { holdsPerCall }: Sharing): number {
  const hold = callMs / holdsPerCall + holdMs;
  const commit = callMs + holdMs;
  return 1_000 / (hold + commit);
}

/** Shoppers a second who can be told yes or no: when nearly all are told that it is sold out, there is nothing to commit. */
export function answersCeiling({ callMs, holdMs }: ObjectCosts, { holdsPerCall }: Sharing): number {
  return 1_000 / (callMs / holdsPerCall + holdMs);
}

/** Lowest first. @param writesPerSecond of one object, from the documented range */
export function ceilings(shape: ShopShape, counted: CountedWork, limits: PlatformLimits, writesPerSecond: number): Ceiling[] {
  const partitions = shape.regions * shape.partitionsPerRegion;
  const object = documentedObject(writesPerSecond);
  const messages = counted.queueMessages.order / ORDER_QUEUES;
  return [
    { of: "partitions" as const, ordersPerSecond: (partitions * writesPerSecond) / counted.partitionTurns },
    {
      of: "hottest SKU" as const,
      ordersPerSecond: skuCeiling(object, { holdsPerCall: 1 }) / Math.min(1, shape.hottestShare * shape.linesPerOrder),
    },
    {
      of: "busiest database" as const,
      ordersPerSecond: (limits.databaseQueriesPerSecond * shape.ordersPerFollowerBatch) / counted.busiestDatabaseCalls,
    },
    { of: "queue" as const, ordersPerSecond: limits.queueMessagesPerSecond / messages },
  ].sort((left, right) => left.ordersPerSecond - right.ordersPerSecond);
}

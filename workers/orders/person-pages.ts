/**
 * The way through all partitions for one person, a few a call: first the carts of each, then the orders that were named. The
 * cursor says where to go on.
 */
import * as z from "zod";
import { partitionOfSource } from "../../queues/contracts/order-events.ts";
import { decodeCursor, encodeCursor } from "../shared/cursor.ts";
import { partitionName } from "../shared/identifiers.ts";
import type { Person } from "../shared/privacy.ts";
import { partitionOfId } from "./call-partition.ts";
import { listPartitionSources } from "./partition-registry.ts";

/** Calls to objects in one invocation: a run asks several services in a row, and all of them count. */
export const PARTITIONS_PER_CALL = 6;

/** What is to be done in one partition. */
export type Visit =
  | { readonly kind: "carts"; readonly partition: string }
  | { readonly kind: "orders"; readonly partition: string; readonly orderIds: readonly string[] };

/** `after` is the visit's own: a cart's id, or a place in the log. */
const Position = z.tuple([z.int().min(0), z.string().max(64)]);

export interface PersonPosition {
  readonly visit: number;
  readonly after: string;
}

export function readPosition(cursor: string | null): PersonPosition {
  const [visit, after] = cursor === null ? ([0, ""] as const) : decodeCursor(Position, cursor);
  return { visit, after };
}

export function writePosition({ visit, after }: PersonPosition): string {
  return encodeCursor([visit, after]);
}

/** In an order that stays the same while partitions are only added. */
export async function visitsFor(database: D1Database, person: Person): Promise<readonly Visit[]> {
  const owns = person.customerId !== null || person.emails.length > 0;
  const byPartition = Map.groupBy(person.orderIds, (orderId) => partitionName(partitionOfId(orderId)));
  const orders = [...byPartition].map(([partition, orderIds]): Visit => ({ kind: "orders", partition, orderIds }));
  if (!owns) return orders;
  const sources = await listPartitionSources(database);
  return [...orders, ...sources.map((source): Visit => ({ kind: "carts", partition: partitionOfSource(source) }))];
}

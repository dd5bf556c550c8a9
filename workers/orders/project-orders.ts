/**
 * The follower that keeps the `orders` table equal to the partitions' logs. Rows and cursor move in one D1 batch. The
 * e-mail is asked from the partition, because events carry no personal data.
 */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import { partitionOfSource } from "../../queues/contracts/order-events.ts";
import { applyWithCursor, readCursor } from "../shared/d1-follower.ts";
import { catchUp, type Follower } from "../shared/follow-log.ts";
import { parsePartitionName } from "../shared/identifiers.ts";
import { mapBounded } from "../shared/map-bounded.ts";
import { callPartition, partitionOfId, readPartition } from "./call-partition.ts";
import type { Env } from "./env.ts";
import { foldOrderEvents, type OrderRowChange } from "./fold-order-events.ts";
import { listPartitionSources } from "./partition-registry.ts";

const EMAIL_READS_AT_ONCE = 6;
const SOURCES_AT_ONCE = 4;

type ProjectionEnv = Pick<Env, "DATABASE" | "CHECKOUT_PARTITION">;

export function createProjection(env: ProjectionEnv): Follower<OrderEvent> {
  return {
    readCursor: (source) => readCursor(env.DATABASE, source),
    pull: (source, afterSequence, limit) => pullEvents(env, source, afterSequence, limit),
    apply: (source, expectedSequence, events) => applyEvents(env, source, expectedSequence, events),
  };
}

export async function pullEvents(
  env: Pick<Env, "CHECKOUT_PARTITION">,
  source: string,
  afterSequence: number,
  limit: number,
): Promise<readonly OrderEvent[]> {
  const partition = parsePartitionName(partitionOfSource(source));
  return await readPartition(env, partition, (stub) => stub.readEvents(afterSequence, limit));
}

/** Follows every partition's log up to its end. @returns events applied. */
export async function catchUpProjection(env: ProjectionEnv): Promise<number> {
  const follower = createProjection(env);
  const sources = await listPartitionSources(env.DATABASE);
  const applied = await mapBounded(sources, SOURCES_AT_ONCE, (source) => catchUp(follower, source));
  return applied.reduce((sum, count) => sum + count, 0);
}

async function applyEvents(
  env: ProjectionEnv,
  source: string,
  expectedSequence: number,
  events: readonly OrderEvent[],
): Promise<void> {
  const changes = foldOrderEvents(events);
  const submitted = changes.filter((change) => change.submitted !== null);
  const emails = await mapBounded(submitted, EMAIL_READS_AT_ONCE, (change) => readEmail(env, change.orderId));
  const rows = submitted.map((change, index) => newRow(change, emails[index] ?? null));
  await applyWithCursor(env.DATABASE, source, expectedSequence, expectedSequence + events.length, [
    env.DATABASE.prepare(INSERT_ROWS).bind(JSON.stringify(rows)),
    env.DATABASE.prepare(UPDATE_ROWS).bind(JSON.stringify(changes)),
  ]);
}

/** Null when the order is gone. @throws when the partition does not answer: the run is tried again later. */
async function readEmail(env: ProjectionEnv, orderId: string): Promise<string | null> {
  const order = await callPartition(env, partitionOfId(orderId), "read", (stub) => stub.readOrder(orderId));
  if (order.ok) return order.value.email;
  if (order.error.code === "order_unknown") return null;
  throw new Error(`the e-mail of ${orderId} could not be read: ${order.error.message}`);
}

function newRow(change: OrderRowChange, email: string | null) {
  const snapshot = change.submitted?.snapshot;
  return {
    orderId: change.orderId,
    customerId: snapshot?.customerId ?? null,
    email,
    country: snapshot?.country,
    currency: snapshot?.currency,
    units: snapshot?.lines.reduce((sum, line) => sum + line.quantity, 0),
    totalMinor: snapshot?.totals.totalMinor,
    createdAtMs: change.submitted?.atMs,
  };
}

const INSERT_ROWS = `
  INSERT INTO orders (order_id, status, customer_id, email, country, currency, units, total_minor, created_at_ms, updated_at_ms)
  SELECT value ->> 'orderId', 'submitted', value ->> 'customerId', value ->> 'email', value ->> 'country', value ->> 'currency',
         value ->> 'units', value ->> 'totalMinor', value ->> 'createdAtMs', value ->> 'createdAtMs'
  FROM json_each(?)`;

const UPDATE_ROWS = `
  UPDATE orders SET
    status = COALESCE(change.value ->> 'status', orders.status),
    number = COALESCE(change.value ->> 'number', orders.number),
    refunded_minor = orders.refunded_minor + (change.value ->> 'refundedMinor'),
    placed_at_ms = COALESCE(change.value ->> 'placedAtMs', orders.placed_at_ms),
    updated_at_ms = change.value ->> 'updatedAtMs'
  FROM json_each(?) AS change
  WHERE orders.order_id = change.value ->> 'orderId'`;

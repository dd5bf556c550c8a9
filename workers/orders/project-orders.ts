/**
 * The follower that keeps the `orders` table equal to the partitions' logs. Rows and cursor move in one D1 batch. The
 * e-mail is asked from the partition, because events carry no personal data.
 */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import { partitionOfSource } from "../../queues/contracts/order-events.ts";
import { applyWithCursors, cursorMoves, readCursor, readCursors } from "../shared/d1-follower.ts";
import { catchUpAll, type ManyFollower, type Run } from "../shared/follow-log.ts";
import { parsePartitionName } from "../shared/identifiers.ts";
import { mapBounded } from "../shared/map-bounded.ts";
import { type Generation, inGeneration } from "../shared/projection-generation.ts";
import { readPartition } from "./call-partition.ts";
import type { Env } from "./env.ts";
import { findSources } from "./find-partitions.ts";
import { foldOrderEvents, type OrderRowChange } from "./fold-order-events.ts";

const EMAIL_READS_AT_ONCE = 6;

export type ProjectionEnv = Pick<Env, "DATABASE" | "CHECKOUT_PARTITION">;

export function createProjection(env: ProjectionEnv, generation: Generation = "live"): ManyFollower<OrderEvent> {
  return {
    readCursor: (source) => readCursor(env.DATABASE, source, generation),
    readCursors: (sources) => readCursors(env.DATABASE, sources, generation),
    pull: (source, afterSequence, limit) => pullEvents(env, source, afterSequence, limit),
    apply: (source, expectedSequence, events) => applyRuns(env, [{ source, expectedSequence, events }], generation),
    applyRuns: (runs) => applyRuns(env, runs, generation),
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

/** Follows every partition's log up to its end; one that fails holds up no other. @returns events applied. */
export async function catchUpProjection(env: ProjectionEnv & Pick<Env, "PAYMENTS">): Promise<number> {
  return await catchUpAll(createProjection(env), await findSources(env));
}

async function applyRuns(env: ProjectionEnv, runs: readonly Run<OrderEvent>[], generation: Generation): Promise<void> {
  const written = await mapBounded(runs, EMAIL_READS_AT_ONCE, async ({ source, events }) => {
    const changes = foldOrderEvents(events);
    const submitted = changes.filter((change) => change.submitted !== null);
    const orderIds = submitted.map((change) => change.orderId);
    const emails = await readEmails(env, source, orderIds);
    return { changes, rows: submitted.map((change) => newRow(change, emails[change.orderId] ?? null)) };
  });
  const rows = written.flatMap((run) => run.rows);
  const changes = written.flatMap((run) => run.changes);
  const statements = [
    env.DATABASE.prepare(inGeneration(INSERT_ROWS, generation)).bind(JSON.stringify(rows)),
    env.DATABASE.prepare(inGeneration(UPDATE_ROWS, generation)).bind(JSON.stringify(changes)),
  ];
  await applyWithCursors(env.DATABASE, cursorMoves(runs), statements, generation);
}

/** By order id; orders that are gone are absent. @throws when the partition does not answer: the run is tried again later. */
export async function readEmails(
  env: ProjectionEnv,
  source: string,
  orderIds: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  if (orderIds.length === 0) return {};
  const partition = parsePartitionName(partitionOfSource(source));
  const orders = await readPartition(env, partition, (stub) => stub.readOrders(orderIds));
  return Object.fromEntries(orders.map((order) => [order.id, order.email]));
}

export function newRow(change: OrderRowChange, email: string | null) {
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
  INSERT INTO {orders} (order_id, status, customer_id, email, country, currency, units, total_minor, created_at_ms, updated_at_ms)
  SELECT value ->> 'orderId', 'submitted', value ->> 'customerId', value ->> 'email', value ->> 'country', value ->> 'currency',
         value ->> 'units', value ->> 'totalMinor', value ->> 'createdAtMs', value ->> 'createdAtMs'
  FROM json_each(?)`;

const UPDATE_ROWS = `
  UPDATE {orders} AS known SET
    status = COALESCE(change.value ->> 'status', known.status),
    number = COALESCE(change.value ->> 'number', known.number),
    refunded_minor = known.refunded_minor + (change.value ->> 'refundedMinor'),
    placed_at_ms = COALESCE(change.value ->> 'placedAtMs', known.placed_at_ms),
    updated_at_ms = change.value ->> 'updatedAtMs'
  FROM json_each(?) AS change
  WHERE known.order_id = change.value ->> 'orderId'`;

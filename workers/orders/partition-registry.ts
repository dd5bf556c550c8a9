/** Which partitions were ever used (D1), remembered by the isolate so that a warm checkout never asks the database. */
import { drizzle } from "drizzle-orm/d1";
import { orderEventSource } from "../../queues/contracts/order-events.ts";
import type { PartitionName } from "../shared/identifiers.ts";
import { inSpan } from "../shared/trace.ts";
import { followerCursors, partitions } from "./schema.ts";

const known = new Set<PartitionName>();

/** Records a partition before its first cart, so that nothing in it can be missed later. Free when already known. */
export async function recordPartition(database: D1Database, name: PartitionName, nowMs: number): Promise<void> {
  if (known.has(name)) return;
  const partition = { name, firstUsedAtMs: nowMs };
  await inSpan(
    "database",
    "partition",
    async () => await drizzle(database).insert(partitions).values(partition).onConflictDoNothing(),
  );
  known.add(name);
}

/** Partitions that others know. */
export async function recordPartitions(database: D1Database, names: readonly PartitionName[], nowMs: number): Promise<void> {
  await database
    .prepare(
      "INSERT INTO partitions (name, first_used_at_ms) SELECT value, ?2 FROM json_each(?1) WHERE TRUE ON CONFLICT (name) DO NOTHING",
    )
    .bind(JSON.stringify(names), nowMs)
    .run();
}

export async function isRecorded(database: D1Database, name: PartitionName): Promise<boolean> {
  if (known.has(name)) return true;
  const row = await database.prepare("SELECT 1 FROM partitions WHERE name = ?").bind(name).first();
  if (row !== null) known.add(name);
  return row !== null;
}

/** Event sources of every partition that ever held a cart, in a stable order. */
export async function listPartitionSources(database: D1Database): Promise<readonly string[]> {
  const db = drizzle(database);
  const [recorded, followed] = await db.batch([
    db.select({ name: partitions.name }).from(partitions),
    db.select({ source: followerCursors.source }).from(followerCursors),
  ]);
  const sources = new Set([...recorded.map((row) => orderEventSource(row.name)), ...followed.map((row) => row.source)]);
  return [...sources].sort();
}

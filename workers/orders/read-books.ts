/** Books of many partitions in one answer, for the audit. It ends early when it has grown large. */
import { partitionOfSource } from "../../queues/contracts/order-events.ts";
import type { CursorRow } from "../shared/d1-follower.ts";
import { parsePartitionName, partitionName } from "../shared/identifiers.ts";
import { mapBounded } from "../shared/map-bounded.ts";
import { partitionExists } from "./access.ts";
import { partitionOfId, readPartition } from "./call-partition.ts";
import { BOOKS_EVENTS, BOOKS_ORDERS, type OrderAccount, type PartitionBooks, type PartitionCursor } from "./contract.ts";
import type { Env } from "./env.ts";

const PARTITIONS_AT_ONCE = 6;
/** Orders and events of one answer: about 2 kB each. */
const ROWS_MAX = 2_000;

type BooksEnv = Pick<Env, "DATABASE" | "CHECKOUT_PARTITION">;

export async function readPartitionBooks(env: BooksEnv, cursors: readonly PartitionCursor[]): Promise<readonly PartitionBooks[]> {
  const answers: PartitionBooks[] = [];
  let rows = 0;
  for (let start = 0; start < cursors.length; start += PARTITIONS_AT_ONCE) {
    const wave = cursors.slice(start, start + PARTITIONS_AT_ONCE);
    const read = await mapBounded(wave, PARTITIONS_AT_ONCE, ({ partition, afterOrderId, afterSequence }) =>
      readPartition(env, parsePartitionName(partition), (stub) =>
        stub.readBooks(afterOrderId, afterSequence, BOOKS_ORDERS, BOOKS_EVENTS),
      ),
    );
    for (const books of read) {
      rows += books.orders.length + books.events.length;
      if (rows > ROWS_MAX && answers.length > 0) return answers;
      answers.push(books);
    }
  }
  return answers;
}

export async function readLogEnds(env: BooksEnv, sources: readonly string[]): Promise<readonly CursorRow[]> {
  return await mapBounded(sources, PARTITIONS_AT_ONCE, async (source) => {
    const partition = parsePartitionName(partitionOfSource(source));
    const { sequence } = await readPartition(env, partition, async (stub) => ({ sequence: await stub.readLogEnd() }));
    return { source, sequence };
  });
}

/** Orders that do not exist are absent. */
export async function readOrderAccounts(env: BooksEnv, orderIds: readonly string[]): Promise<readonly OrderAccount[]> {
  const byPartition = Map.groupBy(orderIds, (orderId) => partitionName(partitionOfId(orderId)));
  const found = await mapBounded([...byPartition.values()], PARTITIONS_AT_ONCE, async (ids) => {
    const partition = partitionOfId(ids[0] ?? "");
    if (!(await partitionExists(env as Env, partition))) return [];
    return await readPartition(env, partition, (stub) => stub.readOrderAccounts(ids));
  });
  return found.flat();
}

/** Orders for messages about them: one call to each partition, whatever the number of orders. */
import { issueCapabilityToken } from "../shared/capability-token.ts";
import { partitionName } from "../shared/identifiers.ts";
import { mapBounded } from "../shared/map-bounded.ts";
import { partitionExists } from "./access.ts";
import { partitionOfId, readPartition } from "./call-partition.ts";
import type { OrderForMessage } from "./contract.ts";
import type { Env } from "./env.ts";

const PARTITIONS_AT_ONCE = 6;

/** Orders that do not exist are absent. @throws when a partition does not answer */
export async function readOrdersForMessages(env: Env, orderIds: readonly string[]): Promise<readonly OrderForMessage[]> {
  const byPartition = Map.groupBy(orderIds, (orderId) => partitionName(partitionOfId(orderId)));
  const found = await mapBounded([...byPartition.values()], PARTITIONS_AT_ONCE, async (ids) => {
    const partition = partitionOfId(ids[0] ?? "");
    if (!(await partitionExists(env, partition))) return [];
    return await readPartition(env, partition, (stub) => stub.readOrders(ids));
  });
  return await Promise.all(
    found.flat().map(async (order) => ({ order, token: await issueCapabilityToken(env.CAPABILITY_SECRET, order.id) })),
  );
}

/**
 * Every partition that anybody knows. This database forgets partitions when it is set back in time; the ledger follows every
 * log and remembers them, and the audit asks all followers. What was forgotten is recorded again.
 */
import { orderEventSource, partitionOfSource } from "../../queues/contracts/order-events.ts";
import { guarded, release } from "../shared/call-peer.ts";
import { systemClock } from "../shared/clock.ts";
import { PartitionName } from "../shared/identifiers.ts";
import { logger } from "../shared/telemetry.ts";
import type { Env } from "./env.ts";
import { listPartitionSources, recordPartitions } from "./partition-registry.ts";

type FindEnv = Pick<Env, "DATABASE" | "PAYMENTS">;

const LEDGER_POLICY = { service: "payments", deadlineMs: 5_000, retries: 1 } as const;

/** Event sources in a stable order. While the ledger does not answer: those that this database knows. */
export async function findSources(env: FindEnv): Promise<readonly string[]> {
  const [known, followed] = await Promise.all([listPartitionSources(env.DATABASE), ledgerSources(env)]);
  const forgotten = followed.filter((source) => !known.includes(source));
  if (forgotten.length === 0) return known;
  await rememberSources(env.DATABASE, forgotten);
  return [...known, ...forgotten].sort();
}

/** Sources that a follower has applied events of. What is no partition's is left out. */
export async function rememberSources(database: D1Database, sources: readonly string[]): Promise<void> {
  const names = sources.map(partitionOfSource).filter((name) => PartitionName.safeParse(name).success);
  await recordPartitions(database, names, systemClock.now());
  for (const name of names) logger("orders").warn("partition_remembered", { source: orderEventSource(name) });
}

async function ledgerSources({ PAYMENTS }: FindEnv): Promise<readonly string[]> {
  try {
    const cursors = await guarded(LEDGER_POLICY, async () => release(await PAYMENTS.listCursors()));
    return cursors.map(({ source }) => source);
  } catch (error) {
    logger("orders").warn("ledger_not_asked", { reason: error instanceof Error ? error.message : String(error) });
    return [];
  }
}

/**
 * Calls the CheckoutPartition that an id names. Every try takes a new stub, because a stub stays broken after an error.
 * Reads and commands that carry their own key are tried again; other commands are not, their outcome is unknown.
 */
import type { CheckoutPartitionApi } from "../../durable-objects/checkout-partition/contract.ts";
import { callPeer, guarded, type PeerPolicy, release, type Unavailable } from "../shared/call-peer.ts";
import { type Partition, type PartitionName, partitionName, partitionOf } from "../shared/identifiers.ts";
import type { Result } from "../shared/result.ts";
import type { Env } from "./env.ts";
import { locationHintOf } from "./partition-placement.ts";

/** A read or a small write of a warm object takes milliseconds; this only bounds a partition that hangs. */
const DEADLINE_MS = 10_000;
/** A saga talks to stock and to the payment provider in between. */
const SAGA_DEADLINE_MS = 30_000;
const RETRIES = 2;

/** `read`: tried again. `command`: once. `keyed`: a saga step with its own idempotency, tried again. */
export type CallKind = "read" | "command" | "keyed";

function policyOf(name: PartitionName, kind: CallKind): PeerPolicy {
  return {
    service: `checkout-partition ${name}`,
    deadlineMs: kind === "keyed" ? SAGA_DEADLINE_MS : DEADLINE_MS,
    retries: kind === "command" ? 0 : RETRIES,
    retryTimeouts: false,
  };
}

export function partitionStub(namespace: DurableObjectNamespace, partition: Partition): CheckoutPartitionApi {
  const locationHint = locationHintOf(partition);
  const stub = namespace.getByName(partitionName(partition), locationHint === undefined ? {} : { locationHint });
  return stub as unknown as CheckoutPartitionApi;
}

/** @throws when the id carries no partition: parse ids before. */
export function partitionOfId(id: string): Partition {
  const partition = partitionOf(id);
  if (partition === undefined) throw new Error(`not an id: ${id}`);
  return partition;
}

export async function callPartition<T, E extends { readonly code: string }>(
  env: Pick<Env, "CHECKOUT_PARTITION">,
  partition: Partition,
  kind: CallKind,
  call: (stub: CheckoutPartitionApi) => Promise<Result<T, E>>,
): Promise<Result<T, E | Unavailable>> {
  return await callPeer(policyOf(partitionName(partition), kind), () => call(partitionStub(env.CHECKOUT_PARTITION, partition)));
}

/** For reads whose answer is no `Result`. @throws when the partition does not answer. */
export async function readPartition<T extends object>(
  env: Pick<Env, "CHECKOUT_PARTITION">,
  partition: Partition,
  call: (stub: CheckoutPartitionApi) => Promise<T>,
): Promise<T> {
  const policy = policyOf(partitionName(partition), "read");
  return await guarded(policy, async () => release(await call(partitionStub(env.CHECKOUT_PARTITION, partition))));
}

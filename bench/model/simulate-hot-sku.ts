/**
 * One SKU, its object, and the partitions whose buyers want it, in virtual time. The partitions gather with the code that
 * the shop runs (`gathering.ts`), or ask one by one. The object serves one call after the other: so much for a call with its
 * commit, so much for each hold in it. Same seed, same history. Pure but for promises.
 */
import { Gathering } from "../../durable-objects/checkout-partition/gathering.ts";
import { HOLDS_TOGETHER_MAX } from "../../workers/inventory/contract.ts";
import { percentile } from "../measure.ts";
import { seededRandom } from "../seeded-random.ts";
import { VirtualClock } from "./virtual-clock.ts";

export interface ObjectCosts {
  /** For a call: the RPC, the transaction, the durable commit. */
  readonly callMs: number;
  /** For each hold in it. */
  readonly holdMs: number;
}

export interface HotSkuQuestion {
  readonly costs: ObjectCosts;
  /** From a partition to the object and back. */
  readonly roundTripMs: number;
  readonly partitions: number;
  /** Orders a second that want the SKU, at random moments, over all partitions. */
  readonly arrivalsPerSecond: number;
  readonly seconds: number;
  readonly together: boolean;
  readonly seed: number;
}

export interface HotSkuAnswer {
  /** Answered by the end of the time. */
  readonly servedPerSecond: number;
  /** From the wish to the answer, of those whose wish came in the time; whoever was not answered by its end waited until then. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly callsPerSecond: number;
  readonly batchMax: number;
}

/** The shop refuses beyond; here the wait itself is the answer. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;
const PATIENCE_MS = 1_000;

export async function simulateHotSku(question: HotSkuQuestion): Promise<HotSkuAnswer> {
  const { costs, roundTripMs, partitions, arrivalsPerSecond, seconds, together, seed } = question;
  const clock = new VirtualClock();
  const random = seededRandom(seed);
  const endMs = seconds * 1_000;
  const calls = { count: 0, batchMax: 0 };
  let objectFreeAtMs = 0;
  const send = async (_sku: string, holds: readonly number[]): Promise<readonly number[]> => {
    calls.count++;
    calls.batchMax = Math.max(calls.batchMax, holds.length);
    await clock.wait(roundTripMs / 2);
    objectFreeAtMs = Math.max(objectFreeAtMs, clock.nowMs) + costs.callMs + holds.length * costs.holdMs;
    await clock.wait(objectFreeAtMs - clock.nowMs + roundTripMs / 2);
    return holds;
  };
  const limits = { batchMax: HOLDS_TOGETHER_MAX, waitingMax: NO_LIMIT, patienceMs: PATIENCE_MS };
  const later = (delayMs: number, run: () => void) => clock.later(delayMs, run);
  const lanes = Array.from(
    { length: partitions },
    () => new Gathering<number, number>({ send, refuse: () => -1, later }, limits),
  );
  const waits: number[] = [];
  let served = 0;
  const arrive = async (): Promise<void> => {
    const wait = waits.push(endMs - clock.nowMs) - 1;
    const arrivedAtMs = clock.nowMs;
    const lane = lanes[Math.floor(random() * partitions)];
    await (together ? lane?.ask("sku", wait) : send("sku", [wait]));
    served++;
    waits[wait] = clock.nowMs - arrivedAtMs;
  };
  const next = (): void => {
    clock.later((-Math.log(1 - random()) * 1_000) / arrivalsPerSecond, () => {
      void arrive();
      next();
    });
  };
  next();
  await clock.run(endMs);
  const ascending = waits.toSorted((left, right) => left - right);
  return {
    servedPerSecond: served / seconds,
    p50Ms: percentile(ascending, 0.5),
    p99Ms: percentile(ascending, 0.99),
    callsPerSecond: calls.count / seconds,
    batchMax: calls.batchMax,
  };
}

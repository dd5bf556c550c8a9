/**
 * Runs the real CheckoutPartition on tables in memory as the platform runs it on storage: it starts when somebody calls
 * it or its alarm rings, a crash empties its memory, and an alarm that broke off rings again.
 */

import type { PartitionEnv } from "../../../../durable-objects/checkout-partition/env.ts";
import { CheckoutPartition } from "../../../../durable-objects/checkout-partition/index.ts";
import { PARTITION, PartitionTables } from "./memory-partition-store.ts";
import type { Node, VirtualTime } from "./virtual-time.ts";

/** The platform rings an alarm again whose handler did not come to its end. */
const ALARM_RETRY_MS = 2_000;

export class PartitionHost {
  readonly tables = new PartitionTables();
  readonly #time: VirtualTime;
  readonly #node: Node;
  readonly #env: PartitionEnv;
  #object: CheckoutPartition | null = null;
  #ringing = false;

  constructor(time: VirtualTime, node: Node, env: PartitionEnv) {
    this.#time = time;
    this.#node = node;
    this.#env = env;
  }

  get object(): CheckoutPartition {
    this.#object ??= new CheckoutPartition(this.#state() as unknown as DurableObjectState, this.#env);
    return this.#object;
  }

  crash(): void {
    this.#node.life += 1;
    this.#object = null;
    if (!this.#ringing) return;
    this.#ringing = false;
    this.tables.alarmAtMs = this.#time.wallMs(this.#node) + ALARM_RETRY_MS;
    this.planAlarm();
  }

  /** To be called when the alarm, or the clock that it is read from, has moved. */
  planAlarm(): void {
    const { alarmAtMs } = this.tables;
    if (alarmAtMs === null) return;
    this.#time.later(alarmAtMs - this.#time.wallMs(this.#node), this.#node, () => this.#ring(alarmAtMs));
  }

  #ring(atMs: number): void {
    if (this.tables.alarmAtMs !== atMs || this.#ringing) return;
    if (this.#time.wallMs(this.#node) < atMs) {
      this.planAlarm();
      return;
    }
    this.tables.alarmAtMs = null;
    this.#ringing = true;
    const { life } = this.#node;
    void this.object.alarm().then(() => {
      if (this.#node.life !== life) return;
      this.#ringing = false;
      this.planAlarm();
    });
  }

  #state() {
    const { tables } = this;
    return {
      id: { name: PARTITION },
      storage: {
        tables,
        getAlarm: async () => tables.alarmAtMs,
        setAlarm: async (atMs: number) => {
          tables.alarmAtMs = atMs;
          this.planAlarm();
        },
      },
      blockConcurrencyWhile: async (work: () => Promise<void>) => await work(),
      waitUntil: () => undefined,
    };
  }
}

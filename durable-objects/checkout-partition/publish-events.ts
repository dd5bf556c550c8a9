/**
 * Sends the log to every queue that follows orders: after the commit, in the background, in batches, one send at a time.
 * The cursor moves when all queues have a batch, and is durable with the next events or the next alarm; what fails is tried again by
 * the alarm. Followers take repeats.
 */
import { BATCH_BYTES_MAX, BATCH_MESSAGES_MAX, MESSAGE_BYTES_MAX } from "../../queues/contracts/envelope.ts";
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import { type PeerPolicy, peerCalls } from "../../workers/shared/call-peer.ts";
import type { Clock } from "../../workers/shared/clock.ts";
import type { Later } from "../../workers/shared/later.ts";
import { logger } from "../../workers/shared/telemetry.ts";
import { outsideSpans } from "../../workers/shared/trace.ts";
import { traceSend } from "../../workers/shared/trace-events.ts";
import type { OrderLog } from "./event-log.ts";
import { retryDelayMs } from "./saga.ts";

interface WakeUp {
  readonly source: string;
  readonly sequence: number;
  readonly event: OrderEvent | null;
}

/** A queue that hangs must not stop the log; the batch is sent again. */
const SEND_POLICY: PeerPolicy = { service: "order-events", deadlineMs: 10_000, retries: 0 };

/** Followers are seconds behind at worst anyway; a crash meanwhile is made good by the alarm that every order arms. */
const GATHER_MS = 300;

export interface PublisherDependencies {
  readonly log: Pick<OrderLog, "publishedSequence" | "read" | "setPublished" | "lastSequence">;
  readonly queues: () => readonly Pick<Queue, "sendBatch">[];
  readonly clock: Clock;
  readonly later: Later;
  readonly arm: (atMs: number) => void;
}

export class EventPublisher {
  readonly #deps: PublisherDependencies;
  #draining: Promise<void> | undefined;
  #failures = 0;
  #retryAtMs = 0;

  constructor(deps: PublisherDependencies) {
    this.#deps = deps;
  }

  /**
   * Publishes what is unpublished, after a moment in which the events of other orders gather: a send costs the same for one
   * event as for a hundred. Calls meanwhile join it. Never throws.
   */
  publish(): Promise<void> {
    if (this.#draining !== undefined) return this.#draining;
    if (this.#deps.clock.now() < this.#retryAtMs) return this.#later();
    // Of no single call: the events of other orders go along.
    this.#draining = outsideSpans(() => gathered().then(() => this.#drain().then(() => this.#rest())));
    return this.#draining;
  }

  /** The alarm that came too early was the only one: without another the log would wait for the next command. */
  #later(): Promise<void> {
    this.#deps.arm(this.#retryAtMs);
    return Promise.resolve();
  }

  /** An event that was committed while the last batch was being counted is not left for the next commit. */
  #rest(): Promise<void> {
    this.#draining = undefined;
    const { log } = this.#deps;
    if (this.#failures > 0 || log.lastSequence() === log.publishedSequence()) return Promise.resolve();
    return this.publish();
  }

  async #drain(): Promise<void> {
    const { log, queues, clock, later, arm } = this.#deps;
    const { guarded } = peerCalls(later);
    try {
      for (;;) {
        const batch = nextBatch(log.read(log.publishedSequence(), BATCH_MESSAGES_MAX));
        const last = batch.at(-1);
        if (last === undefined) break;
        const sendingAtMs = clock.now();
        await guarded(SEND_POLICY, () => Promise.all(queues().map((queue) => queue.sendBatch(messagesOf(batch)))));
        log.setPublished(last.sequence);
        traceSend("order-events", batch, sendingAtMs, clock.now());
      }
      this.#failures = 0;
      this.#retryAtMs = 0;
    } catch (error) {
      this.#retryAtMs = clock.now() + retryDelayMs(this.#failures);
      this.#failures += 1;
      logger("orders").error("publish_failed", error, { failures: this.#failures });
      arm(this.#retryAtMs);
    }
  }
}

function gathered(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, GATHER_MS));
}

function messagesOf(batch: readonly WakeUp[]): MessageSendRequest[] {
  return batch.map((body) => ({ body, contentType: "json" }));
}

/** As many events as one batch may hold; an event too large for a message goes as its place alone. */
export function nextBatch(events: readonly OrderEvent[]): WakeUp[] {
  const encoder = new TextEncoder();
  const batch: WakeUp[] = [];
  let bytes = 0;
  for (const event of events) {
    const { source, sequence } = event;
    const full: WakeUp = { source, sequence, event };
    const size = encoder.encode(JSON.stringify(full)).byteLength;
    const message = size > MESSAGE_BYTES_MAX ? { source, sequence, event: null } : full;
    bytes += Math.min(size, MESSAGE_BYTES_MAX);
    if (batch.length > 0 && bytes > BATCH_BYTES_MAX) break;
    batch.push(message);
  }
  return batch;
}

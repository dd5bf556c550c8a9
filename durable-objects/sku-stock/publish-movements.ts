/**
 * Sends movements past the cursor to every queue, in batches that the platform accepts, and says how far it got. Sending
 * twice is harmless (followers skip what they applied); skipping one is not, so the cursor moves only after the send.
 */
import { BATCH_BYTES_MAX, BATCH_MESSAGES_MAX, MESSAGE_BYTES_MAX } from "../../queues/contracts/envelope.ts";
import type { StockEvent } from "../../queues/contracts/stock-events.ts";
import { type PeerPolicy, peerCalls } from "../../workers/shared/call-peer.ts";
import type { WakeUp } from "../../workers/shared/follow-log.ts";
import type { Later } from "../../workers/shared/later.ts";

export type StockWakeUp = WakeUp<StockEvent>;

/** The part of a queue binding that publishing needs. */
export interface WakeUpQueue {
  sendBatch(messages: Iterable<{ readonly body: StockWakeUp; readonly contentType: "json" }>): Promise<unknown>;
}

export interface Publication {
  readonly queues: readonly WakeUpQueue[];
  readonly later: Later;
  /** Movements after a sequence, oldest first. */
  readonly read: (afterSequence: number, limit: number) => readonly StockEvent[];
  /** Durably moves the cursor. */
  readonly markPublished: (sequence: number) => void;
}

/** Every queue bound under this prefix gets every stock event. */
const QUEUE_BINDING_PREFIX = "STOCK_EVENTS_";

export function stockQueues(env: object): WakeUpQueue[] {
  const bindings = Object.entries(env).filter(([binding]) => binding.startsWith(QUEUE_BINDING_PREFIX));
  return bindings.map(([, queue]) => queue as WakeUpQueue);
}

/** A queue that hangs must not stop the journal; the batch is sent again. */
const SEND_POLICY: PeerPolicy = { service: "stock-events", deadlineMs: 10_000, retries: 0 };

/** One alarm sends at most this much; the rest follows at once in the next, so that expiry gets its turn. */
const BATCHES_PER_RUN = 20;

/** @returns the last sequence sent. @throws what a queue throws; everything before that batch is marked. */
export async function publishMovements(publication: Publication, fromSequence: number): Promise<number> {
  const { guarded } = peerCalls(publication.later);
  let published = fromSequence;
  for (let sent = 0; sent < BATCHES_PER_RUN; sent++) {
    const events = publication.read(published, BATCH_MESSAGES_MAX);
    const batch = nextBatch(events);
    const last = batch.at(-1);
    if (last === undefined) break;
    const messages = batch.map((body) => ({ body, contentType: "json" as const }));
    await guarded(SEND_POLICY, () => Promise.all(publication.queues.map((queue) => queue.sendBatch(messages))));
    published = last.sequence;
    publication.markPublished(published);
    if (batch.length === events.length && events.length < BATCH_MESSAGES_MAX) break;
  }
  return published;
}

/** As many of the events, in order, as one batch may carry: at least one. */
export function nextBatch(events: readonly StockEvent[]): StockWakeUp[] {
  const batch: StockWakeUp[] = [];
  let bytes = 0;
  for (const event of events) {
    const { wakeUp, size } = wakeUpOf(event);
    if (batch.length > 0 && bytes + size > BATCH_BYTES_MAX) break;
    batch.push(wakeUp);
    bytes += size;
  }
  return batch;
}

function wakeUpOf(event: StockEvent): { wakeUp: StockWakeUp; size: number } {
  const wakeUp = { source: event.source, sequence: event.sequence, event };
  const size = new TextEncoder().encode(JSON.stringify(wakeUp)).byteLength;
  return size <= MESSAGE_BYTES_MAX ? { wakeUp, size } : { wakeUp: { ...wakeUp, event: null }, size: 1_000 };
}

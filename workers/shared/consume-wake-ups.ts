/**
 * The queue face of a follower: parses each message, follows each source, then acks or retries message by message. One bad
 * message or source never blocks another, and what cannot be parsed ends in the dead-letter queue, never acked.
 */
import type * as z from "zod";
import type { Event } from "../../queues/contracts/envelope.ts";
import type { FollowFailures, WakeUp, WakeUpsBySource } from "./follow-log.ts";
import type { Logger } from "./telemetry.ts";

const RETRY_DELAY_INITIAL_SECONDS = 2;
const RETRY_DELAY_MAX_SECONDS = 300;

/** 2, 4, 8 … seconds. `attempts` counts deliveries and starts at 1. */
export function retryDelaySeconds(attempts: number): number {
  return Math.min(RETRY_DELAY_MAX_SECONDS, RETRY_DELAY_INITIAL_SECONDS * 2 ** Math.max(0, attempts - 1));
}

export interface WakeUpConsumer<E extends Event> {
  readonly wakeUp: z.ZodType<WakeUp<E>>;
  /** Brings these sources up to date: `followEach` or `followMany`. */
  follow(wakeUpsBySource: WakeUpsBySource<E>): Promise<FollowFailures>;
  readonly log: Logger;
}

export async function consumeWakeUps<E extends Event>(batch: MessageBatch, consumer: WakeUpConsumer<E>): Promise<void> {
  const { wakeUpsBySource, messagesBySource } = sortMessages(batch, consumer);
  const failures = await consumer.follow(wakeUpsBySource).catch((error: unknown) => allFailed(wakeUpsBySource, error));
  for (const [source, messages] of messagesBySource) {
    const failure = failures.get(source);
    if (failure !== undefined) consumer.log.error("follow_failed", failure, { queue: batch.queue, source });
    for (const message of messages) {
      if (failure === undefined) message.ack();
      else message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
    }
  }
}

function sortMessages<E extends Event>(batch: MessageBatch, consumer: WakeUpConsumer<E>) {
  const wakeUpsBySource = new Map<string, WakeUp<E>[]>();
  const messagesBySource = new Map<string, Message[]>();
  for (const message of batch.messages) {
    const parsed = consumer.wakeUp.safeParse(message.body);
    if (!parsed.success || !namesItsEvent(parsed.data)) {
      const reason = parsed.success ? "the event is not the one that the message names" : parsed.error.message;
      consumer.log.error("message_refused", reason, { queue: batch.queue, message_id: message.id, attempts: message.attempts });
      message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
      continue;
    }
    const { source } = parsed.data;
    wakeUpsBySource.set(source, [...(wakeUpsBySource.get(source) ?? []), parsed.data]);
    messagesBySource.set(source, [...(messagesBySource.get(source) ?? []), message]);
  }
  return { wakeUpsBySource, messagesBySource };
}

function namesItsEvent(wakeUp: WakeUp<Event>): boolean {
  return wakeUp.event === null || (wakeUp.event.source === wakeUp.source && wakeUp.event.sequence === wakeUp.sequence);
}

function allFailed<E extends Event>(wakeUpsBySource: WakeUpsBySource<E>, error: unknown): FollowFailures {
  return new Map([...wakeUpsBySource.keys()].map((source) => [source, error]));
}

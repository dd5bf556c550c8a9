/**
 * The queue face of a follower: parses each message, follows each source, then acks or retries message by message. One bad
 * message or source never blocks another, and what fails to the last ends in the dead letters with its reason.
 */
import * as z from "zod";
import type { Event } from "../../queues/contracts/envelope.ts";
import { systemClock } from "./clock.ts";
import type { FollowFailures, WakeUp, WakeUpsBySource } from "./follow-log.ts";
import { type DeadLetterQueue, reasonOf, retryOrGiveUp } from "./give-up.ts";
import type { Logger } from "./telemetry.ts";
import { traceDelivery } from "./trace-events.ts";

export interface WakeUpConsumer<E extends Event> {
  readonly wakeUp: z.ZodType<WakeUp<E>>;
  /** Brings these sources up to date: `followEach` or `followMany`. */
  follow(wakeUpsBySource: WakeUpsBySource<E>): Promise<FollowFailures>;
  readonly deadLetters: DeadLetterQueue;
  readonly log: Logger;
}

export async function consumeWakeUps<E extends Event>(batch: MessageBatch, consumer: WakeUpConsumer<E>): Promise<void> {
  const { queue } = batch;
  const receivedAtMs = systemClock.now();
  const { wakeUpsBySource, messagesBySource, refused } = sortMessages(batch.messages, consumer.wakeUp);
  for (const { message, reason } of refused) {
    consumer.log.error("message_refused", reason, { queue, message_id: message.id, attempts: message.attempts });
    await retryOrGiveUp(message, { queue, reason }, consumer);
  }
  const failures = await consumer.follow(wakeUpsBySource).catch((error: unknown) => allFailed(wakeUpsBySource, error));
  const followedAtMs = systemClock.now();
  for (const [source, messages] of messagesBySource) {
    traceDelivery(queue, wakeUpsBySource.get(source) ?? [], messages, receivedAtMs, followedAtMs);
    const failure = failures.get(source);
    if (failure !== undefined) consumer.log.error("follow_failed", failure, { queue, source });
    for (const message of messages) {
      if (failure === undefined) message.ack();
      else await retryOrGiveUp(message, { queue, reason: reasonOf(failure) }, consumer);
    }
  }
}

function sortMessages<E extends Event>(messages: readonly Message[], schema: z.ZodType<WakeUp<E>>) {
  const wakeUpsBySource = new Map<string, WakeUp<E>[]>();
  const messagesBySource = new Map<string, Message[]>();
  const refused: { readonly message: Message; readonly reason: string }[] = [];
  for (const message of messages) {
    const parsed = schema.safeParse(message.body);
    if (!parsed.success || !namesItsEvent(parsed.data)) {
      const reason = parsed.success ? "the event is not the one that the message names" : z.prettifyError(parsed.error);
      refused.push({ message, reason });
      continue;
    }
    const { source } = parsed.data;
    wakeUpsBySource.set(source, [...(wakeUpsBySource.get(source) ?? []), parsed.data]);
    messagesBySource.set(source, [...(messagesBySource.get(source) ?? []), message]);
  }
  return { wakeUpsBySource, messagesBySource, refused };
}

function namesItsEvent(wakeUp: WakeUp<Event>): boolean {
  return wakeUp.event === null || (wakeUp.event.source === wakeUp.source && wakeUp.event.sequence === wakeUp.sequence);
}

function allFailed<E extends Event>(wakeUpsBySource: WakeUpsBySource<E>, error: unknown): FollowFailures {
  return new Map([...wakeUpsBySource.keys()].map((source) => [source, error]));
}

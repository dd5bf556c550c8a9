/** How events of sampled calls came to their followers: waiting to be sent, the send, waiting in the queue, being followed. */
import type { Event } from "../../queues/contracts/envelope.ts";
import { isSampled } from "./telemetry.ts";
import { type Place, recordSpan } from "./trace.ts";

interface TracedEvent {
  readonly time: string;
  readonly traceparent: string;
}

/** @param wakeUps of one batch. @param queue names what was sent, for all queues that got it */
export function traceSend(
  queue: string,
  wakeUps: readonly { readonly event: TracedEvent | null }[],
  startMs: number,
  endMs: number,
): void {
  for (const { event } of wakeUps) {
    if (event === null || !isSampled(event.traceparent)) continue;
    recordSpan(placeOf(queue, "gather"), event.traceparent, Date.parse(event.time), startMs);
    recordSpan(placeOf(queue, "send"), event.traceparent, startMs, endMs);
  }
}

/** @param wakeUps what the messages of one batch carry, in their order */
export function traceDelivery(
  queue: string,
  wakeUps: readonly { readonly event: (Event & Partial<TracedEvent>) | null }[],
  messages: readonly Pick<Message, "timestamp">[],
  startMs: number,
  endMs: number,
): void {
  for (const [index, { timestamp }] of messages.entries()) {
    const { traceparent = "" } = wakeUps[index]?.event ?? {};
    if (!isSampled(traceparent)) continue;
    recordSpan(placeOf(queue, "wait"), traceparent, timestamp.getTime(), startMs);
    recordSpan(placeOf(queue, "follow"), traceparent, startMs, endMs);
  }
}

function placeOf(queue: string, name: string): Place {
  return { service: queue, hop: "queue", name };
}

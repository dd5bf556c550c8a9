/**
 * CloudEvents 1.0 envelope, with our extensions `sequence` (gapless per source), `version` and `traceparent`.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
import * as z from "zod";

export function eventSchema<T extends string, D extends z.ZodType>(type: T, version: number, data: D) {
  return z.strictObject({
    specversion: z.literal("1.0"),
    /** `${source}#${sequence}`: the same fact always has the same id. */
    id: z.string(),
    source: z.string(),
    type: z.literal(type),
    version: z.literal(version),
    time: z.iso.datetime(),
    subject: z.string(),
    sequence: z.int().min(1),
    traceparent: z.string(),
    datacontenttype: z.literal("application/json"),
    data,
  });
}

export interface Event {
  readonly source: string;
  readonly sequence: number;
  readonly type: string;
}

/**
 * The queue message: an event, or only its place in the log (`event: null`) when it is larger than a queue message may
 * be. Followers pull what they do not have.
 */
export function wakeUpSchema<E extends z.ZodType>(event: E) {
  return z.strictObject({ source: z.string(), sequence: z.int().min(1), event: event.nullable() });
}

/** Cloudflare refuses messages over 128,000 bytes; the envelope and the batch need room. */
export const MESSAGE_BYTES_MAX = 100_000;
/** Cloudflare refuses batches over 100 messages or 256 kB. */
export const BATCH_MESSAGES_MAX = 100;
export const BATCH_BYTES_MAX = 200_000;

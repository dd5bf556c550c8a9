/**
 * What a consumer says about a message that it gives up, sent to the `dead-letters` queue, so that the reason travels with
 * the body. The platform's own dead-letter queues (`<queue>-dead`) carry the body alone, of consumers that crashed.
 */
import * as z from "zod";

/** `max_retries` of every consumer that gives up: a test compares the configs. A message is delivered once more than that. */
export const RETRIES_MAX = 5;
/** Room for a parser's whole complaint; the body beside it may have `MESSAGE_BYTES_MAX`. */
export const REASON_CHARACTERS_MAX = 2_000;
const NAME_CHARACTERS_MAX = 200;

export const DeadLetterNotice = z.strictObject({
  /** The platform's id of the message that died: the same death is recorded once, however often it is told. */
  messageId: z.string().min(1).max(NAME_CHARACTERS_MAX),
  /** Where it died, and where a replay puts it back. */
  queue: z.string().min(1).max(NAME_CHARACTERS_MAX),
  /** Shown to operators: codes, paths and types, never values of the body. */
  reason: z.string().max(REASON_CHARACTERS_MAX),
  /** Deliveries that it had. */
  attempts: z.int().min(1),
  /** As it was delivered. */
  body: z.unknown(),
});
export type DeadLetterNotice = z.infer<typeof DeadLetterNotice>;

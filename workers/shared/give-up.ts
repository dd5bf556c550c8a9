/**
 * What becomes of a message that could not be processed: it is tried again later, with growing delays; after the last try it
 * goes to the dead letters together with the reason, and only then is it acked.
 */
import { type DeadLetterNotice, REASON_CHARACTERS_MAX, RETRIES_MAX } from "../../queues/contracts/dead-letters.ts";
import type { Logger } from "./telemetry.ts";

const RETRY_DELAY_INITIAL_SECONDS = 2;
const RETRY_DELAY_MAX_SECONDS = 300;

/** The part of the queue binding that giving up needs. */
export type DeadLetterQueue = Pick<Queue<DeadLetterNotice>, "send">;

/** 2, 4, 8 … seconds. `attempts` counts deliveries and starts at 1. */
export function retryDelaySeconds(attempts: number): number {
  return Math.min(RETRY_DELAY_MAX_SECONDS, RETRY_DELAY_INITIAL_SECONDS * 2 ** Math.max(0, attempts - 1));
}

export interface Failure {
  readonly queue: string;
  readonly reason: string;
}

/** Never throws. When the dead letters cannot be told either, the platform moves the bare message to its dead-letter queue. */
export async function retryOrGiveUp(
  message: Message,
  { queue, reason }: Failure,
  { deadLetters, log }: { readonly deadLetters: DeadLetterQueue; readonly log: Logger },
): Promise<void> {
  const { id: messageId, attempts, body } = message;
  if (attempts <= RETRIES_MAX) return message.retry({ delaySeconds: retryDelaySeconds(attempts) });
  try {
    await deadLetters.send({ messageId, queue, reason: reason.slice(0, REASON_CHARACTERS_MAX), attempts, body });
    message.ack();
  } catch (error) {
    log.error("dead_letter_unsent", error, { queue, message_id: messageId });
    message.retry();
  }
}

/** Without the stack: that is in the log. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

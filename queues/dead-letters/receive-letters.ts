/**
 * Takes dead messages in: notices of consumers with their reason, and bare bodies that the platform moved to `<queue>-dead`.
 * Nothing comes after this: a message is acked when it is written down, else tried again for as long as its queue keeps it.
 */
import type { EpochMs } from "../../workers/shared/clock.ts";
import type { Logger } from "../../workers/shared/telemetry.ts";
import { DeadLetterNotice, RETRIES_MAX } from "../contracts/dead-letters.ts";
import { type Death, recordDeaths } from "./record-deaths.ts";

export const NOTICE_QUEUE = "dead-letters";
const DEAD_QUEUE_SUFFIX = "-dead";
const RETRY_DELAY_INITIAL_SECONDS = 60;
const RETRY_DELAY_MAX_SECONDS = 3_600;

export interface ReceiveDependencies {
  readonly database: D1Database;
  readonly log: Logger;
  now(): EpochMs;
}

/** Never throws. */
export async function receiveLetters(batch: MessageBatch, dependencies: ReceiveDependencies): Promise<void> {
  const { database, log } = dependencies;
  const diedAtMs = dependencies.now();
  const deaths = batch.messages.map((message) => deathOf(batch.queue, message, diedAtMs));
  try {
    await recordDeaths(database, deaths);
    batch.ackAll();
    for (const { queue, messageId, reason, attempts } of deaths)
      log.error("message_died", reason, { queue, message_id: messageId, attempts });
  } catch (error) {
    log.error("deaths_unrecorded", error, { queue: batch.queue });
    for (const message of batch.messages) message.retry({ delaySeconds: delaySeconds(message.attempts) });
  }
}

/** Pure. */
function deathOf(arrivedIn: string, { id, body, attempts }: Message, diedAtMs: EpochMs): Death {
  if (arrivedIn !== NOTICE_QUEUE) {
    const queue = arrivedIn.endsWith(DEAD_QUEUE_SUFFIX) ? arrivedIn.slice(0, -DEAD_QUEUE_SUFFIX.length) : arrivedIn;
    const deliveries = RETRIES_MAX + 1;
    const reason = `its consumer failed ${deliveries} times without a reason; see that worker's log`;
    return { messageId: id, queue, reason, attempts: deliveries, body, diedAtMs };
  }
  const notice = DeadLetterNotice.safeParse(body);
  if (notice.success) return { ...notice.data, diedAtMs };
  return { messageId: id, queue: NOTICE_QUEUE, reason: "it is no notice of a dead letter", attempts, body, diedAtMs };
}

/** 1, 2, 4 … minutes, at most an hour. */
function delaySeconds(attempts: number): number {
  return Math.min(RETRY_DELAY_MAX_SECONDS, RETRY_DELAY_INITIAL_SECONDS * 2 ** Math.max(0, attempts - 1));
}

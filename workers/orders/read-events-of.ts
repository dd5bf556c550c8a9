/** Pages of many partitions' logs in one answer, which ends early when it has grown large. */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import { mapBounded } from "../shared/map-bounded.ts";
import { logger } from "../shared/telemetry.ts";
import type { LogCursor, SourceEvents } from "./contract.ts";

const PARTITIONS_AT_ONCE = 6;
/** Events of one answer: about 2 kB each. */
const EVENTS_MAX = 2_000;

/** A log that cannot be read now is left out, so that it holds up no other: who asks for it alone hears why. */
export async function readEventsOf(
  cursors: readonly LogCursor[],
  read: (cursor: LogCursor) => Promise<readonly OrderEvent[]>,
): Promise<readonly SourceEvents[]> {
  const answers: SourceEvents[] = [];
  let count = 0;
  for (let start = 0; start < cursors.length && count < EVENTS_MAX; start += PARTITIONS_AT_ONCE) {
    await mapBounded(cursors.slice(start, start + PARTITIONS_AT_ONCE), PARTITIONS_AT_ONCE, async (cursor) => {
      try {
        const events = await read(cursor);
        answers.push({ source: cursor.source, events });
        count += events.length;
      } catch (error) {
        logger("orders").error("log_unreadable", error, { source: cursor.source });
      }
    });
  }
  return answers;
}

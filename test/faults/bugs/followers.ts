/** How mails, reports and ledgers go wrong: bugs of those who follow the logs. */
import type { SeededBug } from "./seeded-bug.ts";

const RESTORED_STORES_TESTS = "test/faults/shop/restored-stores.test.ts";
const FOLLOW_LOG_TESTS = "test/unit/follow-log/follow-log.test.ts";
const CONSUME_TESTS = {
  file: "test/unit/follow-log/consume-wake-ups.test.ts",
  test: "acks what was followed, retries what was not, and never acks what it cannot read",
};

export const FOLLOWER_BUGS: readonly SeededBug[] = [
  {
    name: "cursor-outside-the-transaction",
    breaks: "I6",
    why: "The effect and the record of having had it are two writes: a crash or a race in between doubles the effect.",
    patches: [
      {
        file: "workers/shared/d1-follower.ts",
        find: "await db.batch([moveCursors(db, moves, generation), ...statements]);",
        replace: `if (statements.length > 0) await db.batch([...statements]);
    await moveCursors(db, moves, generation).run();`,
      },
    ],
    caughtBy: { file: "test/service/notifications/d1-follower.test.ts", test: "refuses a stale move and takes the effect back" },
  },
  {
    name: "gap-not-pulled",
    breaks: "I6",
    why: "A message that the queue lost is never asked for, and what follows it is acknowledged.",
    patches: [
      {
        file: "workers/shared/follow-log.ts",
        find: "const events = inHand.length > 0 ? inHand : await follower.pull(source, cursor, APPLY_EVENTS_MAX);",
        replace: "const events = inHand;\n    if (events.length === 0) return [];",
      },
    ],
    caughtBy: {
      file: FOLLOW_LOG_TESTS,
      test: "applies every event up to the newest message once and in order, whatever is lost, repeated, reordered or without a body",
    },
  },
  {
    name: "hole-skipped",
    breaks: "I10",
    why: "A log with a hole is followed past it as if nothing were missing.",
    patches: [
      {
        file: "workers/shared/follow-log.ts",
        find: "if (event.sequence !== cursor + 1 + index) {",
        replace: "if (event.sequence < cursor + 1 + index) {",
      },
    ],
    caughtBy: {
      file: FOLLOW_LOG_TESTS,
      test: "refuses a log with a hole and a message about an event that its owner does not have",
    },
  },
  {
    name: "acknowledged-though-not-applied",
    breaks: "I6",
    why: "A batch is acknowledged whole, including what could not be applied.",
    patches: [
      {
        file: "workers/shared/consume-wake-ups.ts",
        find: "if (failure === undefined) message.ack();",
        replace: "if (failure === undefined || failure !== undefined) message.ack();",
      },
    ],
    caughtBy: CONSUME_TESTS,
  },
  {
    name: "poison-acknowledged",
    breaks: "I6",
    why: "A message that cannot be read is dropped instead of ending in the dead-letter queue.",
    patches: [
      {
        file: "workers/shared/consume-wake-ups.ts",
        find: "await retryOrGiveUp(message, { queue, reason }, consumer);",
        replace: "message.ack();",
      },
    ],
    caughtBy: CONSUME_TESTS,
  },
  {
    name: "mail-without-a-lease",
    breaks: "I6",
    why: "Two consumers find the same mail due and both send it.",
    patches: [
      {
        file: "queues/notifications/outbox.ts",
        find: "next_attempt_at_ms = ?1 + ?2\n",
        replace: "next_attempt_at_ms = ?1 + 0 * ?2\n",
      },
    ],
    caughtBy: {
      file: "test/service/notifications/notifications.test.ts",
      test: "lets two racing consumers of the same events send each mail once",
    },
  },
  {
    name: "short-log-not-believed",
    breaks: "I12",
    why: "An object was set back in time, and the rebuild that should mend its report asks for the lost events for ever.",
    patches: [
      {
        file: "workers/shared/rebuild-projection.ts",
        find: "if (isDone) await",
        replace: "if (!isDone) await",
      },
    ],
    caughtBy: {
      file: RESTORED_STORES_TESTS,
      test: "is followed again from its end after a rebuild, which comes to an end",
    },
  },
  {
    name: "ahead-taken-for-sold-meanwhile",
    breaks: "I12",
    why: "A SKU was set back in time, and the audit takes the follower that knows more than the journal for a busy one.",
    patches: [{ file: "durable-objects/audit-run/read-stock.ts", find: "end >= sequence ? []", replace: "end >= 0 ? []" }],
    caughtBy: {
      file: RESTORED_STORES_TESTS,
      test: "is named by the audit, because its follower stands beyond the end of its journal",
    },
  },
  {
    name: "projection-depends-on-batches",
    breaks: "I12",
    why: "Two refunds in one batch count as one, so that a list and its rebuild disagree.",
    patches: [
      {
        file: "workers/orders/fold-order-events.ts",
        find: "refundedMinor: before.refundedMinor + event.data.amountMinor",
        replace: "refundedMinor: event.data.amountMinor",
      },
    ],
    caughtBy: {
      file: "test/unit/orders/fold-order-events.test.ts",
      test: "gives the same whether a run is folded whole or event by event",
    },
  },
];

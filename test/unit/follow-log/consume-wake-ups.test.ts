/** Ack, retry, backoff and the last resort, per message. */
import { beforeEach, describe, expect, it } from "vitest";
import { type DeadLetterNotice, REASON_CHARACTERS_MAX, RETRIES_MAX } from "../../../queues/contracts/dead-letters.ts";
import { OrderWakeUp } from "../../../queues/contracts/order-events.ts";
import { consumeWakeUps } from "../../../workers/shared/consume-wake-ups.ts";
import type { FollowFailures, WakeUpsBySource } from "../../../workers/shared/follow-log.ts";
import { type DeadLetterQueue, retryDelaySeconds } from "../../../workers/shared/give-up.ts";
import { logger, setLogLevel } from "../../../workers/shared/telemetry.ts";

setLogLevel("error");
const log = { ...logger("test"), error: () => {} };

function batchOf(bodies: readonly unknown[], attempts = 1) {
  const outcomes: string[] = bodies.map(() => "nothing");
  const messages = bodies.map((body, index) => ({
    id: String(index),
    timestamp: new Date(0),
    attempts,
    body,
    ack: () => {
      outcomes[index] = "ack";
    },
    retry: (options?: { delaySeconds?: number }) => {
      outcomes[index] = options === undefined ? "retry" : `retry after ${options.delaySeconds} s`;
    },
  }));
  const batch = { queue: "q", messages, ackAll() {}, retryAll() {} } as unknown as MessageBatch;
  return { batch, outcomes };
}

const notices: DeadLetterNotice[] = [];
const deadLetters = {
  async send(notice: DeadLetterNotice) {
    notices.push(notice);
  },
} as unknown as DeadLetterQueue;
beforeEach(() => {
  notices.length = 0;
});

const body = (source: string, sequence: number) => ({ source, sequence, event: null });
const following = (failures: FollowFailures) => async (_: WakeUpsBySource<never>) => failures;

describe("a queue batch of wake-ups", () => {
  it("acks what was followed, retries what was not, and never acks what it cannot read", async () => {
    const { batch, outcomes } = batchOf([
      body("/a", 1),
      body("/b", 1),
      "garbage",
      { ...body("/a", 2), sequence: 0 },
      body("/b", 2),
    ]);
    await consumeWakeUps(batch, {
      wakeUp: OrderWakeUp,
      follow: following(new Map([["/b", new Error("down")]])),
      deadLetters,
      log,
    });
    expect(outcomes).toEqual(["ack", "retry after 2 s", "retry after 2 s", "retry after 2 s", "retry after 2 s"]);
  });

  it("retries everything when following itself breaks", async () => {
    const { batch, outcomes } = batchOf([body("/a", 1), body("/b", 1)], 3);
    const follow = () => Promise.reject(new Error("no database"));
    await consumeWakeUps(batch, { wakeUp: OrderWakeUp, follow, deadLetters, log });
    expect(outcomes).toEqual(["retry after 8 s", "retry after 8 s"]);
  });

  it("hands each source its messages in one piece", async () => {
    const { batch } = batchOf([body("/a", 1), body("/b", 1), body("/a", 3)]);
    let seen: [string, number[]][] = [];
    await consumeWakeUps(batch, {
      wakeUp: OrderWakeUp,
      follow: async (sources) => {
        seen = [...sources].map(([source, wakeUps]) => [source, wakeUps.map((wakeUp) => wakeUp.sequence)]);
        return new Map();
      },
      deadLetters,
      log,
    });
    expect(seen).toEqual([
      ["/a", [1, 3]],
      ["/b", [1]],
    ]);
  });

  it("doubles the delay with every attempt, up to five minutes", () => {
    expect([1, 2, 3, 4, 8, 9, 50].map(retryDelaySeconds)).toEqual([2, 4, 8, 16, 256, 300, 300]);
  });

  const LAST = RETRIES_MAX + 1;

  it("gives a message up only at its last delivery, with the reason and the body, and acks it then", async () => {
    const bodies = [body("/a", 1), body("/b", 1), { source: "/c", sequence: "first", event: null }];
    const follow = following(new Map([["/b", new Error("no such partition")]]));
    const early = batchOf(bodies, RETRIES_MAX);
    await consumeWakeUps(early.batch, { wakeUp: OrderWakeUp, follow, deadLetters, log });
    expect(early.outcomes).toEqual(["ack", "retry after 32 s", "retry after 32 s"]);
    expect(notices).toEqual([]);
    const last = batchOf(bodies, LAST);
    await consumeWakeUps(last.batch, { wakeUp: OrderWakeUp, follow, deadLetters, log });
    expect(last.outcomes).toEqual(["ack", "ack", "ack"]);
    expect(notices).toEqual([
      {
        messageId: "2",
        queue: "q",
        reason: "✖ Invalid input: expected number, received string\n  → at sequence",
        attempts: LAST,
        body: bodies[2],
      },
      { messageId: "1", queue: "q", reason: "no such partition", attempts: LAST, body: bodies[1] },
    ]);
  });

  it("leaves the message to the platform's dead-letter queue when the dead letters cannot be told", async () => {
    const { batch, outcomes } = batchOf(["garbage", body("/a", 1)], LAST);
    const away = { send: () => Promise.reject(new Error("no queue")) } as unknown as DeadLetterQueue;
    await consumeWakeUps(batch, { wakeUp: OrderWakeUp, follow: following(new Map()), deadLetters: away, log });
    expect(outcomes).toEqual(["retry", "ack"]);
  });

  it("names no value of the body in its reason, and keeps it within the notice's limit", async () => {
    const { batch } = batchOf([{ source: "/a", sequence: "ada@canary.test", event: "ada@canary.test" }, body("/b", 1)], LAST);
    const follow = following(new Map([["/b", new Error("x".repeat(100_000))]]));
    await consumeWakeUps(batch, { wakeUp: OrderWakeUp, follow, deadLetters, log });
    expect(notices.map((notice) => notice.reason.length <= REASON_CHARACTERS_MAX)).toEqual([true, true]);
    expect(notices[0]?.reason).not.toContain("canary");
  });
});

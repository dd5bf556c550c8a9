/** Ack, retry and backoff per message. */
import { describe, expect, it } from "vitest";
import { OrderWakeUp } from "../../../queues/contracts/order-events.ts";
import { consumeWakeUps, retryDelaySeconds } from "../../../workers/shared/consume-wake-ups.ts";
import type { FollowFailures, WakeUpsBySource } from "../../../workers/shared/follow-log.ts";
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
      outcomes[index] = `retry after ${options?.delaySeconds} s`;
    },
  }));
  const batch = { queue: "q", messages, ackAll() {}, retryAll() {} } as unknown as MessageBatch;
  return { batch, outcomes };
}

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
    await consumeWakeUps(batch, { wakeUp: OrderWakeUp, follow: following(new Map([["/b", new Error("down")]])), log });
    expect(outcomes).toEqual(["ack", "retry after 2 s", "retry after 2 s", "retry after 2 s", "retry after 2 s"]);
  });

  it("retries everything when following itself breaks", async () => {
    const { batch, outcomes } = batchOf([body("/a", 1), body("/b", 1)], 3);
    const follow = () => Promise.reject(new Error("no database"));
    await consumeWakeUps(batch, { wakeUp: OrderWakeUp, follow, log });
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
});

/**
 * F4. Whatever a queue does to its messages, the followers end where a rebuild from the logs ends, each mail was sent once,
 * and what no consumer can read sits in the dead letters. Every fault meets the same real log, under schedules of its own.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { RETRIES_MAX } from "../../../queues/contracts/dead-letters.ts";
import { Random } from "../random.ts";
import { switchboard } from "../rig/faulty-binding.ts";
import type { QueuedMessage } from "../rig/outside-world.ts";
import { faultRun, runs, tell } from "../size.ts";
import { emptyProjections, mailsSent, projectedRows, rebuildProjections } from "./projections.ts";
import { QueuePlatform } from "./queue-platform.ts";
import { trade } from "./trading.ts";
import { FOLLOWED_QUEUES, forgetLetters, listLetters, replay } from "./workers.ts";

/** The five faults share the row's events. */
const EVENTS = { quick: 200, full: 10_000 };
const ORDERS = { quick: 12, full: 60 };
/** Longer than the retries of a message last. */
const TROUBLE_MINUTES = 3;
/** What docs/architecture.md promises, without one more message. */
const RECOVERY_MINUTES = 5;

/** Ten minutes a fault are plenty for the full size on a slow machine. */
const FULL_SIZE_MS = 600_000;

const { seed, size } = faultRun();
let messages: readonly QueuedMessage[] = [];
let rebuilt: readonly string[] = [];
let mails: readonly string[] = [];

beforeAll(async () => {
  messages = await trade(ORDERS[size], new Random(seed));
  rebuilt = await rebuildProjections();
  mails = mailsSent();
}, FULL_SIZE_MS);

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => {
  switchboard.calm();
});

/** The fault, then calm, then the schedule: as often as the row's count asks for. */
async function suffer(trouble: (platform: QueuePlatform) => Promise<void>): Promise<number> {
  let events = 0;
  for (let round = 0; events < runs(EVENTS); round++) {
    await emptyProjections();
    await forgetLetters();
    const platform = new QueuePlatform(seed + round);
    await trouble(platform);
    platform.calm();
    switchboard.calm();
    await platform.passMinutes(RECOVERY_MINUTES);
    const where = `run it again with HOLDFAST_SEED=${seed} (round ${round})`;
    expect(await projectedRows(), where).toEqual(rebuilt);
    expect(mailsSent(), where).toEqual(mails);
    events += messages.length;
  }
  return events;
}

function sendAll(platform: QueuePlatform): void {
  for (const { queue, body } of messages) platform.send(queue, body);
}

describe("F4: a queue that", { timeout: FULL_SIZE_MS }, () => {
  it("repeats its messages, and forgets that they were acked", async ({ task }) => {
    const events = await suffer(async (platform) => {
      platform.with({ copies: () => platform.random.integer(1, 4), losesAcks: () => platform.random.oneIn(4) });
      sendAll(platform);
      await platform.passMinutes(TROUBLE_MINUTES);
    });
    tell(task, { row: "F4", what: "events repeated", histories: events });
  });

  it("delivers in any order, some messages minutes after others", async ({ task }) => {
    const events = await suffer(async (platform) => {
      platform.with({ delaysMs: () => platform.random.integer(0, TROUBLE_MINUTES * 60_000) });
      sendAll(platform);
      await platform.passMinutes(TROUBLE_MINUTES);
    });
    tell(task, { row: "F4", what: "events reordered", histories: events });
  });

  it("has batches of which a part cannot be followed, because messages are missing and their owner does not answer", async ({
    task,
  }) => {
    let partial = 0;
    const events = await suffer(async (platform) => {
      platform.with({ copies: () => (platform.random.oneIn(4) ? 0 : 1) });
      switchboard.inject(({ edge }) => (/\.readEvents(?:Of)?$/.test(edge) && !platform.random.oneIn(6) ? "fail" : undefined));
      sendAll(platform);
      await platform.passMinutes(TROUBLE_MINUTES);
      partial += platform.partialBatches;
    });
    expect(partial).toBeGreaterThan(0);
    tell(task, { row: "F4", what: "events in partial batches", histories: events });
  });

  it("carries poison: it dies with its reason beside messages that live, and dies again when it is replayed", async ({
    task,
  }) => {
    const events = await suffer(async (platform) => {
      const poison = FOLLOWED_QUEUES.map((queue) => ({ queue, body: { source: "/orders/partitions/0-0", sequence: "poison" } }));
      sendAll(platform);
      for (const { queue, body } of poison) platform.send(queue, body);
      await platform.passMinutes(TROUBLE_MINUTES);
      expect(await deadQueues({ state: "dead", deaths: 1, attempts: RETRIES_MAX + 1 })).toEqual(FOLLOWED_QUEUES.toSorted());
      for (const { id } of await listLetters()) expect((await replay(id)).state).toBe("replayed");
      await platform.passMinutes(TROUBLE_MINUTES);
      expect(await deadQueues({ state: "dead", deaths: 2, attempts: 2 * (RETRIES_MAX + 1) })).toEqual(FOLLOWED_QUEUES.toSorted());
    });
    tell(task, { row: "F4", what: "events beside poison", histories: events });
  });

  it("loses everything: the schedule finds it within five minutes, though nothing more happens", async ({ task }) => {
    const events = await suffer(async (platform) => {
      platform.with({ copies: () => 0 });
      sendAll(platform);
    });
    tell(task, { row: "F4", what: "events lost", histories: events });
  });
});

/** The queues of the letters, all of which are as expected and name the field that cannot be read. */
async function deadQueues(expected: object): Promise<string[]> {
  const letters = await listLetters();
  for (const letter of letters)
    expect(letter).toMatchObject({
      ...expected,
      reason: expect.stringMatching(/expected number, received string\n {2}→ at sequence/),
    });
  return letters.map(({ queue }) => queue).sort();
}

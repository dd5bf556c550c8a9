/**
 * The promise of the followers, fault by fault: after recovery every projection equals its rebuild and each mail was sent
 * once. What died is kept with its reason and can be replayed.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { RETRIES_MAX } from "../../../queues/contracts/dead-letters.ts";
import { OrderWakeUp } from "../../../queues/contracts/order-events.ts";
import { StockWakeUp } from "../../../queues/contracts/stock-events.ts";
import { MESSAGES_PER_RUN } from "../../../queues/notifications/send-due.ts";
import { Random } from "../random.ts";
import { passTime } from "../rig/clock.ts";
import { switchboard } from "../rig/faulty-binding.ts";
import type { QueuedMessage } from "../rig/outside-world.ts";
import { faultRun, tell } from "../size.ts";
import { emptyProjections, mailsSent, projectedRows, rebuildProjections } from "./projections.ts";
import { QueuePlatform } from "./queue-platform.ts";
import { trade } from "./trading.ts";
import { FOLLOWED_QUEUES, forgetLetters, listLetters, replay, workerOf } from "./workers.ts";

const ORDERS = { quick: 10, full: 100 };
const HOUR_MINUTES = 60;
const RECOVERY_MINUTES = 5;
/** Deliveries of one message, with their delays. */
const RETRIES_MINUTES = 2;
/** A circuit breaker lets a call through again after this. */
const BREAKER_REST_MS = 3_000;
const FOLLOWERS = ["orders", "payments", "notifications", "analytics"];

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

beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(console, "warn").mockImplementation(() => {});
  await emptyProjections();
  await forgetLetters();
});
afterEach(() => {
  switchboard.calm();
});

function sendAll(platform: QueuePlatform, these: readonly QueuedMessage[] = messages): QueuePlatform {
  for (const { queue, body } of these) platform.send(queue, body);
  return platform;
}

interface WakeUpWithoutEvent extends QueuedMessage {
  readonly body: { readonly source: string; readonly sequence: number; readonly event: null };
}

/** The newest message of each log in each queue, without its event: what follows it has to be pulled. */
function newestOfEachLog(): WakeUpWithoutEvent[] {
  const newest = new Map<string, WakeUpWithoutEvent>();
  for (const { queue, body } of messages) {
    const schema = queue.startsWith("stock-") ? StockWakeUp : OrderWakeUp;
    const { source, sequence } = schema.parse(body);
    const key = `${queue} ${source}`;
    if ((newest.get(key)?.body.sequence ?? 0) < sequence) newest.set(key, { queue, body: { source, sequence, event: null } });
  }
  return [...newest.values()];
}

async function expectWhole(): Promise<void> {
  expect(await projectedRows(), `run it again with HOLDFAST_SEED=${seed}`).toEqual(rebuilt);
  expect(mailsSent(), `run it again with HOLDFAST_SEED=${seed}`).toEqual(mails);
}

describe("the followers", { timeout: FULL_SIZE_MS }, () => {
  it("are whole five minutes after every message was lost, though nothing more happens", async ({ task }) => {
    const platform = new QueuePlatform(seed);
    platform.with({ copies: () => 0 });
    sendAll(platform);
    await platform.passMinutes(RECOVERY_MINUTES);
    // The outbox's rings are lost as well: what one run of the schedule leaves over waits for the next.
    await platform.passMinutes(Math.ceil(mails.length / MESSAGES_PER_RUN) - 1);
    await expectWhole();
    tell(task, { row: "followers", what: "messages lost", histories: messages.length });
  });

  it("are whole at once when one more message of each log arrives, after all others were lost", async ({ task }) => {
    const platform = sendAll(new QueuePlatform(seed), newestOfEachLog());
    await platform.deliverDue();
    await expectWhole();
    tell(task, { row: "followers", what: "messages made good by the newest", histories: messages.length });
  });

  it("apply everything once when each message comes five times in random order", async ({ task }) => {
    const platform = new QueuePlatform(seed);
    platform.with({ copies: ({ queue }) => (FOLLOWED_QUEUES.includes(queue) ? 5 : 1) });
    await sendAll(platform).deliverDue();
    await expectWhole();
    tell(task, { row: "followers", what: "messages delivered five times", histories: messages.length * 5 });
  });

  it("catch up on schedule with every log but the one whose owner does not answer", async () => {
    const sources = newestOfEachLog().map(({ body }) => body.source);
    const mute = sources.find((source) => source.startsWith("/orders/")) ?? "";
    switchboard.inject(({ edge, args }) =>
      edge.includes(">orders.readEvents") && JSON.stringify(args).includes(`"${mute}"`) ? "fail" : undefined,
    );
    await new QueuePlatform(seed).passMinutes(RECOVERY_MINUTES);
    const cursors = (rows: readonly string[]) =>
      rows.filter((row) => /^(?:payments|notifications|analytics)\.follower_cursors/.test(row));
    const hasMute = (row: string) => row.includes(JSON.stringify(mute));
    expect(cursors(await projectedRows())).toEqual(cursors(rebuilt).filter((row) => !hasMute(row)));
    expect(cursors(rebuilt).filter(hasMute)).toHaveLength(3);
    switchboard.calm();
    await new QueuePlatform(seed).passMinutes(RECOVERY_MINUTES);
    await expectWhole();
  });

  it.each(FOLLOWERS)(
    "do not need one another: %s stands still for an hour, the others are whole, and then it is",
    async (stopped) => {
      const platform = new QueuePlatform(seed);
      platform.with({ isStopped: (worker) => worker === stopped });
      sendAll(platform);
      await platform.passMinutes(HOUR_MINUTES);
      const others = (rows: readonly string[]) => rows.filter((row) => !row.startsWith(`${stopped}.`));
      const meanwhile = await projectedRows();
      expect(others(meanwhile)).toEqual(others(rebuilt));
      expect(meanwhile).not.toEqual(rebuilt);
      platform.calm();
      await platform.deliverDue();
      await expectWhole();
      expect(await listLetters()).toEqual([]);
    },
  );
});

describe("dead letters", { timeout: FULL_SIZE_MS }, () => {
  it("hold what a consumer died on for an hour; the schedule makes it good, and a replay of them all changes nothing", async ({
    task,
  }) => {
    const platform = new QueuePlatform(seed);
    platform.with({ crashes: (worker) => worker === "payments" });
    sendAll(platform);
    await platform.passMinutes(HOUR_MINUTES);
    const expected = messages.filter(({ queue }) => queue === "order-events-ledger").length;
    const letters = await listLetters();
    expect(letters).toHaveLength(expected);
    for (const letter of letters)
      expect(letter).toMatchObject({
        queue: "order-events-ledger",
        state: "dead",
        reason: expect.stringContaining("see that worker's log"),
      });
    platform.calm();
    await platform.passMinutes(RECOVERY_MINUTES);
    await expectWhole();
    for (const { id } of letters) await replay(id);
    await platform.deliverDue();
    await expectWhole();
    expect(await listLetters()).toEqual([]);
    tell(task, { row: "followers", what: "messages dead and replayed", histories: expected });
  });

  it("hold the reason why a log could not be followed; replayed when the cause is gone, the projection is whole at once", async ({
    task,
  }) => {
    const newest = newestOfEachLog();
    const deaf = newest.filter(({ queue }) => workerOf(queue) !== "orders");
    const platform = sendAll(new QueuePlatform(seed), newest);
    switchboard.inject(({ edge }) => (/^(?:payments|notifications|analytics)>.*\.readEvents/.test(edge) ? "fail" : undefined));
    await platform.passMinutes(RETRIES_MINUTES);
    const letters = await listLetters();
    expect(letters).toHaveLength(deaf.length);
    for (const letter of letters)
      expect(letter).toMatchObject({
        attempts: RETRIES_MAX + 1,
        reason: expect.stringMatching(/^injected: |circuit breaker is open/),
      });
    switchboard.calm();
    await passTime(BREAKER_REST_MS);
    for (const { id } of letters) await replay(id);
    await platform.deliverDue();
    await expectWhole();
    expect(await listLetters()).toEqual([]);
    tell(task, { row: "followers", what: "messages dead with a reason and replayed", histories: letters.length });
  });
});

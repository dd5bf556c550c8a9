/** The follower's core against a model: whatever the queue does, every event is applied once, in order. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../../queues/contracts/envelope.ts";
import { CursorMovedError } from "../../../workers/shared/d1-follower.ts";
import {
  APPLY_EVENTS_MAX,
  catchUp,
  catchUpAll,
  catchUpMany,
  type Follower,
  followEach,
  followMany,
  followSource,
  type ManyFollower,
  type Run,
} from "../../../workers/shared/follow-log.ts";

class MemoryFollower implements ManyFollower<Event> {
  readonly applied = new Map<string, number[]>();
  readonly logs = new Map<string, Event[]>();
  readonly broken = new Set<string>();
  pulls = 0;
  transactions = 0;
  /** Called between a read of the cursor and the write: another consumer's moment. */
  beforeApply: () => void = () => {};

  log(source: string, length: number): Event[] {
    const events = Array.from({ length }, (_, index) => ({ source, sequence: index + 1, type: "thing.happened" }));
    this.logs.set(source, events);
    return events;
  }

  cursor(source: string): number {
    return this.applied.get(source)?.length ?? 0;
  }

  async readCursor(source: string): Promise<number> {
    return this.cursor(source);
  }

  async readCursors(sources: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return new Map(sources.map((source) => [source, this.cursor(source)]));
  }

  async pull(source: string, afterSequence: number, limit: number): Promise<readonly Event[]> {
    this.pulls += 1;
    if (this.broken.has(source)) throw new Error(`${source} is broken`);
    return (this.logs.get(source) ?? []).slice(afterSequence, afterSequence + limit);
  }

  async apply(source: string, expectedSequence: number, events: readonly Event[]): Promise<void> {
    await this.applyRuns([{ source, expectedSequence, events }]);
  }

  async applyRuns(runs: readonly Run<Event>[]): Promise<void> {
    this.beforeApply();
    this.transactions += 1;
    const moves = runs.map((run) => ({ ...run, nextSequence: 0 }));
    if (runs.some((run) => this.cursor(run.source) !== run.expectedSequence)) throw new CursorMovedError(moves, undefined);
    for (const run of runs) {
      expect(run.events.length).toBeLessThanOrEqual(APPLY_EVENTS_MAX);
      this.applied.set(run.source, [...(this.applied.get(run.source) ?? []), ...run.events.map((event) => event.sequence)]);
    }
  }
}

const wake = (event: Event, withBody = true) => ({
  source: event.source,
  sequence: event.sequence,
  event: withBody ? event : null,
});
const upTo = (length: number) => Array.from({ length }, (_, index) => index + 1);

describe("following a log", () => {
  it("applies every event up to the newest message once and in order, whatever is lost, repeated, reordered or without a body", async () => {
    const deliveries = fc.array(fc.array(fc.tuple(fc.nat(249), fc.boolean()), { minLength: 1, maxLength: 40 }), {
      minLength: 1,
      maxLength: 6,
    });
    const property = fc.asyncProperty(deliveries, fc.boolean(), async (batches, many) => {
      const follower = new MemoryFollower();
      const log = follower.log("/a", 250);
      let newest = 0;
      for (const batch of batches) {
        const wakeUps = batch.flatMap(([index, withBody]) => (log[index] === undefined ? [] : [wake(log[index], withBody)]));
        const failures = await (many ? followMany : followEach)(follower, new Map([["/a", wakeUps]]));
        expect(failures.size).toBe(0);
        newest = Math.max(newest, ...batch.map(([index]) => index + 1));
        expect(follower.cursor("/a")).toBeGreaterThanOrEqual(newest);
        expect(follower.applied.get("/a")).toEqual(upTo(follower.cursor("/a")));
      }
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it("asks the owner for nothing when all events are in hand", async () => {
    const follower = new MemoryFollower();
    const log = follower.log("/a", 30);
    expect(
      await followSource(
        follower,
        "/a",
        log.map((event) => wake(event)),
      ),
    ).toBe(30);
    expect(follower.pulls).toBe(0);
    expect(follower.transactions).toBe(1);
  });

  it("reads its cursor again when another consumer was faster, and doubles nothing", async () => {
    const follower = new MemoryFollower();
    const log = follower.log("/a", 10);
    follower.beforeApply = () => {
      follower.beforeApply = () => {};
      follower.applied.set("/a", upTo(4));
    };
    expect(
      await followSource(
        follower,
        "/a",
        log.map((event) => wake(event)),
      ),
    ).toBe(6);
    expect(follower.applied.get("/a")).toEqual(upTo(10));
  });

  it("gives up for now when it is overtaken again and again", async () => {
    const follower = new MemoryFollower();
    const log = follower.log("/a", 100);
    follower.beforeApply = () => follower.applied.set("/a", upTo(follower.cursor("/a") + 1));
    await expect(
      followSource(
        follower,
        "/a",
        log.map((event) => wake(event)),
      ),
    ).rejects.toBeInstanceOf(CursorMovedError);
  });

  it("refuses a log with a hole and a message about an event that its owner does not have", async () => {
    const holed = new MemoryFollower();
    const [first, , third] = holed.log("/a", 3) as [Event, Event, Event];
    holed.logs.set("/a", [first, third]);
    await expect(catchUp(holed, "/a")).rejects.toThrow("not gapless: expected 2, found 3");
    const short = new MemoryFollower();
    short.log("/a", 3);
    await expect(followSource(short, "/a", [{ source: "/a", sequence: 5, event: null }])).rejects.toThrow("ends at 3");
    expect(short.applied.get("/a")).toEqual([1, 2, 3]);
  });

  it("never lets one broken source hold up the others", async () => {
    const follower = new MemoryFollower();
    const sources = ["/a", "/b", "/c"];
    for (const source of sources) follower.log(source, 5);
    follower.broken.add("/b");
    const wakeUps = new Map(sources.map((source) => [source, [{ source, sequence: 5, event: null }]]));
    for (const follow of [followEach, followMany]) {
      const failures = await follow(follower, wakeUps);
      expect([...failures.keys()]).toEqual(["/b"]);
    }
    await expect(catchUpAll(follower as Follower<Event>, sources)).rejects.toBeInstanceOf(AggregateError);
    expect(follower.applied).toEqual(
      new Map([
        ["/a", upTo(5)],
        ["/c", upTo(5)],
      ]),
    );
  });

  it("catches up with many logs, long and short, in few transactions, and with the sound ones when one is broken", async () => {
    const follower = new MemoryFollower();
    const sources = Array.from({ length: 30 }, (_, index) => `/${index}`);
    for (const [index, source] of sources.entries()) follower.log(source, index === 7 ? 250 : 10);
    expect(await catchUpMany(follower, sources)).toBe(29 * 10 + 250);
    expect(follower.transactions).toBeLessThan(8);
    expect(follower.applied.get("/7")).toEqual(upTo(250));
    expect(await catchUpMany(follower, sources)).toBe(0);
    for (const source of sources) follower.log(source, 300);
    follower.broken.add("/3");
    await expect(catchUpMany(follower, sources)).rejects.toBeInstanceOf(AggregateError);
    expect(sources.filter((source) => follower.cursor(source) < 300)).toEqual(["/3"]);
  });

  it("asks for many logs in one call, again for those that were left out, and one by one when the call fails", async () => {
    const follower = new MemoryFollower();
    const sources = Array.from({ length: 30 }, (_, index) => `/${index}`);
    for (const source of sources) follower.log(source, source === "/7" ? 250 : 10);
    let calls = 0;
    const batched: ManyFollower<Event> = {
      readCursor: (source) => follower.readCursor(source),
      readCursors: (asked) => follower.readCursors(asked),
      pull: (source, afterSequence, limit) => follower.pull(source, afterSequence, limit),
      apply: (source, expectedSequence, events) => follower.apply(source, expectedSequence, events),
      applyRuns: (runs) => follower.applyRuns(runs),
      async pullMany(cursors, limit) {
        calls += 1;
        if (follower.broken.size > 0) throw new Error("one of them is broken");
        const answered = cursors.slice(0, 12);
        return new Map(
          answered.map(({ source, afterSequence }) => [
            source,
            (follower.logs.get(source) ?? []).slice(afterSequence, afterSequence + limit),
          ]),
        );
      },
    };
    expect(await catchUpMany(batched, sources)).toBe(29 * 10 + 250);
    expect(calls).toBe(3);
    // Only what is left of the long one is read by itself.
    expect(follower.pulls).toBe(3);
    expect(follower.applied.get("/7")).toEqual(upTo(250));
    for (const source of sources) follower.log(source, 20 + 230 * Number(source === "/7"));
    follower.broken.add("/3");
    await expect(catchUpMany(batched, sources)).rejects.toBeInstanceOf(AggregateError);
    expect(sources.filter((source) => follower.cursor(source) < 20)).toEqual(["/3"]);
  });

  it("groups many short runs into transactions of at most a hundred events", async () => {
    const follower = new MemoryFollower();
    const wakeUps = new Map(
      Array.from({ length: 60 }, (_, index) => [`/${index}`, follower.log(`/${index}`, 5).map((event) => wake(event))]),
    );
    expect((await followMany(follower, wakeUps)).size).toBe(0);
    expect(follower.transactions).toBe(3);
    expect([...follower.applied.values()].every((sequences) => sequences.length === 5)).toBe(true);
  });
});

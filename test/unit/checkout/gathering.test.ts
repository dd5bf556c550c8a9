import { describe, expect, it } from "vitest";
import { Gathering } from "../../../durable-objects/checkout-partition/gathering.ts";

interface Call {
  readonly about: string;
  readonly members: readonly string[];
  answer(answers?: readonly string[]): Promise<void>;
  fail(): Promise<void>;
}

/** Everything happens when the test says so: calls are answered by hand, and so does time pass. */
function desk(limits = { batchMax: 3, waitingMax: 5, patienceMs: 1_000 }) {
  const calls: Call[] = [];
  const timers = new Map<number, () => void>();
  let nextTimer = 0;
  const send = (about: string, members: readonly string[]) =>
    new Promise<readonly string[]>((resolve, reject) => {
      const settled = async (settle: () => void) => {
        settle();
        await new Promise(setImmediate);
      };
      calls.push({
        about,
        members,
        answer: (answers = members.map((member) => `${member}!`)) => settled(() => resolve(answers)),
        fail: () => settled(() => reject(new Error("broken"))),
      });
    });
  const later = (_delayMs: number, run: () => void) => {
    const timer = nextTimer++;
    timers.set(timer, run);
    return () => void timers.delete(timer);
  };
  const gathering = new Gathering<string, string>({ send, refuse: () => "refused", later }, limits);
  const told: string[] = [];
  const ask = (about: string, ...members: string[]) => {
    for (const member of members) {
      gathering.ask(about, member).then(
        (answer) => told.push(`${member} ${answer}`),
        () => told.push(`${member} failed`),
      );
    }
  };
  const passPatience = () => {
    const due = [...timers.values()];
    timers.clear();
    for (const run of due) run();
  };
  const sent = () => calls.map(({ about, members }) => `${about}: ${members.join(" ")}`);
  return { ask, calls, sent, told, timers, passPatience };
}

describe("gathering", () => {
  it("lets nobody wait while nothing is in flight", async () => {
    const { ask, sent, calls, told, timers } = desk();
    ask("A", "1");
    expect(sent()).toEqual(["A: 1"]);
    expect(timers.size).toBe(0);
    await calls[0]?.answer();
    ask("A", "2");
    expect(sent()).toEqual(["A: 1", "A: 2"]);
    expect(told).toEqual(["1 1!"]);
  });

  it("sends together, in the order of arrival, what came while a call was in flight, and no more than a batch", async () => {
    const { ask, sent, calls } = desk();
    ask("A", "1", "2", "3", "4", "5");
    expect(sent()).toEqual(["A: 1"]);
    await calls[0]?.answer();
    ask("A", "6");
    expect(sent()).toEqual(["A: 1", "A: 2 3 4"]);
    await calls[1]?.answer();
    expect(sent().at(-1)).toBe("A: 5 6");
  });

  it("gives each its own answer", async () => {
    const { ask, calls, told } = desk();
    ask("A", "1", "2", "3", "4");
    await calls[0]?.answer();
    await calls[1]?.answer(["held", "sold out", "held"]);
    expect(told).toEqual(["1 1!", "2 held", "3 sold out", "4 held"]);
  });

  it("keeps what is asked about one thing apart from another", async () => {
    const { ask, sent, calls } = desk();
    ask("slow", "1", "2");
    ask("quick", "3");
    expect(sent()).toEqual(["slow: 1", "quick: 3"]);
    await calls[1]?.answer();
    ask("quick", "4");
    expect(sent()).toEqual(["slow: 1", "quick: 3", "quick: 4"]);
  });

  it("goes on after a call that failed, and fails nobody else", async () => {
    const { ask, sent, calls, told } = desk();
    ask("A", "1", "2");
    await calls[0]?.fail();
    expect(sent()).toEqual(["A: 1", "A: 2"]);
    await calls[1]?.answer();
    expect(told).toEqual(["1 failed", "2 2!"]);
  });

  it("takes an answer for too few as a failure of all, because nobody knows whose it is", async () => {
    const { ask, calls, told } = desk();
    ask("A", "1", "2", "3");
    await calls[0]?.answer();
    await calls[1]?.answer(["held"]);
    expect(told).toEqual(["1 1!", "2 failed", "3 failed"]);
  });

  it("waits for an overdue call no longer than its patience, and takes its late answer for its own members only", async () => {
    const { ask, sent, calls, told, passPatience } = desk();
    ask("A", "1", "2", "3");
    passPatience();
    expect(sent()).toEqual(["A: 1", "A: 2 3"]);
    ask("A", "4");
    await calls[0]?.answer();
    expect(told).toEqual(["1 1!"]);
    expect(sent()).toHaveLength(2);
    await calls[1]?.answer();
    expect(sent().at(-1)).toBe("A: 4");
    expect(told).toEqual(["1 1!", "2 2!", "3 3!"]);
  });

  it("refuses at once who finds too many waiting, and takes the next when there is room", async () => {
    const { ask, calls, told, sent } = desk();
    ask("A", "1", "2", "3", "4", "5", "6", "7");
    await new Promise(setImmediate);
    expect(told).toEqual(["7 refused"]);
    await calls[0]?.answer();
    ask("A", "8");
    expect(sent().at(-1)).toBe("A: 2 3 4");
    await calls[1]?.answer();
    expect(sent().at(-1)).toBe("A: 5 6 8");
  });

  it("remembers nothing when everybody is served", async () => {
    const { ask, calls, timers } = desk();
    ask("A", "1", "2");
    await calls[0]?.answer();
    await calls[1]?.answer();
    expect(timers.size).toBe(0);
    ask("A", "3");
    expect(calls).toHaveLength(3);
  });
});

import { describe, expect, it } from "vitest";
import { matchesCron, parseCron } from "../../../scripts/lib/cron-expression.ts";
import { type CronTrigger, cronTriggers, startCron } from "../../../scripts/lib/cron-scheduler.ts";
import { ManualClock, settled } from "../../manual-clock.ts";

const matches = (cron: string, time: string): boolean => matchesCron(parseCron(cron), Date.parse(time));

describe("a cron expression", () => {
  it.each([
    ["* * * * *", "2026-11-21T06:59:30Z", true],
    ["*/15 * * * *", "2026-11-21T06:45:00Z", true],
    ["*/15 * * * *", "2026-11-21T06:46:00Z", false],
    ["5/20 * * * *", "2026-11-21T06:45:00Z", true],
    ["0,30 8-10 * * *", "2026-11-21T10:30:00Z", true],
    ["0,30 8-10 * * *", "2026-11-21T11:00:00Z", false],
    ["10-20/5 * * * *", "2026-11-21T11:15:00Z", true],
    ["10-20/5 * * * *", "2026-11-21T11:25:00Z", false],
    ["0 0 1 JAN *", "2027-01-01T00:00:00Z", true],
    // 21 November 2026 is a Saturday: day 7, because Sunday is 1.
    ["0 0 * * 7", "2026-11-21T00:00:00Z", true],
    ["0 0 * * mon-fri", "2026-11-21T00:00:00Z", false],
    // Both kinds of day: either is enough.
    ["0 0 1 * SAT", "2026-11-21T00:00:00Z", true],
    ["0 0 1 * SAT", "2026-12-01T00:00:00Z", true],
    ["0 0 1 * SAT", "2026-12-02T00:00:00Z", false],
  ])("%s at %s: %s", (cron, time, expected) => {
    expect(matches(cron, time)).toBe(expected);
  });

  it.each([
    "",
    "* * * *",
    "* * * * * *",
    "60 * * * *",
    "* 24 * * *",
    "*/0 * * * *",
    "5-1 * * * *",
    "* * 0 * *",
    "* * * * 0",
    "x * * * *",
    "*/ * * * *",
    "* * L * *",
  ])("refuses %j", (cron) => {
    expect(() => parseCron(cron)).toThrow(/is no cron expression/);
  });
});

const trigger = (worker: string, cron: string): CronTrigger => ({ worker, cron, expression: parseCron(cron) });

function watch(triggers: readonly CronTrigger[], start: string, work: (worker: string) => Promise<void> = async () => {}) {
  const clock = new ManualClock(start);
  const fired: string[] = [];
  const reports: string[] = [];
  const cron = startCron(
    triggers,
    async (worker, expression, atMs) => {
      fired.push(`${new Date(atMs).toISOString().slice(11, 19)} ${worker} ${expression}`);
      await work(worker);
    },
    (message) => reports.push(message),
    clock,
  );
  return { clock, fired, reports, cron };
}

describe("the scheduler", () => {
  it("fires each trigger at the start of its minutes, with the minute's time", async () => {
    const { clock, fired } = watch([trigger("mail", "* * * * *"), trigger("keys", "*/2 * * * *")], "2026-11-21T06:58:41.250Z");
    await clock.move(3 * 60_000);
    expect(fired).toEqual([
      "06:59:00 mail * * * * *",
      "07:00:00 mail * * * * *",
      "07:00:00 keys */2 * * * *",
      "07:01:00 mail * * * * *",
    ]);
  });

  it("does not make up for minutes that were slept through", async () => {
    const { clock, fired } = watch([trigger("mail", "* * * * *")], "2026-11-21T06:58:30Z");
    await clock.move(60_000, 8 * 3_600_000);
    expect(fired).toEqual(["14:59:00 mail * * * * *"]);
  });

  it("passes a trigger over while its last run is at work, and no other", async () => {
    let finish = (): void => {};
    const long = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { clock, fired } = watch(
      [trigger("slow", "* * * * *"), trigger("mail", "* * * * *")],
      "2026-11-21T06:58:30Z",
      (worker) => (worker === "slow" ? long : Promise.resolve()),
    );
    await clock.move(2 * 60_000);
    expect(fired.filter((line) => line.includes("slow"))).toHaveLength(1);
    expect(fired.filter((line) => line.includes("mail"))).toHaveLength(2);
    finish();
    await settled();
    await clock.move(60_000);
    expect(fired.filter((line) => line.includes("slow"))).toHaveLength(2);
  });

  it("reports a failure and goes on", async () => {
    const { clock, fired, reports } = watch([trigger("mail", "* * * * *")], "2026-11-21T06:58:30Z", () =>
      Promise.reject(new Error("exception")),
    );
    await clock.move(60_000);
    await settled();
    await clock.move(60_000);
    await settled();
    expect(reports).toEqual(Array(2).fill('cron "* * * * *" of mail failed: exception'));
    expect(fired).toHaveLength(2);
  });

  it("is quiet once stopped", async () => {
    const { clock, fired, cron } = watch([trigger("mail", "* * * * *")], "2026-11-21T06:58:30Z");
    await clock.move(60_000);
    cron.stop();
    await clock.move(600_000);
    expect(fired).toHaveLength(1);
  });

  it("reads the triggers of every toml", () => {
    expect(cronTriggers().map(({ worker, cron }) => `${worker} ${cron}`)).toEqual(
      expect.arrayContaining(["holdfast-identity */15 * * * *", "holdfast-notifications * * * * *"]),
    );
  });
});

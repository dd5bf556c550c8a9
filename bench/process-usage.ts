/** Of the workerd below this process: memory and processor time, from the kernel. Linux only. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const MS_PER_TICK = 10;

interface Runtime {
  readonly pid: number;
  readonly residentMb: number;
  /** In ticks since the machine started. */
  readonly startedAt: number;
}

function runtimes(): readonly Runtime[] {
  const rows = execFileSync("ps", ["-eo", "ppid=,pid=,rss=,comm="], { encoding: "utf8" }).split("\n");
  return rows.flatMap((row): Runtime[] => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+.*workerd/.exec(row);
    if (match === null || Number(match[1]) !== process.pid) return [];
    const pid = Number(match[2]);
    return [{ pid, residentMb: Math.round(Number(match[3]) / 1024), startedAt: Number(statOf(pid)[19]) }];
  });
}

/** The shop's, which is the youngest: references are opened before it. They may well be larger. */
function shopRuntime(): Runtime {
  const [youngest] = runtimes().toSorted((left, right) => right.startedAt - left.startedAt);
  if (youngest === undefined) throw new Error("no workerd runs below this process");
  return youngest;
}

/** From the third field on, the one behind the name. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function statOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

const IDLE_SHARE = 0.05;

/**
 * Waits until followers have caught up and neither the shop nor the bare runtime takes the processor. False when one still did at
 * the deadline.
 *
 * @param windowMs how long nothing has to happen: more than a queue waits for a batch to fill, for nothing at all to be left
 */
export async function untilIdle(deadlineMs: number, windowMs: number): Promise<boolean> {
  for (const endsAt = Date.now() + deadlineMs; Date.now() < endsAt; ) {
    const before = processorMsOf(runtimes());
    await delay(windowMs);
    if (processorMsOf(runtimes()) - before < IDLE_SHARE * windowMs) return true;
  }
  return false;
}

export function residentMb(): number {
  return shopRuntime().residentMb;
}

/** User and system time of the shop so far. */
export function processorMs(): number {
  return processorMsOf([shopRuntime()]);
}

function processorMsOf(some: readonly Runtime[]): number {
  return some.reduce((sum, { pid }) => {
    const fields = statOf(pid);
    return sum + (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  }, 0);
}

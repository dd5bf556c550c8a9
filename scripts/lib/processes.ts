/**
 * No process is left behind: what a run starts is recorded beside its state, so that the next run can end what a SIGKILL
 * orphaned (killing Node leaves workerd running and the port taken), and a run ends itself when its parent is gone.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { descendantsOf, listProcesses } from "./process-table.ts";

const RECORD_INTERVAL_MS = 1_000;
const PARENT_CHECK_INTERVAL_MS = 500;
const OUR_COMMANDS = /workerd|wrangler|esbuild|scripts\/(start|serve)\.ts/;

interface RecordedProcess {
  readonly pid: number;
  readonly startedAt: string;
}

function recordFile(stateDirectory: string): string {
  return join(stateDirectory, "processes.json");
}

/** Keeps the record of this process and its descendants fresh until stopped. */
export function recordProcesses(stateDirectory: string): { stop(): void } {
  mkdirSync(stateDirectory, { recursive: true });
  let last = "";
  function write(): void {
    const rows = listProcesses();
    const own = rows.filter((row) => row.pid === process.pid);
    const recorded: RecordedProcess[] = [...own, ...descendantsOf(process.pid, rows)].map(({ pid, startedAt }) => ({
      pid,
      startedAt,
    }));
    const text = JSON.stringify(recorded);
    if (text === last) return;
    // Written aside and renamed: a kill in between must not leave half a record.
    writeFileSync(`${recordFile(stateDirectory)}.new`, text);
    renameSync(`${recordFile(stateDirectory)}.new`, recordFile(stateDirectory));
    last = text;
  }
  write();
  // For good, because hot reloads and restarts of the runtime replace children at any time.
  const timer = setInterval(write, RECORD_INTERVAL_MS);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
    },
  };
}

/** Ends what an earlier, killed run on this state left running. @returns how many processes were ended. */
export async function endOrphans(stateDirectory: string): Promise<number> {
  const file = recordFile(stateDirectory);
  if (!existsSync(file)) return 0;
  const recorded = readRecord(file);
  const orphans = listProcesses().filter(
    (row) =>
      OUR_COMMANDS.test(row.command) && recorded.some((entry) => entry.pid === row.pid && entry.startedAt === row.startedAt),
  );
  for (const orphan of orphans) kill(orphan.pid, "SIGKILL");
  const deadline = Date.now() + 5_000;
  while (orphans.some((orphan) => isAlive(orphan.pid)) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  rmSync(file, { force: true });
  return orphans.length;
}

/** A record that cannot be read is no reason not to start. */
function readRecord(file: string): readonly RecordedProcess[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as RecordedProcess[];
  } catch {
    return [];
  }
}

/** Ends every descendant of this process, politely first. */
export async function endDescendants(graceMs: number): Promise<void> {
  const children = descendantsOf(process.pid, listProcesses());
  for (const child of children) kill(child.pid, "SIGTERM");
  const deadline = Date.now() + graceMs;
  while (children.some((child) => isAlive(child.pid)) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  for (const child of children) kill(child.pid, "SIGKILL");
}

/** Calls `end` once: on SIGINT, SIGTERM, SIGHUP, or when the npm process that started us is gone. */
export function onEnd(end: () => Promise<void>): void {
  let ending = false;
  const once = (): void => {
    if (ending) return;
    ending = true;
    void end().finally(() => process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, once);
  const parent = Number(process.env["HOLDFAST_PARENT_PID"] ?? "0");
  if (parent > 0) {
    setInterval(() => {
      if (!isAlive(parent)) once();
    }, PARENT_CHECK_INTERVAL_MS).unref();
  }
}

/** @throws when something else listens there, saying what to do. */
export async function assertPortFree(host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", () =>
      reject(new Error(`Port ${port} is taken by another program. Stop it, or choose another port: PORT=8788 npm start`)),
    );
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Already gone.
  }
}

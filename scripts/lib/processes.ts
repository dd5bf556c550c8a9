/**
 * No process is left behind: what a run starts is recorded beside its state, so that the next run can end what a SIGKILL
 * orphaned (killing Node leaves workerd running and the port taken), and a run ends itself when its parent is gone.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

const RECORD_INTERVAL_MS = 1_000;
const PARENT_CHECK_INTERVAL_MS = 500;
const OUR_COMMANDS = /workerd|wrangler|esbuild|scripts\/(start|serve)\.ts/;

interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly startedAt: string;
  readonly command: string;
}

interface RecordedProcess {
  readonly pid: number;
  readonly startedAt: string;
}

function recordFile(stateDirectory: string): string {
  return join(stateDirectory, "processes.json");
}

function listProcesses(): ProcessRow[] {
  const text = execFileSync("ps", ["-eo", "pid=,ppid=,lstart=,command="], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line);
    if (match === null) return [];
    return [{ pid: Number(match[1]), parentPid: Number(match[2]), startedAt: match[3] ?? "", command: match[4] ?? "" }];
  });
}

function descendantsOf(root: number, rows: readonly ProcessRow[]): ProcessRow[] {
  const children = rows.filter((row) => row.parentPid === root);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid, rows)]);
}

/** Keeps the record of this process and its descendants fresh until stopped. */
export function recordProcesses(stateDirectory: string): { stop(): void } {
  mkdirSync(stateDirectory, { recursive: true });
  function write(): void {
    const rows = listProcesses();
    const own = rows.filter((row) => row.pid === process.pid);
    const recorded: RecordedProcess[] = [...own, ...descendantsOf(process.pid, rows)].map(({ pid, startedAt }) => ({
      pid,
      startedAt,
    }));
    writeFileSync(recordFile(stateDirectory), JSON.stringify(recorded));
  }
  write();
  let ticks = 0;
  const timer = setInterval(() => {
    write();
    // Children appear in the first seconds; afterwards only hot reloads replace them.
    if (++ticks === 15) clearInterval(timer);
  }, RECORD_INTERVAL_MS);
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
  const recorded = JSON.parse(readFileSync(file, "utf8")) as RecordedProcess[];
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

/** Ends every descendant of this process, politely first. */
export async function endDescendants(graceMs: number): Promise<void> {
  const children = descendantsOf(process.pid, listProcesses()).filter((row) => !/^ps\b/.test(row.command));
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

/** Runs vitest beside us, with an environment of its own, and collects what its tests say. */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../workers.ts";
import type { TestOutcome, VitestMessage, VitestRequest } from "./messages.ts";

/** Of the output of a run that broke, this much is kept. */
const OUTPUT_CHARACTERS_MAX = 4_000;
/** What a run may take to go away after its last test. */
const LEAVE_MS = 20_000;

export interface VitestRun {
  readonly tests: readonly TestOutcome[];
  /** Errors outside of tests. Where there is any, the tests may be incomplete. */
  readonly broken: readonly string[];
  readonly durationMs: number;
}

export interface RunOptions extends Partial<VitestRequest> {
  readonly environment?: Readonly<Record<string, string>>;
  readonly deadlineMs?: number;
  readonly onTest?: (outcome: TestOutcome) => void;
}

const running = new Set<ChildProcess>();

export async function runVitest(options: RunOptions): Promise<VitestRun> {
  const { project = null, files = [], tests = [], stopAtFirstFailure = false } = options;
  const request: VitestRequest = { project, files, tests, stopAtFirstFailure };
  const startedAtMs = Date.now();
  const child = fork(join(import.meta.dirname, "child.ts"), [JSON.stringify(request)], {
    cwd: ROOT,
    // Builds the one project that is asked for.
    env: { ...process.env, ...(project === null ? {} : { VITEST_SERVICES: project }), ...options.environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true,
  });
  running.add(child);
  const timer = options.deadlineMs === undefined ? undefined : setTimeout(() => endGroup(child), options.deadlineMs);
  try {
    return { ...(await listen(child, options.onTest)), durationMs: Date.now() - startedAtMs };
  } finally {
    clearTimeout(timer);
    running.delete(child);
    // Runtimes of tests that were cut off.
    endGroup(child);
  }
}

/** Ends every run under way with all its processes. */
export function endRuns(): void {
  for (const child of running) endGroup(child);
}

async function listen(child: ChildProcess, onTest: RunOptions["onTest"]): Promise<Pick<VitestRun, "tests" | "broken">> {
  const tests: TestOutcome[] = [];
  const broken: string[] = [];
  let ended = false;
  let leaving: ReturnType<typeof setTimeout> | undefined;
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-OUTPUT_CHARACTERS_MAX)));
  }
  child.on("message", (message: VitestMessage) => {
    if (message.kind === "end") {
      ended = true;
      leaving = setTimeout(() => endGroup(child), LEAVE_MS);
    } else if (message.kind === "broken") broken.push(message.message);
    else {
      tests.push(message.outcome);
      onTest?.(message.outcome);
    }
  });
  const end = await new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    // A runtime that outlives vitest would hold its output open, and us with it.
    child.once("exit", () => endGroup(child));
    child.once("close", (code, signal) => resolve(signal ?? `code ${code}`));
  });
  clearTimeout(leaving);
  if (!ended) broken.push(`vitest ended early (${end}):\n${output}`);
  return { tests, broken };
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody of it is left.
  }
}

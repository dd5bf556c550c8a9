/** `npm start` and `npm run serve` as a person runs them: a child of its own, with everything that it started in turn. */
import { type ChildProcess, spawn } from "node:child_process";
import { descendantsOf, listProcesses, type ProcessRow } from "../../scripts/lib/process-table.ts";
import { ROOT } from "../../scripts/workers.ts";

const READY_DEADLINE_MS = 50_000;
const POLL_INTERVAL_MS = 50;

export interface Settings {
  readonly port: number;
  readonly stateDirectory: string;
  readonly secretsFile: string;
}

export class ChildSystem {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #printed = "";
  /** Everything that was seen running below the child. */
  #processes: readonly ProcessRow[] = [];

  constructor(script: "start" | "serve", settings: Settings) {
    const { PATH, HOME, TMPDIR } = process.env;
    this.#child = spawn("npm", ["run", script], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...{ PATH, HOME, TMPDIR },
        PORT: String(settings.port),
        HOLDFAST_STATE: settings.stateDirectory,
        HOLDFAST_SECRETS: settings.secretsFile,
      },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#printed += text;
      });
    }
    this.#exited = new Promise((resolve) => this.#child.on("exit", (code) => resolve(code)));
  }

  get printed(): string {
    return this.#printed;
  }

  /** @throws with what it printed when it ends, or is not ready in time. */
  async ready(): Promise<void> {
    await until(
      () => this.#printed.includes("Ready in") || this.#child.exitCode !== null,
      READY_DEADLINE_MS,
      () => this.#printed,
    );
    if (this.#child.exitCode !== null) throw new Error(`it ended with code ${this.#child.exitCode}:\n${this.#printed}`);
    this.#look();
  }

  /** Asks npm to end. @returns npm's exit code */
  async terminate(): Promise<number | null> {
    this.#look();
    this.#child.kill("SIGTERM");
    return await this.#exited;
  }

  /** Kills npm, its shell and every Node process, as the system's memory killer or an impatient person would. */
  async killParents(): Promise<void> {
    this.#look();
    const parents = this.#processes.filter((row) => !/workerd|esbuild/.test(row.command));
    for (const { pid } of [{ pid: this.#child.pid ?? 0 }, ...parents]) killSilently(pid);
    await this.#exited;
  }

  /** Those of its processes that still run. */
  leftOver(): readonly ProcessRow[] {
    const known = new Set(this.#processes.map(identity));
    return listProcesses().filter((row) => known.has(identity(row)));
  }

  /** Whatever became of the test. */
  destroy(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#look();
    for (const { pid } of this.leftOver()) killSilently(pid);
    this.#child.kill("SIGKILL");
  }

  #look(): void {
    this.#processes = descendantsOf(this.#child.pid ?? 0, listProcesses());
  }
}

/** @throws when it does not come true in time */
export async function until(condition: () => boolean, deadlineMs: number, detail: () => string): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within ${deadlineMs} ms:\n${detail()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
}

function identity(row: ProcessRow): string {
  return `${row.pid} ${row.startedAt}`;
}

function killSilently(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}

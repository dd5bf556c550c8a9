/**
 * The whole system for one test file: every worker from its toml, fresh state in a temporary folder, one port that stays
 * the same over restarts, because links to it are inside orders and payments.
 */
import { readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { freePort } from "../../scripts/lib/free-port.ts";
import { type ServedSystem, type ServeOptions, serveSystem } from "../../scripts/lib/serve-system.ts";
import { seededPatches } from "../faults/seeded-bugs.ts";
import { TEST_SECRETS } from "../secrets.ts";
import { migratedState } from "./migrated-state.ts";

const HOST = "127.0.0.1";

export interface TestSystem {
  readonly url: string;
  readonly adminKey: string;
  /** Where everything that it stores lies on the disk. */
  readonly stateDirectory: string;
  /** Reads the payment provider's own books, by its own interface. @returns the JSON that it answers. */
  readProvider(path: string): Promise<unknown>;
  /** The database of one worker, such as `holdfast-orders`, to damage it. */
  database(worker: string): Promise<D1Database>;
  /** One worker as the gateway reaches it, with whatever principal the caller writes. */
  worker(name: string): ReturnType<ServedSystem["miniflare"]["getWorker"]>;
  /** Ends the runtime as a crash would. */
  kill(): void;
  /** Serves the same state again, after a kill. */
  restart(variables?: Readonly<Record<string, string>>): Promise<void>;
  /** Ends the runtime as a crash would, then serves the same state again. */
  crashAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

interface Instruments extends Pick<ServeOptions, "patches" | "services" | "onLog"> {
  /** How browsers reach it. Passkeys need a name: they belong to no address of numbers. */
  readonly hostname?: string;
}

export async function startSystem(
  variables: Readonly<Record<string, string>> = {},
  { hostname = HOST, ...instruments }: Instruments = {},
): Promise<TestSystem> {
  const stateDirectory = await migratedState();
  const port = await freePort();
  const url = `http://${hostname}:${port}`;
  const serve = (more: Readonly<Record<string, string>> = {}): Promise<ServedSystem> =>
    serveSystem({
      host: HOST,
      port,
      stateDirectory,
      variables: { ...TEST_SECRETS, PUBLIC_URL: url, LOG_LEVEL: "error", ...variables, ...more },
      ...instruments,
      patches: [...seededPatches(process.env), ...(instruments.patches ?? [])],
    });
  let served = await serve();
  const kill = () => {
    const runtimes = runtimeProcesses(process.pid);
    if (runtimes.length === 0) throw new Error("there is no runtime to kill");
    for (const pid of runtimes) process.kill(pid, "SIGKILL");
  };
  const restart = async (more?: Readonly<Record<string, string>>) => {
    await served.stop();
    served = await serve(more);
  };
  return {
    url,
    adminKey: TEST_SECRETS.ADMIN_API_KEY,
    stateDirectory,
    readProvider: (path) => readProvider(served, path),
    database: (worker) => served.miniflare.getD1Database("DATABASE", worker) as Promise<D1Database>,
    worker: (name) => served.miniflare.getWorker(name),
    kill,
    restart,
    crashAndRestart: async () => {
      kill();
      await restart();
    },
    stop: async () => {
      await served.stop();
      await rm(stateDirectory, { recursive: true, force: true });
    },
  };
}

async function readProvider({ miniflare }: ServedSystem, path: string): Promise<unknown> {
  const provider = await miniflare.getWorker("holdfast-payment-sandbox");
  const headers = { authorization: `Bearer ${TEST_SECRETS.STRIPE_API_KEY}` };
  const response = await provider.fetch(`https://provider.example${path}`, { headers });
  if (response.status !== 200) throw new Error(`the provider answers ${path} with ${response.status}`);
  return await response.json();
}

/** The workerd processes below this one. */
function runtimeProcesses(ancestor: number): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => parentOf(pid) === ancestor && readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("workerd"));
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]);
  } catch {
    return undefined;
  }
}

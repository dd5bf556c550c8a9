/** What a full run has done so far, in a file: an interruption loses the batch that was running, nothing else. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestOutcome } from "../vitest-run/messages.ts";
import type { RunContext } from "../vitest-run/run-context.ts";

export interface BatchResult {
  readonly key: string;
  readonly seed: number;
  readonly tests: readonly TestOutcome[];
}

export class ProgressStore {
  readonly #folder: string;
  readonly #path: string;
  readonly #done: Map<string, BatchResult>;

  constructor(folder: string, context: RunContext, seed: number) {
    this.#folder = folder;
    this.#path = join(folder, `${codeOf(context)}_${seed}.json`);
    const kept = existsSync(this.#path) ? (JSON.parse(readFileSync(this.#path, "utf8")) as BatchResult[]) : [];
    this.#done = new Map(kept.map((result) => [result.key, result]));
  }

  find(key: string): BatchResult | undefined {
    return this.#done.get(key);
  }

  add(result: BatchResult): void {
    this.#done.set(result.key, result);
    mkdirSync(this.#folder, { recursive: true });
    // Renamed when complete: an interruption while it is written loses nothing of before.
    const written = `${this.#path}.new`;
    writeFileSync(written, JSON.stringify([...this.#done.values()]));
    renameSync(written, this.#path);
  }
}

/** The seed of the newest full run of the same code, to go on with. */
export function lastSeed(folder: string, context: RunContext): number | undefined {
  if (!existsSync(folder)) return undefined;
  const changedAtMs = (file: string) => statSync(join(folder, file)).mtimeMs;
  const files = readdirSync(folder).filter((file) => file.startsWith(`${codeOf(context)}_`) && file.endsWith(".json"));
  const newest = files.toSorted((a, b) => changedAtMs(b) - changedAtMs(a))[0];
  return newest === undefined ? undefined : Number(/_(\d+)\.json$/.exec(newest)?.[1]);
}

/** Results of one state of the code are no results of another. */
function codeOf({ commit, changes }: RunContext): string {
  return changes === "" ? commit : `${commit}-${changes}`;
}

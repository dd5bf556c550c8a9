/** From sampling profiles to a table: which worker, and which function, took how much of an order. Pure. */
import type { CpuProfile } from "./inspector.ts";

export interface FunctionCost {
  /** `name file:line` */
  readonly name: string;
  readonly ms: number;
}

export interface IsolateCost {
  readonly worker: string;
  /** While one of its functions was on the stack, native calls included. */
  readonly ms: number;
  readonly functions: readonly FunctionCost[];
}

const NOBODY = new Set(["(idle)", "(root)"]);

/**
 * An isolate is sampled only while it has the thread: the time before its first sample after a pause went to others, so a
 * sample stands for the interval at most.
 */
export function costOf(worker: string, intervalMicros: number, { nodes, samples, timeDeltas }: CpuProfile): IsolateCost {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const byName = new Map<string, number>();
  for (const [index, sample] of samples.entries()) {
    const name = names.get(sample) ?? "(unknown)";
    if (NOBODY.has(name) || name === "(program)") continue;
    const micros = Math.min(timeDeltas[index] ?? 0, intervalMicros);
    byName.set(name, (byName.get(name) ?? 0) + micros / 1000);
  }
  const functions = [...byName].map(([name, ms]) => ({ name, ms })).toSorted((left, right) => right.ms - left.ms);
  return { worker, ms: functions.reduce((sum, { ms }) => sum + ms, 0), functions };
}

function nameOf({ functionName, url, lineNumber }: CpuProfile["nodes"][number]["callFrame"]): string {
  const name = functionName === "" ? "(anonymous)" : functionName;
  if (url === "") return name;
  return `${name} ${url.slice(url.lastIndexOf("/") + 1)}:${lineNumber + 1}`;
}

/** Milliseconds per order, largest first. @param functionsMax of each worker */
export function costLines(costs: readonly IsolateCost[], orders: number, functionsMax: number): readonly string[] {
  const line = (ms: number, name: string) => `${(ms / orders).toFixed(3).padStart(8)}  ${name}`;
  return costs
    .toSorted((left, right) => right.ms - left.ms)
    .filter(({ ms }) => ms / orders >= 0.005)
    .flatMap(({ worker, ms, functions }) => [
      line(ms, worker),
      ...functions.slice(0, functionsMax).map((one) => `    ${line(one.ms, one.name)}`),
    ]);
}

/** Code that is broken on purpose stays in tests: nothing that starts, serves, deploys or measures the system can reach it. */
import { describe, expect, it } from "vitest";
import { importsOf, readSources, type SourceFile } from "./source-files.ts";

const SHIPPING = ["scripts/start.ts", "scripts/serve.ts", "scripts/deploy/main.ts", "bench/main.ts"];
/** They take patches from their callers, of which none may have any. */
const CARRIERS = ["scripts/bundle-workers.ts", "scripts/lib/serve-system.ts", "scripts/lib/source-patches.ts"];

const sources = readSources(["scripts", "bench", "test", "workers", "durable-objects", "queues"]);
const byPath = new Map(sources.map((file) => [file.path, file]));

function reachableFrom(entry: string): readonly SourceFile[] {
  const reached = new Map<string, SourceFile>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = byPath.get(path);
    if (file === undefined || reached.has(path)) continue;
    reached.set(path, file);
    waiting.push(...importsOf(file).flatMap((one) => one.path ?? []));
  }
  return [...reached.values()];
}

describe("a build that is shipped", () => {
  it.each(SHIPPING)("%s reaches no test and hands no source patch on", (entry) => {
    const reached = reachableFrom(entry);
    expect(reached.length).toBeGreaterThan(1);
    expect(reached.filter(({ path }) => path.startsWith("test/")).map(({ path }) => path)).toEqual([]);
    const patching = reached.filter(({ path, text }) => !CARRIERS.includes(path) && /\bpatches\b|HOLDFAST_SEEDED_BUG/.test(text));
    expect(patching.map(({ path }) => path)).toEqual([]);
  });

  it("cannot be told by the environment to break itself: the carriers of patches do not read it", () => {
    for (const path of CARRIERS) expect(byPath.get(path)?.text, path).not.toMatch(/process\.env[.[]|HOLDFAST_/);
  });

  it("has no switch for faults in production code", () => {
    const production = sources.filter(({ path }) => /^(?:workers|durable-objects|queues)\//.test(path));
    expect(production.filter(({ text }) => /HOLDFAST_(?:SEEDED_BUG|FAULTS)/.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

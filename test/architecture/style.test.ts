/** Rules of style that no linter checks for us. */
import { describe, expect, it } from "vitest";
import { readSources, softlyPrivateMembers } from "./source-files.ts";

const LINES_MAX = 300;

const production = readSources(["workers", "durable-objects", "queues"]);
const scripts = readSources(["scripts", "bench"]);
const everything = [...production, ...scripts, ...readSources(["test"])];

describe("sources", () => {
  it(`have at most ${LINES_MAX} lines`, () => {
    const long = everything
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > LINES_MAX);
    expect(long).toEqual([]);
  });

  it("start by saying what they are for", () => {
    const silent = [...production, ...scripts].filter(({ text }) => !text.startsWith("/**")).map(({ path }) => path);
    expect(silent).toEqual([]);
  });

  it("hide members with #, because a TypeScript-private method can still be called over RPC", () => {
    const soft = production.flatMap((file) => softlyPrivateMembers(file).map((member) => `${file.path}: ${member}`));
    expect(soft).toEqual([]);
  });

  it("let objects clear no timer: the runtime keeps its record for as long as the object lives (workers/shared/later.ts)", () => {
    const clearing = /\bclear(?:Timeout|Interval)\b|\bAbortSignal\.timeout\(|import \{[^}]*\b(?:callPeer|guarded|later)\b[^}]*\}/;
    const objects = production.filter(({ path }) => path.startsWith("durable-objects/"));
    expect(objects.filter(({ text }) => clearing.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("are not dumping grounds", () => {
    const dumps = production.filter(({ path }) => /\/(?:utils?|helpers?|misc|common)\.tsx?$/.test(path));
    expect(dumps.map(({ path }) => path)).toEqual([]);
  });
});

describe("the rule itself", () => {
  it("finds private and protected members and parameter properties", () => {
    const text = "class A { private x = 1; protected y() {} #z = 2; constructor(private readonly w: string) {} }";
    expect(softlyPrivateMembers({ path: "a.ts", text })).toEqual([
      "private x = 1;",
      "protected y() {}",
      "private readonly w: string",
    ]);
  });
});
